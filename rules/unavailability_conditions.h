// What rules on unavailability ask for, one function each: for rules/unavailability.h, which says
// how bounds are honoured. Each needs its parameters in the rule. Pure.
#pragma once

#include <vector>

#include "rules/unavailability.h"
#include "rules/unavailability_attempts.h"

namespace nightbox {

struct ConditionInput {
  const UnavailabilityRule& rule;
  const UnavailabilityQuestion& question;
  const Observations& seen;
  const std::vector<WeighedAttempt>& attempts;

  const std::string& zone() const { return rule.time_zone.value; }
};

// Of attempts.
ConditionFinding AttemptDuringUnavailability(const ConditionInput& in);
Result<ConditionFinding> EnoughAttempts(const ConditionInput& in);

// Of the day the filing was due.
Result<ConditionFinding> LongEnough(const ConditionInput& in);
ConditionFinding Declared(const ConditionInput& in);
Result<TimeSpan> DueDay(const ConditionInput& in);

}  // namespace nightbox
