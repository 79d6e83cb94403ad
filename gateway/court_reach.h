// CourtReachTable: what is known of each court's case system, for the receipt, the status page and
// operators.
//
// Written by replay and by the availability log on the loop, read by any thread. What is not fresh
// is not known: nothing is shown as reachable on old news.
#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "core/clock.h"
#include "core/ids.h"
#include "gateway/availability.h"

namespace nightbox {

// How deliveries to one court go just now.
struct CourtReach {
  enum class State { kUnknown, kBackingOff, kProbing, kFlowing };
  CourtId court;
  State state = State::kUnknown;
  std::optional<WallTime> next_try_at;
};

class CourtReachTable {
 public:
  // `fresh`: how long news of a court hold.
  explicit CourtReachTable(Microseconds fresh) : fresh_(fresh) {}

  void Set(const CourtReach& reach);
  void SetKnown(std::map<CourtId, KnownAvailability> known);

  Microseconds fresh() const { return fresh_; }
  // kUnknown without fresh news.
  CourtReach Of(const CourtId& court, WallTime now) const;
  // Empty: no fresh news.
  std::optional<bool> Reachable(const CourtId& court, WallTime now) const;
  // kUnknown without fresh news; `since` is then when news ceased, as far as that was noticed.
  KnownAvailability Known(const CourtId& court, WallTime now) const;

 private:
  KnownAvailability Look(const CourtId& court, WallTime now) const;

  const Microseconds fresh_;
  mutable std::mutex mutex_;  // Guards all below; one row a court.
  std::map<CourtId, CourtReach> reach_;
  std::map<CourtId, KnownAvailability> known_;
};

}  // namespace nightbox
