// Whether a text holds what looks like a payment card number.
//
// Also compiled as C++17, into the process that examines PDFs.
#pragma once

#include <string_view>

namespace nightbox {

// 13 to 19 digits, alone or in groups set apart by single spaces or dashes, that begin as card
// numbers do and satisfy the Luhn check. Pure.
bool LooksLikeCardNumber(std::string_view text);

// The same of digits alone.
bool IsCardNumber(std::string_view digits);

}  // namespace nightbox
