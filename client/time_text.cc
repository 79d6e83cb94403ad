#include "client/time_text.h"

#include <date/date.h>

#include <array>
#include <ctime>
#include <sstream>

namespace nightbox {

std::string UtcText(WallTime time) { return date::format("%FT%TZ", time); }

std::optional<WallTime> ParseUtcText(std::string_view text) {
  std::istringstream in{std::string(text)};
  WallTime time;
  in >> date::parse("%FT%TZ", time);
  if (in.fail() || UtcText(time) != text) return std::nullopt;
  return time;
}

std::string LocalText(WallTime time) {
  const std::time_t seconds =
      std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  std::tm local{};
  std::array<char, 64> text{};
  if (localtime_r(&seconds, &local) == nullptr ||
      std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S %Z", &local) == 0) {
    return UtcText(time);
  }
  return std::string(text.data()) + " (" + UtcText(time) + ")";
}

}  // namespace nightbox
