#include "replay/court_check.h"

#include <map>
#include <set>

namespace nightbox {

std::vector<CourtCheck> ChecksOf(const ProbeOrder& order, const ProbeReport& report,
                                 const PlannerSnapshot& after,
                                 const std::function<bool(const CourtId&)>& all_asked) {
  std::map<CourtId, ReachState> states;
  for (const CourtSnapshot& court : after.courts) states.emplace(court.court, court.state);
  const std::set<CourtId> said_available(report.available.begin(), report.available.end());
  std::vector<CourtCheck> checks;
  for (const CourtId& court : order.courts) {
    const auto state = states.find(court);
    if (state == states.end()) continue;
    const bool said = report.reachable && said_available.contains(court);
    if (state->second != ReachState::kBackingOff) {
      if (said) checks.push_back({court, true, "answered"});
    } else if (all_asked(court)) {
      checks.push_back({court, false,
                        !report.reachable ? "endpoint-not-reached"
                        : !said           ? "court-says-away"
                                          : "deliveries-fail"});
    }
  }
  return checks;
}

}  // namespace nightbox
