#include "core/patience.h"

namespace nightbox {

std::chrono::steady_clock::time_point SteadyNow() { return std::chrono::steady_clock::now(); }

std::chrono::system_clock::time_point DeadlineIn(std::chrono::milliseconds from_now) {
  return std::chrono::system_clock::now() + from_now;
}

}  // namespace nightbox
