// Conditions of access rules: their names, and whether one holds of a case.
#pragma once

#include <optional>
#include <string_view>

#include "rules/access_policy.h"
#include "rules/court_day.h"

namespace nightbox {

struct CaseFacts;

// "sealed", "!sealed", "removed_on_request:5", "document_filed_from:2023-07-01". Empty: no such
// condition.
std::optional<AccessCondition> ParseAccessCondition(std::string_view text);

Known Holds(const AccessCondition& condition, const CaseFacts& facts, CourtDay today);

}  // namespace nightbox
