// Disk: all that the store asks of a disk, in a dozen calls.
//
// Two real implementations: PosixDisk is the machine's file system, SimDisk (store/sim_disk.h) is
// one whose power can be cut at any operation. Everything in store/ that must survive a power cut
// goes through this seam, so that the sweep in tests/store can cut it everywhere.
//
// What is promised, and by both:
// * Nothing is durable until Sync() of the file, and for a new, renamed or removed name also
//   SyncDirectory() of its directory, has returned success.
// * After a Sync() that failed, what reached the disk is unknown, and a later Sync() that succeeds
//   proves nothing: the kernel reports a lost page once and then calls it clean. Never retry one;
//   stop, or give that file up.
// * Calls on different files may run at the same time, and so may calls on one file, except that
//   overlapping writes and reads give some mixture of both.
// * Errors: kNotFound, kAlreadyExists, kResourceExhausted with reason DISK_FULL (a write may then
// be
//   half there), kFailedPrecondition with reason DISK_LOCKED, and kUnavailable with reason
//   DISK_ERROR for everything else. Messages name the call and the last two parts of the path.
// * Paths are separated by '/'; offsets and sizes are bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace nightbox {

// An open file. Closed when destroyed; closing makes nothing durable.
class DiskFile {
 public:
  virtual ~DiskFile() = default;

  // Fills `into` from `offset` on and returns how many bytes were there: fewer only at the end of
  // the file. Holes read as zeros.
  virtual Result<std::size_t> ReadAt(std::uint64_t offset, std::span<char> into) const = 0;
  // Writes all of `data`, growing the file where needed. On an error any part may have been
  // written.
  virtual Result<void> WriteAt(std::uint64_t offset, std::string_view data) = 0;
  // Makes durable all that was written before the call, and the size (fdatasync).
  virtual Result<void> Sync() = 0;
  // Reserves space for the range, so that writes into it cannot run out of space; the size stays.
  // On file systems that cannot reserve, does nothing and succeeds.
  virtual Result<void> Allocate(std::uint64_t offset, std::uint64_t length) = 0;
  // Gives the range's space back; it then reads as zeros. The size stays.
  virtual Result<void> Punch(std::uint64_t offset, std::uint64_t length) = 0;
  // Cuts the file to `size`, or extends it with zeros; reserved space beyond is given back.
  virtual Result<void> Truncate(std::uint64_t size) = 0;
  virtual Result<std::uint64_t> Size() const = 0;
};

// Held while it lives.
class DiskLock {
 public:
  virtual ~DiskLock() = default;
};

enum class OpenMode {
  kRead,       // The file must exist; only ReadAt and Size.
  kWrite,      // The file must exist; read and write.
  kCreate,     // Read and write; made, empty, when it does not exist.
  kCreateNew,  // Read and write; kAlreadyExists when it does.
};

struct FileStatus {
  std::uint64_t size = 0;
  bool is_directory = false;
};

class Disk {
 public:
  virtual ~Disk() = default;

  virtual Result<std::unique_ptr<DiskFile>> Open(const std::string& path, OpenMode mode) = 0;
  virtual Result<FileStatus> Stat(const std::string& path) const = 0;
  // The names in a directory, sorted, without "." and "..".
  virtual Result<std::vector<std::string>> List(const std::string& directory) const = 0;
  // Atomic, within one directory; replaces a file of the new name.
  virtual Result<void> Rename(const std::string& from, const std::string& to) = 0;
  virtual Result<void> Unlink(const std::string& path) = 0;
  // kAlreadyExists when there is anything of that name. The parent must exist.
  virtual Result<void> MakeDirectory(const std::string& path) = 0;
  // Makes durable which names the directory holds.
  virtual Result<void> SyncDirectory(const std::string& path) = 0;
  // An exclusive lock by way of a file, made when absent. Refused at once with DISK_LOCKED while
  // another holder, in this or another process, lives.
  virtual Result<std::unique_ptr<DiskLock>> Lock(const std::string& path) = 0;
  // What may still be written to the file system that holds `path`.
  virtual Result<std::uint64_t> FreeBytes(const std::string& path) const = 0;
};

// The directory that holds `path`: "/a" for "/a/b", "/" for "/b", "." for "b".
std::string ParentDirectory(const std::string& path);

// What Disk errors look like: `call` and the last two parts of `path`, then why (an errno).
Error DiskError(std::string_view call, std::string_view path, int error_number);

}  // namespace nightbox
