// What is done to a disk, and to what: the words in which faults are asked for and counted.
#pragma once

#include <string>
#include <string_view>

namespace nightbox {

enum class DiskOperation {
  kCreate,
  kWrite,
  kSync,
  kAllocate,
  kPunch,
  kTruncate,
  kRename,
  kUnlink,
  kMakeDirectory,
  kSyncDirectory,
  kRead,  // Can be made to fail, but is not counted.
};
std::string_view ToString(DiskOperation operation);

// What an operation is about, told by the path: *.log, head*, segment-*, any directory.
enum class DiskSubject { kWal, kHead, kSegment, kDirectory, kOther };
std::string_view ToString(DiskSubject subject);
DiskSubject SubjectOf(DiskOperation operation, std::string_view path);
// For example "sync of wal".
std::string KindOf(DiskOperation operation, std::string_view path);

}  // namespace nightbox
