#include "gateway/pdf_check.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string>

#include "core/log.h"

namespace nightbox {
namespace {

// Most documents are far smaller; memory up to here is cheaper than a file.
constexpr std::int64_t kInMemoryMaxBytes = 4 * 1024 * 1024;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

int OpenScratch(std::int64_t size, const std::filesystem::path& directory) {
  if (size <= kInMemoryMaxBytes) return ::memfd_create("document", MFD_CLOEXEC);
  return ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

// What a child starts with: the document as standard input, nothing else.
class Spawning {
 public:
  explicit Spawning(int document) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    posix_spawn_file_actions_adddup2(&actions_, document, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, STDOUT_FILENO, STDERR_FILENO);
    // The gateway blocks signals it handles on its loop; the child must die of them.
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;
  ~Spawning() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  std::optional<pid_t> Run(const std::string& program, std::string cpu, std::string memory) {
    char* const arguments[] = {const_cast<char*>(program.c_str()), cpu.data(), memory.data(),
                               nullptr};
    char* const environment[] = {nullptr};
    pid_t child = 0;
    if (::posix_spawn(&child, program.c_str(), &actions_, &attributes_, arguments, environment) !=
        0) {
      return std::nullopt;
    }
    return child;
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

// Waits until the child has ended or the time is up, when it is killed. Always reaps it.
int AwaitEnd(pid_t child, std::chrono::milliseconds wall_time) {
  const Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  pollfd ended{process.get(), POLLIN, 0};
  const auto deadline = std::chrono::steady_clock::now() + wall_time;
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (process.get() < 0 || left.count() <= 0) {
      ::kill(child, SIGKILL);
      break;
    }
    const int ready = ::poll(&ended, 1, static_cast<int>(left.count()));
    if (ready > 0) break;
    if (ready < 0 && errno != EINTR) ::kill(child, SIGKILL);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

PdfFinding FindingOf(int status) {
  if (!WIFEXITED(status)) return PdfFinding::kTooComplex;
  switch (WEXITSTATUS(status)) {
    case kPdfExitGood:
      return PdfFinding::kGood;
    case kPdfExitNeedsPassword:
      return PdfFinding::kNeedsPassword;
    case kPdfExitDamaged:
      return PdfFinding::kDamaged;
    case kPdfExitTooComplex:
      return PdfFinding::kTooComplex;
    default:
      return PdfFinding::kNotChecked;
  }
}

}  // namespace

PdfFinding PdfChecker::Check(std::int64_t size_bytes, const WriteBytes& write) const {
  const Descriptor document(OpenScratch(size_bytes, scratch_));
  if (document.get() < 0) {
    Log(LogLevel::kWarning, "pdf not examined: no place for a copy", {{"errno", errno}});
    return PdfFinding::kNotChecked;
  }
  const Result<void> written = write(document.get());
  if (!written) {
    Log(LogLevel::kWarning, "pdf not examined: bytes could not be copied",
        {{"reason", written.error().message}});
    return PdfFinding::kNotChecked;
  }
  if (::lseek(document.get(), 0, SEEK_SET) != 0) return PdfFinding::kNotChecked;
  return Examine(document.get());
}

PdfFinding PdfChecker::Examine(int document) const {
  const auto child = Spawning(document).Run(program_.string(), std::to_string(limits_.cpu_seconds),
                                            std::to_string(limits_.memory_bytes));
  if (!child) {
    Log(LogLevel::kWarning, "pdf not examined: the examiner cannot be run",
        {{"program", program_.string()}});
    return PdfFinding::kNotChecked;
  }
  return FindingOf(AwaitEnd(*child, limits_.wall_time));
}

std::filesystem::path DefaultPdfCheckProgram() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() /
         "nightbox-pdf-check";
}

}  // namespace nightbox
