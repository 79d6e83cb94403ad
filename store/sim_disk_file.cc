// The files of SimDisk: reading, writing and syncing one.
#include "store/sim_disk_file.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace nightbox {

SimDisk::File::File(SimDisk& disk, NodePtr node, std::string path, bool writable,
                    std::uint64_t generation)
    : disk_(disk),
      node_(std::move(node)),
      path_(std::move(path)),
      writable_(writable),
      generation_(generation) {}

Result<std::size_t> SimDisk::File::ReadAt(std::uint64_t offset, std::span<char> into) const {
  const std::lock_guard lock(disk_.mutex_);
  NB_RETURN_IF_ERROR(Usable("pread"));
  if (disk_.TakeFailure(DiskOperation::kRead, path_)) return DiskError("pread", path_, EIO);
  if (offset >= node_->data.size()) return std::size_t{0};
  const std::size_t size = std::min<std::size_t>(into.size(), node_->data.size() - offset);
  std::copy_n(node_->data.data() + offset, size, into.data());
  return size;
}

Result<void> SimDisk::File::WriteAt(std::uint64_t offset, std::string_view data) {
  return Change("pwrite", DiskOperation::kWrite, [&]() -> Result<void> {
    NB_RETURN_IF_ERROR(disk_.Occupy(*node_, offset, data.size(), "pwrite", path_));
    const std::uint64_t end = offset + data.size();
    if (node_->data.size() < end) node_->data.resize(end);
    std::copy(data.begin(), data.end(), node_->data.begin() + static_cast<std::ptrdiff_t>(offset));
    node_->MarkWritten(offset, end);
    return {};
  });
}

Result<void> SimDisk::File::Sync() { return disk_.SyncFile(node_, path_, generation_); }

Result<void> SimDisk::File::Allocate(std::uint64_t offset, std::uint64_t length) {
  return Change("fallocate", DiskOperation::kAllocate,
                [&] { return disk_.Occupy(*node_, offset, length, "fallocate", path_); });
}

Result<void> SimDisk::File::Punch(std::uint64_t offset, std::uint64_t length) {
  return Change("punch", DiskOperation::kPunch, [&]() -> Result<void> {
    const std::uint64_t end = std::min<std::uint64_t>(offset + length, node_->data.size());
    if (offset < end) {
      std::fill(node_->data.begin() + static_cast<std::ptrdiff_t>(offset),
                node_->data.begin() + static_cast<std::ptrdiff_t>(end), '\0');
      node_->MarkWritten(offset, end);
    }
    disk_.Release(*node_, offset, length);
    return {};
  });
}

Result<void> SimDisk::File::Truncate(std::uint64_t size) {
  return Change("ftruncate", DiskOperation::kTruncate, [&]() -> Result<void> {
    node_->MarkWritten(std::min<std::uint64_t>(size, node_->data.size()),
                       std::max<std::uint64_t>(size, node_->data.size()));
    node_->data.resize(size);
    disk_.Release(*node_,
                  (size + SimNode::kBlockBytes - 1) / SimNode::kBlockBytes * SimNode::kBlockBytes,
                  node_->blocks.size() * SimNode::kBlockBytes);
    return {};
  });
}

Result<std::uint64_t> SimDisk::File::Size() const {
  const std::lock_guard lock(disk_.mutex_);
  NB_RETURN_IF_ERROR(Usable("fstat"));
  return std::uint64_t{node_->data.size()};
}

Result<void> SimDisk::File::Usable(std::string_view call) const {
  NB_RETURN_IF_ERROR(disk_.Powered(call, path_));
  if (generation_ != disk_.generation_) return DiskError(call, path_, EBADF);
  return {};
}

Result<void> SimDisk::File::Change(std::string_view call, DiskOperation operation,
                                   const std::function<Result<void>()>& act) {
  const std::lock_guard lock(disk_.mutex_);
  NB_RETURN_IF_ERROR(Usable(call));
  if (!writable_) return DiskError(call, path_, EBADF);
  return disk_.Act(operation, path_, act);
}

Result<void> SimDisk::SyncFile(const NodePtr& node, const std::string& path,
                               std::uint64_t generation) {
  std::unique_lock lock(mutex_);
  NB_RETURN_IF_ERROR(Powered("fdatasync", path));
  if (generation != generation_) return DiskError("fdatasync", path, EBADF);
  const bool omitted = Omitted(DiskOperation::kSync, path);
  const auto during_sync = during_sync_;
  const std::string seen_at_begin = during_sync ? node->data : std::string();

  std::set<std::uint64_t> begun;
  if (!omitted) begun = node->BeginSync();
  NB_RETURN_IF_ERROR(Act(DiskOperation::kSync, path, [&]() -> Result<void> {
    if (!omitted && !during_sync) node->FinishSync(begun, node->data);
    return {};
  }));
  if (omitted || !during_sync) return {};
  lock.unlock();
  during_sync(path);
  lock.lock();
  NB_RETURN_IF_ERROR(Powered("fdatasync", path));
  if (generation != generation_) return DiskError("fdatasync", path, EBADF);
  node->FinishSync(begun, seen_at_begin);
  return {};
}

}  // namespace nightbox
