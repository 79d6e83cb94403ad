// Unavailability: whether a rule on unavailable electronic filing is met by what was observed, with
// the arithmetic shown.
//
// One pure function. Bounds are honoured: met only if met by the least that was unavailable, not
// met only if not even by the most; between the two the answer is "cannot tell", with the
// observation that is missing. No legal conclusion: what the rule leaves to the court is listed,
// not decided.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "core/result.h"
#include "rules/motion_deadline.h"
#include "rules/observations.h"
#include "rules/periods.h"
#include "rules/unavailability_rules.h"

namespace nightbox {

enum class RuleFinding { kSatisfied, kNotSatisfied, kCannotTell };
// "satisfied", "not satisfied", "cannot tell".
std::string_view FindingWords(RuleFinding finding);

// One thing the rule asks for.
struct ConditionFinding {
  std::string condition;
  RuleFinding finding = RuleFinding::kCannotTell;
  std::vector<std::string> arithmetic;
  // What would have to be known. Empty unless it cannot be told.
  std::vector<std::string> missing;
  std::string clause;
  // Whether the rule's own words and numbers are.
  bool confirmed = false;
};

// Until when a document may be filed late without a motion, by a rule that says so.
struct LateFilingDay {
  DayLayer layer = DayLayer::kStatute;
  CourtDay day;
  // By the clocks there; empty: all day.
  std::optional<std::chrono::minutes> by;
  bool confirmed = false;
};

struct UnavailabilityFinding {
  std::string rule_id;
  CourtDay version;
  std::string rule_name;
  RuleFinding finding = RuleFinding::kCannotTell;
  std::vector<ConditionFinding> conditions;
  // The first one that met the filing system's trouble. Empty: none is recorded.
  std::string first_attempt_id;
  std::string relief;
  bool relief_confirmed = false;
  std::vector<MotionDeadline> motions;
  std::vector<LateFilingDay> late_filings;
  std::vector<std::string> left_to_court;
};

struct UnavailabilityQuestion {
  CourtId court;
  // The day the filing was due, for rules that look at one day.
  CourtDay due_day;
};

// `calendar` is that of the rule's court. kInvalidArgument: the time zone database lacks the rule's
// zone, or `counting` the rule's way of counting.
Result<UnavailabilityFinding> EvaluateUnavailability(const UnavailabilityRule& rule,
                                                     const UnavailabilityQuestion& question,
                                                     const Observations& seen,
                                                     const PeriodRules& counting,
                                                     const CourtCalendar& calendar);

}  // namespace nightbox
