// Times as text: UTC for programs, local time for people.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"

namespace nightbox {

// "2024-07-02T04:41:07.123456Z".
std::string UtcText(WallTime time);
// The inverse; nullopt for anything UtcText would not have written.
std::optional<WallTime> ParseUtcText(std::string_view text);
// "2024-07-01 23:41:07 CDT (2024-07-02T04:41:07.123456Z)", in this machine's time zone.
std::string LocalText(WallTime time);

}  // namespace nightbox
