// How the arithmetic of rules/unavailability.h names lengths, instants and attempts.
#pragma once

#include <string>
#include <string_view>

#include "core/clock.h"
#include "rules/observations.h"

namespace nightbox {

// "132 min 0 s", "60 min 0.000001 s".
std::string LengthWords(Microseconds length);

// By the clocks of the zone; in UTC where the time zone database lacks it.
std::string InstantWords(WallTime time, const std::string& zone);

// "attempt a of Monday 1 July 2024 at …".
std::string AttemptWords(const FilingAttempt& attempt, const std::string& zone);

// "the case system was not available".
std::string_view FaultWords(AttemptFault fault);

}  // namespace nightbox
