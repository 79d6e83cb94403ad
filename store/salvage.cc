#include "store/salvage.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "core/sha256.h"
#include "evidence/merkle.h"
#include "store/keys.h"
#include "store/record.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::journal::v1;

// What can be read of it; damage and absence are the same here.
std::optional<std::string> TryGet(ReadOnlyLedger& ledger, const std::string& key) {
  auto value = ledger.Get(key);
  return value ? std::move(*value) : std::nullopt;
}

std::optional<FilingState> TryState(ReadOnlyLedger& ledger, std::uint64_t sequence) {
  const auto bytes = TryGet(ledger, keys::State(sequence));
  if (!bytes) return std::nullopt;
  auto state = record::ReadState(*bytes);
  return state ? std::optional(std::move(*state)) : std::nullopt;
}

std::optional<SalvagedFiling> FilingOf(ReadOnlyLedger& ledger, std::uint64_t sequence,
                                       const pb::Entry& entry) {
  if (entry.kind() != pb::ENTRY_KIND_FILING_RECEIVED) return std::nullopt;
  const auto& received = entry.filing_received();
  SalvagedFiling filing;
  filing.sequence = sequence;
  filing.filing_id = FilingId(received.filing_id());
  filing.delivery_key = Digest::FromBytes(received.delivery_key()).value_or(Digest());
  filing.court = CourtId(received.header().court_id());
  filing.received_at = FromMicros(received.received_at_us());
  filing.test = received.header().test();
  if (const auto node = TryGet(ledger, keys::TreeNode(0, sequence))) {
    filing.leaf_fits = *node == LeafHash(Sha256(entry.statement())).view();
  }
  if (const auto state = TryState(ledger, sequence)) filing.last_known = ToWord(ClassOf(*state));
  return filing;
}

bool IsMissing(const std::vector<SequenceRange>& missing, std::uint64_t sequence) {
  const auto behind = std::upper_bound(
      missing.begin(), missing.end(), sequence,
      [](std::uint64_t value, const SequenceRange& range) { return value < range.first; });
  return behind != missing.begin() && std::prev(behind)->second >= sequence;
}

// Projections outlive an entry when only its own block is damaged.
std::vector<LostFiling> FindLost(ReadOnlyLedger& ledger,
                                 const std::vector<SequenceRange>& missing) {
  std::map<std::uint64_t, LostFiling> lost;
  for (const auto& [first, last] : missing) {
    for (std::uint64_t sequence = first; sequence <= last; ++sequence) {
      if (const auto state = TryState(ledger, sequence)) {
        lost[sequence] = {sequence, state->filing_id, state->delivery_key, state->court};
      }
    }
  }
  const auto each = [&](std::string_view prefix, const auto& note) {
    const std::unique_ptr<rocksdb::Iterator> it(ledger.db().NewIterator(rocksdb::ReadOptions()));
    for (it->Seek(rocksdb::Slice(prefix.data(), prefix.size()));
         it->Valid() && it->key().ToStringView().starts_with(prefix); it->Next()) {
      if (it->value().size() != 8) continue;
      const std::uint64_t sequence = ReadBigEndian64(it->value().ToStringView());
      if (!IsMissing(missing, sequence)) continue;
      lost[sequence].sequence = sequence;
      note(lost[sequence], it->key().ToStringView().substr(prefix.size()));
    }
  };
  if (!missing.empty()) {
    each("F", [](LostFiling& filing, std::string_view id) {
      filing.filing_id = FilingId(std::string(id));
    });
    each("R", [](LostFiling& filing, std::string_view key) {
      filing.delivery_key = Digest::FromBytes(key);
    });
  }
  std::vector<LostFiling> list;
  list.reserve(lost.size());
  for (auto& [sequence, filing] : lost) list.push_back(std::move(filing));
  return list;
}

}  // namespace

Result<SalvageReport> SalvageJournal(const JournalOptions& options, Disk& disk,
                                     const std::function<void(const SalvagedFiling&)>& visit) {
  const JournalPaths paths(options.directory);
  if (!disk.Stat(paths.ledger)) {
    return Error{ErrorCode::kNotFound, "there is no ledger in " + options.directory};
  }
  SalvageReport report;
  if (const auto head = HeadFile::Read(disk, paths.head)) report.head = head->head;
  NB_ASSIGN_OR_RETURN(const auto ledger, ReadOnlyLedger::OpenDamaged(options, paths));
  pb::LogMeta meta;
  const auto meta_bytes = TryGet(*ledger, std::string(keys::kMeta));
  if (meta_bytes && meta.ParseFromString(*meta_bytes)) {
    report.log_id = meta.log_id();
    report.gateway = meta.gateway();
  }
  const auto count = CountEntries(ledger->db());
  if (!count && !report.head) {
    return Error{ErrorCode::kDataLoss,
                 "neither the head file nor the end of the ledger can be read: how many entries "
                 "there were is not known"};
  }
  report.entries = std::max(count ? *count : 0, report.head ? report.head->sequence : 0);
  std::uint64_t expected = 0;
  VisitReadableEntries(*ledger, report.entries,
                       [&](std::uint64_t sequence, std::string_view bytes) {
                         const auto entry = record::ReadEntry(bytes);
                         if (!entry) return;  // Missing: what does not parse is not there.
                         if (sequence > expected)
                           report.missing.emplace_back(expected, sequence - 1);
                         expected = sequence + 1;
                         ++report.readable_entries;
                         if (const auto filing = FilingOf(*ledger, sequence, *entry)) {
                           ++report.readable_filings;
                           visit(*filing);
                         }
                       });
  if (expected < report.entries) report.missing.emplace_back(expected, report.entries - 1);
  report.lost_filings = FindLost(*ledger, report.missing);
  return report;
}

}  // namespace nightbox
