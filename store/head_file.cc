#include "store/head_file.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/check.h"
#include "core/crc32c.h"

namespace nightbox {
namespace {

constexpr std::uint64_t kSlotBytes = 4096;
constexpr std::size_t kCrcOffset = kSlotBytes - 4;
constexpr std::size_t kCommitsOffset = kCrcOffset - 8;
constexpr std::size_t kFrontierOffset = 76;
constexpr std::string_view kMagic = "NBHEAD02";
// Before commits were counted: zeros in their place. Read, never written.
constexpr std::string_view kMagicWithoutCommits = "NBHEAD01";

struct Slot {
  std::uint64_t generation = 0;
  Head head;
};

std::uint32_t ReadBigEndian32(std::string_view bytes) {
  return static_cast<std::uint32_t>(ReadBigEndian64(std::string(4, '\0').append(bytes, 0, 4)));
}

std::string Encode(const Slot& slot, std::string_view magic = kMagic) {
  const std::optional<std::string> log_id = HexDecode(slot.head.log_id);
  NB_CHECK(log_id && log_id->size() == 16);
  NB_CHECK(slot.head.frontier.size() <= Head::kFrontierMax);
  std::string bytes(magic);
  AppendBigEndian64(bytes, slot.generation);
  bytes += *log_id;
  AppendBigEndian64(bytes, slot.head.sequence);
  bytes += slot.head.root.view();
  AppendBigEndian32(bytes, static_cast<std::uint32_t>(slot.head.frontier.size()));
  for (const Digest& digest : slot.head.frontier) bytes += digest.view();
  bytes.resize(kCommitsOffset, '\0');
  AppendBigEndian64(bytes, slot.head.commits);
  AppendBigEndian32(bytes, Crc32c(bytes));
  return bytes;
}

// nullopt: the slot is bad.
std::optional<Slot> Decode(std::string_view bytes) {
  if (bytes.size() != kSlotBytes) return std::nullopt;
  const bool counts_commits = bytes.starts_with(kMagic);
  if (!counts_commits && !bytes.starts_with(kMagicWithoutCommits)) return std::nullopt;
  if (ReadBigEndian32(bytes.substr(kCrcOffset)) != Crc32c(bytes.substr(0, kCrcOffset))) {
    return std::nullopt;
  }
  const std::uint32_t count = ReadBigEndian32(bytes.substr(72));
  if (count > Head::kFrontierMax) return std::nullopt;
  Slot slot;
  slot.generation = ReadBigEndian64(bytes.substr(8, 8));
  slot.head.log_id = HexEncode(bytes.substr(16, 16));
  slot.head.sequence = ReadBigEndian64(bytes.substr(32, 8));
  slot.head.root = *Digest::FromBytes(bytes.substr(40, 32));
  for (std::uint32_t i = 0; i < count; ++i) {
    slot.head.frontier.push_back(
        *Digest::FromBytes(bytes.substr(kFrontierOffset + Digest().bytes.size() * i, 32)));
  }
  if (counts_commits) slot.head.commits = ReadBigEndian64(bytes.substr(kCommitsOffset, 8));
  // Whatever else is off (a zero generation, bytes after the frontier), no writer wrote.
  const std::string_view magic = counts_commits ? kMagic : kMagicWithoutCommits;
  if (slot.generation == 0 || Encode(slot, magic) != bytes) return std::nullopt;
  return slot;
}

bool PromisesLess(const Head& head, const Head& than) {
  return head.sequence < than.sequence || head.commits < than.commits;
}

// Of as many entries, another tree.
bool HasAnotherTree(const Head& head, const Head& other) {
  return head.sequence == other.sequence &&
         (head.root != other.root || head.frontier != other.frontier);
}

// The slots as they are on disk, and which of them is the head.
struct Slots {
  std::array<std::optional<Slot>, 2> slots;
  int newest = 0;
};

Error Contradiction(const std::string& what) {
  return Error{.code = ErrorCode::kDataLoss, .message = "head file: " + what, .reason = "HEAD_BAD"};
}

Result<Slots> ReadSlots(const DiskFile& file) {
  Slots read;
  std::optional<Error> unreadable;
  for (std::size_t i = 0; i < read.slots.size(); ++i) {
    // A sector that cannot be read costs its own slot only.
    std::string bytes(kSlotBytes, '\0');
    const Result<std::size_t> got = file.ReadAt(i * kSlotBytes, bytes);
    if (!got) {
      if (unreadable) return got.error();
      unreadable = got.error();
      continue;
    }
    bytes.resize(*got);
    read.slots[i] = Decode(bytes);
  }
  const auto& [first, second] = read.slots;
  if (!first && !second) return Contradiction("both slots are bad");
  if (!first || !second) {
    read.newest = first ? 0 : 1;
    return read;
  }
  read.newest = first->generation > second->generation ? 0 : 1;
  const Slot& newer = *read.slots[static_cast<std::size_t>(read.newest)];
  const Slot& older = *read.slots[static_cast<std::size_t>(1 - read.newest)];
  if (newer.generation == older.generation) return Contradiction("slots of one generation");
  if (newer.head.log_id != older.head.log_id) return Contradiction("slots of two logs");
  if (PromisesLess(newer.head, older.head)) return Contradiction("the newer promises less");
  if (HasAnotherTree(newer.head, older.head)) return Contradiction("two roots for one size");
  return read;
}

HeadReading ReadingOf(const Slots& slots) {
  return HeadReading{.head = slots.slots[static_cast<std::size_t>(slots.newest)]->head,
                     .one_slot_bad = !slots.slots[0] || !slots.slots[1]};
}

}  // namespace

Result<void> HeadFile::Create(Disk& disk, const std::string& path, const Head& head) {
  const Result<FileStatus> present = disk.Stat(path);
  if (present) {
    return Error{.code = ErrorCode::kAlreadyExists, .message = "there is a head file already"};
  }
  if (present.error().code != ErrorCode::kNotFound) return present.error();
  // Aside and renamed, so that a cut leaves either nothing or a whole file: half a head file would
  // neither open nor, since nothing may be overwritten, ever be replaced.
  const std::string aside = path + ".new";
  {
    NB_ASSIGN_OR_RETURN(const std::unique_ptr<DiskFile> file, disk.Open(aside, OpenMode::kCreate));
    NB_RETURN_IF_ERROR(file->Truncate(0));
    NB_RETURN_IF_ERROR(file->WriteAt(
        0, Encode({.generation = 1, .head = head}) + Encode({.generation = 2, .head = head})));
    NB_RETURN_IF_ERROR(file->Sync());
  }
  NB_RETURN_IF_ERROR(disk.Rename(aside, path));
  return disk.SyncDirectory(ParentDirectory(path));
}

Result<HeadReading> HeadFile::Read(Disk& disk, const std::string& path) {
  NB_ASSIGN_OR_RETURN(const std::unique_ptr<DiskFile> file, disk.Open(path, OpenMode::kRead));
  NB_ASSIGN_OR_RETURN(const Slots slots, ReadSlots(*file));
  return ReadingOf(slots);
}

Result<std::unique_ptr<HeadFile>> HeadFile::Open(Disk& disk, const std::string& path) {
  NB_ASSIGN_OR_RETURN(std::unique_ptr<DiskFile> file, disk.Open(path, OpenMode::kWrite));
  NB_ASSIGN_OR_RETURN(const Slots slots, ReadSlots(*file));
  NB_RETURN_IF_ERROR(file->Sync());
  HeadReading reading = ReadingOf(slots);
  return std::unique_ptr<HeadFile>(new HeadFile(
      std::move(file), std::move(reading.head), reading.one_slot_bad,
      slots.slots[static_cast<std::size_t>(slots.newest)]->generation, 1 - slots.newest));
}

HeadFile::HeadFile(std::unique_ptr<DiskFile> file, Head head, bool one_slot_bad,
                   std::uint64_t generation, int write_next)
    : file_(std::move(file)),
      head_(std::move(head)),
      one_slot_bad_(one_slot_bad),
      generation_(generation),
      write_next_(write_next) {}

Result<void> HeadFile::Advance(const Head& next) {
  if (failed_) {
    return Error{.code = ErrorCode::kUnavailable,
                 .message = "the head file failed before; how far promises reach is unknown",
                 .reason = "DISK_ERROR"};
  }
  if (next == head_) return {};
  if (next.log_id != head_.log_id || PromisesLess(next, head_) || HasAnotherTree(next, head_)) {
    return Error{.code = ErrorCode::kInternal, .message = "the head must grow, within one log"};
  }
  // The next generation would be 0, and what is written bad.
  if (generation_ == UINT64_MAX) return Contradiction("its generations are used up");
  failed_ = true;
  NB_RETURN_IF_ERROR(file_->WriteAt(static_cast<std::uint64_t>(write_next_) * kSlotBytes,
                                    Encode({.generation = generation_ + 1, .head = next})));
  NB_RETURN_IF_ERROR(file_->Sync());
  failed_ = false;
  ++generation_;
  head_ = next;
  one_slot_bad_ = false;
  write_next_ = 1 - write_next_;
  return {};
}

}  // namespace nightbox
