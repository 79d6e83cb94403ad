// Whether the reason an operator gives holds the number of the case the act is about. A reason is
// journaled for ever, and read by more people than the case; a case number can be confidential
// (COR 2.02).
//
// Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace nightbox {

// Letters and digits alone are compared, and capitals are not told from small letters: "24dn-cc
// 1.2.3" holds what "24DN-CC123" says. The number counts as it was asked for and as the rule writes
// it. A number without a letter or digit is nowhere.
bool HoldsCaseNumber(std::string_view reason, std::string_view case_number);

// The same where the number itself is not at hand, and only `is_it` can tell whether a text is the
// number. Asked of every run of up to six words, without the signs around it; so a number that is
// spelt with other signs than it was filed with is not found.
bool HoldsCaseNumber(std::string_view reason, const std::function<bool(const std::string&)>& is_it);

}  // namespace nightbox
