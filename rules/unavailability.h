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
  // Whether the rule's own words and numbers are, on the day the filing was due.
  bool confirmed = false;
};

// Until when a document may be filed late without a motion, by a rule that says so: if it is
// satisfied.
struct LateFilingDay {
  DayLayer layer = DayLayer::kStatute;
  CourtDay day;
  // By the clocks there; empty: all day.
  std::optional<std::chrono::minutes> by;
  // Whether the rule's words are, and every day passed over on the way.
  bool confirmed = false;
};

struct UnavailabilityFinding {
  std::string rule_id;
  CourtDay version;
  // Why nobody has confirmed that the rule read so on the day the filing was due. Empty: it did;
  // otherwise nothing here is confirmed.
  std::string version_doubt;
  std::string rule_name;
  RuleFinding finding = RuleFinding::kCannotTell;
  std::vector<ConditionFinding> conditions;
  // The first one that met the filing system's trouble, of whatever filing. Empty: none is
  // recorded.
  std::string first_attempt_id;
  std::string relief;
  bool relief_confirmed = false;
  // What the court does on the motion, in each reading of the rule. Empty: its data do not say.
  std::vector<std::string> effects;
  bool effects_confirmed = false;
  std::vector<MotionDeadline> motions;
  std::vector<LateFilingDay> late_filings;
  // Each marked where it is unconfirmed.
  std::vector<std::string> left_to_court;
};

struct UnavailabilityQuestion {
  CourtId court;
  // The day the filing was due, for rules that look at one day.
  CourtDay due_day;
  // The attempts are those of one filing, but for those of which that is not recorded. Otherwise
  // they are of any filing of the user: each filing is then judged by its own, and where these
  // judgements differ, which filing is meant is what is missing.
  bool one_filing = false;
};

// `calendar` is that of the rule's court. kInvalidArgument: the time zone database lacks the rule's
// zone, or `counting` the rule's way of counting.
Result<UnavailabilityFinding> EvaluateUnavailability(const UnavailabilityRule& rule,
                                                     const UnavailabilityQuestion& question,
                                                     const Observations& seen,
                                                     const PeriodRules& counting,
                                                     const CourtCalendar& calendar);

}  // namespace nightbox
