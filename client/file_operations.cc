#include "client/file_operations.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <vector>

#include "core/sha256.h"

namespace nightbox::client {
namespace {

Error FileError(std::string_view doing, const std::filesystem::path& path, int error_number) {
  Error error{ErrorCode::kUnavailable, std::string(doing) + " " + path.string() + ": " +
                                           std::generic_category().message(error_number)};
  if (error_number == ENOENT) error.code = ErrorCode::kNotFound;
  if (error_number == EEXIST || error_number == ENOTEMPTY) error.code = ErrorCode::kAlreadyExists;
  if (error_number == EACCES || error_number == EPERM) error.code = ErrorCode::kPermissionDenied;
  if (error_number == ENOSPC || error_number == EDQUOT) error.code = ErrorCode::kResourceExhausted;
  return error;
}

// -1 and errno, or how many bytes; never interrupted.
ssize_t ReadSome(int fd, char* into, std::size_t count) {
  ssize_t got = 0;
  do {
    got = ::read(fd, into, count);
  } while (got < 0 && errno == EINTR);
  return got;
}

// Whether what is to be appended begins a line: the file is empty, not there, or ends in a line
// end.
bool EndsInLine(const std::filesystem::path& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  char last = '\n';
  if (file.valid() && ::lseek(file.get(), -1, SEEK_END) >= 0) (void)ReadSome(file.get(), &last, 1);
  return last == '\n';
}

// Reads to the end, hands every piece on, and tells what there was.
Result<CopiedFile> ReadThrough(const UniqueFd& from, const std::filesystem::path& path,
                               const std::function<Result<void>(std::string_view)>& take) {
  CopiedFile read;
  Sha256Stream hash;
  std::vector<char> buffer(std::size_t{256} * 1024);
  while (true) {
    const ssize_t got = ReadSome(from.get(), buffer.data(), buffer.size());
    if (got < 0) return FileError("cannot read", path, errno);
    if (got == 0) break;
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
    NB_RETURN_IF_ERROR(take(bytes));
    hash.Update(bytes);
    read.size_bytes += got;
    if (read.head.size() < FileOperations::kHeadBytes) {
      read.head.append(bytes.substr(0, FileOperations::kHeadBytes - read.head.size()));
    }
  }
  read.sha256 = hash.Finish();
  return read;
}

}  // namespace

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = other.fd_;
    other.fd_ = -1;
  }
  return *this;
}

UniqueFd::~UniqueFd() {
  if (fd_ >= 0) ::close(fd_);
}

FileOperations::FileOperations(Hook hook) : hook_(std::move(hook)) {}

int FileOperations::Ask(FileOperation operation, const std::filesystem::path& path) const {
  return hook_ ? hook_(operation, path) : 0;
}

Result<void> FileOperations::MakeDirectories(const std::filesystem::path& path) const {
  std::vector<std::filesystem::path> absent;
  std::error_code ignored;
  for (std::filesystem::path at = path; !at.empty() && !std::filesystem::exists(at, ignored);
       at = at.parent_path()) {
    absent.push_back(at);
    if (at == at.parent_path()) break;
  }
  std::reverse(absent.begin(), absent.end());
  for (const std::filesystem::path& each : absent) {
    const Result<void> made = MakeNewDirectory(each);
    // Another process may have been quicker; the directory is what counts.
    if (!made && made.error().code != ErrorCode::kAlreadyExists) return made.error();
    const std::filesystem::path parent =
        each.has_parent_path() ? each.parent_path() : std::filesystem::path(".");
    NB_RETURN_IF_ERROR(SyncDirectory(parent));
  }
  return {};
}

Result<void> FileOperations::MakeNewDirectory(const std::filesystem::path& path) const {
  if (const int failure = Ask(FileOperation::kMakeDirectory, path)) {
    return FileError("cannot make directory", path, failure);
  }
  if (::mkdir(path.c_str(), 0700) != 0) return FileError("cannot make directory", path, errno);
  return {};
}

Result<UniqueFd> FileOperations::CreateFile(const std::filesystem::path& path, int flags) const {
  if (const int failure = Ask(FileOperation::kCreateFile, path)) {
    return FileError("cannot create", path, failure);
  }
  UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600));
  if (!file.valid()) return FileError("cannot create", path, errno);
  return file;
}

Result<void> FileOperations::WriteAll(const UniqueFd& file, const std::filesystem::path& path,
                                      std::string_view bytes) const {
  if (const int failure = Ask(FileOperation::kWrite, path)) {
    return FileError("cannot write", path, failure);
  }
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FileError("cannot write", path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> FileOperations::SyncFile(const UniqueFd& file,
                                      const std::filesystem::path& path) const {
  if (const int failure = Ask(FileOperation::kSyncFile, path)) {
    return FileError("cannot sync", path, failure);
  }
  if (::fsync(file.get()) != 0) return FileError("cannot sync", path, errno);
  return {};
}

Result<void> FileOperations::WriteNewFile(const std::filesystem::path& path,
                                          std::string_view bytes) const {
  NB_ASSIGN_OR_RETURN(const UniqueFd file, CreateFile(path, O_EXCL));
  NB_RETURN_IF_ERROR(WriteAll(file, path, bytes));
  return SyncFile(file, path);
}

Result<CopiedFile> FileOperations::CopyToNewFile(const std::filesystem::path& source,
                                                 const std::filesystem::path& path) const {
  const UniqueFd from(::open(source.c_str(), O_RDONLY | O_CLOEXEC));
  if (!from.valid()) return FileError("cannot read", source, errno);
  NB_ASSIGN_OR_RETURN(const UniqueFd to, CreateFile(path, O_EXCL));
  NB_ASSIGN_OR_RETURN(CopiedFile copied, ReadThrough(from, source, [&](std::string_view bytes) {
                        return WriteAll(to, path, bytes);
                      }));
  NB_RETURN_IF_ERROR(SyncFile(to, path));
  return copied;
}

Result<void> FileOperations::ReplaceFile(const std::filesystem::path& path,
                                         std::string_view bytes) const {
  const std::filesystem::path fresh = path.string() + ".new";
  {
    NB_ASSIGN_OR_RETURN(const UniqueFd file, CreateFile(fresh, O_TRUNC));
    NB_RETURN_IF_ERROR(WriteAll(file, fresh, bytes));
    NB_RETURN_IF_ERROR(SyncFile(file, fresh));
  }
  NB_RETURN_IF_ERROR(Rename(fresh, path));
  return SyncDirectory(path.parent_path());
}

Result<void> FileOperations::AppendLine(const std::filesystem::path& path,
                                        std::string_view line) const {
  std::error_code ignored;
  const bool is_new = !std::filesystem::exists(path, ignored);
  {
    NB_ASSIGN_OR_RETURN(const UniqueFd file, CreateFile(path, O_APPEND));
    // What was cut off in the middle of a line must not swallow this one.
    const std::string begin = EndsInLine(path) ? "" : "\n";
    NB_RETURN_IF_ERROR(WriteAll(file, path, begin + std::string(line) + "\n"));
    NB_RETURN_IF_ERROR(SyncFile(file, path));
  }
  if (is_new) return SyncDirectory(path.parent_path());
  return {};
}

Result<void> FileOperations::SyncDirectory(const std::filesystem::path& path) const {
  if (const int failure = Ask(FileOperation::kSyncDirectory, path)) {
    return FileError("cannot sync directory", path, failure);
  }
  const UniqueFd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid() || ::fsync(directory.get()) != 0) {
    return FileError("cannot sync directory", path, errno);
  }
  return {};
}

Result<void> FileOperations::Rename(const std::filesystem::path& from,
                                    const std::filesystem::path& to) const {
  if (const int failure = Ask(FileOperation::kRename, to)) {
    return FileError("cannot name", to, failure);
  }
  if (::rename(from.c_str(), to.c_str()) != 0) return FileError("cannot name", to, errno);
  return {};
}

Result<void> FileOperations::RemoveTree(const std::filesystem::path& path) const {
  if (const int failure = Ask(FileOperation::kRemove, path)) {
    return FileError("cannot remove", path, failure);
  }
  std::error_code failed;
  std::filesystem::remove_all(path, failed);
  if (failed) return FileError("cannot remove", path, failed.value());
  return {};
}

Result<CopiedFile> InspectFile(const std::filesystem::path& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return FileError("cannot read", path, errno);
  return ReadThrough(file, path, [](std::string_view) -> Result<void> { return {}; });
}

Result<std::string> ReadWholeFile(const std::filesystem::path& path, std::size_t max_bytes) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return FileError("cannot read", path, errno);
  std::string bytes;
  std::vector<char> buffer(std::size_t{64} * 1024);
  while (true) {
    const ssize_t got = ReadSome(file.get(), buffer.data(), buffer.size());
    if (got < 0) return FileError("cannot read", path, errno);
    if (got == 0) return bytes;
    if (bytes.size() + static_cast<std::size_t>(got) > max_bytes) {
      return Error{ErrorCode::kResourceExhausted,
                   path.string() + " is larger than " + std::to_string(max_bytes) + " bytes"};
    }
    bytes.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace nightbox::client
