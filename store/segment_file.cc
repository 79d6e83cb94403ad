#include "store/segment_file.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/check.h"
#include "core/crc32c.h"

namespace nightbox {
namespace {

constexpr std::string_view kPrefix = "segment-";
// Far more than one upload spans between a write and its sync.
constexpr std::size_t kBeingWrittenMax = 8;

std::string NameOf(std::uint64_t segment) {
  return std::string(kPrefix) + HexEncode(BigEndian64(segment));
}

// nullopt: the name is not a segment's.
std::optional<std::uint64_t> NumberOf(std::string_view name) {
  if (!name.starts_with(kPrefix)) return std::nullopt;
  const auto raw = HexDecode(name.substr(kPrefix.size()));
  if (!raw || raw->size() != 8) return std::nullopt;
  return ReadBigEndian64(*raw);
}

std::uint64_t Padded(std::uint64_t size) {
  return (size + Extent::kAlignment - 1) / Extent::kAlignment * Extent::kAlignment;
}

Error Lost(std::uint64_t segment, std::uint64_t offset, std::string_view what) {
  return Error{
      .code = ErrorCode::kDataLoss,
      .message = NameOf(segment) + " at " + std::to_string(offset) + ": " + std::string(what),
      .reason = "DOCUMENT_BYTES_LOST"};
}

// The segments that are in the directory, by number.
Result<std::vector<std::uint64_t>> SegmentsIn(Disk& disk, const std::string& directory) {
  NB_ASSIGN_OR_RETURN(const std::vector<std::string> names, disk.List(directory));
  std::vector<std::uint64_t> segments;
  for (const std::string& name : names) {
    if (const auto number = NumberOf(name)) segments.push_back(*number);
  }
  return segments;
}

Result<void> CheckThatAllIsThere(Disk& disk, const std::string& directory,
                                 const CommittedEnds& committed) {
  for (const auto& [segment, end] : committed.ends) {
    if (end == 0) continue;
    const Result<FileStatus> status = disk.Stat(directory + "/" + NameOf(segment));
    if (!status && status.error().code != ErrorCode::kNotFound) return status.error();
    if (!status) return Lost(segment, 0, "the segment is missing");
    if (status->size < end) return Lost(segment, status->size, "the segment ends early");
  }
  return {};
}

// Not synced: what a power cut brings back, the next start cuts off again.
Result<void> CutOff(Disk& disk, const std::string& directory, std::uint64_t segment,
                    const CommittedEnds& committed) {
  const std::string path = directory + "/" + NameOf(segment);
  const auto end = committed.ends.find(segment);
  if (end == committed.ends.end() || end->second == 0) return disk.Unlink(path);
  NB_ASSIGN_OR_RETURN(const std::unique_ptr<DiskFile> file, disk.Open(path, OpenMode::kWrite));
  // Also when the size is right: it gives back what was reserved behind.
  return file->Truncate(end->second);
}

}  // namespace

Result<std::unique_ptr<SegmentFiles>> SegmentFiles::Open(Disk& disk, std::string directory,
                                                         const CommittedEnds& committed,
                                                         SegmentOptions options) {
  NB_CHECK(options.segment_bytes % Extent::kAlignment == 0 && options.open_files_max > 0);
  NB_ASSIGN_OR_RETURN(const std::vector<std::uint64_t> segments, SegmentsIn(disk, directory));
  NB_RETURN_IF_ERROR(CheckThatAllIsThere(disk, directory, committed));
  std::uint64_t last = committed.first;
  for (const std::uint64_t segment : segments) {
    last = std::max(last, segment);
    if (segment < committed.first) continue;
    NB_RETURN_IF_ERROR(CutOff(disk, directory, segment, committed));
  }
  return std::unique_ptr<SegmentFiles>(
      new SegmentFiles(disk, std::move(directory), options, last + 1));
}

SegmentFiles::SegmentFiles(Disk& disk, std::string directory, SegmentOptions options,
                           std::uint64_t next_segment)
    : disk_(disk),
      directory_(std::move(directory)),
      options_(options),
      first_of_this_start_(next_segment),
      next_segment_(next_segment) {}

std::string SegmentFiles::PathOf(std::uint64_t segment) const {
  return directory_ + "/" + NameOf(segment);
}

Result<Extent> SegmentFiles::Reserve(std::uint32_t size) {
  NB_CHECK(size > 0 && size <= Extent::kSizeMax && size <= options_.segment_bytes);
  const std::lock_guard lock(reserve_mutex_);
  const bool fits = segment_ && segment_end_ + Padded(size) <= options_.segment_bytes;
  if (!fits || SyncFailed(*segment_)) NB_RETURN_IF_ERROR(StartSegment());
  const Extent extent{.segment = *segment_, .offset = segment_end_, .size = size};
  segment_end_ += Padded(size);
  return extent;
}

Result<void> SegmentFiles::StartSegment() {
  if (directory_failure_) return *directory_failure_;
  const std::uint64_t segment = next_segment_;
  const std::string path = PathOf(segment);
  NB_ASSIGN_OR_RETURN(std::unique_ptr<DiskFile> made, disk_.Open(path, OpenMode::kCreateNew));
  std::shared_ptr<DiskFile> file = std::move(made);
  // From here on the number is taken, whatever becomes of the file.
  ++next_segment_;
  const Result<void> reserved = file->Allocate(0, options_.segment_bytes);
  const Result<void> named = reserved ? disk_.SyncDirectory(directory_) : reserved;
  if (!named) {
    // When the sync failed, a later one would report success and prove nothing.
    if (reserved) directory_failure_ = named.error();
    file.reset();
    // Whether this succeeds does not matter: what stays is removed by the next start.
    (void)disk_.Unlink(path);
    return named.error();
  }
  if (being_written_.size() == kBeingWrittenMax) being_written_.pop_front();
  being_written_.push_back(file);
  segment_ = segment;
  segment_end_ = 0;
  const std::lock_guard lock(files_mutex_);
  KeepOpen(segment, std::move(file));
  return {};
}

Result<void> SegmentFiles::Write(const Extent& extent, std::uint64_t within,
                                 std::string_view data) {
  NB_CHECK(within <= extent.size && data.size() <= extent.size - within);
  NB_ASSIGN_OR_RETURN(const std::shared_ptr<DiskFile> file, FileOf(extent.segment));
  return file->WriteAt(extent.offset + within, data);
}

Result<void> SegmentFiles::Sync(std::uint64_t segment) {
  std::shared_ptr<SharedSync> sync = SyncOf(segment);
  const Result<void> synced = sync->Sync();
  const std::lock_guard lock(syncs_mutex_);
  sync.reset();
  // Nobody else has it, and under the lock nobody takes it: a new one would be no other.
  const auto found = syncs_.find(segment);
  if (found != syncs_.end() && found->second.use_count() == 1 && !found->second->failed()) {
    syncs_.erase(found);
  }
  return synced;
}

Result<std::string> SegmentFiles::Read(const Extent& extent, std::uint32_t crc32c) {
  const Result<std::shared_ptr<DiskFile>> file = FileOf(extent.segment);
  if (!file && file.error().code == ErrorCode::kNotFound) {
    return Lost(extent.segment, extent.offset, "the segment is missing");
  }
  if (!file) return file.error();
  std::string bytes(extent.size, '\0');
  NB_ASSIGN_OR_RETURN(const std::size_t got, (*file)->ReadAt(extent.offset, bytes));
  if (got != bytes.size()) return Lost(extent.segment, extent.offset, "the segment ends early");
  if (Crc32c(bytes) != crc32c) {
    return Lost(extent.segment, extent.offset, "the bytes are not those that were stored");
  }
  return bytes;
}

Result<void> SegmentFiles::Punch(const Extent& extent) {
  {
    const std::lock_guard lock(punching_mutex_);
    const auto reader = being_read_.lower_bound({extent.segment, extent.offset});
    if (reader != being_read_.end() && reader->first < std::pair(extent.segment, extent.end())) {
      return Error{ErrorCode::kFailedPrecondition, "the extent is being read", "EXTENT_BEING_READ"};
    }
  }
  NB_ASSIGN_OR_RETURN(const std::shared_ptr<DiskFile> file, FileOf(extent.segment));
  return file->Punch(extent.offset, Padded(extent.size));
}

void SegmentFiles::PunchLater(const std::vector<Extent>& extents) {
  const std::lock_guard lock(punching_mutex_);
  for (const Extent& extent : extents) {
    if (to_punch_.size() < kToPunchMax) to_punch_.push_back(extent);
  }
}

std::vector<Extent> SegmentFiles::TakeToPunch(std::size_t limit) {
  const std::lock_guard lock(punching_mutex_);
  const auto count = static_cast<std::ptrdiff_t>(std::min(limit, to_punch_.size()));
  std::vector<Extent> taken(to_punch_.begin(), to_punch_.begin() + count);
  to_punch_.erase(to_punch_.begin(), to_punch_.begin() + count);
  return taken;
}

SegmentFiles::Reading::Reading(SegmentFiles& segments, std::vector<Extent> extents)
    : segments_(segments), extents_(std::move(extents)) {
  const std::lock_guard lock(segments_.punching_mutex_);
  for (const Extent& extent : extents_) ++segments_.being_read_[{extent.segment, extent.offset}];
}

SegmentFiles::Reading::~Reading() {
  const std::lock_guard lock(segments_.punching_mutex_);
  for (const Extent& extent : extents_) {
    const auto found = segments_.being_read_.find({extent.segment, extent.offset});
    if (--found->second == 0) segments_.being_read_.erase(found);
  }
}

std::size_t SegmentFiles::open_files() const {
  const std::lock_guard lock(files_mutex_);
  return files_.size();
}

std::size_t SegmentFiles::syncs() const {
  const std::lock_guard lock(syncs_mutex_);
  return syncs_.size();
}

bool SegmentFiles::SyncFailed(std::uint64_t segment) const {
  const std::lock_guard lock(syncs_mutex_);
  const auto found = syncs_.find(segment);
  return found != syncs_.end() && found->second->failed();
}

Result<std::shared_ptr<DiskFile>> SegmentFiles::FileOf(std::uint64_t segment) {
  const std::lock_guard lock(files_mutex_);
  const auto found = files_.find(segment);
  if (found != files_.end()) {
    recently_used_.splice(recently_used_.begin(), recently_used_, found->second.used);
    return found->second.file;
  }
  NB_ASSIGN_OR_RETURN(std::unique_ptr<DiskFile> opened,
                      disk_.Open(PathOf(segment), OpenMode::kWrite));
  std::shared_ptr<DiskFile> file = std::move(opened);
  KeepOpen(segment, file);
  return file;
}

void SegmentFiles::KeepOpen(std::uint64_t segment, std::shared_ptr<DiskFile> file) {
  if (files_.size() == options_.open_files_max) {
    files_.erase(recently_used_.back());
    recently_used_.pop_back();
  }
  recently_used_.push_front(segment);
  files_[segment] = {.file = std::move(file), .used = recently_used_.begin()};
}

std::shared_ptr<SharedSync> SegmentFiles::SyncOf(std::uint64_t segment) {
  const std::lock_guard lock(syncs_mutex_);
  std::shared_ptr<SharedSync>& sync = syncs_[segment];
  if (sync == nullptr) {
    sync = std::make_shared<SharedSync>([this, segment]() -> Result<void> {
      NB_ASSIGN_OR_RETURN(const std::shared_ptr<DiskFile> file, FileOf(segment));
      return file->Sync();
    });
  }
  return sync;
}

}  // namespace nightbox
