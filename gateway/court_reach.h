// CourtReachTable: what is known of each court's case system, for the receipt, the status page and
// operators.
//
// Written by replay on the loop, read by any thread. What is not fresh is not known: nothing is
// shown as reachable on old news.
#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "core/clock.h"
#include "core/ids.h"
#include "gateway/operator_service.h"

namespace nightbox {

class CourtReachTable {
 public:
  // How long news of a court hold.
  static constexpr Microseconds kFresh = std::chrono::minutes(11);

  void Set(const CourtReach& reach, WallTime checked_at);

  CourtReach Of(const CourtId& court) const;
  // True while deliveries flow or are being tried one by one; false while the court backs off.
  // Empty: no fresh news.
  std::optional<bool> Reachable(const CourtId& court, WallTime now) const;
  // When it last became reachable or unreachable, as far as was seen.
  std::optional<WallTime> Since(const CourtId& court) const;
  std::optional<WallTime> LastChecked(const CourtId& court) const;

 private:
  struct Row {
    CourtReach reach;
    WallTime since;
    WallTime checked_at;
  };

  mutable std::mutex mutex_;  // Guards rows_; one row a court that replay has looked at.
  std::map<CourtId, Row> rows_;
};

}  // namespace nightbox
