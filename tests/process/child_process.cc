#include "tests/process/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

#include "core/check.h"
#include "core/patience.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

constexpr std::size_t kLogTail = 4000;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { close(fd_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  const int fd_;
};

int MillisecondsUntil(std::chrono::steady_clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyNow());
  return static_cast<int>(std::max<std::int64_t>(0, left.count()));
}

}  // namespace

ChildProcess::ChildProcess(std::vector<std::string> words, std::filesystem::path log)
    : log_(std::move(log)) {
  // setpriv becomes the program; with it, a test that crashes leaves nothing running behind.
  words.insert(words.begin(), {"/usr/bin/setpriv", "--pdeathsig", "KILL", "--"});
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  NB_CHECK(posix_spawn_file_actions_init(&actions) == 0);
  NB_CHECK(posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log_.c_str(),
                                            O_WRONLY | O_CREAT | O_APPEND, 0600) == 0);
  NB_CHECK(posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO) == 0);
  const int spawned =
      posix_spawn(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (spawned != 0) Fail("cannot be started");
  // glibc 2.36 declares pidfd_open for C only.
  pid_fd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  NB_CHECK(pid_fd_ >= 0);
}

ChildProcess::~ChildProcess() {
  if (running()) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(pid_fd_);
}

void ChildProcess::WaitForFile(const std::filesystem::path& file,
                               std::chrono::milliseconds timeout) {
  const auto deadline = SteadyNow() + timeout;
  const Descriptor watch(inotify_init1(IN_CLOEXEC));
  NB_CHECK(inotify_add_watch(watch.get(), file.parent_path().c_str(), IN_MOVED_TO | IN_CREATE) >=
           0);
  // Looked for after the watch began, so that it cannot come unseen.
  while (!std::filesystem::exists(file)) {
    pollfd waits[] = {{watch.get(), POLLIN, 0}, {pid_fd_, POLLIN, 0}};
    if (poll(waits, 2, MillisecondsUntil(deadline)) <= 0) Fail("is not ready in time");
    if (waits[1].revents != 0) Fail("ended before it was ready");
    alignas(inotify_event) char events[4096];
    NB_CHECK(read(watch.get(), events, sizeof(events)) > 0);
  }
}

void ChildProcess::Signal(int signal) const {
  NB_CHECK(running());
  NB_CHECK(kill(pid_, signal) == 0);
}

int ChildProcess::WaitForEnd(std::chrono::milliseconds timeout) {
  NB_CHECK(running());
  pollfd waits{pid_fd_, POLLIN, 0};
  if (poll(&waits, 1, static_cast<int>(timeout.count())) != 1) Fail("does not end");
  int status = 0;
  NB_CHECK(waitpid(pid_, &status, 0) == pid_);
  pid_ = -1;
  return status;
}

int ChildProcess::End(int signal) {
  Signal(signal);
  return WaitForEnd();
}

std::int64_t ChildProcess::PeakKilobytes() const {
  std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
  std::string word;
  std::int64_t kilobytes = -1;
  while (status >> word) {
    if (word == "VmHWM:") status >> kilobytes;
  }
  return kilobytes;
}

void ChildProcess::Fail(const std::string& what) const {
  std::string said = std::filesystem::exists(log_) ? ReadWholeFile(log_) : "";
  if (said.size() > kLogTail) said.erase(0, said.size() - kLogTail);
  throw std::runtime_error("the program " + what + "; its log ends:\n" + said);
}

}  // namespace nightbox
