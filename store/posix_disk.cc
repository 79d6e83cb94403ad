#include "store/posix_disk.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace nightbox {
namespace {

constexpr mode_t kFileMode = 0600;
constexpr mode_t kDirectoryMode = 0700;

// Calls again while a signal interrupts. close() is not among the callers: on Linux it has always
// closed.
template <class Call>
auto Retry(Call call) {
  auto answer = call();
  while (answer < 0 && errno == EINTR) answer = call();
  return answer;
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }

  int number() const { return number_; }
  bool ok() const { return number_ >= 0; }

 private:
  int number_;
};

Descriptor OpenDescriptor(const std::string& path, int flags) {
  return Descriptor(Retry([&] { return open(path.c_str(), flags | O_CLOEXEC, kFileMode); }));
}

class PosixFile : public DiskFile {
 public:
  PosixFile(std::string path, Descriptor descriptor)
      : path_(std::move(path)), descriptor_(std::move(descriptor)) {}

  Result<std::size_t> ReadAt(std::uint64_t offset, std::span<char> into) const override {
    std::size_t done = 0;
    while (done < into.size()) {
      const ssize_t got = Retry([&] {
        return pread(descriptor_.number(), into.data() + done, into.size() - done,
                     static_cast<off_t>(offset + done));
      });
      if (got < 0) return DiskError("pread", path_, errno);
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

  Result<void> WriteAt(std::uint64_t offset, std::string_view data) override {
    while (!data.empty()) {
      const ssize_t put = Retry([&] {
        return pwrite(descriptor_.number(), data.data(), data.size(), static_cast<off_t>(offset));
      });
      if (put < 0) return DiskError("pwrite", path_, errno);
      data.remove_prefix(static_cast<std::size_t>(put));
      offset += static_cast<std::uint64_t>(put);
    }
    return {};
  }

  // Not retried on EINTR either: after any failed sync the outcome is unknown.
  Result<void> Sync() override { return Done("fdatasync", fdatasync(descriptor_.number())); }

  Result<void> Allocate(std::uint64_t offset, std::uint64_t length) override {
    const int failed = Fallocate(FALLOC_FL_KEEP_SIZE, offset, length);
    if (failed != 0 && failed != EOPNOTSUPP) return DiskError("fallocate", path_, failed);
    return {};
  }

  Result<void> Punch(std::uint64_t offset, std::uint64_t length) override {
    const int failed = Fallocate(FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length);
    if (failed != 0) return DiskError("punch", path_, failed);
    return {};
  }

  Result<void> Truncate(std::uint64_t size) override {
    return Done("ftruncate",
                Retry([&] { return ftruncate(descriptor_.number(), static_cast<off_t>(size)); }));
  }

  Result<std::uint64_t> Size() const override {
    struct stat status {};
    if (fstat(descriptor_.number(), &status) != 0) return DiskError("fstat", path_, errno);
    return static_cast<std::uint64_t>(status.st_size);
  }

 private:
  // 0 or an errno.
  int Fallocate(int mode, std::uint64_t offset, std::uint64_t length) {
    const int answer = Retry([&] {
      return fallocate(descriptor_.number(), mode, static_cast<off_t>(offset),
                       static_cast<off_t>(length));
    });
    return answer == 0 ? 0 : errno;
  }

  Result<void> Done(std::string_view call, int answer) const {
    if (answer != 0) return DiskError(call, path_, errno);
    return {};
  }

  std::string path_;
  Descriptor descriptor_;
};

class PosixLock : public DiskLock {
 public:
  explicit PosixLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

 private:
  Descriptor descriptor_;  // The kernel lets go of the lock when it is closed.
};

int FlagsOf(OpenMode mode) {
  switch (mode) {
    case OpenMode::kRead:
      return O_RDONLY;
    case OpenMode::kWrite:
      return O_RDWR;
    case OpenMode::kCreate:
      return O_RDWR | O_CREAT;
    case OpenMode::kCreateNew:
      return O_RDWR | O_CREAT | O_EXCL;
  }
  return O_RDONLY;
}

}  // namespace

Result<std::unique_ptr<DiskFile>> PosixDisk::Open(const std::string& path, OpenMode mode) {
  Descriptor descriptor = OpenDescriptor(path, FlagsOf(mode));
  if (!descriptor.ok()) return DiskError("open", path, errno);
  return std::make_unique<PosixFile>(path, std::move(descriptor));
}

Result<FileStatus> PosixDisk::Stat(const std::string& path) const {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return DiskError("stat", path, errno);
  return FileStatus{.size = static_cast<std::uint64_t>(status.st_size),
                    .is_directory = S_ISDIR(status.st_mode)};
}

Result<std::vector<std::string>> PosixDisk::List(const std::string& directory) const {
  std::error_code error;
  std::filesystem::directory_iterator entry(directory, error);
  std::vector<std::string> names;
  while (!error && entry != std::filesystem::directory_iterator()) {
    names.push_back(entry->path().filename().string());
    entry.increment(error);
  }
  if (error) return DiskError("list", directory, error.value());
  std::sort(names.begin(), names.end());
  return names;
}

Result<void> PosixDisk::Rename(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) != 0) return DiskError("rename", from, errno);
  return {};
}

Result<void> PosixDisk::Unlink(const std::string& path) {
  if (unlink(path.c_str()) != 0) return DiskError("unlink", path, errno);
  return {};
}

Result<void> PosixDisk::MakeDirectory(const std::string& path) {
  if (mkdir(path.c_str(), kDirectoryMode) != 0) return DiskError("mkdir", path, errno);
  return {};
}

Result<void> PosixDisk::SyncDirectory(const std::string& path) {
  const Descriptor descriptor = OpenDescriptor(path, O_RDONLY | O_DIRECTORY);
  if (!descriptor.ok()) return DiskError("open directory", path, errno);
  if (fsync(descriptor.number()) != 0) return DiskError("fsync directory", path, errno);
  return {};
}

Result<std::unique_ptr<DiskLock>> PosixDisk::Lock(const std::string& path) {
  Descriptor descriptor = OpenDescriptor(path, O_RDWR | O_CREAT);
  if (!descriptor.ok()) return DiskError("open", path, errno);
  // flock, not fcntl: it also keeps out a second holder in this process, and closing another
  // descriptor of the file does not let go of it.
  if (Retry([&] { return flock(descriptor.number(), LOCK_EX | LOCK_NB); }) != 0) {
    return DiskError("lock", path, errno);
  }
  return std::make_unique<PosixLock>(std::move(descriptor));
}

Result<std::uint64_t> PosixDisk::FreeBytes(const std::string& path) const {
  struct statvfs status {};
  if (statvfs(path.c_str(), &status) != 0) return DiskError("statvfs", path, errno);
  return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

}  // namespace nightbox
