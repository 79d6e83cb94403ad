// HeadFile: "promised up to entry N and commit C", outside RocksDB.
//
// Written after the journal's sync and before anybody is answered, so that a journal that lost its
// end is noticed when it is opened. Layout, and how two slots outlive any power cut:
// docs/formats/head-file.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "store/disk.h"

namespace nightbox {

struct Head {
  static constexpr std::size_t kFrontierMax = 64;

  std::string log_id;          // 32 lower-case hexadecimal digits.
  std::uint64_t sequence = 0;  // How many entries are promised.
  Digest root;                 // The Merkle root over them.
  std::vector<Digest> frontier;
  // How many commits are promised: also those that added no entry, and changed only which documents
  // are stored, say. 0: this is not known, of a journal from before they were counted.
  std::uint64_t commits = 0;

  bool operator==(const Head&) const = default;
};

// What the file says, and what is to be warned of.
struct HeadReading {
  Head head;
  // One slot could not be used, which a power cut during Advance() leaves behind.
  bool one_slot_bad = false;
};

// One thread at a time.
class HeadFile {
 public:
  // Makes the file, durably; only `journal init` calls this. kAlreadyExists when there is one. Two
  // at once must be kept apart by the journal's lock. After an error there is either no head file,
  // and this may be repeated, or a whole one.
  static Result<void> Create(Disk& disk, const std::string& path, const Head& head);

  // Reads and touches nothing. kNotFound: absent. kDataLoss: both slots bad, or in contradiction.
  static Result<HeadReading> Read(Disk& disk, const std::string& path);

  // As Read(), and then makes durable what was read, for it may have been in the page cache only.
  // `disk` must outlive what is returned.
  static Result<std::unique_ptr<HeadFile>> Open(Disk& disk, const std::string& path);

  const Head& head() const { return head_; }
  bool one_slot_bad() const { return one_slot_bad_; }

  // Returns success only when `next` is durable. On an error the outcome is unknown and every later
  // call fails too: stop, and open again. `next` must be of the same log and promise more of
  // entries, commits or both, and less of neither; the same head again is already there and
  // succeeds, anything else is kInternal and changes nothing.
  Result<void> Advance(const Head& next);

 private:
  HeadFile(std::unique_ptr<DiskFile> file, Head head, bool one_slot_bad, std::uint64_t generation,
           int write_next);

  std::unique_ptr<DiskFile> file_;
  Head head_;
  bool one_slot_bad_;
  std::uint64_t generation_;  // Of head_.
  int write_next_;            // The slot that is not head_'s.
  bool failed_ = false;
};

}  // namespace nightbox
