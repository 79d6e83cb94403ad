// Group: one commit in the making.
//
// It collects the writes of all drafts that share one sync. Drafts are decided one after another,
// each seeing what those before it wrote; a draft that is refused leaves no trace. Nothing is
// written to disk here. One thread: the committer's.
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/utilities/write_batch_with_index.h>

#include <set>
#include <string>
#include <vector>

#include "core/random.h"
#include "evidence/cms.h"
#include "evidence/merkle.h"
#include "store/key_reader.h"

namespace nightbox {

// What the ledger knows of itself between two commits.
struct LedgerTip {
  MerkleFrontier frontier;
  WallTime last_committed_at;
  std::uint32_t clock_epoch = 0;
  // False after the wall clock was stepped: receipts say "unsynchronised".
  bool clock_trusted = true;
  Microseconds clock_step{0};
  // The latest signed checkpoint, for receipts. Empty: none yet.
  std::string checkpoint;
  std::uint64_t checkpoint_size = 0;
  // How many commits were made. 0: none was counted yet.
  std::uint64_t commits = 0;
};

// What never changes while a journal is open.
struct LedgerIdentity {
  std::string gateway;
  std::string log_id;
  std::string installation_key;
  // The name of the log on checkpoints, and the key that verifies them. Printed on receipts.
  std::string origin;
  std::string log_key;
};

class Group : public KeyReader {
 public:
  Group(rocksdb::DB& db, const LedgerIdentity& identity, LedgerTip tip, WallTime now,
        ClockQuality quality, const CmsSigner* signer, Random& random);

  Result<std::optional<std::string>> Get(const std::string& key) const override;
  Result<void> Scan(const std::string& prefix, const std::string& from,
                    const Visit& visit) const override;

  void Put(const std::string& key, std::string_view value);
  void Delete(const std::string& key);

  // Adds the next entry: `entry` has its kind and payload, `statement` its exact bytes. One that
  // could not be read again, because a text in it is not UTF-8, makes unreadable() true until the
  // draft is taken back.
  void AddEntry(journal::v1::Entry& entry, std::string statement, std::string signature);

  // Replaces a filing's state and everything derived from it: balance, indexes, the queue of its
  // case and who is runnable there. `before` is unset for a filing that was just received.
  Result<void> SaveState(const std::optional<FilingState>& before, FilingState after);

  // This group is a commit, and counted as one: the last that is written to it.
  void CountCommit();

  // A draft begins; what follows can be taken back.
  void Begin();
  void Keep();
  void TakeBack();
  bool unreadable() const { return unreadable_; }

  std::uint64_t next_sequence() const { return tip_.frontier.size(); }
  WallTime now() const { return now_; }
  const ClockQuality& quality() const { return quality_; }
  const LedgerIdentity& identity() const { return identity_; }
  const LedgerTip& tip() const { return tip_; }
  LedgerTip& tip() { return tip_; }
  // Only what is received is signed.
  const CmsSigner& signer() const;
  Random& random() { return random_; }

  rocksdb::WriteBatchWithIndex& batch() { return batch_; }
  bool empty() const;
  // Filings whose state changed, for watchers; courts that may have something to deliver.
  const std::set<std::uint64_t>& changed_filings() const { return changed_filings_; }
  const std::set<CourtId>& changed_courts() const { return changed_courts_; }

 private:
  Result<void> MoveBalance(const CourtId& court, const std::optional<FilingState>& before,
                           const FilingState& after);
  Result<void> RefreshCaseHead(const Digest& case_key);

  rocksdb::DB& db_;
  const LedgerIdentity& identity_;
  LedgerTip tip_;
  const WallTime now_;
  const ClockQuality quality_;
  const CmsSigner* const signer_;  // Null while a journal is made.
  Random& random_;
  rocksdb::WriteBatchWithIndex batch_;
  LedgerTip tip_at_begin_;
  bool unreadable_ = false;
  std::set<std::uint64_t> changed_filings_;
  std::set<CourtId> changed_courts_;
};

}  // namespace nightbox
