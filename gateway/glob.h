// Patterns with '*' for any run of characters: how configuration names groups of courts and users.
#pragma once

#include <string_view>

namespace nightbox {

// The whole text must match. Case counts; no character but '*' is special. Takes time proportional
// to the product of the lengths at worst, never exponential.
bool MatchesGlob(std::string_view pattern, std::string_view text);

}  // namespace nightbox
