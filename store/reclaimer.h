// Reclaimer: punches the bytes that nobody refers to.
//
// Three kinds, each in its own way safe from a crash at any moment:
//   * What the index let go (an upload dropped, a document that came again) stands on a durable
//   list,
//     written with the commit that let it go. It is punched, and then struck off the list.
//   * What was written for a draft and not taken (SegmentFiles::PunchLater) is known in memory
//   only.
//   * What a crash left of the second kind is found by looking once through all documents after a
//     start: what none of them refers to in the segments of earlier starts.
// Whoever decides that bytes are free is the committer; here they are only given back, once that is
// published, and never under a reader's hands.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/committer.h"
#include "store/segment_file.h"
#include "store/segment_sweep.h"
#include "store/worker_pool.h"

namespace nightbox {

class Reclaimer {
 public:
  struct Limits {
    std::size_t punched_per_tick = 256;
    std::size_t documents_per_tick = 256;
  };

  // What it stands on: all of it outlives the last job and the last answer; the reclaimer need not.
  struct Parts {
    // What is published now.
    std::function<std::shared_ptr<const View>()> view;
    // The committer.
    std::function<void(Draft, Committer::Done)> submit;
    SegmentFiles* segments = nullptr;
    // Runs the job later, where the disk may be waited for. False, and nothing happens: no room.
    std::function<bool(std::function<void()>)> post;
  };

  Reclaimer(Parts parts, Limits limits);
  // With the committer's thread, and its jobs on the pool's.
  Reclaimer(Journal& journal, Committer& committer, SegmentFiles& segments, WorkerPool& pool,
            Limits limits);
  Reclaimer(Journal& journal, Committer& committer, SegmentFiles& segments, WorkerPool& pool)
      : Reclaimer(journal, committer, segments, pool, Limits()) {}

  // From a timer, about once a second; one thread. Reads a few keys and hands the disk's work on.
  void Tick();

  // Every segment of earlier starts has been looked through.
  bool swept() const { return stage_ == Stage::kDone; }

 private:
  enum class Stage { kBegin, kLooking, kPunching, kDone };
  // What a job on the pool or in the committer leaves for the next tick. Outlives the reclaimer.
  struct Progress;

  void PunchNotTaken();
  void PunchFreed();
  void Sweep();
  Result<void> BeginSweep(const View& view);
  void PunchGaps();

  const Parts parts_;
  const Limits limits_;
  const std::shared_ptr<Progress> progress_;
  Stage stage_ = Stage::kBegin;
  std::optional<SegmentSweep> sweep_;
  std::string from_;  // The document where the sweep goes on.
};

}  // namespace nightbox
