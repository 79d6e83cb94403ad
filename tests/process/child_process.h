// ChildProcess: one of our programs, running. It ends with the test, whatever becomes of the test.
//
// Nothing here waits without a bound, and nothing sleeps: waiting is on the kernel's word that a
// file was made or the process ended. Failures throw std::runtime_error with the end of the
// program's log, which a test reports as its failure. One thread at a time.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace nightbox {

class ChildProcess {
 public:
  // Starts words[0]; what it says on standard error and output is appended to `log`.
  ChildProcess(std::vector<std::string> words, std::filesystem::path log);
  // SIGKILL, if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Until `file` has its name. Throws when the program ends first, or takes longer.
  void WaitForFile(const std::filesystem::path& file,
                   std::chrono::milliseconds timeout = std::chrono::seconds(60));

  void Signal(int signal) const;
  // The wait status. Throws after `timeout`.
  int WaitForEnd(std::chrono::milliseconds timeout = std::chrono::seconds(60));
  // Signals and waits for the end.
  int End(int signal);

  bool running() const { return pid_ > 0; }
  pid_t pid() const { return pid_; }
  // VmHWM: the most memory it ever had resident.
  std::int64_t PeakKilobytes() const;

 private:
  [[noreturn]] void Fail(const std::string& what) const;

  const std::filesystem::path log_;
  pid_t pid_ = -1;
  int pid_fd_ = -1;  // Readable once the process has ended.
};

}  // namespace nightbox
