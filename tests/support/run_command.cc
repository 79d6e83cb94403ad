#include "tests/support/run_command.h"

#include <stdio.h>
#include <sys/wait.h>

#include <array>

#include "core/check.h"

namespace nightbox {
namespace {

std::string Quoted(const std::string& word) {
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

CommandResult RunCommand(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += Quoted(word) + " ";
  line += "2>&1 </dev/null";
  FILE* pipe = popen(line.c_str(), "r");
  NB_CHECK(pipe != nullptr);
  CommandResult result;
  std::array<char, 4096> buffer;
  for (std::size_t got = 0; (got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    result.output.append(buffer.data(), got);
  }
  const int status = pclose(pipe);
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

}  // namespace nightbox
