#include "gateway/case_in_reason.h"

#include <cctype>
#include <string>

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

}  // namespace

bool HoldsCaseNumber(std::string_view reason, std::string_view case_number) {
  const std::string squeezed = LettersAndDigits(reason);
  if (Holds(squeezed, case_number)) return true;
  const auto typed = ParseCaseNumber(case_number);
  return typed && Holds(squeezed, Canonical(*typed));
}

}  // namespace nightbox
