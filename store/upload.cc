#include "store/upload.h"

#include <algorithm>

#include "core/check.h"
#include "core/crc32c.h"

namespace nightbox {

Extent PlaceOf(const StoredExtent& stored) { return {stored.segment, stored.offset, stored.size}; }

std::vector<Extent> PlacesOf(const std::vector<StoredExtent>& stored) {
  std::vector<Extent> places;
  places.reserve(stored.size());
  for (const StoredExtent& extent : stored) places.push_back(PlaceOf(extent));
  return places;
}

Upload::Upload(SegmentFiles& segments, UploadStart start)
    : segments_(segments), start_(std::move(start)) {}

Upload::~Upload() {
  if (extent_) segments_.PunchLater({*extent_});
}

Result<void> Upload::HashStored() {
  for (const StoredExtent& stored : start_.stored) {
    const auto bytes = segments_.Read(PlaceOf(stored), stored.crc32c);
    if (!bytes) {
      if (bytes.error().code == ErrorCode::kDataLoss) damaged_ = stored;
      return bytes.error();
    }
    hash_.Update(*bytes);
    taken_ += static_cast<std::int64_t>(bytes->size());
  }
  return {};
}

Result<std::optional<StoreExtent>> Upload::Add(std::string_view& piece, WallTime now,
                                               WallTime lease_until) {
  if (static_cast<std::int64_t>(piece.size()) > start_.size_bytes - taken_) {
    return Error{ErrorCode::kInvalidArgument, "more bytes came than were announced",
                 "CHUNK_INVALID", "chunk"};
  }
  if (piece.empty()) return std::optional<StoreExtent>();
  if (!first_byte_at_) first_byte_at_ = now;
  if (!extent_) {
    const std::int64_t left = start_.size_bytes - taken_;
    NB_ASSIGN_OR_RETURN(extent_, segments_.Reserve(static_cast<std::uint32_t>(
                                     std::min<std::int64_t>(left, start_.extent_bytes_max))));
    filled_ = 0;
    crc32c_ = 0;
  }
  const std::string_view part = piece.substr(0, extent_->size - filled_);
  NB_RETURN_IF_ERROR(segments_.Write(*extent_, filled_, part));
  hash_.Update(part);
  crc32c_ = Crc32c(part, crc32c_);
  filled_ += static_cast<std::uint32_t>(part.size());
  taken_ += static_cast<std::int64_t>(part.size());
  piece.remove_prefix(part.size());
  if (filled_ < extent_->size) return std::optional<StoreExtent>();

  NB_RETURN_IF_ERROR(segments_.Sync(extent_->segment));
  if (complete() && hash_.Finish() != start_.sha256) {
    return Error{ErrorCode::kInvalidArgument, "the bytes are not those of the announced SHA-256",
                 "DIGEST_MISMATCH", "sha256"};
  }
  StoreExtent draft;
  draft.system = start_.system;
  draft.sha256 = start_.sha256;
  draft.size_bytes = start_.size_bytes;
  draft.from_size = taken_ - extent_->size;
  draft.extent = {extent_->segment, extent_->offset, extent_->size, crc32c_};
  draft.first_byte_at = *first_byte_at_;
  draft.last_byte_at = now;
  draft.lease_until = lease_until;
  draft.completes = complete();
  extent_.reset();
  return std::optional(std::move(draft));
}

namespace {

Result<StoredExtent> StorePart(SegmentFiles& segments, std::string_view part) {
  NB_ASSIGN_OR_RETURN(const Extent extent,
                      segments.Reserve(static_cast<std::uint32_t>(part.size())));
  Result<void> stored = segments.Write(extent, 0, part);
  if (stored) stored = segments.Sync(extent.segment);
  if (!stored) {
    segments.PunchLater({extent});
    return stored.error();
  }
  return StoredExtent{extent.segment, extent.offset, extent.size, Crc32c(part)};
}

}  // namespace

Result<std::vector<StoredExtent>> StoreWhole(SegmentFiles& segments, std::string_view bytes) {
  std::vector<StoredExtent> stored;
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, Extent::kSizeMax);
    const auto extent = StorePart(segments, part);
    if (!extent) {
      segments.PunchLater(PlacesOf(stored));
      return extent.error();
    }
    stored.push_back(*extent);
    bytes.remove_prefix(part.size());
  }
  return stored;
}

}  // namespace nightbox
