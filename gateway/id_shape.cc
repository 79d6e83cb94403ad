#include "gateway/id_shape.h"

#include <algorithm>
#include <cctype>

namespace nightbox {
namespace {

bool OnlyLettersDigitsAnd(std::string_view others, std::string_view text) {
  return std::ranges::all_of(text, [&](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 || others.find(static_cast<char>(c)) != others.npos);
  });
}

}  // namespace

bool IsRequestId(std::string_view text) {
  return text.size() >= 16 && text.size() <= 64 && OnlyLettersDigitsAnd("-_", text);
}

bool IsUserId(std::string_view text) {
  return !text.empty() && text.size() <= 128 && OnlyLettersDigitsAnd("._@+:-", text);
}

bool IsFilingId(std::string_view text) {
  return text.size() == 26 && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
         });
}

}  // namespace nightbox
