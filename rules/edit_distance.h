// How many letters two words differ by: what "did you mean" is made of.
#pragma once

#include <string_view>

namespace nightbox {

// Levenshtein's distance: letters inserted, deleted or replaced. Costs the product of the lengths.
int EditDistance(std::string_view a, std::string_view b);

}  // namespace nightbox
