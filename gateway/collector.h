// Collector: forgets uploads that came to nothing, and has the space of whatever nobody refers to
// given back.
//
// Called by the loop's timer. Looks at a few documents a tick and asks the committer to forget
// those that no filing refers to and whose lease is over; the holes are store/reclaimer.h's.
#pragma once

#include <string>

#include "store/committer.h"
#include "store/reclaimer.h"
#include "store/segment_file.h"
#include "store/worker_pool.h"

namespace nightbox {

class Collector {
 public:
  Collector(Journal& journal, Committer& committer, SegmentFiles& segments, WorkerPool& pool)
      : journal_(journal), committer_(committer), reclaimer_(journal, committer, segments, pool) {}

  void Tick(WallTime now);

 private:
  Journal& journal_;
  Committer& committer_;
  Reclaimer reclaimer_;
  std::string from_;  // Where the next tick goes on.
};

}  // namespace nightbox
