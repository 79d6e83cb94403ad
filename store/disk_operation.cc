#include "store/disk_operation.h"

#include "core/check.h"

namespace nightbox {
namespace {

std::string_view LastPart(std::string_view path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

std::string_view ToString(DiskOperation operation) {
  switch (operation) {
    case DiskOperation::kCreate:
      return "create";
    case DiskOperation::kWrite:
      return "write";
    case DiskOperation::kSync:
      return "sync";
    case DiskOperation::kAllocate:
      return "allocate";
    case DiskOperation::kPunch:
      return "punch";
    case DiskOperation::kTruncate:
      return "truncate";
    case DiskOperation::kRename:
      return "rename";
    case DiskOperation::kUnlink:
      return "unlink";
    case DiskOperation::kMakeDirectory:
      return "make";
    case DiskOperation::kSyncDirectory:
      return "sync";
    case DiskOperation::kRead:
      return "read";
  }
  CheckFailed("known DiskOperation", __FILE__, __LINE__);
}

std::string_view ToString(DiskSubject subject) {
  switch (subject) {
    case DiskSubject::kWal:
      return "wal";
    case DiskSubject::kHead:
      return "head";
    case DiskSubject::kSegment:
      return "segment";
    case DiskSubject::kDirectory:
      return "directory";
    case DiskSubject::kOther:
      return "other";
  }
  CheckFailed("known DiskSubject", __FILE__, __LINE__);
}

DiskSubject SubjectOf(DiskOperation operation, std::string_view path) {
  if (operation == DiskOperation::kMakeDirectory || operation == DiskOperation::kSyncDirectory) {
    return DiskSubject::kDirectory;
  }
  const std::string_view name = LastPart(path);
  if (name.ends_with(".log")) return DiskSubject::kWal;
  if (name.starts_with("head")) return DiskSubject::kHead;
  if (name.starts_with("segment-")) return DiskSubject::kSegment;
  return DiskSubject::kOther;
}

std::string KindOf(DiskOperation operation, std::string_view path) {
  return std::string(ToString(operation)) + " of " +
         std::string(ToString(SubjectOf(operation, path)));
}

}  // namespace nightbox
