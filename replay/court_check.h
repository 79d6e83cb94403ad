// CourtCheck: what one probe has shown of one court's case system.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "replay/planner.h"

namespace nightbox {

struct CourtCheck {
  CourtId court;
  // Filings can be delivered to it.
  bool available = false;
  // One word, of a closed list: "answered", "endpoint-not-reached", "court-says-away",
  // "deliveries-fail".
  std::string cause;
};

// The courts about which the probe has said something; `after` is the planner's state once it knows
// of it. A court is unavailable only when no endpoint leads to it and all that serve it have been
// asked, which `all_asked` says. An endpoint that is away says nothing of a court that another one
// reaches. Pure.
std::vector<CourtCheck> ChecksOf(const ProbeOrder& order, const ProbeReport& report,
                                 const PlannerSnapshot& after,
                                 const std::function<bool(const CourtId&)>& all_asked);

}  // namespace nightbox
