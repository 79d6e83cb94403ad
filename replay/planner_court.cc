#include "replay/planner_court.h"

#include <utility>

namespace nightbox {
namespace {

ThrottleOptions ThrottleFor(const PlannerOptions& options, std::size_t window_max) {
  ThrottleOptions throttle;
  throttle.backoff = options.probe_backoff;
  throttle.window_max = window_max;
  throttle.pushback_max = options.pushback_max;
  return throttle;
}

}  // namespace

PlannedCourt::PlannedCourt(const CourtId& court, const PlannerOptions& options, BootTime now)
    : id(court),
      throttle(ThrottleFor(options, options.court_window_max), now),
      queue(options.court_heads_max, options.live_age) {}

PlannedEndpoint::PlannedEndpoint(std::string endpoint_name, const PlannerOptions& options,
                                 BootTime first_try)
    : name(std::move(endpoint_name)),
      throttle(ThrottleFor(options, options.endpoint_window_max), first_try) {}

}  // namespace nightbox
