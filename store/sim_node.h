// SimNode: a file or a directory of SimDisk, as a program sees it and as a power cut would leave
// it.
//
// The rules are those at the top of store/sim_disk.h. No lock of its own: the disk's.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/random.h"

namespace nightbox {

struct SimNode {
  static constexpr std::uint64_t kSectorBytes = 512;
  static constexpr std::uint64_t kBlockBytes = 4096;

  struct Change {
    std::string removed;            // Empty: none.
    std::string added;              // Empty: none.
    std::shared_ptr<SimNode> node;  // What `added` leads to.
  };
  using Names = std::map<std::string, std::shared_ptr<SimNode>>;

  static void Apply(const Change& change, Names& names) {
    if (!change.removed.empty()) names.erase(change.removed);
    if (!change.added.empty()) names[change.added] = change.node;
  }
  void ChangeNames(Change change) {
    Apply(change, names);
    changes.push_back(std::move(change));
  }

  void MarkWritten(std::uint64_t begin, std::uint64_t end);

  // A sync in two steps, because bytes may be written while it is under way. What Begin returns is
  // the sync's own: until Finish, and for ever when it fails, it may be lost; what is written again
  // meanwhile is no longer its own.
  std::set<std::uint64_t> BeginSync();
  // `written`: the bytes as they were when the sync began.
  void FinishSync(const std::set<std::uint64_t>& begun, const std::string& written);

  // Becomes what a power cut leaves, chosen by `random`, with all that is below it.
  void AfterPowerCut(Random& random);

  bool is_directory = false;

  // Of a directory.
  Names names;
  Names synced_names;
  std::vector<Change> changes;  // From synced_names to names.

  // Of a file.
  std::string data;
  std::string synced_data;
  std::set<std::uint64_t> unsynced;   // Sectors written since the last sync began.
  std::set<std::uint64_t> abandoned;  // Sectors a failed sync left behind, or one under way holds.
  std::vector<bool> blocks;           // Which 4 KiB blocks take up space.
};

}  // namespace nightbox
