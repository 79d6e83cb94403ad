// SegmentSweep: which parts of some segments no document refers to.
//
// Bytes are synced before the index names them, and a crash in between leaves bytes that nobody
// will ever name. In segments of an earlier start nothing is added any more, and what the index
// lets go only grows: so once every document has been looked at, what none of them named is free,
// however long the looking took. Pure; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "store/draft.h"
#include "store/segment_file.h"

namespace nightbox {

class SegmentSweep {
 public:
  // Segments looked at in one pass over the documents: bounds the memory, at most 65,536 extents a
  // segment.
  static constexpr std::size_t kSegmentsMax = 16;

  // The first kSegmentsMax segments of `ends` (CommittedEnds) with numbers in [first, end).
  SegmentSweep(const std::map<std::uint64_t, std::uint64_t>& ends, std::uint64_t first,
               std::uint64_t end);

  // A document refers to it.
  void Saw(const StoredExtent& extent);

  // When every document has been seen: what lies between, in order. To be punched; a gap may be as
  // large as its segment.
  std::vector<Extent> Gaps() const;

  // The segments looked at; empty when there was none.
  std::vector<std::uint64_t> segments() const;
  // All segments with lower numbers have been looked at, by this sweep or before it.
  std::uint64_t below() const { return below_; }

 private:
  struct Segment {
    std::uint64_t end = 0;                          // How far the index ever referred to it.
    std::map<std::uint64_t, std::uint64_t> in_use;  // Where an extent begins, and its end, padded.
  };

  std::map<std::uint64_t, Segment> segments_;
  std::uint64_t below_ = 0;
};

}  // namespace nightbox
