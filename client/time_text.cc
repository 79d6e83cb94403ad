#include "client/time_text.h"

#include <array>
#include <ctime>

#include "rules/court_time.h"

namespace nightbox::client {

std::string ShortLocalText(WallTime time) {
  const std::time_t seconds =
      std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  std::tm local{};
  std::array<char, 64> text{};
  if (localtime_r(&seconds, &local) == nullptr ||
      std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S %Z", &local) == 0) {
    return FormatUtc(time);
  }
  return text.data();
}

std::string LocalText(WallTime time) { return ShortLocalText(time) + " (" + FormatUtc(time) + ")"; }

}  // namespace nightbox::client
