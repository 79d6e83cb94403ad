// Runs a stock tool, for tests that compare our verdict with somebody else's.
#pragma once

#include <string>
#include <vector>

namespace nightbox {

struct CommandResult {
  int exit_code = -1;
  // Standard output and standard error, as they came.
  std::string output;
};

// Runs words[0] from PATH with the other words as its arguments; none of them is read by a shell as
// anything but itself. Waits for the end.
CommandResult RunCommand(const std::vector<std::string>& words);

}  // namespace nightbox
