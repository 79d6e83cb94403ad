// What the status page and the metrics show of the planner: a copy of its state at one instant.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/ids.h"
#include "replay/reach.h"

namespace nightbox {

struct CourtSnapshot {
  CourtId court;
  ReachState state = ReachState::kBackingOff;
  std::size_t window = 0;
  std::size_t in_flight = 0;
  std::size_t heads_in_memory = 0;
  std::size_t uncertain = 0;
  bool more_on_disk = false;
  // The next probe, while backing off.
  std::optional<BootTime> next_try;
  std::optional<BootTime> last_success;
};
struct EndpointSnapshot {
  std::string name;
  std::string group;  // Empty: not yet known.
  ReachState state = ReachState::kBackingOff;
  std::size_t window = 0;
  std::size_t in_flight = 0;
  std::optional<BootTime> next_try;
};
struct PlannerSnapshot {
  std::vector<CourtSnapshot> courts;
  std::vector<EndpointSnapshot> endpoints;
  std::size_t in_flight = 0;
  std::size_t heads_in_memory = 0;
  bool paused = false;
};

// The courts and endpoints as they stand, in the courts' order; the counts over all courts are the
// caller's to fill in.
PlannerSnapshot SnapshotOf(const Reach& reach, BootTime now);

}  // namespace nightbox
