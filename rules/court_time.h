// Court time: the instants of the evidence, spelled for machines and for people.
//
// Pure functions over the system's time zone database (tzdata), which is read on first use.
// Fractions are cut, never rounded: 23:59:59.9 is still that day. Instants outside the years 0000
// to 9999, which only a damaged record can hold, are spelled as the nearest inside. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/result.h"

namespace nightbox {

// RFC 3339 in UTC with microseconds: "2024-07-02T04:41:07.123456Z".
std::string FormatUtc(WallTime time);

// Accepts exactly what FormatUtc writes for the years 0000 to 9999.
std::optional<WallTime> ParseUtc(std::string_view text);

// RFC 3339 with the zone's offset at that instant: "2024-07-01T23:41:07.123456-05:00".
// kInvalidArgument when the database knows no such zone ("America/Chicago" is one).
Result<std::string> FormatLocalOffset(WallTime time, std::string_view zone);

// In words: "Monday 1 July 2024 at 11:41:07 p.m. Central Daylight Time".
Result<std::string> FormatLocal(WallTime time, std::string_view zone);

// Whether the database knows the zone: what configuration checks ask at start.
bool IsKnownZone(std::string_view zone);

}  // namespace nightbox
