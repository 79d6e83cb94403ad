// Collector: gives back the space of uploads that came to nothing.
//
// Called by the loop's timer. Looks at a few documents a tick, asks the committer to forget those
// that no filing refers to and whose lease is over, and punches their extents once that is
// published: tombstone first, then the hole.
#pragma once

#include <string>

#include "store/committer.h"
#include "store/segment_file.h"
#include "store/worker_pool.h"

namespace nightbox {

class Collector {
 public:
  Collector(Journal& journal, Committer& committer, SegmentFiles& segments, WorkerPool& pool)
      : journal_(journal), committer_(committer), segments_(segments), pool_(pool) {}

  void Tick(WallTime now);

 private:
  Journal& journal_;
  Committer& committer_;
  SegmentFiles& segments_;
  WorkerPool& pool_;
  std::string from_;  // Where the next tick goes on.
};

}  // namespace nightbox
