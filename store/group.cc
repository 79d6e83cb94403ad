#include "store/group.h"

#include <memory>

#include "core/check.h"
#include "core/sha256.h"
#include "store/keys.h"
#include "store/record.h"
#include "store/rocks.h"

namespace nightbox {

Group::Group(rocksdb::DB& db, const LedgerIdentity& identity, LedgerTip tip, WallTime now,
             ClockQuality quality, const CmsSigner* signer, Random& random)
    : db_(db),
      identity_(identity),
      tip_(std::move(tip)),
      now_(now),
      quality_(quality),
      signer_(signer),
      random_(random),
      batch_(rocksdb::BytewiseComparator(), 0, /*overwrite_key=*/true) {}

Result<std::optional<std::string>> Group::Get(const std::string& key) const {
  std::string value;
  // The batch is only read here; RocksDB's signature is not const.
  auto& batch = const_cast<rocksdb::WriteBatchWithIndex&>(batch_);
  const rocksdb::Status status = batch.GetFromBatchAndDB(&db_, rocksdb::ReadOptions(), key, &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return ToError(status);
  return std::optional(std::move(value));
}

Result<void> Group::Scan(const std::string& prefix, const std::string& from,
                         const Visit& visit) const {
  auto& batch = const_cast<rocksdb::WriteBatchWithIndex&>(batch_);
  const std::unique_ptr<rocksdb::Iterator> it(
      batch.NewIteratorWithBase(db_.NewIterator(rocksdb::ReadOptions())));
  return ScanWith(*it, prefix, from, visit);
}

void Group::Put(const std::string& key, std::string_view value) {
  NB_CHECK(batch_.Put(key, rocksdb::Slice(value.data(), value.size())).ok());
}

void Group::Delete(const std::string& key) { NB_CHECK(batch_.Delete(key).ok()); }

const CmsSigner& Group::signer() const {
  NB_CHECK(signer_ != nullptr);
  return *signer_;
}

bool Group::empty() const {
  return const_cast<rocksdb::WriteBatchWithIndex&>(batch_).GetWriteBatch()->Count() == 0;
}

void Group::AddEntry(journal::v1::Entry& entry, std::string statement, std::string signature) {
  const std::uint64_t sequence = next_sequence();
  entry.set_sequence(sequence);
  entry.set_committed_at_us(ToMicros(now_));
  entry.set_clock_epoch(tip_.clock_epoch);
  for (const MerkleNode& node : tip_.frontier.Append(LeafHash(Sha256(statement)))) {
    Put(keys::TreeNode(node.level, node.index), node.hash.view());
  }
  entry.set_statement(std::move(statement));
  entry.set_signature(std::move(signature));
  const std::string bytes = entry.SerializeAsString();
  journal::v1::Entry again;
  // Writing is lenient about texts, reading is not: found here it is one draft that is refused,
  // found later it is an entry that nobody can read.
  unreadable_ = unreadable_ || !again.ParseFromString(bytes);
  Put(keys::Entry(sequence), bytes);
}

Result<void> Group::SaveState(const std::optional<FilingState>& before, FilingState after) {
  after.changed_sequence = next_sequence() == 0 ? 0 : next_sequence() - 1;
  const std::uint64_t sequence = after.filing_sequence;
  NB_RETURN_IF_ERROR(MoveBalance(CourtId(), before, after));
  NB_RETURN_IF_ERROR(MoveBalance(after.court, before, after));

  const bool was_uncertain = before && before->delivery == Delivery::kUncertain;
  const bool is_uncertain = after.delivery == Delivery::kUncertain;
  if (is_uncertain && !was_uncertain) Put(keys::Uncertain(sequence), "");
  if (was_uncertain && !is_uncertain) Delete(keys::Uncertain(sequence));

  // A wish to withdraw is passed on once the case system has the filing, and until the court has
  // decided.
  const auto wish_open = [](const FilingState& state) {
    return state.withdrawal_requested && state.delivery == Delivery::kSubmitted &&
           ClassOf(state) == BalanceClass::kPending;
  };
  if (wish_open(after)) {
    Put(keys::Withdrawal(sequence), "");
  } else if (before && wish_open(*before)) {
    Delete(keys::Withdrawal(sequence));
  }

  if (after.delivery != Delivery::kTest) {
    const bool was_queued = before && !LeavesCaseQueue(*before);
    const bool is_queued = !LeavesCaseQueue(after);
    if (before && before->case_key != after.case_key) {
      Delete(keys::CaseQueue(before->case_key, sequence));
      if (is_queued) Put(keys::CaseQueue(after.case_key, sequence), "");
    } else if (is_queued && !was_queued) {
      Put(keys::CaseQueue(after.case_key, sequence), "");
    } else if (was_queued && !is_queued) {
      Delete(keys::CaseQueue(after.case_key, sequence));
    }
  }
  Put(keys::State(sequence), record::Write(after));
  changed_filings_.insert(sequence);
  changed_courts_.insert(after.court);
  if (after.delivery == Delivery::kTest) return {};
  if (before && before->case_key != after.case_key)
    NB_RETURN_IF_ERROR(RefreshCaseHead(before->case_key));
  return RefreshCaseHead(after.case_key);
}

Result<void> Group::MoveBalance(const CourtId& court, const std::optional<FilingState>& before,
                                const FilingState& after) {
  NB_ASSIGN_OR_RETURN(Balance balance, ReadBalance(*this, court));
  if (before) {
    NB_CHECK(balance.classes[static_cast<int>(ClassOf(*before))] > 0);
    --balance.classes[static_cast<int>(ClassOf(*before))];
  } else if (after.delivery != Delivery::kTest) {
    ++balance.received;
  }
  ++balance.classes[static_cast<int>(ClassOf(after))];
  NB_CHECK(balance.Holds());
  Put(keys::BalanceOf(court), record::Write(balance));
  return {};
}

// One runnable entry per case, however many filings wait in it: a million pending filings cost
// nothing at start, and a held or uncertain head keeps its whole case waiting without being looked
// at again.
Result<void> Group::RefreshCaseHead(const Digest& case_key) {
  std::optional<std::uint64_t> first;
  NB_RETURN_IF_ERROR(
      Scan(keys::CaseQueuePrefix(case_key), "", [&](std::string_view key, std::string_view) {
        first = keys::TrailingNumber(key);
        return false;
      }));
  std::optional<FilingState> head;
  if (first) {
    NB_ASSIGN_OR_RETURN(head, FindState(*this, *first));
    if (!head) return Error{ErrorCode::kDataLoss, "a queued filing has no state"};
    if (head->delivery != Delivery::kPending) head.reset();
  }
  NB_ASSIGN_OR_RETURN(const std::string stays_in, ReadCaseGroup(*this, case_key));
  // Nothing of the case waits any more, so nothing is left that could overtake: a group that is
  // renamed or gone must not stop the case's filings of next year.
  if (!first && !stays_in.empty()) Delete(keys::CaseGroup(case_key));
  const std::string head_key = keys::CaseHead(case_key);
  NB_ASSIGN_OR_RETURN(const auto old_bytes, Get(head_key));
  const std::string new_bytes =
      head ? keys::Runnable(head->court, head->filing_sequence) : std::string();
  // The group stands with the head: reading a backlog costs one key a case.
  const std::string new_value = head ? std::string(case_key.view()) + stays_in : std::string();
  if (old_bytes.value_or("") == new_bytes) {
    if (!head) return {};
    NB_ASSIGN_OR_RETURN(const auto old_value, Get(new_bytes));
    if (old_value == new_value) return {};
  } else if (old_bytes) {
    Delete(*old_bytes);
  }
  if (head) {
    Put(head_key, new_bytes);
    Put(new_bytes, new_value);
  } else {
    Delete(head_key);
  }
  return {};
}

void Group::CountCommit() { Put(std::string(keys::kCommits), BigEndian64(++tip_.commits)); }

void Group::Begin() {
  batch_.SetSavePoint();
  tip_at_begin_ = tip_;
}

void Group::Keep() { NB_CHECK(batch_.PopSavePoint().ok()); }

void Group::TakeBack() {
  NB_CHECK(batch_.RollbackToSavePoint().ok());
  tip_ = tip_at_begin_;
  unreadable_ = false;
}

}  // namespace nightbox
