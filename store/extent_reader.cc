#include "store/extent_reader.h"

#include "store/upload.h"

namespace nightbox {

ExtentReader::ExtentReader(SegmentFiles& segments, std::vector<StoredExtent> extents)
    : segments_(segments), extents_(std::move(extents)), reading_(segments, PlacesOf(extents_)) {}

std::int64_t ExtentReader::size_bytes() const {
  std::int64_t bytes = 0;
  for (const StoredExtent& extent : extents_) bytes += extent.size;
  return bytes;
}

Result<std::string> ExtentReader::Read(std::int64_t offset, std::size_t max) {
  std::int64_t begin = 0;
  for (std::size_t i = 0; i < extents_.size(); ++i) {
    const std::int64_t end = begin + extents_[i].size;
    if (offset < end) {
      if (held_index_ != i) {
        // Let go of first: two extents at once would double what a reader costs.
        held_index_ = SIZE_MAX;
        held_ = std::string();
        auto read = segments_.Read(PlaceOf(extents_[i]), extents_[i].crc32c);
        if (!read) {
          if (read.error().code == ErrorCode::kDataLoss) damaged_ = extents_[i];
          return read.error();
        }
        held_ = *std::move(read);
        held_index_ = i;
      }
      return held_.substr(static_cast<std::size_t>(offset - begin), max);
    }
    begin = end;
  }
  return std::string();
}

}  // namespace nightbox
