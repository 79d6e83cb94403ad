// Pleading: what the text of a pleading says, before it is set.
//
// The text begins with members, one a line, `name: value`; a name may stand on several lines:
//
//   court:   the court's name as it heads the caption        (required)
//   party:   who files or filed first, with the role         (required)
//   versus:  the other side
//   case:    the case number
//   title:   what the pleading is                            (required)
//   signed:  a line of the signature block
//
// Then an empty line, and paragraphs separated by empty lines; lines within one are joined. A
// paragraph that begins with "== " is a heading.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace nightbox {

struct Paragraph {
  bool heading = false;
  std::string text;
  bool operator==(const Paragraph&) const = default;
};

struct Pleading {
  std::vector<std::string> court;
  std::vector<std::string> party;
  std::vector<std::string> versus;
  std::vector<std::string> case_number;
  std::vector<std::string> title;
  std::vector<std::string> signed_by;
  std::vector<Paragraph> paragraphs;
};

inline constexpr std::size_t kPleadingBytesMax = 1'000'000;

// kInvalidArgument names the line.
Result<Pleading> ParsePleading(std::string_view text);

// Puts one value in the place of a member's values; kInvalidArgument when there is no such member.
Result<void> SetMember(Pleading& pleading, std::string_view name, std::string_view value);

}  // namespace nightbox
