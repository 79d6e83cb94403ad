// FileOperations: the few calls by which the outbox changes the disk.
//
// Everything is written so that it survives a power cut once the call has returned: files are
// synced before their name counts, directories after it. The hook sees every changing call before
// it is made; a test uses it to check the order, to let a call fail, or to stop the world there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/result.h"

namespace nightbox::client {

enum class FileOperation {
  kMakeDirectory,
  kCreateFile,
  kWrite,
  kSyncFile,
  kSyncDirectory,
  kRename,
  kRemove
};

// What was found while a file was copied.
struct CopiedFile {
  Digest sha256;
  std::int64_t size_bytes = 0;
  // The first bytes, at most kHeadBytes: enough to tell what kind of file it is.
  std::string head;
};

// A file descriptor that is closed when it goes.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  UniqueFd& operator=(UniqueFd&& other) noexcept;
  ~UniqueFd();

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// One thread at a time.
class FileOperations {
 public:
  static constexpr std::size_t kHeadBytes = 1024;

  // Answers 0 to go on, or the errno the call fails with.
  using Hook = std::function<int(FileOperation, const std::filesystem::path&)>;

  explicit FileOperations(Hook hook = {});

  // Makes the directory and those above it, for the owner alone (0700). One that is there is fine.
  // The directory each new name stands in is synced.
  Result<void> MakeDirectories(const std::filesystem::path& path) const;
  // Makes one directory that must not be there yet; kAlreadyExists if it is.
  Result<void> MakeNewDirectory(const std::filesystem::path& path) const;
  // A new file (0600) with these bytes, synced. The directory is not synced.
  Result<void> WriteNewFile(const std::filesystem::path& path, std::string_view bytes) const;
  // A new file (0600) with the bytes of `source`, synced, and what it holds.
  Result<CopiedFile> CopyToNewFile(const std::filesystem::path& source,
                                   const std::filesystem::path& path) const;
  // After return the name has these bytes; after a crash it has these or the former ones.
  Result<void> ReplaceFile(const std::filesystem::path& path, std::string_view bytes) const;
  // Adds a line at the end, synced.
  Result<void> AppendLine(const std::filesystem::path& path, std::string_view line) const;
  Result<void> SyncDirectory(const std::filesystem::path& path) const;
  // Syncs nothing: the caller knows which directories must follow.
  Result<void> Rename(const std::filesystem::path& from, const std::filesystem::path& to) const;
  Result<void> RemoveTree(const std::filesystem::path& path) const;

 private:
  Result<UniqueFd> CreateFile(const std::filesystem::path& path, int flags) const;
  Result<void> WriteAll(const UniqueFd& file, const std::filesystem::path& path,
                        std::string_view bytes) const;
  Result<void> SyncFile(const UniqueFd& file, const std::filesystem::path& path) const;
  int Ask(FileOperation operation, const std::filesystem::path& path) const;

  Hook hook_;
};

// What the file holds, without copying it.
Result<CopiedFile> InspectFile(const std::filesystem::path& path);

// The whole file, or kResourceExhausted when it is larger than `max_bytes`; kNotFound when absent.
Result<std::string> ReadWholeFile(const std::filesystem::path& path, std::size_t max_bytes);

}  // namespace nightbox::client
