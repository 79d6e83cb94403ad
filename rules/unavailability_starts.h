// From which days the motion of a rule on unavailability may be counted, by what was observed: for
// rules/unavailability.h.
#pragma once

#include <vector>

#include "rules/unavailability_conditions.h"

namespace nightbox {

// At least one for each way of counting; where a day is not known, why. kInvalidArgument: the time
// zone database lacks the rule's zone.
Result<std::vector<MotionStart>> MotionStarts(const ConditionInput& in);

}  // namespace nightbox
