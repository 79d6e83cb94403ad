// NullDisk: a disk that keeps nothing, to measure what the real one costs.
//
// It answers every call of store/disk.h at once and from memory: syncing does nothing, and all is
// gone with the process. A file that space was reserved for (a segment) keeps only the latest bytes
// of all such files together, because a document is read back once, right after it was written;
// what has fallen out reads as zeros, which the reader's checksum notices. Every other file stays
// small and whole. So memory is bounded by kRecentBytes and kSmallFileBytes a file.
//
// For `nightbox-gateway --store-off` (docs/bench.md) and nothing else. Thread-safe. Files and locks
// must not outlive their disk.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "store/disk.h"

namespace nightbox {

class NullDisk : public Disk {
 public:
  static constexpr std::uint64_t kRecentBytes = 64 << 20;
  // A write beyond answers DISK_FULL.
  static constexpr std::uint64_t kSmallFileBytes = 1 << 20;

  NullDisk();
  ~NullDisk() override;

  Result<std::unique_ptr<DiskFile>> Open(const std::string& path, OpenMode mode) override;
  Result<FileStatus> Stat(const std::string& path) const override;
  Result<std::vector<std::string>> List(const std::string& directory) const override;
  Result<void> Rename(const std::string& from, const std::string& to) override;
  Result<void> Unlink(const std::string& path) override;
  // Parents that are missing are not missed.
  Result<void> MakeDirectory(const std::string& path) override;
  Result<void> SyncDirectory(const std::string& path) override;
  Result<std::unique_ptr<DiskLock>> Lock(const std::string& path) override;
  // Always plenty.
  Result<std::uint64_t> FreeBytes(const std::string& path) const override;

  // What is held of all files that space was reserved for.
  std::uint64_t recent_bytes() const;

 private:
  struct Node;
  class File;
  class HeldLock;
  using NodePtr = std::shared_ptr<Node>;

  // Expects mutex_ to be held: the block, made of zeros when it is not there.
  std::string& BlockOf(const NodePtr& node, std::uint64_t index);

  mutable std::mutex mutex_;  // Guards all below and every Node.
  std::map<std::string, NodePtr> nodes_;
  // Blocks of files that space was reserved for, the oldest first.
  std::deque<std::pair<NodePtr, std::uint64_t>> recent_;
};

}  // namespace nightbox
