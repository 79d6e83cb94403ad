// Motion deadlines: the last day for the motion an unavailability rule speaks of, under each
// reading of the rule and of the calendar.
//
// What the receipt prints and the certificate shows. Informational: no ruling, and nothing of it
// extends a deadline.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/periods.h"
#include "rules/unavailability_rules.h"

namespace nightbox {

struct MotionDeadline {
  MotionCountedFrom counted_from = MotionCountedFrom::kFirstUnsuccessfulAttempt;
  // What day that is taken to be, if there are several views: "as the filer's software says".
  std::string basis;
  DayLayer layer = DayLayer::kStatute;
  // Empty: not known, and `unknown` says why.
  std::optional<CourtDay> from;
  std::optional<CourtDay> last_day;
  std::string unknown;
  std::vector<std::string> steps;
  // Whether the rule's own numbers, its version, the way of counting and the days are.
  bool confirmed = false;
  // Whether the day it is counted from is; `basis` says why not.
  bool certain = true;
};

// A day from which to count, or why there is none.
struct MotionStart {
  MotionCountedFrom counted_from = MotionCountedFrom::kFirstUnsuccessfulAttempt;
  std::optional<CourtDay> day;
  std::string basis;
  std::string unknown;
  // Whether it was observed, is of the filing asked about, and cannot be another one.
  bool certain = true;
};

// One deadline per start the rule counts from, in the order given, and two where the statute's
// holidays and the court's closures differ. None when the rule speaks of no motion.
// kInvalidArgument: `counting` lacks the rule's way of counting.
Result<std::vector<MotionDeadline>> MotionDeadlines(const UnavailabilityRule& rule,
                                                    const PeriodRules& counting,
                                                    const CourtCalendar& calendar,
                                                    const CourtId& court,
                                                    const std::vector<MotionStart>& starts);

// "Rule 103.06(b), in the version of 2011-09-01: 10 days, counted by Rule 44.01(a)". Empty when the
// rule speaks of no motion.
std::string MotionRuleWords(const UnavailabilityRule& rule, const PeriodRules& counting);

// What of that nobody has confirmed, each with its clause and why not: "10 days (Rule 103.06(b);
// recalled)", and at last whether this version held on that day. Empty when all of it is confirmed,
// or there is no motion.
std::vector<std::string> UnconfirmedMotionWords(const UnavailabilityRule& rule, CourtDay day);

}  // namespace nightbox
