#include "tests/sim/world_log.h"

#include <deque>
#include <mutex>

#include "core/log.h"

namespace nightbox {
namespace {

constexpr std::size_t kLines = 40;

struct Lines {
  std::mutex mutex;  // Guards lines: anybody may log.
  std::deque<std::string> lines;
};

Lines& Kept() {
  static Lines kept;
  return kept;
}

struct Text {
  std::string operator()(std::string_view text) const { return std::string(text); }
  std::string operator()(bool truth) const { return truth ? "true" : "false"; }
  template <class Number>
  std::string operator()(Number number) const {
    return std::to_string(number);
  }
};

}  // namespace

void Log(LogLevel, std::string_view event, std::initializer_list<LogField> fields) {
  std::string line(event);
  for (const LogField& field : fields) {
    line.append(", ").append(field.name).append(" ").append(std::visit(Text{}, field.value));
  }
  Lines& kept = Kept();
  const std::lock_guard lock(kept.mutex);
  kept.lines.push_back(std::move(line));
  if (kept.lines.size() > kLines) kept.lines.pop_front();
}

std::vector<std::string> TakeLog() {
  Lines& kept = Kept();
  const std::lock_guard lock(kept.mutex);
  std::vector<std::string> lines(kept.lines.begin(), kept.lines.end());
  kept.lines.clear();
  return lines;
}

}  // namespace nightbox
