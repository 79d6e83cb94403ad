#include "rules/card_number.h"

#include <string>

namespace nightbox {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool SatisfiesLuhn(std::string_view digits) {
  int sum = 0;
  bool doubled = false;
  for (std::size_t i = digits.size(); i-- > 0; doubled = !doubled) {
    int digit = digits[i] - '0';
    if (doubled) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 == 0;
}

// One long number in ten satisfies Luhn by chance; what cards begin with makes that one in thirty,
// which matters to payment services that give all-digit references.
bool BeginsLikeACard(std::string_view digits) {
  const int one = digits[0] - '0';
  const int two = one * 10 + (digits[1] - '0');
  const int four = two * 100 + (digits[2] - '0') * 10 + (digits[3] - '0');
  const std::size_t size = digits.size();
  if (one == 4) return size == 13 || size == 16 || size == 19;
  if (two >= 51 && two <= 55) return size == 16;
  if (four >= 2221 && four <= 2720) return size == 16;
  if (two == 34 || two == 37) return size == 15;
  if (two == 30 || two == 36 || two == 38 || two == 39) return size >= 14;
  return two == 35 || two == 60 || two == 62 || two == 64 || two == 65 ? size >= 16 : false;
}

}  // namespace

bool IsCardNumber(std::string_view digits) {
  return digits.size() >= 13 && digits.size() <= 19 && BeginsLikeACard(digits) &&
         SatisfiesLuhn(digits);
}

bool LooksLikeCardNumber(std::string_view text) {
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (IsDigit(text[i])) {
      digits += text[i];
      continue;
    }
    const bool separates = (text[i] == ' ' || text[i] == '-') && i + 1 < text.size() &&
                           IsDigit(text[i + 1]) && !digits.empty();
    if (separates) continue;
    if (IsCardNumber(digits)) return true;
    digits.clear();
  }
  return IsCardNumber(digits);
}

}  // namespace nightbox
