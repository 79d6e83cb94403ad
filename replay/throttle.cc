#include "replay/throttle.h"

namespace nightbox {

const char* ToString(ReachState state) {
  switch (state) {
    case ReachState::kBackingOff:
      return "backing off";
    case ReachState::kProbing:
      return "probing";
    case ReachState::kFlowing:
      return "flowing";
  }
  return "unknown";
}

Microseconds Backoff::Wait(std::uint32_t failures, Random& random) const {
  Microseconds ceiling = base;
  for (std::uint32_t i = 0; i < failures && ceiling < cap; ++i) ceiling *= 2;
  ceiling = std::min(ceiling, cap);
  const auto drawn = static_cast<std::int64_t>(
      random.Below(static_cast<std::uint64_t>(std::max<std::int64_t>(1, ceiling.count()))));
  return std::max(Microseconds(drawn + 1), Microseconds(1'000));
}

std::size_t Throttle::Window(BootTime now) const {
  if (state_ == ReachState::kBackingOff || now < pushed_back_until_) return 0;
  return static_cast<std::size_t>(window_);
}

void Throttle::Succeeded(bool widen) {
  // A late success of a throttle that closed meanwhile is good news, but the way back is by a
  // probe.
  closures_ = 0;
  troubles_ = 0;
  if (state_ == ReachState::kBackingOff) return;
  state_ = ReachState::kFlowing;
  if (widen) window_ = std::min(static_cast<double>(options_.window_max), window_ + 1 / window_);
}

void Throttle::Troubled(BootTime now, Random& random) {
  if (state_ == ReachState::kBackingOff) return;  // The same incident, told again.
  ++troubles_;
  if (state_ == ReachState::kProbing || troubles_ >= options_.trouble_max) {
    Closed(now, random);
  } else {
    Halve();
  }
}

void Throttle::PushedBack(BootTime now, Microseconds retry_after) {
  const Microseconds wait =
      std::clamp(retry_after, Microseconds(options_.backoff.base), options_.pushback_max);
  pushed_back_until_ = std::max(pushed_back_until_, now + wait);
  if (state_ != ReachState::kBackingOff) Halve();
}

void Throttle::Slowed() {
  if (state_ != ReachState::kBackingOff) Halve();
}

void Throttle::Opened() {
  if (state_ != ReachState::kBackingOff) return;
  state_ = ReachState::kProbing;
  window_ = 1;
  troubles_ = 0;
}

void Throttle::Closed(BootTime now, Random& random) {
  state_ = ReachState::kBackingOff;
  window_ = 0;
  troubles_ = 0;
  next_try_ = now + options_.backoff.Wait(closures_, random);
  // Far beyond any cap; only kept from wrapping.
  closures_ = std::min<std::uint32_t>(closures_ + 1, 64);
}

}  // namespace nightbox
