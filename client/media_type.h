// What kind of file this is, told from its first bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nightbox::client {

// "application/pdf" when the PDF mark stands within the first 1,024 bytes, as readers allow;
// nullopt for anything else.
std::optional<std::string> SniffMediaType(std::string_view head);

}  // namespace nightbox::client
