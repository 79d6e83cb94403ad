// The rules that an offline command asks: Missouri's as compiled in, or those of a court system's
// directory, so that a filer's own answers can be the court's.
#pragma once

#include <filesystem>
#include <string>

#include "core/result.h"
#include "rules/court_system.h"

namespace nightbox::client {

inline constexpr std::string_view kCompiledIn = "compiled in";

// The directory's; an empty path: as compiled in. Refuses what a gateway would not start on, but
// for what nobody has confirmed, and a directory that cannot be read.
Result<CourtSystem> ReadCourtSystemFiles(const std::filesystem::path& directory);

// What to call it: the directory, or "compiled in".
std::string RulesFrom(const std::filesystem::path& directory);

}  // namespace nightbox::client
