// Whether a text holds what looks like a payment card number.
#pragma once

#include <string_view>

namespace nightbox {

// 13 to 19 digits, alone or in groups set apart by single spaces or dashes, that begin as card
// numbers do and satisfy the Luhn check. Pure.
bool LooksLikeCardNumber(std::string_view text);

}  // namespace nightbox
