// SegmentFiles: the documents' bytes, written once, in append-only segments.
//
// A writer reserves an extent, writes its bytes, syncs the segment, and only then has the index say
// that the extent exists; the index lives elsewhere, and with it the CRC each reader asks for.
// Format, and what is durable when: docs/formats/segments.md.
//
// All calls may block on the disk: they belong on the document pool, never on gRPC's threads.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "store/disk.h"
#include "store/shared_sync.h"

namespace nightbox {

// Where bytes are: `size` of them at `offset` in a segment, and the padding behind them.
struct Extent {
  static constexpr std::uint32_t kSizeMax = 4 << 20;
  static constexpr std::uint64_t kAlignment = 4096;

  std::uint64_t segment = 0;
  std::uint64_t offset = 0;
  std::uint32_t size = 0;

  std::uint64_t end() const { return offset + size; }
  bool operator==(const Extent&) const = default;
};

// How far the index refers to the segments that are there at a start.
struct CommittedEnds {
  // Segments with lower numbers are known to be as they should and are left alone.
  std::uint64_t first = 0;
  // Of the others, the greatest Extent::end() the index names. One that is not listed holds
  // nothing.
  std::map<std::uint64_t, std::uint64_t> ends;
};

struct SegmentOptions {
  std::uint64_t segment_bytes = 256 << 20;  // A multiple of Extent::kAlignment.
  // Kept open beside the few being written; each running call may hold one more.
  std::size_t open_files_max = 64;
};

// Thread-safe.
class SegmentFiles {
 public:
  // Cuts off what the index does not refer to. Call it only when the index is known to be whole:
  // what is cut off is gone. kDataLoss, with nothing touched, when a segment is missing or shorter
  // than the index says; kNotFound when the directory is absent, which only `journal init` makes.
  static Result<std::unique_ptr<SegmentFiles>> Open(Disk& disk, std::string directory,
                                                    const CommittedEnds& committed,
                                                    SegmentOptions options = {});

  // A region of 1 to Extent::kSizeMax bytes for the caller alone. Its segment's name is durable.
  // DISK_FULL when no new segment can be made: nothing is lost, try later.
  Result<Extent> Reserve(std::uint32_t size);

  // Writes into the extent from `within` on; all of it must fit. Not durable before Sync().
  Result<void> Write(const Extent& extent, std::uint64_t within, std::string_view data);

  // Makes durable all that was written to the segment before the call; concurrent callers share one
  // fdatasync. After a failure the segment is given up: this fails for ever for it, and Reserve()
  // goes on elsewhere.
  Result<void> Sync(std::uint64_t segment);

  // The extent's bytes. kDataLoss, naming segment and offset, when they are not what `crc32c` says.
  Result<std::string> Read(const Extent& extent, std::uint32_t crc32c);

  // Gives the extent's space back, or that of a gap between extents. Only when nothing refers to
  // it. FAILED_PRECONDITION with reason EXTENT_BEING_READ while a Reading in it lives: try again
  // later.
  Result<void> Punch(const Extent& extent);

  // Extents that nobody will ever refer to, to be punched by whoever calls TakeToPunch. Any thread;
  // never touches the disk. Remembers kToPunchMax; what is beyond the next start finds again.
  static constexpr std::size_t kToPunchMax = 65'536;
  void PunchLater(const std::vector<Extent>& extents);
  // At most `limit` of them; the caller punches them.
  std::vector<Extent> TakeToPunch(std::size_t limit);

  // While it lives none of its extents is punched. One that begins behind a punch reads zeros,
  // which do not have the checksum.
  class Reading {
   public:
    Reading(SegmentFiles& segments, std::vector<Extent> extents);
    ~Reading();
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

   private:
    SegmentFiles& segments_;
    const std::vector<Extent> extents_;
  };

  // Segments with lower numbers are from before this start: nothing is added to them any more.
  std::uint64_t first_of_this_start() const { return first_of_this_start_; }
  std::size_t open_files() const;
  // Syncs that are remembered: those under way and those that failed.
  std::size_t syncs() const;

 private:
  struct OpenFile {
    std::shared_ptr<DiskFile> file;
    std::list<std::uint64_t>::iterator used;  // Its place in recently_used_.
  };

  SegmentFiles(Disk& disk, std::string directory, SegmentOptions options,
               std::uint64_t next_segment);

  std::string PathOf(std::uint64_t segment) const;
  Result<void> StartSegment();  // Expects reserve_mutex_ to be held.
  Result<std::shared_ptr<DiskFile>> FileOf(std::uint64_t segment);
  // Expects files_mutex_ to be held.
  void KeepOpen(std::uint64_t segment, std::shared_ptr<DiskFile> file);
  std::shared_ptr<SharedSync> SyncOf(std::uint64_t segment);
  bool SyncFailed(std::uint64_t segment) const;

  Disk& disk_;
  const std::string directory_;
  const SegmentOptions options_;
  const std::uint64_t first_of_this_start_;

  // Extents are handed out one after the other. Held while a new segment is made, once every 256
  // MiB: whoever else wants an extent then has to wait for that segment too.
  std::mutex reserve_mutex_;
  std::uint64_t next_segment_;
  std::optional<std::uint64_t> segment_;  // The one extents come from; none before the first.
  std::uint64_t segment_end_ = 0;         // Where its next extent begins.
  std::optional<Error> directory_failure_;
  // The segments extents were last taken from stay open whatever else is read: were a file closed
  // between a write and its sync, the kernel could forget that writing it back had failed.
  std::deque<std::shared_ptr<DiskFile>> being_written_;

  // Guards the open files, of which the least recently used is closed first. Held while one is
  // opened, so that no two threads open the same.
  mutable std::mutex files_mutex_;
  std::map<std::uint64_t, OpenFile> files_;
  std::list<std::uint64_t> recently_used_;  // Front: the latest.

  // Guards the map, and whoever takes a sync from it or gives it back; each SharedSync looks after
  // itself. It must be remembered for ever which ones failed; the others go with their last caller.
  mutable std::mutex syncs_mutex_;
  std::map<std::uint64_t, std::shared_ptr<SharedSync>> syncs_;

  // Guards the two below; held for looking and counting only.
  std::mutex punching_mutex_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> being_read_;  // By place: readers.
  std::deque<Extent> to_punch_;
};

}  // namespace nightbox
