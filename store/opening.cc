#include "store/opening.h"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/table.h>

#include <utility>
#include <vector>

#include "evidence/merkle.h"
#include "store/journal.h"
#include "store/keys.h"
#include "store/rocks.h"

namespace nightbox {
namespace {

constexpr std::size_t kWriteBuffer = 16 << 20;
constexpr std::size_t kBlockCache = 32 << 20;
// A list of missing entries is for people: at most this many ranges are named.
constexpr std::size_t kRangesNamed = 20;

Result<std::unique_ptr<rocksdb::DB>> OpenReadOnly(const rocksdb::Options& options,
                                                  const std::string& path) {
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(options, path, &db);
  if (!status.ok()) return ToError(status);
  return std::unique_ptr<rocksdb::DB>(db);
}

Result<std::optional<Digest>> FindNode(rocksdb::DB& db, std::uint32_t level, std::uint64_t index) {
  std::string bytes;
  const rocksdb::Status status =
      db.Get(rocksdb::ReadOptions(), keys::TreeNode(level, index), &bytes);
  if (status.IsNotFound()) return std::optional<Digest>();
  if (!status.ok()) return ToError(status);
  return std::optional(Digest::FromBytes(bytes));
}

Result<void> HoldsWhatIsPromised(rocksdb::DB& db, const Head& head) {
  NB_ASSIGN_OR_RETURN(const std::uint64_t count, CountEntries(db));
  if (count < head.sequence) {
    return Error{ErrorCode::kDataLoss, "the ledger holds " + std::to_string(count) + " entries; " +
                                           std::to_string(head.sequence) + " were promised"};
  }
  const auto root =
      RootAt(head.sequence, [&](std::uint32_t level, std::uint64_t index) -> Result<Digest> {
        NB_ASSIGN_OR_RETURN(const auto node, FindNode(db, level, index));
        if (!node) return Error{ErrorCode::kDataLoss, "a node of the tree is missing"};
        return *node;
      });
  if (!root) return root.error().In("the tree of the promised entries");
  if (*root != head.root) {
    return Error{ErrorCode::kDataLoss, "the ledger's root at " + std::to_string(head.sequence) +
                                           " is not the root that was promised"};
  }
  return {};
}

Result<void> CopyDirectory(rocksdb::Env& env, const std::string& from, const std::string& to) {
  if (const auto status = env.CreateDirIfMissing(to); !status.ok()) return ToError(status);
  std::vector<std::string> names;
  if (const auto status = env.GetChildren(from, &names); !status.ok()) return ToError(status);
  for (const std::string& name : names) {
    if (name == "." || name == ".." || name == "LOCK") continue;
    std::unique_ptr<rocksdb::SequentialFile> in;
    std::unique_ptr<rocksdb::WritableFile> out;
    if (const auto s = env.NewSequentialFile(from + "/" + name, &in, rocksdb::EnvOptions());
        !s.ok())
      return ToError(s);
    if (const auto s = env.NewWritableFile(to + "/" + name, &out, rocksdb::EnvOptions()); !s.ok())
      return ToError(s);
    std::string scratch(1 << 20, '\0');
    for (;;) {
      rocksdb::Slice piece;
      if (const auto s = in->Read(scratch.size(), &piece, scratch.data()); !s.ok())
        return ToError(s);
      if (piece.empty()) break;
      if (const auto s = out->Append(piece); !s.ok()) return ToError(s);
    }
    if (const auto s = out->Close(); !s.ok()) return ToError(s);
  }
  return {};
}

void RemoveDirectory(rocksdb::Env& env, const std::string& path) {
  std::vector<std::string> names;
  if (!env.GetChildren(path, &names).ok()) return;
  for (const std::string& name : names) {
    if (name != "." && name != "..") env.DeleteFile(path + "/" + name).PermitUncheckedError();
  }
  env.DeleteDir(path).PermitUncheckedError();
}

std::string NameRanges(const std::vector<std::pair<std::uint64_t, std::uint64_t>>& ranges) {
  std::string text;
  for (std::size_t i = 0; i < ranges.size() && i < kRangesNamed; ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(ranges[i].first);
    if (ranges[i].second > ranges[i].first) text += "-" + std::to_string(ranges[i].second);
  }
  if (ranges.size() > kRangesNamed) text += " and more";
  return text;
}

// Which promised entries cannot be read even when every damaged record is skipped.
Result<std::string> NameMissing(const JournalOptions& options, const JournalPaths& paths,
                                const Head& head) {
  rocksdb::Env& env = options.env != nullptr ? *options.env : *rocksdb::Env::Default();
  RemoveDirectory(env, paths.examination);
  NB_RETURN_IF_ERROR(CopyDirectory(env, paths.ledger, paths.examination));
  rocksdb::Options lenient = LedgerOptions(options);
  lenient.wal_recovery_mode = rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords;
  lenient.paranoid_checks = false;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> missing;
  {
    NB_ASSIGN_OR_RETURN(const auto copy, OpenReadOnly(lenient, paths.examination));
    std::uint64_t expected = 0;
    const std::unique_ptr<rocksdb::Iterator> it(copy->NewIterator(rocksdb::ReadOptions()));
    for (it->Seek("E"); it->Valid() && it->key().starts_with("E") && expected < head.sequence;
         it->Next()) {
      const std::uint64_t sequence = keys::TrailingNumber(it->key().ToStringView());
      if (sequence > expected)
        missing.emplace_back(expected, std::min(sequence, head.sequence) - 1);
      expected = sequence + 1;
    }
    if (expected < head.sequence) missing.emplace_back(expected, head.sequence - 1);
  }
  RemoveDirectory(env, paths.examination);
  return missing.empty() ? std::string("none; the tree itself is damaged") : NameRanges(missing);
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

Result<void> ExamineLedger(const JournalOptions& options, const JournalPaths& paths,
                           const Head& head) {
  Result<void> holds = Error{ErrorCode::kDataLoss, "the ledger does not open"};
  {
    const auto db = OpenReadOnly(LedgerOptions(options), paths.ledger);
    holds = db ? HoldsWhatIsPromised(**db, head) : Result<void>(db.error());
  }
  if (holds) return {};
  const auto missing = NameMissing(options, paths, head);
  return Error{ErrorCode::kDataLoss,
               holds.error().message +
                   "; missing entries: " + (missing ? *missing : missing.error().message) +
                   "; nothing was touched: keep the directory, `nightboxctl journal set-aside` "
                   "opens a new log",
               "EVIDENCE_CONTRADICTS"};
}

}  // namespace nightbox
