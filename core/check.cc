#include "core/check.h"

#include <cstdio>
#include <cstdlib>

namespace nightbox {

void CheckFailed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "CHECK failed: %s at %s:%d\n", expression, file, line);
  std::fflush(stderr);
  std::abort();
}

}  // namespace nightbox
