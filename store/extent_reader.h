// ExtentReader: a stored document, read from front to back in pieces.
//
// Holds one extent at a time, at most 4 MiB, because a checksum is over a whole extent and nothing
// unchecked is handed out. One thread at a time; the document pool's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "store/draft.h"
#include "store/segment_file.h"

namespace nightbox {

class ExtentReader {
 public:
  ExtentReader(SegmentFiles& segments, std::vector<StoredExtent> extents);

  std::int64_t size_bytes() const;

  // At most `max` bytes from `offset`; fewer at the end of an extent, none at the end of the
  // document. kDataLoss when the bytes are not what they were; damaged() then says where.
  Result<std::string> Read(std::int64_t offset, std::size_t max);

  // The extent that a Read() found not to be what it was.
  const std::optional<StoredExtent>& damaged() const { return damaged_; }

 private:
  SegmentFiles& segments_;
  const std::vector<StoredExtent> extents_;
  const SegmentFiles::Reading reading_;  // None of them is punched meanwhile.
  std::optional<StoredExtent> damaged_;
  std::size_t held_index_ = SIZE_MAX;
  std::string held_;
};

}  // namespace nightbox
