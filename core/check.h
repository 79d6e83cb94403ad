// CHECK: for what only we can do wrong.
//
// A failed CHECK prints where and why and aborts, in every build: going on with a broken invariant
// could turn into a receipt for a filing that is not there. What the world can do to us is an Error
// (core/result.h), never a CHECK.
#pragma once

namespace nightbox {

[[noreturn]] void CheckFailed(const char* expression, const char* file, int line);

}  // namespace nightbox

#define NB_CHECK(expression)               \
  (static_cast<bool>(expression) ? void(0) \
                                 : ::nightbox::CheckFailed(#expression, __FILE__, __LINE__))
