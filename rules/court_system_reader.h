// The readers of a court system's two TOML files. Only rules/court_system.cc calls them.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/court_system.h"
#include "rules/toml_table.h"

namespace nightbox::court_system {

// Fills in what system.toml states, and adds what nobody has confirmed of it to
// `system.unconfirmed`, which it calls `file`.
void ReadSystem(std::string_view toml, const std::string& file, CourtSystem& system,
                std::vector<TomlFinding>& findings);

std::optional<Acceptance> ReadAcceptance(std::string_view toml, std::vector<TomlFinding>& findings);

// Every key of both, "section.key".
std::set<std::string> Keys();

}  // namespace nightbox::court_system
