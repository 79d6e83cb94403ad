// Throttle: how much may be under way towards one court, or through one endpoint, at this moment.
//
// Three states: backing off (window 0; only probes are sent, after a jittered doubling delay that
// grows to a cap and stays there for as long as it takes) -> probing (window 1) -> flowing (the
// window widens by about one for every window of successes and halves on trouble). A throttle never
// gives up: there is no attempt limit and no expiry.
//
// Pure: the instant and the source of chance are arguments. One thread at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/clock.h"
#include "core/random.h"

namespace nightbox {

enum class ReachState { kBackingOff, kProbing, kFlowing };

// For status pages and logs: "backing off", "probing", "flowing".
const char* ToString(ReachState state);

// A delay that doubles from `base` to `cap`. Each wait is drawn evenly from (0, ceiling], so that
// many waiters do not come back together (R11).
struct Backoff {
  Microseconds base;
  Microseconds cap;

  // The wait after `failures` failures in a row (0: the first). At least one millisecond.
  Microseconds Wait(std::uint32_t failures, Random& random) const;
};

struct ThrottleOptions {
  Backoff backoff{std::chrono::seconds(1), std::chrono::minutes(5)};
  std::size_t window_max = 8;
  // Troubles in a row that close a flowing throttle.
  std::uint32_t trouble_max = 3;
  // The longest a receiver's wish to be left alone is honoured at a time.
  Microseconds pushback_max = std::chrono::minutes(15);
};

class Throttle {
 public:
  // Starts backing off, with its first probe due at `first_try`.
  Throttle(const ThrottleOptions& options, BootTime first_try)
      : options_(options), next_try_(first_try) {}

  ReachState state() const { return state_; }
  // How many deliveries may be under way now; 0 while backing off or pushed back.
  std::size_t Window(BootTime now) const;
  // While backing off: when the next probe is due.
  BootTime next_try() const { return next_try_; }
  BootTime pushed_back_until() const { return pushed_back_until_; }
  bool ProbeDue(BootTime now) const {
    return state_ == ReachState::kBackingOff && next_try_ <= now;
  }

  // A delivery went through. Only this starts the delays from their base again: an answer to a
  // probe does not, or a court that answers probes and fails deliveries would be asked without end.
  void Succeeded(bool widen);
  // A delivery met trouble that is not the filing's fault.
  void Troubled(BootTime now, Random& random);
  // The receiver asks for less: half the window, and nothing for retry_after.
  void PushedBack(BootTime now, Microseconds retry_after);
  // Trouble that is not this throttle's own: half the window.
  void Slowed();
  // A probe was answered well, or the receiver says by itself that it is back.
  void Opened();
  // A probe failed, or the receiver says that it is away.
  void Closed(BootTime now, Random& random);

 private:
  void Halve() { window_ = std::max(1.0, window_ / 2); }

  ThrottleOptions options_;
  ReachState state_ = ReachState::kBackingOff;
  double window_ = 0;
  std::uint32_t closures_ = 0;  // Since the last success; the exponent of the delay.
  std::uint32_t troubles_ = 0;  // In a row.
  BootTime next_try_;
  BootTime pushed_back_until_{};
};

}  // namespace nightbox
