// Which case system the filings of a court go to.
//
// By the ids and patterns that a [[case_system]] lists, with one exception: a municipal division
// that is known to have a case system of its own is never taken along by a pattern, for that would
// deliver its filings to its circuit's case system without a word. It goes where its own id stands;
// where that stands nowhere, no case system serves it, and it takes no filings.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/ids.h"
#include "gateway/config.h"
#include "rules/court_system.h"
#include "store/view.h"

namespace nightbox {

// Whether the ids and patterns of a case system take in the court. Pure.
bool Binds(const std::vector<std::string>& listed, const CourtDirectory& directory,
           const CourtId& court);

// The municipal divisions that are bound to other case systems than their county's court, though
// not known to have one of their own. Pure.
std::set<CourtId> BoundApart(const std::vector<CaseSystemConfig>& systems,
                             const CourtDirectory& directory);

// For `--check` and the start: divisions with a case system of their own that would take filings,
// and are served by none or by their circuit's. Nothing of those that are stated not to take any.
std::vector<std::string> BindingWarnings(const GatewayConfig& config, const CourtSystem& system);

// For the start: courts that filings wait for and that no case system serves, whether or not they
// take filings. Pure.
std::vector<std::string> WaitingForNobody(const std::vector<CaseSystemConfig>& systems,
                                          const CourtDirectory& directory,
                                          const std::vector<CourtBalance>& balances);

}  // namespace nightbox
