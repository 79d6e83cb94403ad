#include "store/sim_node.h"

#include <algorithm>
#include <utility>

namespace nightbox {
namespace {

// Copies one sector of `from` into `to`, zeros where `from` has ended; `to` keeps its size.
void CopySector(const std::string& from, std::string& to, std::uint64_t sector) {
  const std::uint64_t begin = sector * SimNode::kSectorBytes;
  const std::uint64_t end = std::min<std::uint64_t>(begin + SimNode::kSectorBytes, to.size());
  for (std::uint64_t at = begin; at < end; ++at) to[at] = at < from.size() ? from[at] : '\0';
}

}  // namespace

void SimNode::MarkWritten(std::uint64_t begin, std::uint64_t end) {
  for (std::uint64_t sector = begin / kSectorBytes; sector * kSectorBytes < end; ++sector) {
    unsynced.insert(unsynced.end(), sector);
    abandoned.erase(sector);
  }
}

std::set<std::uint64_t> SimNode::BeginSync() {
  std::set<std::uint64_t> begun = std::exchange(unsynced, {});
  abandoned.insert(begun.begin(), begun.end());
  return begun;
}

void SimNode::FinishSync(const std::set<std::uint64_t>& begun, const std::string& written) {
  synced_data.resize(written.size());
  for (const std::uint64_t sector : begun) {
    CopySector(written, synced_data, sector);
    abandoned.erase(sector);
  }
}

void SimNode::AfterPowerCut(Random& random) {
  if (is_directory) {
    const std::uint64_t survive = random.Below(changes.size() + 1);
    for (std::uint64_t i = 0; i < survive; ++i) Apply(changes[i], synced_names);
    names = synced_names;
    changes.clear();
    for (const auto& [name, child] : names) child->AfterPowerCut(random);
    return;
  }
  std::set<std::uint64_t> torn = std::exchange(unsynced, {});
  torn.merge(std::exchange(abandoned, {}));
  std::string left = data;
  // A shorter size that was not synced may be forgotten; a longer one may have come to disk without
  // its bytes, or reach only as far as they do.
  if (left.size() < synced_data.size() && random.OneIn(2)) {
    left.resize(synced_data.size());
  }
  std::uint64_t reach = synced_data.size();
  for (const std::uint64_t sector : torn) {
    if (random.OneIn(2)) {
      CopySector(synced_data, left, sector);
    } else {
      reach = std::max(reach, (sector + 1) * kSectorBytes);
    }
  }
  if (left.size() > reach && random.OneIn(2)) left.resize(reach);
  data = left;
  synced_data = std::move(left);
  // What was reserved or punched and not synced is forgotten; what is there takes up space.
  blocks.assign((data.size() + kBlockBytes - 1) / kBlockBytes, true);
}

}  // namespace nightbox
