// From which days the motion of a rule on unavailability may be counted, by what was observed: for
// rules/unavailability.h.
#pragma once

#include <cstddef>
#include <vector>

#include "rules/unavailability_conditions.h"

namespace nightbox {

// Of how many unavailabilities that only a doubtful attempt may have met the end is given; that
// there are more is said.
inline constexpr std::size_t kDoubtfulEndsMax = 16;

// At least one for each way of counting; where a day is not known, why. kInvalidArgument: the time
// zone database lacks the rule's zone.
Result<std::vector<MotionStart>> MotionStarts(const ConditionInput& in);

}  // namespace nightbox
