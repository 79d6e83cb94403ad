// DocumentJudge: what must hold of the documents of a World.
//
//   * Whatever a receipt stands for lies in the segments, whole and with its SHA-256, from the
//     receipt on, for ever; the index counts the filings that refer to it.
//   * A document is called damaged only when it is, and then nothing of it is lost that is left.
//
// Looked at on the disk itself, by the index and none of the store's ways of reading. What World
// has damaged on purpose it says here.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "store/disk.h"
#include "store/view.h"
#include "tests/sim/world_model.h"

namespace nightbox {

class DocumentJudge {
 public:
  DocumentJudge(Disk& disk, std::string directory)
      : disk_(disk), directory_(std::move(directory)) {}

  // A byte of it is not what it was.
  void Rotted(const StoredExtent& extent) { rotted_.emplace(extent.segment, extent.offset); }

  // Each answers what is wrong.
  std::optional<std::string> CheckOne(const View& view, const WorldModel& model,
                                      const WorldModel::DocumentKey& key) const;
  std::optional<std::string> CheckFiling(const View& view, const WorldModel& model,
                                         const ModelFiling& filing) const;
  std::optional<std::string> CheckAll(const View& view, const WorldModel& model) const;
  // An entry says that it is damaged.
  std::optional<std::string> CheckQuarantined(const View& view,
                                              const WorldModel::DocumentKey& key) const;
  // What was found damaged has come again.
  std::optional<std::string> CheckAllWhole(const View& view, const WorldModel& model) const;

 private:
  bool AnyRotted(const std::vector<StoredExtent>& extents) const;
  // nullopt: it cannot be read now, because the power is off.
  std::optional<std::string> ReadBytes(const std::vector<StoredExtent>& extents) const;

  Disk& disk_;
  const std::string directory_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> rotted_;  // Segment and offset.
};

}  // namespace nightbox
