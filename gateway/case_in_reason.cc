#include "gateway/case_in_reason.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "rules/case_number.h"

namespace nightbox {
namespace {

// Bytes that are not ASCII are letters of somebody's.
std::string LettersAndDigits(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || std::isalnum(byte) != 0)
      out.push_back(static_cast<char>(std::toupper(byte)));
  }
  return out;
}

bool Holds(const std::string& reason, std::string_view number) {
  const std::string wanted = LettersAndDigits(number);
  return !wanted.empty() && reason.find(wanted) != std::string::npos;
}

constexpr std::size_t kWordsOfANumber = 6;

bool IsSign(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x80 && std::isalnum(byte) == 0;
}

bool IsSpace(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    const auto* const begin = std::find_if_not(text.begin(), text.end(), IsSpace);
    if (begin == text.end()) return words;
    const auto* const end = std::find_if(begin, text.end(), IsSpace);
    words.emplace_back(begin, static_cast<std::size_t>(end - begin));
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
  }
}

// "(24DN-CC00815)," says 24DN-CC00815.
std::string WithoutSignsAround(std::string_view text) {
  while (!text.empty() && IsSign(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsSign(text.back())) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace

bool HoldsCaseNumber(std::string_view reason,
                     const std::function<bool(const std::string&)>& is_it) {
  const std::vector<std::string_view> words = Words(reason);
  for (std::size_t first = 0; first < words.size(); ++first) {
    const char* const begin = words[first].data();
    const std::size_t end = std::min(words.size(), first + kWordsOfANumber);
    for (std::size_t last = first; last < end; ++last) {
      const char* const behind = words[last].data() + words[last].size();
      const std::string text =
          WithoutSignsAround({begin, static_cast<std::size_t>(behind - begin)});
      if (!text.empty() && is_it(text)) return true;
    }
  }
  return false;
}

bool HoldsCaseNumber(std::string_view reason, std::string_view case_number) {
  const std::string squeezed = LettersAndDigits(reason);
  if (Holds(squeezed, case_number)) return true;
  const auto typed = ParseCaseNumber(case_number);
  return typed && Holds(squeezed, Canonical(*typed));
}

}  // namespace nightbox
