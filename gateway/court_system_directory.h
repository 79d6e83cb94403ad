// The court system's directory, read from disk.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "gateway/config.h"
#include "gateway/court_policy.h"
#include "rules/court_system.h"

namespace nightbox {

// Everything in the directory but README.md and what editors leave beside a file (names that begin
// with a dot or end with ~). Refuses what LoadCourtSystem refuses, what is no plain file, and
// statements about courts that cannot be meant.
Result<CourtSystem> ReadCourtSystem(const std::filesystem::path& directory);

// What it states about its courts. The rule on unavailable filing is cited in its version of that
// day there; without a time, for who does not ask how it is cited, in its newest.
CourtSettings SettingsOf(const CourtSystem& system, std::optional<WallTime> now = std::nullopt);

// Whether the profile lets a gateway start on what is unconfirmed.
Result<void> CheckProfile(Profile profile, const CourtSystem& system);

// For `--check`: every unconfirmed value, and how they can be accepted. Empty: there is none.
std::string UnconfirmedReport(const CourtSystem& system);

}  // namespace nightbox
