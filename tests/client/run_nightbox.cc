#include "tests/client/run_nightbox.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "core/check.h"
#include "tests/support/temporary_directory.h"

namespace nightbox::client {
namespace {

std::filesystem::path NewFile(const std::filesystem::path& directory, const char* pattern) {
  std::string path = directory / pattern;
  const int file = ::mkstemp(path.data());
  NB_CHECK(file >= 0);
  ::close(file);
  return path;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& each : texts) pointers.push_back(each.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

boost::json::object NightboxResult::Json() const {
  boost::json::error_code failed;
  boost::json::value value = boost::json::parse(out, failed);
  NB_CHECK(!failed && value.is_object());
  return value.as_object();
}

NightboxRun::NightboxRun(const std::filesystem::path& program, const std::filesystem::path& home,
                         const std::vector<std::string>& arguments,
                         const std::vector<std::string>& environment)
    : out_(NewFile(home, "out-XXXXXX")), err_(NewFile(home, "err-XXXXXX")) {
  std::vector<std::string> words = {program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables = {"HOME=" + home.string(), "PATH=/usr/bin:/bin", "TZ=UTC",
                                        "no_proxy=localhost"};
  variables.insert(variables.end(), environment.begin(), environment.end());
  // All memory is made before the fork: the parent has gRPC's threads.
  const std::vector<char*> argv = Pointers(words);
  const std::vector<char*> envp = Pointers(variables);
  const int out = ::open(out_.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
  const int err = ::open(err_.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  NB_CHECK(out >= 0 && err >= 0 && null >= 0);
  pid_ = ::fork();
  NB_CHECK(pid_ >= 0);
  if (pid_ == 0) {
    ::dup2(null, STDIN_FILENO);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(err, STDERR_FILENO);
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  ::close(out);
  ::close(err);
  ::close(null);
}

NightboxRun::~NightboxRun() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void NightboxRun::Signal(int signal_number) const { NB_CHECK(::kill(pid_, signal_number) == 0); }

NightboxResult NightboxRun::Wait() {
  int status = 0;
  pid_t ended = 0;
  do {
    ended = ::waitpid(pid_, &status, 0);
  } while (ended < 0 && errno == EINTR);
  NB_CHECK(ended == pid_);
  pid_ = -1;
  NightboxResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.out = ReadWholeFile(out_);
  result.err = ReadWholeFile(err_);
  return result;
}

}  // namespace nightbox::client
