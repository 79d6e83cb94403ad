#include "store/view.h"

#include <algorithm>

#include "core/check.h"
#include "store/keys.h"
#include "store/record.h"
#include "store/rocks.h"

namespace nightbox {
namespace {

RunnableFiling ReadRunnable(std::string_view key, std::string_view value) {
  constexpr std::size_t kDigestBytes = 32;
  return {keys::TrailingNumber(key),
          Digest::FromBytes(value.substr(0, kDigestBytes)).value_or(Digest{}),
          std::string(value.substr(std::min(value.size(), kDigestBytes)))};
}

}  // namespace

View::View(std::shared_ptr<rocksdb::DB> db, std::uint64_t published, Digest root)
    : db_(std::move(db)), snapshot_(db_->GetSnapshot()), published_(published), root_(root) {}

View::~View() { db_->ReleaseSnapshot(snapshot_); }

rocksdb::ReadOptions View::ReadAtSnapshot() const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot_;
  return options;
}

Result<std::optional<std::string>> View::Get(const std::string& key) const {
  std::string value;
  const rocksdb::Status status = db_->Get(ReadAtSnapshot(), key, &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return ToError(status);
  return std::optional(std::move(value));
}

Result<void> View::Scan(const std::string& prefix, const std::string& from,
                        const Visit& visit) const {
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(ReadAtSnapshot()));
  return ScanWith(*it, prefix, from, visit);
}

Result<std::optional<FilingSnapshot>> View::FindFiling(const FilingId& filing_id) const {
  NB_ASSIGN_OR_RETURN(const auto sequence, FindSequence(*this, keys::FilingById(filing_id)));
  if (!sequence) return std::optional<FilingSnapshot>();
  NB_ASSIGN_OR_RETURN(FilingSnapshot filing, ReadFiling(*this, *sequence));
  return std::optional(std::move(filing));
}

Result<std::optional<FilingSnapshot>> View::FindFilingByKey(const Digest& delivery_key) const {
  NB_ASSIGN_OR_RETURN(const auto sequence,
                      FindSequence(*this, keys::FilingByDeliveryKey(delivery_key)));
  if (!sequence) return std::optional<FilingSnapshot>();
  NB_ASSIGN_OR_RETURN(FilingSnapshot filing, ReadFiling(*this, *sequence));
  return std::optional(std::move(filing));
}

Result<std::vector<FilingSnapshot>> View::ListFilings(const SystemName& system, const UserId& user,
                                                      std::optional<std::uint64_t> before_sequence,
                                                      std::size_t limit) const {
  std::vector<std::uint64_t> sequences;
  const std::string from = before_sequence && *before_sequence > 0
                               ? keys::UserFiling(system, user, *before_sequence - 1)
                               : std::string();
  if (before_sequence == 0) return std::vector<FilingSnapshot>();
  NB_RETURN_IF_ERROR(
      Scan(keys::UserPrefix(system, user), from, [&](std::string_view key, std::string_view) {
        sequences.push_back(~keys::TrailingNumber(key));
        return sequences.size() < limit;
      }));
  std::vector<FilingSnapshot> filings;
  for (const std::uint64_t sequence : sequences) {
    NB_ASSIGN_OR_RETURN(FilingSnapshot filing, ReadFiling(*this, sequence));
    filings.push_back(std::move(filing));
  }
  return filings;
}

Result<std::vector<RunnableFiling>> View::ListRunnable(const CourtId& court,
                                                       std::uint64_t from_sequence,
                                                       std::size_t limit) const {
  std::vector<RunnableFiling> runnable;
  if (limit == 0) return runnable;
  NB_RETURN_IF_ERROR(Scan(keys::RunnablePrefix(court), keys::Runnable(court, from_sequence),
                          [&](std::string_view key, std::string_view value) {
                            runnable.push_back(ReadRunnable(key, value));
                            return runnable.size() < limit;
                          }));
  return runnable;
}

Result<std::vector<RunnableFiling>> View::ListRunnableNewest(const CourtId& court,
                                                             std::uint64_t before_sequence,
                                                             std::size_t limit) const {
  std::vector<RunnableFiling> runnable;
  if (limit == 0 || before_sequence == 0) return runnable;
  const std::string prefix = keys::RunnablePrefix(court);
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(ReadAtSnapshot()));
  for (it->SeekForPrev(keys::Runnable(court, before_sequence - 1));
       it->Valid() && it->key().starts_with(prefix) && runnable.size() < limit; it->Prev()) {
    runnable.push_back(ReadRunnable(it->key().ToStringView(), it->value().ToStringView()));
  }
  if (!it->status().ok()) return ToError(it->status());
  return runnable;
}

Result<std::vector<std::uint64_t>> View::ListUncertain(std::optional<std::uint64_t> after_sequence,
                                                       std::size_t limit) const {
  std::vector<std::uint64_t> sequences;
  if (limit == 0) return sequences;
  NB_RETURN_IF_ERROR(Scan(keys::UncertainPrefix(),
                          after_sequence ? keys::Uncertain(*after_sequence + 1) : "",
                          [&](std::string_view key, std::string_view) {
                            sequences.push_back(keys::TrailingNumber(key));
                            return sequences.size() < limit;
                          }));
  return sequences;
}

Result<std::vector<std::uint64_t>> View::ListWithdrawals(
    std::optional<std::uint64_t> after_sequence, std::size_t limit) const {
  std::vector<std::uint64_t> sequences;
  if (limit == 0) return sequences;
  NB_RETURN_IF_ERROR(Scan(keys::WithdrawalPrefix(),
                          after_sequence ? keys::Withdrawal(*after_sequence + 1) : "",
                          [&](std::string_view key, std::string_view) {
                            sequences.push_back(keys::TrailingNumber(key));
                            return sequences.size() < limit;
                          }));
  return sequences;
}

Result<std::vector<CourtBalance>> View::ListBalances() const {
  std::vector<CourtId> courts;
  NB_RETURN_IF_ERROR(Scan(keys::BalancePrefix(), "", [&](std::string_view key, std::string_view) {
    if (key.size() > 1) courts.push_back(keys::CourtOf(key));
    return true;
  }));
  std::vector<CourtBalance> balances;
  for (CourtId& court : courts) {
    NB_ASSIGN_OR_RETURN(const Balance balance, ReadBalance(*this, court));
    balances.push_back({std::move(court), balance});
  }
  return balances;
}

Result<std::string> View::ReadCursor(std::string_view case_system) const {
  NB_ASSIGN_OR_RETURN(const auto cursor, Get(keys::Cursor(case_system)));
  return cursor.value_or("");
}

Result<std::uint64_t> View::ReadUnusedBytes(const SystemName& system) const {
  NB_ASSIGN_OR_RETURN(const auto bytes, FindSequence(*this, keys::UnusedBytes(system)));
  return bytes.value_or(0);
}

Result<void> View::VisitDocuments(
    std::string& from, std::size_t limit,
    const std::function<void(const journal::v1::DocumentRecord&)>& visit) const {
  std::string next;
  Result<void> unreadable;
  const auto look = [&](std::string_view key, std::string_view value) {
    if (limit-- == 0) {
      next = key;
      return false;
    }
    const auto document = record::ReadDocument(value);
    if (document) {
      visit(*document);
    } else {
      unreadable = document.error();
    }
    return document.has_value();
  };
  NB_RETURN_IF_ERROR(Scan(keys::DocumentPrefix(), from, look));
  if (!unreadable) return unreadable.error();
  from = next;
  return {};
}

Result<std::vector<View::Leftover>> View::ListLeftovers(WallTime now, std::size_t looked_at,
                                                        std::string& from) const {
  std::vector<Leftover> leftovers;
  NB_RETURN_IF_ERROR(
      VisitDocuments(from, looked_at, [&](const journal::v1::DocumentRecord& document) {
        const auto sha256 = Digest::FromBytes(document.sha256());
        if (sha256 && document.references() == 0 && document.lease_until_us() <= ToMicros(now)) {
          leftovers.push_back({SystemName(document.submitting_system()), *sha256});
        }
      }));
  return leftovers;
}

Result<std::vector<Extent>> View::ListFreed(std::size_t limit) const {
  std::vector<Extent> extents;
  if (limit == 0) return extents;
  NB_RETURN_IF_ERROR(
      Scan(keys::FreedPrefix(), "", [&](std::string_view key, std::string_view value) {
        if (key.size() != 17 || value.size() != 8) return true;
        extents.push_back({ReadBigEndian64(key.substr(1, 8)), ReadBigEndian64(key.substr(9)),
                           static_cast<std::uint32_t>(ReadBigEndian64(value))});
        return extents.size() < limit;
      }));
  return extents;
}

Result<CommittedEnds> View::ReadSegmentEnds() const {
  CommittedEnds committed;
  NB_ASSIGN_OR_RETURN(const auto swept, FindSequence(*this, std::string(keys::kSweptBelow)));
  committed.first = swept.value_or(0);
  NB_RETURN_IF_ERROR(
      Scan(keys::SegmentEndPrefix(), "", [&](std::string_view key, std::string_view value) {
        if (value.size() == 8) committed.ends[keys::TrailingNumber(key)] = ReadBigEndian64(value);
        return true;
      }));
  return committed;
}

Result<std::optional<std::string>> View::FindPackage(std::uint64_t filing_sequence) const {
  return Get(keys::Package(filing_sequence));
}

Result<Digest> View::ReadNode(std::uint32_t level, std::uint64_t index) const {
  NB_ASSIGN_OR_RETURN(const auto bytes, Get(keys::TreeNode(level, index)));
  const auto digest = bytes ? Digest::FromBytes(*bytes) : std::nullopt;
  if (!digest) return Error{ErrorCode::kDataLoss, "a node of the Merkle tree is missing"};
  return *digest;
}

Result<EntryProof> View::Prove(std::uint64_t index, std::uint64_t size) const {
  NB_CHECK(index < size && size <= published_);
  const NodeReader read = [this](std::uint32_t level, std::uint64_t at) {
    return ReadNode(level, at);
  };
  EntryProof proof;
  proof.index = index;
  proof.size = size;
  NB_ASSIGN_OR_RETURN(proof.root, RootAt(size, read));
  NB_ASSIGN_OR_RETURN(proof.path, InclusionProof(index, size, read));
  return proof;
}

}  // namespace nightbox
