// CourtDay: a day of a court's calendar, and the instants that fall on it.
//
// A filing has a day only together with a zone: 04:30 UTC is still the evening before in Missouri.
// Pure functions over the system's time zone database. Thread-safe.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"

namespace nightbox {

using CourtDay = std::chrono::local_days;

// The day on which the instant falls there. Days change with the clocks on the wall, so 3 November
// 2024 in America/Chicago has 25 hours and both its half past ones. kInvalidArgument: unknown zone.
Result<CourtDay> DayIn(WallTime time, std::string_view zone);

// When the clocks there show `clock` (minutes since midnight, at most 24 h: the end of the day) on
// that day. Shown twice: the first time. Never shown: when the clocks jump over it.
Result<WallTime> InstantOn(CourtDay day, std::chrono::minutes clock, std::string_view zone);

std::chrono::weekday WeekdayOf(CourtDay day);

// "2024-07-11".
std::string FormatDay(CourtDay day);
// "Thursday 11 July 2024".
std::string DayWords(CourtDay day);
// Exactly what FormatDay writes, for days of the years 1900 to 2199.
std::optional<CourtDay> ParseDay(std::string_view text);

// "14:00" for 840 minutes.
std::string FormatClock(std::chrono::minutes clock);
// Two digits, a colon, two digits, up to 24:00.
std::optional<std::chrono::minutes> ParseClock(std::string_view text);

}  // namespace nightbox
