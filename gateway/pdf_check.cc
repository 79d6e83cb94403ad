#include "gateway/pdf_check.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "core/clock.h"
#include "core/log.h"

namespace nightbox {
namespace {

// Most documents are far smaller; memory up to here is cheaper than a file.
constexpr std::size_t kReadBytes = 1 << 20;
constexpr std::int64_t kInMemoryMaxBytes = 4 * 1024 * 1024;

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
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

// Two ends that keep messages apart.
std::optional<std::array<Descriptor, 2>> SocketPair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return std::nullopt;
  return std::array<Descriptor, 2>{Descriptor(ends[0]), Descriptor(ends[1])};
}

// What the serving process starts with: its end of the conversation as standard input, nothing
// else.
class Spawning {
 public:
  explicit Spawning(int conversation) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    posix_spawn_file_actions_adddup2(&actions_, conversation, STDIN_FILENO);
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
    std::string serve = "--serve";
    char* const arguments[] = {const_cast<char*>(program.c_str()), serve.data(), cpu.data(),
                               memory.data(), nullptr};
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

// One message, and the descriptor that came with it, if one did.
struct Message {
  std::array<unsigned char, sizeof(PdfTextVerdict) + 1> bytes{};
  std::size_t size = 0;  // 0: the end.
  Descriptor descriptor;

  bool end() const { return size == 0; }
  // Whether it brings the handle.
  bool is_handle() const { return size == 1 && bytes[0] == kPdfHandleMessage; }
};

Message Receive(int socket) {
  Message message;
  iovec data{message.bytes.data(), message.bytes.size()};
  alignas(cmsghdr) char space[CMSG_SPACE(sizeof(int))];
  msghdr header{};
  header.msg_iov = &data;
  header.msg_iovlen = 1;
  header.msg_control = space;
  header.msg_controllen = sizeof space;
  ssize_t got = 0;
  do {
    got = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  const cmsghdr* rights = got < 0 ? nullptr : CMSG_FIRSTHDR(&header);
  if (rights != nullptr && rights->cmsg_type == SCM_RIGHTS &&
      rights->cmsg_len == CMSG_LEN(sizeof(int))) {
    int number = -1;
    std::memcpy(&number, CMSG_DATA(rights), sizeof number);
    message.descriptor = Descriptor(number);
  }
  message.size = got <= 0 ? 0 : static_cast<std::size_t>(got);
  return message;
}

// False when nobody listens.
bool Send(int socket, std::array<int, 2> descriptors) {
  char byte = 0;
  iovec data{&byte, 1};
  alignas(cmsghdr) char space[CMSG_SPACE(sizeof descriptors)] = {};
  msghdr header{};
  header.msg_iov = &data;
  header.msg_iovlen = 1;
  header.msg_control = space;
  header.msg_controllen = sizeof space;
  cmsghdr* rights = CMSG_FIRSTHDR(&header);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof descriptors);
  std::memcpy(CMSG_DATA(rights), descriptors.data(), sizeof descriptors);
  ssize_t sent = 0;
  do {
    sent = ::sendmsg(socket, &header, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == 1;
}

// Above this nothing is said of them: nobody files so many, and a damaged table can claim it.
constexpr std::uint32_t kPagesMax = 1'000'000;

PdfFinding FindingOf(int exit_code) {
  switch (exit_code) {
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

PdfInspection InspectionOf(const Message& message) {
  PdfVerdict verdict;
  std::memcpy(&verdict, message.bytes.data(), std::min(message.size, sizeof verdict));
  PdfInspection inspection{FindingOf(verdict.exit_code)};
  std::uint32_t pages = 0;
  std::memcpy(&pages, verdict.pages, sizeof pages);
  if (inspection.finding == PdfFinding::kGood && pages <= kPagesMax) inspection.pages = pages;
  return inspection;
}

// The examiner at the other end, as far as it is waited for.
class Examiner {
 public:
  explicit Examiner(int verdict) : verdict_(verdict) {}

  BootTime In(std::chrono::milliseconds time) const { return clock_.BootNow() + time; }

  // The next message that does not bring its handle; nothing when none came in time, and then the
  // examiner is killed.
  std::optional<Message> Await(BootTime deadline) {
    for (;;) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock_.BootNow());
      pollfd news{verdict_, POLLIN, 0};
      const int ready = left.count() <= 0 ? 0 : ::poll(&news, 1, static_cast<int>(left.count()));
      if (ready < 0 && errno == EINTR) continue;
      if (ready <= 0) {
        if (is_known()) ::syscall(SYS_pidfd_send_signal, handle_.get(), SIGKILL, nullptr, 0);
        return std::nullopt;
      }
      Message message = Receive(verdict_);
      if (!message.is_handle() || is_known()) return message;
      handle_ = std::move(message.descriptor);
    }
  }
  bool is_known() const { return handle_.get() >= 0; }

 private:
  const SystemClock clock_;
  const int verdict_;
  Descriptor handle_;
};

// Waits for the finding until the examiner has ended or the time is up.
PdfInspection AwaitFinding(Examiner& examiner, std::chrono::milliseconds wall_time) {
  const std::optional<Message> message = examiner.Await(examiner.In(wall_time));
  if (message && !message->end()) return InspectionOf(*message);
  // Out of time, or its end without a word: the kernel ended it at a bound, or it fell over the
  // document. Or nobody took it up.
  return {examiner.is_known() ? PdfFinding::kTooComplex : PdfFinding::kNotChecked};
}

// What the examiner says is a stranger's word: page numbers are all that is taken from it. The
// latest that came in time, whatever became of the examiner then.
PersonalPages AwaitText(Examiner& examiner, std::chrono::milliseconds text_time) {
  PersonalPages personal;
  for (const BootTime deadline = examiner.In(text_time);;) {
    const std::optional<Message> message = examiner.Await(deadline);
    PdfTextVerdict found;
    if (!message || message->size != sizeof found) return personal;
    std::memcpy(&found, message->bytes.data(), sizeof found);
    for (std::size_t i = 0; i < kPersonalKinds; ++i) {
      personal.first_page[i] =
          static_cast<std::uint16_t>(found.pages[2 * i] << 8 | found.pages[2 * i + 1]);
    }
    if (found.is_last != 0) return personal;
  }
}

}  // namespace

// The process that forks examiners, and our end of the conversation with it.
class PdfChecker::Server {
 public:
  static std::unique_ptr<Server> Start(const std::filesystem::path& program,
                                       const PdfCheckLimits& limits) {
    auto ends = SocketPair();
    if (!ends) return nullptr;
    const auto process = Spawning((*ends)[1].get())
                             .Run(program.string(), std::to_string(limits.cpu_seconds),
                                  std::to_string(limits.memory_bytes));
    if (!process) return nullptr;
    return std::unique_ptr<Server>(new Server(*process, std::move((*ends)[0])));
  }
  // It never reads a stranger's bytes and ends with the conversation; but if it does not, it is not
  // waited for.
  ~Server() {
    conversation_ = Descriptor();
    ::kill(process_, SIGKILL);
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  bool Ask(int document, int verdict) { return Send(conversation_.get(), {document, verdict}); }

 private:
  Server(pid_t process, Descriptor conversation)
      : process_(process), conversation_(std::move(conversation)) {}

  const pid_t process_;
  Descriptor conversation_;
};

// One of the few places for examining, from here to the end of the scope.
class PdfChecker::Turn {
 public:
  explicit Turn(PdfChecker& checker) : checker_(checker) {
    std::unique_lock lock(checker_.turns_mutex_);
    checker_.turn_ended_.wait(lock, [this] { return checker_.free_turns_ > 0; });
    --checker_.free_turns_;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    {
      const std::lock_guard lock(checker_.turns_mutex_);
      ++checker_.free_turns_;
    }
    checker_.turn_ended_.notify_one();
  }

 private:
  PdfChecker& checker_;
};

PdfChecker::PdfChecker(std::filesystem::path program, std::filesystem::path scratch_directory,
                       const PdfCheckLimits& limits)
    : program_(std::move(program)), scratch_(std::move(scratch_directory)), limits_(limits) {}

PdfChecker::~PdfChecker() = default;

PdfInspection PdfChecker::Check(std::int64_t size_bytes, const WriteBytes& write) {
  const Turn turn(*this);
  const Descriptor document(OpenScratch(size_bytes, scratch_));
  if (document.get() < 0) {
    Log(LogLevel::kWarning, "pdf not examined: no place for a copy", {{"errno", errno}});
    return {PdfFinding::kNotChecked};
  }
  const Result<void> written = write(document.get());
  if (!written) {
    Log(LogLevel::kWarning, "pdf not examined: bytes could not be copied",
        {{"reason", written.error().message}});
    return {PdfFinding::kNotChecked};
  }
  if (::lseek(document.get(), 0, SEEK_SET) != 0) return {PdfFinding::kNotChecked};
  return Examine(document.get());
}

PdfInspection PdfChecker::Examine(int document) {
  auto ends = SocketPair();
  if (!ends || !Ask(document, (*ends)[1].get())) {
    Log(LogLevel::kWarning, "pdf not examined: the examiner cannot be run",
        {{"program", program_.string()}});
    return {PdfFinding::kNotChecked};
  }
  // From here on only the examiner has the other end.
  (*ends)[1] = Descriptor();
  Examiner examiner((*ends)[0].get());
  PdfInspection inspection = AwaitFinding(examiner, limits_.wall_time);
  if (inspection.finding == PdfFinding::kGood || inspection.finding == PdfFinding::kDamaged) {
    inspection.personal = AwaitText(examiner, limits_.text_time);
  }
  return inspection;
}

bool PdfChecker::Ask(int document, int verdict) {
  const std::lock_guard lock(mutex_);
  if (server_ && server_->Ask(document, verdict)) return true;
  server_.reset();
  server_ = Server::Start(program_, limits_);
  return server_ && server_->Ask(document, verdict);
}

PdfInspection CheckStoredPdf(
    PdfChecker& checker,
    const std::function<Result<std::string>(std::int64_t offset, std::size_t max)>& read,
    std::int64_t size_bytes) {
  return checker.Check(size_bytes, [&](int fd) -> Result<void> {
    for (std::int64_t offset = 0; offset < size_bytes;) {
      NB_ASSIGN_OR_RETURN(const std::string piece, read(offset, kReadBytes));
      if (piece.empty()) return Error{ErrorCode::kDataLoss, "a stored document ends early"};
      for (std::size_t written = 0; written < piece.size();) {
        const ssize_t n = write(fd, piece.data() + written, piece.size() - written);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return Error{ErrorCode::kUnavailable, "the PDF checker does not listen"};
        written += static_cast<std::size_t>(n);
      }
      offset += static_cast<std::int64_t>(piece.size());
    }
    return {};
  });
}

std::filesystem::path DefaultPdfCheckProgram() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() /
         "nightbox-pdf-check";
}

}  // namespace nightbox
