// What somebody may have meant who typed something that has no form of a case number.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nightbox {

// Canonical case numbers near the text, fewest changes first, three at most. Mends what people do:
// "Case No." before the number, missing or other dashes, spaces, a year of four digits, a sequence
// without its zeros or with one too many, O for 0 and I for 1. Sub-cases are neither added nor
// dropped, and no category is made up that the rule does not list. Pure; bounded for any text.
std::vector<std::string> SuggestCaseNumbers(std::string_view text);

}  // namespace nightbox
