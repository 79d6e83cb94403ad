// SimDisk: a disk in memory whose power can be cut at any operation.
//
// It keeps, beside what a program sees, what a power cut would leave:
// * Of a file, each 512-byte sector written and not synced since is kept or lost by itself, by
// seed;
//   a size that grew ends somewhere between the synced size and the seen one.
// * Of a directory, the changes since its last SyncDirectory survive as a prefix in their order;
//   of how many, the seed decides, for each directory by itself. Syncing a file does not sync its
//   name.
// * After a sync that failed, what it should have written counts as unsynced for ever, although
//   later syncs succeed: this is what Linux does.
//
// Operations that change the disk (DiskOperation up to kSyncDirectory) are counted by one counter;
// FailAt() cuts the power at one of them. Reading is not counted: a cut there is the same as one at
// the next change.
//
// Thread-safe. Files and locks must not outlive their disk. Tests and the simulation use it, and
// nothing else.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.h"
#include "store/disk.h"
#include "store/disk_operation.h"

namespace nightbox {

// What becomes of the operation at which the power fails. The caller is told of an error in both.
enum class CutMode { kLost, kDoneButUnreported };

struct SimNode;

class SimDisk : public Disk {
 public:
  static constexpr std::uint64_t kSectorBytes = 512;

  // The disk holds an empty directory "/".
  SimDisk();
  ~SimDisk() override;

  // Cuts the power at the n-th counted operation from now, 1 being the next: that operation and
  // everything after it fails until CutPower().
  void FailAt(std::uint64_t n, CutMode mode);
  // The power goes, if it has not, and comes back: unsynced bytes and names are kept or lost by
  // `seed`, handles and locks from before are dead, FailAt and FailNext are forgotten.
  void CutPower(std::uint64_t seed);
  // Where FailAt struck, for example "sync of wal"; nullopt when the run ended before.
  std::optional<std::string> cut_point() const;

  // Makes the next operation of this kind on this subject fail: EIO, and of a sync, nothing of what
  // it should have made durable is.
  void FailNext(DiskOperation operation, DiskSubject subject);
  // From now on syncs of this subject report success and do nothing: the control that a sweep would
  // notice. nullopt: none.
  void SetOmitSync(std::optional<DiskSubject> subject);
  // Bytes that files may take up in blocks of 4 KiB, reserved ones included; then ENOSPC.
  void SetCapacity(std::uint64_t bytes);
  // Called in the middle of each file sync, on the syncing thread and without any lock: what is
  // written from there on is not part of that sync.
  void SetDuringSync(std::function<void(const std::string& path)> during_sync);
  // One bit of rot, in what is read and in what a power cut leaves.
  void FlipByte(const std::string& path, std::uint64_t offset);

  std::uint64_t operation_count() const;
  // How often each kind was counted, for example {"sync of wal", 12}.
  std::map<std::string, std::uint64_t> counts() const;
  std::uint64_t used_bytes() const;

  Result<std::unique_ptr<DiskFile>> Open(const std::string& path, OpenMode mode) override;
  Result<FileStatus> Stat(const std::string& path) const override;
  Result<std::vector<std::string>> List(const std::string& directory) const override;
  Result<void> Rename(const std::string& from, const std::string& to) override;
  Result<void> Unlink(const std::string& path) override;
  Result<void> MakeDirectory(const std::string& path) override;
  Result<void> SyncDirectory(const std::string& path) override;
  Result<std::unique_ptr<DiskLock>> Lock(const std::string& path) override;
  Result<std::uint64_t> FreeBytes(const std::string& path) const override;

 private:
  class File;
  class HeldLock;
  using NodePtr = std::shared_ptr<SimNode>;
  struct Place {  // Where a path leads: the directory and the name in it.
    NodePtr directory;
    std::string name;
    NodePtr node;  // Null when there is no such name.
  };

  // All of these expect mutex_ to be held.
  Result<Place> Find(std::string_view call, const std::string& path) const;
  Result<NodePtr> FindDirectory(std::string_view call, const std::string& path) const;
  Result<void> Powered(std::string_view call, const std::string& path) const;
  // Counts one operation and carries it out, unless it is to fail.
  Result<void> Act(DiskOperation operation, const std::string& path,
                   const std::function<Result<void>()>& act);
  bool TakeFailure(DiskOperation operation, const std::string& path) const;
  bool Omitted(DiskOperation operation, const std::string& path) const;
  Result<void> Occupy(SimNode& node, std::uint64_t offset, std::uint64_t length,
                      std::string_view call, const std::string& path);
  void Release(SimNode& node, std::uint64_t offset, std::uint64_t length);

  Result<void> SyncFile(const NodePtr& node, const std::string& path, std::uint64_t generation);

  mutable std::mutex mutex_;  // Guards all below and every SimNode.
  NodePtr root_;
  std::uint64_t generation_ = 0;  // Grows with each CutPower; handles of older ones are dead.
  bool power_off_ = false;
  std::uint64_t fail_in_ = 0;  // Counted operations until the power fails; 0: never.
  CutMode cut_mode_ = CutMode::kLost;
  std::optional<std::string> cut_point_;
  mutable std::multiset<std::pair<DiskOperation, DiskSubject>> failures_;
  std::optional<DiskSubject> omitted_;
  std::function<void(const std::string&)> during_sync_;
  std::uint64_t operation_count_ = 0;
  std::map<std::string, std::uint64_t> counts_;
  std::uint64_t capacity_ = UINT64_MAX;
  std::uint64_t used_blocks_ = 0;
  std::set<const SimNode*> locked_;
};

}  // namespace nightbox
