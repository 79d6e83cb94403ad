#include "ops/pleadings/pleading.h"

#include <array>
#include <utility>

namespace nightbox {
namespace {

using Values = std::vector<std::string>;

constexpr std::array<std::pair<std::string_view, Values Pleading::*>, 6> kMembers = {{
    {"court", &Pleading::court},
    {"party", &Pleading::party},
    {"versus", &Pleading::versus},
    {"case", &Pleading::case_number},
    {"title", &Pleading::title},
    {"signed", &Pleading::signed_by},
}};

constexpr std::string_view kHeadingMark = "== ";

Values* FindMember(Pleading& pleading, std::string_view name) {
  for (const auto& [known, member] : kMembers) {
    if (known == name) return &(pleading.*member);
  }
  return nullptr;
}

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

Error WrongLine(std::size_t line, std::string_view why) {
  return Error{ErrorCode::kInvalidArgument,
               "line " + std::to_string(line) + ": " + std::string(why)};
}

// Takes the first line off the text.
std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = Trimmed(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

void AddLine(std::vector<Paragraph>& paragraphs, std::string_view line, bool begins) {
  if (begins) {
    const bool heading = line.starts_with(kHeadingMark);
    if (heading) line.remove_prefix(kHeadingMark.size());
    paragraphs.push_back({heading, std::string(line)});
  } else {
    paragraphs.back().text += " " + std::string(line);
  }
}

}  // namespace

Result<Pleading> ParsePleading(std::string_view text) {
  if (text.size() > kPleadingBytesMax) {
    return Error{ErrorCode::kInvalidArgument, "the text is longer than 1 MB"};
  }
  Pleading pleading;
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::string_view line = TakeLine(text);
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return WrongLine(number, "should be `name: value`");
    Values* values = FindMember(pleading, line.substr(0, colon));
    if (values == nullptr) {
      return WrongLine(number, "known members are court, party, versus, case, title and signed");
    }
    values->emplace_back(Trimmed(line.substr(colon + 1)));
  }
  if (pleading.court.empty() || pleading.party.empty() || pleading.title.empty()) {
    return WrongLine(number, "court, party and title must stand before the first empty line");
  }
  bool begins = true;
  while (!text.empty()) {
    const std::string_view line = TakeLine(text);
    if (!line.empty()) AddLine(pleading.paragraphs, line, begins);
    begins = line.empty();
  }
  return pleading;
}

Result<void> SetMember(Pleading& pleading, std::string_view name, std::string_view value) {
  Values* values = FindMember(pleading, name);
  if (values == nullptr) {
    return Error{ErrorCode::kInvalidArgument, "a pleading has no member " + std::string(name)};
  }
  *values = {std::string(value)};
  return {};
}

}  // namespace nightbox
