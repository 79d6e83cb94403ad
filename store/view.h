// View: exactly what has been promised, and nothing beyond.
//
// A view is a RocksDB snapshot taken right after the head file said "promised up to here". Readers,
// repeats, watchers, the planner and checkpoints all read through one, so a filing that is written
// but not yet promised cannot be seen by anyone. Immutable; any thread. Keep one only as long as it
// is needed: it pins old versions of what has changed since.
#pragma once

#include <rocksdb/db.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "evidence/merkle.h"
#include "store/key_reader.h"
#include "store/segment_file.h"

namespace nightbox {

struct RunnableFiling {
  std::uint64_t filing_sequence = 0;
  Digest case_key;
  // The consistency group it must stay in. Empty: any.
  std::string group;
};

struct CourtBalance {
  CourtId court;
  Balance balance;
};

// The proof that an entry is in the tree of a given size.
struct EntryProof {
  std::uint64_t index = 0;
  std::uint64_t size = 0;
  Digest root;
  std::vector<Digest> path;
};

class View : public KeyReader {
 public:
  View(std::shared_ptr<rocksdb::DB> db, std::uint64_t published, Digest root);
  ~View() override;
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  // How many entries are promised: the first that is not has this sequence.
  std::uint64_t published() const { return published_; }
  const Digest& root() const { return root_; }

  Result<std::optional<std::string>> Get(const std::string& key) const override;
  Result<void> Scan(const std::string& prefix, const std::string& from,
                    const Visit& visit) const override;

  Result<std::optional<FilingSnapshot>> FindFiling(const FilingId& filing_id) const;
  Result<std::optional<FilingSnapshot>> FindFilingByKey(const Digest& delivery_key) const;
  // A user's filings, newest first, those before `before_sequence` only (unset: all), at most
  // `limit`.
  Result<std::vector<FilingSnapshot>> ListFilings(const SystemName& system, const UserId& user,
                                                  std::optional<std::uint64_t> before_sequence,
                                                  std::size_t limit) const;
  // The heads of a court's cases that may be delivered, from `from_sequence` on, oldest first, at
  // most `limit`.
  Result<std::vector<RunnableFiling>> ListRunnable(const CourtId& court,
                                                   std::uint64_t from_sequence,
                                                   std::size_t limit) const;
  // The same from the newest backwards: those before `before_sequence`.
  Result<std::vector<RunnableFiling>> ListRunnableNewest(const CourtId& court,
                                                         std::uint64_t before_sequence,
                                                         std::size_t limit) const;
  // Filings whose delivery was started and has no outcome, oldest first, after `after_sequence`.
  Result<std::vector<std::uint64_t>> ListUncertain(std::optional<std::uint64_t> after_sequence,
                                                   std::size_t limit) const;
  // Filings in the case system whose filers want them withdrawn and whose court has not decided.
  Result<std::vector<std::uint64_t>> ListWithdrawals(std::optional<std::uint64_t> after_sequence,
                                                     std::size_t limit) const;
  // Every court that ever received a filing. One row a court: bounded by the court directory.
  Result<std::vector<CourtBalance>> ListBalances() const;
  Result<std::string> ReadCursor(std::string_view case_system) const;
  // How many bytes the system has stored that no filing refers to.
  Result<std::uint64_t> ReadUnusedBytes(const SystemName& system) const;
  // At most `limit` documents from the key `from` on, which is moved behind them; empty again at
  // the end.
  Result<void> VisitDocuments(
      std::string& from, std::size_t limit,
      const std::function<void(const journal::v1::DocumentRecord&)>& visit) const;
  // Of those, the documents nobody refers to whose lease is over at `now`.
  struct Leftover {
    SystemName system;
    Digest sha256;
  };
  Result<std::vector<Leftover>> ListLeftovers(WallTime now, std::size_t looked_at,
                                              std::string& from) const;
  // Extents the index has let go that are not known to be punched.
  Result<std::vector<Extent>> ListFreed(std::size_t limit) const;
  // For SegmentFiles::Open: how far each segment is referred to, and from which on they are to be
  // looked at.
  Result<CommittedEnds> ReadSegmentEnds() const;
  // nullopt: none kept yet.
  Result<std::optional<std::string>> FindPackage(std::uint64_t filing_sequence) const;
  // Of an entry in the tree of `size` leaves, index < size <= published.
  Result<EntryProof> Prove(std::uint64_t index, std::uint64_t size) const;
  Result<Digest> ReadNode(std::uint32_t level, std::uint64_t index) const;

 private:
  rocksdb::ReadOptions ReadAtSnapshot() const;

  const std::shared_ptr<rocksdb::DB> db_;
  const rocksdb::Snapshot* const snapshot_;
  const std::uint64_t published_;
  const Digest root_;
};

}  // namespace nightbox
