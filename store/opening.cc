#include "store/opening.h"

#include <rocksdb/cache.h>
#include <rocksdb/table.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "evidence/merkle.h"
#include "store/journal.h"
#include "store/keys.h"
#include "store/never_writes.h"
#include "store/rocks.h"

namespace nightbox {
namespace {

constexpr std::size_t kWriteBuffer = 16 << 20;
constexpr std::size_t kBlockCache = 32 << 20;
// A list of missing entries is for people: at most this many ranges are named.
constexpr std::size_t kRangesNamed = 20;

// A ledger that lacks a file is a damaged ledger; one that the machine cannot read just now is not.
Error OpeningError(const rocksdb::Status& status) {
  const bool not_now = (status.IsIOError() && !status.IsPathNotFound()) || status.IsBusy() ||
                       status.IsTimedOut() || status.IsMemoryLimit() || status.IsAborted();
  return {not_now ? ErrorCode::kUnavailable : ErrorCode::kDataLoss, "ledger: " + status.ToString()};
}

// Asked before anything is opened for writing: a ledger of another log, gateway or format is not
// ours to recover.
Result<void> IsTheOneExpected(ReadOnlyLedger& ledger, const JournalOptions& options,
                              const Head& head) {
  NB_ASSIGN_OR_RETURN(const auto bytes, ledger.Get(std::string(keys::kMeta)));
  journal::v1::LogMeta meta;
  if (!bytes || !meta.ParseFromString(*bytes)) {
    return Error{ErrorCode::kDataLoss, "the ledger does not say whose it is"};
  }
  if (meta.format_version() != kLedgerFormat) {
    return Error{ErrorCode::kFailedPrecondition,
                 "the ledger has format " + std::to_string(meta.format_version()) +
                     "; this program writes " + std::to_string(kLedgerFormat)};
  }
  if (meta.gateway() != options.gateway) {
    return Error{ErrorCode::kFailedPrecondition, "the journal belongs to gateway " +
                                                     meta.gateway() + ", not to " +
                                                     options.gateway + ": check the configuration"};
  }
  if (meta.log_id() != head.log_id) {
    return Error{ErrorCode::kDataLoss,
                 "the ledger is of log " + meta.log_id() + ", the head file of log " + head.log_id};
  }
  return {};
}

Result<void> HoldsWhatIsPromised(ReadOnlyLedger& ledger, const Head& head) {
  NB_ASSIGN_OR_RETURN(const std::uint64_t count, CountEntries(ledger.db()));
  if (count < head.sequence) {
    return Error{ErrorCode::kDataLoss, "the ledger holds " + std::to_string(count) + " entries; " +
                                           std::to_string(head.sequence) + " were promised"};
  }
  const auto root =
      RootAt(head.sequence, [&](std::uint32_t level, std::uint64_t index) -> Result<Digest> {
        NB_ASSIGN_OR_RETURN(const auto bytes, ledger.Get(keys::TreeNode(level, index)));
        const auto node = bytes ? Digest::FromBytes(*bytes) : std::nullopt;
        if (!node) return Error{ErrorCode::kDataLoss, "a node of the tree is missing"};
        return *node;
      });
  if (!root) return root.error().In("the tree of the promised entries");
  if (*root != head.root) {
    return Error{ErrorCode::kDataLoss, "the ledger's root at " + std::to_string(head.sequence) +
                                           " is not the root that was promised"};
  }
  NB_RETURN_IF_ERROR(CheckCommits(ledger, head));
  if (count == 0) return {};
  // The one that a start reads: without it the start would end less clearly, after it has written.
  NB_ASSIGN_OR_RETURN(const auto bytes, ledger.Get(keys::Entry(count - 1)));
  journal::v1::Entry last;
  if (bytes && last.ParseFromString(*bytes)) return {};
  return Error{ErrorCode::kDataLoss,
               "the last entry, " + std::to_string(count - 1) + ", is there and cannot be read"};
}

std::string NameMissing(const JournalOptions& options, const JournalPaths& paths,
                        const Head& head) {
  const auto ledger = ReadOnlyLedger::OpenDamaged(options, paths);
  if (!ledger) return "cannot be told (" + ledger.error().message + ")";
  const auto ranges = UnreadableEntries(**ledger, head.sequence);
  if (!ranges.empty()) return NameRanges(ranges);
  return "none; the tree, or what holds no promised entry, is damaged";
}

}  // namespace

rocksdb::Options LedgerOptions(const JournalOptions& options) {
  rocksdb::Options ledger;
  if (options.env != nullptr) ledger.env = options.env;
  ledger.create_if_missing = false;
  ledger.paranoid_checks = true;
  // Never "resume" by itself: after a failed write the outcome is unknown and the process stops.
  ledger.max_bgerror_resume_count = 0;
  // Debian's library checksums slowly and compresses for nothing: most values are small or random.
  ledger.compression = rocksdb::kNoCompression;
  ledger.write_buffer_size = kWriteBuffer;
  ledger.max_write_buffer_number = 2;
  ledger.max_open_files = 256;
  ledger.keep_log_file_num = 4;
  ledger.max_log_file_size = 4 << 20;
  ledger.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(kBlockCache);
  ledger.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  if (options.deterministic) {
    ledger.max_log_file_size = 0;
    ledger.disable_auto_compactions = true;
    ledger.stats_dump_period_sec = 0;
    ledger.stats_persist_period_sec = 0;
    ledger.info_log_level = rocksdb::InfoLogLevel::FATAL_LEVEL;
  }
  return ledger;
}

Result<std::shared_ptr<rocksdb::DB>> OpenLedger(const rocksdb::Options& options,
                                                const std::string& path) {
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, path, &db);
  if (!status.ok()) return ToError(status);
  return std::shared_ptr<rocksdb::DB>(db);
}

Result<std::uint64_t> CountEntries(rocksdb::DB& db) {
  const std::unique_ptr<rocksdb::Iterator> it(db.NewIterator(rocksdb::ReadOptions()));
  it->SeekForPrev(keys::Entry(UINT64_MAX));
  if (!it->status().ok()) return ToError(it->status());
  if (!it->Valid() || !it->key().starts_with("E")) return std::uint64_t{0};
  return keys::TrailingNumber(it->key().ToStringView()) + 1;
}

Result<std::unique_ptr<ReadOnlyLedger>> ReadOnlyLedger::OpenWith(rocksdb::Options options,
                                                                 rocksdb::Env* env,
                                                                 const std::string& path) {
  std::unique_ptr<ReadOnlyLedger> ledger(new ReadOnlyLedger);
  ledger->env_ = EnvThatNeverWrites(env);
  options.env = ledger->env_.get();
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(options, path, &db);
  if (!status.ok()) return OpeningError(status);
  ledger->db_.reset(db);
  return ledger;
}

Result<std::unique_ptr<ReadOnlyLedger>> ReadOnlyLedger::Open(const JournalOptions& options,
                                                             const JournalPaths& paths) {
  return OpenWith(LedgerOptions(options), options.env, paths.ledger);
}

Result<std::unique_ptr<ReadOnlyLedger>> ReadOnlyLedger::OpenBesideGateway(
    const JournalOptions& options, const JournalPaths& paths) {
  rocksdb::Options holding = LedgerOptions(options);
  holding.max_open_files = -1;
  return OpenWith(holding, options.env, paths.ledger);
}

Result<std::unique_ptr<ReadOnlyLedger>> ReadOnlyLedger::OpenDamaged(const JournalOptions& options,
                                                                    const JournalPaths& paths) {
  rocksdb::Options lenient = LedgerOptions(options);
  lenient.wal_recovery_mode = rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords;
  lenient.paranoid_checks = false;
  return OpenWith(lenient, options.env, paths.ledger);
}

Result<std::optional<std::string>> ReadOnlyLedger::Get(const std::string& key) {
  std::string value;
  const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), key, &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return OpeningError(status);
  return std::optional(std::move(value));
}

void VisitReadableEntries(
    ReadOnlyLedger& ledger, std::uint64_t end,
    const std::function<void(std::uint64_t sequence, std::string_view bytes)>& visit) {
  std::uint64_t next = 0;
  const std::unique_ptr<rocksdb::Iterator> it(ledger.db().NewIterator(rocksdb::ReadOptions()));
  for (it->Seek(keys::Entry(0)); it->Valid() && it->key().starts_with("E"); it->Next()) {
    const std::uint64_t sequence = keys::TrailingNumber(it->key().ToStringView());
    if (sequence >= end) return;
    visit(sequence, it->value().ToStringView());
    next = sequence + 1;
  }
  if (it->status().ok()) return;
  // A damaged block stops the scan; what lies behind it is there all the same, and is asked for one
  // by one.
  for (; next < end; ++next) {
    const auto entry = ledger.Get(keys::Entry(next));
    if (entry && *entry) visit(next, **entry);
  }
}

std::vector<SequenceRange> UnreadableEntries(ReadOnlyLedger& ledger, std::uint64_t end) {
  std::vector<SequenceRange> missing;
  std::uint64_t expected = 0;
  VisitReadableEntries(ledger, end, [&](std::uint64_t sequence, std::string_view) {
    if (sequence > expected) missing.emplace_back(expected, sequence - 1);
    expected = sequence + 1;
  });
  if (expected < end) missing.emplace_back(expected, end - 1);
  return missing;
}

std::string NameRanges(const std::vector<SequenceRange>& ranges) {
  std::string text;
  for (std::size_t i = 0; i < ranges.size() && i < kRangesNamed; ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(ranges[i].first);
    if (ranges[i].second > ranges[i].first) text += "-" + std::to_string(ranges[i].second);
  }
  if (ranges.size() > kRangesNamed) text += " and more";
  return text;
}

Result<void> CheckCommits(ReadOnlyLedger& ledger, const Head& head) {
  if (head.commits == 0) return {};
  NB_ASSIGN_OR_RETURN(const auto bytes, ledger.Get(std::string(keys::kCommits)));
  const std::uint64_t count = bytes && bytes->size() == 8 ? ReadBigEndian64(*bytes) : 0;
  if (count >= head.commits) return {};
  return Error{ErrorCode::kDataLoss,
               "the ledger holds " + std::to_string(count) + " commits; " +
                   std::to_string(head.commits) +
                   " were promised, and the missing ones changed what is kept beside the entries, "
                   "such as the index of documents"};
}

Result<void> CheckLedger(const JournalOptions& options, const JournalPaths& paths,
                         const Head& head) {
  NB_ASSIGN_OR_RETURN(const auto ledger, ReadOnlyLedger::Open(options, paths));
  NB_RETURN_IF_ERROR(IsTheOneExpected(*ledger, options, head));
  return HoldsWhatIsPromised(*ledger, head);
}

Result<void> ExamineLedger(const JournalOptions& options, const JournalPaths& paths,
                           const Head& head) {
  Result<void> holds = CheckLedger(options, paths, head);
  if (holds || holds.error().code != ErrorCode::kDataLoss) return holds;
  return Error{ErrorCode::kDataLoss,
               holds.error().message + "; missing entries: " + NameMissing(options, paths, head) +
                   "; nothing was touched: keep the directory, `nightboxctl journal set-aside` "
                   "opens a new log",
               "EVIDENCE_CONTRADICTS"};
}

}  // namespace nightbox
