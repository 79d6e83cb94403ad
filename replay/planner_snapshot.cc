#include "replay/planner_snapshot.h"

#include <algorithm>

namespace nightbox {

PlannerSnapshot SnapshotOf(const Reach& reach, BootTime now) {
  PlannerSnapshot snapshot;
  BootTime soonest = BootTime::max();
  for (const PlannedEndpoint& endpoint : reach.endpoints()) {
    EndpointSnapshot& shown = snapshot.endpoints.emplace_back();
    shown.name = endpoint.name;
    shown.group = endpoint.group;
    shown.state = endpoint.throttle.state();
    shown.window = endpoint.throttle.Window(now);
    shown.in_flight = endpoint.in_flight;
    if (shown.state == ReachState::kBackingOff) {
      shown.next_try = endpoint.throttle.next_try();
      soonest = std::min(soonest, endpoint.throttle.next_try());
    }
  }
  for (const auto& [id, court] : reach.courts()) {
    CourtSnapshot& shown = snapshot.courts.emplace_back();
    shown.court = id;
    shown.state = court.throttle.state();
    shown.window = court.throttle.Window(now);
    shown.in_flight = court.in_flight;
    shown.heads_in_memory = court.queue.size();
    shown.uncertain = court.queue.uncertain();
    shown.more_on_disk = court.queue.more_on_disk();
    shown.last_success = court.last_success;
    if (shown.state == ReachState::kBackingOff) shown.next_try = court.throttle.next_try();
    if (!reach.Reached(court)) {
      // The court's own throttle may be open; without an endpoint that leads to it nothing moves.
      shown.state = ReachState::kBackingOff;
      shown.window = 0;
      if (!shown.next_try && soonest != BootTime::max()) shown.next_try = soonest;
    }
  }
  return snapshot;
}

}  // namespace nightbox
