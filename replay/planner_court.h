// What the planner keeps in mind of one court, and of one endpoint of the case system.
//
// Plain state: replay/reach.h decides whether they are reached, replay/head_memory.h what of a
// court's backlog is in memory, replay/planner.h what is delivered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "core/clock.h"
#include "core/ids.h"
#include "replay/court_queue.h"
#include "replay/planner_options.h"
#include "replay/throttle.h"

namespace nightbox {

struct PlannedCourt {
  PlannedCourt(const CourtId& court, const PlannerOptions& options, BootTime now);

  CourtId id;
  Throttle throttle;
  CourtQueue queue;
  std::uint32_t reachable_by = 0;  // One bit per endpoint: it last said the court is available.
  bool said_away = false;          // The throttle was closed by the case system's own word.
  bool being_probed = false;
  // What is read from disk.
  bool loading = false;
  bool newest_wanted = false;
  BootTime load_not_before{};
  // What is delivered.
  std::size_t in_flight = 0;
  std::uint64_t successes = 0;
  std::optional<BootTime> last_success;
  std::set<std::uint64_t> refused_run;  // Different filings not taken since the last success.
};
using PlannedCourts = std::map<CourtId, PlannedCourt>;

struct PlannedEndpoint {
  PlannedEndpoint(std::string name, const PlannerOptions& options, BootTime first_try);

  std::string name;
  std::string group;  // Empty until it has answered.
  Throttle throttle;
  std::size_t in_flight = 0;
  bool being_probed = false;
  bool check_now = false;  // Trouble was met: look before the regular check.
  BootTime next_check{};
  std::size_t next_court = 0;  // Where the next probe goes on, when courts are too many for one.
};

}  // namespace nightbox
