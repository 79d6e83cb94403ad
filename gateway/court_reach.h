// CourtReachTable: what is known of each court's case system, for the receipt, the status page and
// operators.
//
// Written by replay and by the availability log on the loop, read by any thread. What is not fresh
// is not known: nothing is shown as reachable on old news.
//
// Here, and nowhere else, is decided whose state holds for a court (CourtDirectory::StatusPath). A
// court whose case system is its circuit's is looked at together with it: what was seen of the
// court counts as its own state where it is another than that of the nearest above it of which one
// is known, or is so since another time; otherwise, or when nothing fresh was seen of it, it shares
// that one's. One that is bound to other case systems than its county's court shares nobody's.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "core/clock.h"
#include "core/ids.h"
#include "gateway/availability.h"
#include "rules/court_directory.h"

namespace nightbox {

// How deliveries to one court go just now.
struct CourtReach {
  enum class State { kUnknown, kBackingOff, kProbing, kFlowing };
  CourtId court;
  State state = State::kUnknown;
  std::optional<WallTime> next_try_at;
};

// The state that holds for a court.
struct HeldAvailability {
  KnownAvailability known;
  // Whose it is: the court's own id, or that of a court or circuit above it, or kWholeState.
  CourtId of;
};

class CourtReachTable {
 public:
  // `fresh`: how long news of a court hold. The directory outlives the table. `apart`: the courts
  // that share nobody's state here, besides those that the directory knows.
  CourtReachTable(Microseconds fresh, const CourtDirectory& directory, std::set<CourtId> apart = {})
      : fresh_(fresh), directory_(directory), apart_(std::move(apart)) {}

  void Set(const CourtReach& reach);
  void SetKnown(std::map<CourtId, KnownAvailability> known);

  Microseconds fresh() const { return fresh_; }
  // Of deliveries to this very court. kUnknown without fresh news.
  CourtReach Of(const CourtId& court, WallTime now) const;
  // Of the state that holds. Empty: no fresh news.
  std::optional<bool> Reachable(const CourtId& court, WallTime now) const;
  // kUnknown without fresh news; `since` is then when news ceased, as far as that was noticed.
  HeldAvailability Held(const CourtId& court, WallTime now) const;

 private:
  KnownAvailability Look(const CourtId& court, WallTime now) const;

  const Microseconds fresh_;
  const CourtDirectory& directory_;
  const std::set<CourtId> apart_;
  mutable std::mutex mutex_;  // Guards all below; one row a court.
  std::map<CourtId, CourtReach> reach_;
  std::map<CourtId, KnownAvailability> known_;
};

}  // namespace nightbox
