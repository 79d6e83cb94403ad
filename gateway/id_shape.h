// The shapes of the identifiers that callers choose or quote. Pure.
//
// A text is kept, logged or journaled only where it has the shape of what it claims to be.
#pragma once

#include <string_view>

namespace nightbox {

// 16 to 64 of A-Z a-z 0-9 - _.
bool IsRequestId(std::string_view text);
// 1 to 128 of A-Z a-z 0-9 . _ @ + : -
bool IsUserId(std::string_view text);
// 26 of a-z 2-7.
bool IsFilingId(std::string_view text);

}  // namespace nightbox
