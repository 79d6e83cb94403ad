#include "store/segment_sweep.h"

namespace nightbox {
namespace {

std::uint64_t Padded(std::uint64_t bytes) {
  return (bytes + Extent::kAlignment - 1) / Extent::kAlignment * Extent::kAlignment;
}

}  // namespace

SegmentSweep::SegmentSweep(const std::map<std::uint64_t, std::uint64_t>& ends, std::uint64_t first,
                           std::uint64_t end)
    : below_(end) {
  for (auto next = ends.lower_bound(first); next != ends.end() && next->first < end; ++next) {
    if (segments_.size() == kSegmentsMax) {
      below_ = next->first;
      return;
    }
    segments_[next->first].end = next->second;
  }
}

void SegmentSweep::Saw(const StoredExtent& extent) {
  const auto segment = segments_.find(extent.segment);
  if (segment == segments_.end()) return;
  segment->second.in_use[extent.offset] = extent.offset + Padded(extent.size);
}

std::vector<Extent> SegmentSweep::Gaps() const {
  std::vector<Extent> gaps;
  for (const auto& [number, segment] : segments_) {
    std::uint64_t at = 0;
    const auto gap_until = [&, number = number](std::uint64_t offset) {
      if (offset > at) gaps.push_back({number, at, static_cast<std::uint32_t>(offset - at)});
    };
    for (const auto& [offset, end] : segment.in_use) {
      gap_until(offset);
      at = end;
    }
    gap_until(Padded(segment.end));
  }
  return gaps;
}

std::vector<std::uint64_t> SegmentSweep::segments() const {
  std::vector<std::uint64_t> numbers;
  numbers.reserve(segments_.size());
  for (const auto& [number, segment] : segments_) numbers.push_back(number);
  return numbers;
}

}  // namespace nightbox
