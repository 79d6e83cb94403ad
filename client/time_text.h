// Instants for the filer's eyes.
#pragma once

#include <string>

#include "core/clock.h"

namespace nightbox::client {

// "2024-07-01 23:41:07 CDT (2024-07-02T04:41:07.123456Z)", in this machine's time zone: the filer
// compares it with the clock on the wall.
std::string LocalText(WallTime time);
// The same without the instant in UTC, for lists.
std::string ShortLocalText(WallTime time);

}  // namespace nightbox::client
