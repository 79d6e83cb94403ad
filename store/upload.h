// Upload: one document on its way into the segments.
//
// Bytes are written as they come into extents of at most 4 MiB; each full extent is synced and then
// offered as a draft for the index, in that order, so that the index never names bytes that are not
// there. Memory holds nothing but the piece in hand. What the committer has taken survives any
// crash; what it has not is written again.
//
// One thread at a time: the document pool's, then whoever waits for the committer, then the pool's
// again.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "core/sha256.h"
#include "store/draft.h"
#include "store/segment_file.h"

namespace nightbox {

struct UploadStart {
  SystemName system;
  Digest sha256;
  std::int64_t size_bytes = 0;
  // What the index holds already, in order. Empty: a new document.
  std::vector<StoredExtent> stored;
  // No extent is made larger. Tests make them small, so that a few pages are several.
  std::uint32_t extent_bytes_max = Extent::kSizeMax;
};

class Upload {
 public:
  Upload(SegmentFiles& segments, UploadStart start);
  // The extent that no draft was made of is punched later.
  ~Upload();
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;

  // Hashes what is stored already; must be called first. kDataLoss when it is not what it was:
  // damaged() says where, for a QuarantineDocument.
  Result<void> HashStored();
  const std::optional<StoredExtent>& damaged() const { return damaged_; }

  // Takes from the front of `piece`, up to the end of an extent at most; `piece` keeps the rest. A
  // draft, when an extent is full and synced: commit it before going on. DIGEST_MISMATCH when the
  // last byte is there and the hash is not what was announced: drop the document. CHUNK_INVALID
  // when there are more bytes than were announced.
  Result<std::optional<StoreExtent>> Add(std::string_view& piece, WallTime now,
                                         WallTime lease_until);

  // Bytes taken so far, stored or not.
  std::int64_t taken_bytes() const { return taken_; }
  std::int64_t size_bytes() const { return start_.size_bytes; }
  bool complete() const { return taken_ == start_.size_bytes; }

 private:
  SegmentFiles& segments_;
  const UploadStart start_;
  Sha256Stream hash_;
  std::optional<StoredExtent> damaged_;
  std::int64_t taken_ = 0;
  std::optional<Extent> extent_;  // Reserved, being filled.
  std::uint32_t filled_ = 0;
  std::uint32_t crc32c_ = 0;
  std::optional<WallTime> first_byte_at_;
};

// A small document that is there as a whole: written, synced, and described for the index. Empty on
// no bytes. After an error nothing is left behind.
Result<std::vector<StoredExtent>> StoreWhole(SegmentFiles& segments, std::string_view bytes);

Extent PlaceOf(const StoredExtent& stored);
std::vector<Extent> PlacesOf(const std::vector<StoredExtent>& stored);

}  // namespace nightbox
