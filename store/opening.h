// Opening a ledger, where evidence is most easily destroyed.
//
// RocksDB opened for writing recovers what it can read and deletes the log it read it from: one
// flipped byte in a synced log and every later record is gone, with status OK. So nothing here
// opens for writing before ExamineLedger has seen, by read-only means, that all the head file
// promises is there.
#pragma once

#include <rocksdb/db.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "store/head_file.h"

namespace nightbox {

struct JournalOptions;

inline constexpr std::uint32_t kLedgerFormat = 1;

struct JournalPaths {
  explicit JournalPaths(const std::string& directory)
      : lock(directory + "/lock"),
        head(directory + "/head"),
        ledger(directory + "/ledger"),
        documents(directory + "/documents") {}

  std::string lock;
  std::string head;
  std::string ledger;
  // The segments (store/segment_file.h).
  std::string documents;
};

rocksdb::Options LedgerOptions(const JournalOptions& options);

// Opens for writing.
Result<std::shared_ptr<rocksdb::DB>> OpenLedger(const rocksdb::Options& options,
                                                const std::string& path);

// How many entries the ledger holds: one more than the highest sequence.
Result<std::uint64_t> CountEntries(rocksdb::DB& db);

// The ledger, open for reading on a file system that cannot write (store/never_writes.h).
class ReadOnlyLedger {
 public:
  // kDataLoss when what is there is no whole ledger; kUnavailable when it cannot be read just now.
  static Result<std::unique_ptr<ReadOnlyLedger>> Open(const JournalOptions& options,
                                                      const JournalPaths& paths);
  // The same for reading at length while a gateway may serve: all files are opened now and held,
  // because what the gateway compacts away meanwhile would seem lost.
  static Result<std::unique_ptr<ReadOnlyLedger>> OpenBesideGateway(const JournalOptions& options,
                                                                   const JournalPaths& paths);
  // Skips whatever of the log is damaged, and says nothing of it: for telling what is left, never
  // for serving.
  static Result<std::unique_ptr<ReadOnlyLedger>> OpenDamaged(const JournalOptions& options,
                                                             const JournalPaths& paths);

  rocksdb::DB& db() { return *db_; }
  // nullopt: no such key.
  Result<std::optional<std::string>> Get(const std::string& key);

 private:
  static Result<std::unique_ptr<ReadOnlyLedger>> OpenWith(rocksdb::Options options,
                                                          rocksdb::Env* env,
                                                          const std::string& path);

  std::unique_ptr<rocksdb::Env> env_;  // Outlives db_.
  std::unique_ptr<rocksdb::DB> db_;
};

// Entries [first, last].
using SequenceRange = std::pair<std::uint64_t, std::uint64_t>;

// Calls `visit` for each entry below `end` that can be read, in order, whatever is damaged between.
void VisitReadableEntries(
    ReadOnlyLedger& ledger, std::uint64_t end,
    const std::function<void(std::uint64_t sequence, std::string_view bytes)>& visit);
// Which of the entries below `end` cannot be read.
std::vector<SequenceRange> UnreadableEntries(ReadOnlyLedger& ledger, std::uint64_t end);
// "12-14, 20"; at most 20 ranges are named.
std::string NameRanges(const std::vector<SequenceRange>& ranges);

// The ledger holds every commit that the head promises (else kDataLoss). A log that lost its end
// may have lost no entry: a document's index row, say.
Result<void> CheckCommits(ReadOnlyLedger& ledger, const Head& head);

// Reads only, and little: the ledger is of the head's log and of a format and gateway that may be
// opened here (else kFailedPrecondition), and holds all that the head promises, with the same root
// and every commit (else kDataLoss). kUnavailable: it cannot be read just now.
Result<void> CheckLedger(const JournalOptions& options, const JournalPaths& paths,
                         const Head& head);

// As CheckLedger; a kDataLoss names the missing entries as ranges, which takes reading them all.
Result<void> ExamineLedger(const JournalOptions& options, const JournalPaths& paths,
                           const Head& head);

}  // namespace nightbox
