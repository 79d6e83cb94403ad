#include "ops/bench_tool/process_cost.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace nightbox::bench {
namespace {

Microseconds FromTicks(std::int64_t ticks) {
  return Microseconds(ticks * 1'000'000 / ::sysconf(_SC_CLK_TCK));
}

Microseconds FromTimeval(const timeval& time) {
  return Microseconds(std::int64_t{time.tv_sec} * 1'000'000 + time.tv_usec);
}

// The children that run, of all its threads.
std::vector<pid_t> ChildrenOf(pid_t process) {
  std::vector<pid_t> children;
  std::error_code none;
  const auto threads =
      std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/task", none);
  for (const auto& thread : threads) {
    std::ifstream file(thread.path() / "children");
    for (pid_t child = 0; file >> child;) children.push_back(child);
  }
  return children;
}

}  // namespace

Result<ProcessCost> CostOf(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string line;
  std::getline(file, line);
  // The program's name stands in parentheses and may contain anything; behind it come numbers.
  const std::size_t name_end = line.rfind(')');
  if (!file || name_end == std::string::npos) {
    return Error{ErrorCode::kNotFound, "no process " + std::to_string(process)};
  }
  std::istringstream fields(line.substr(name_end + 1));
  std::string skipped;
  // State and what follows it up to cmajflt: fields 3 to 13 of proc(5).
  for (int field = 3; field <= 13; ++field) fields >> skipped;
  std::int64_t user = 0;
  std::int64_t system = 0;
  std::int64_t children_user = 0;
  std::int64_t children_system = 0;
  fields >> user >> system >> children_user >> children_system;
  if (!fields) return Error{ErrorCode::kInternal, "/proc does not say what a process cost"};
  ProcessCost cost{FromTicks(user + system), FromTicks(children_user + children_system)};
  for (const pid_t child : ChildrenOf(process)) {
    // One that has ended meanwhile is counted with its parent's next reading.
    if (const auto of_child = CostOf(child)) cost.children += of_child->own + of_child->children;
  }
  return cost;
}

Microseconds OwnCost() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return FromTimeval(usage.ru_utime) + FromTimeval(usage.ru_stime);
}

}  // namespace nightbox::bench
