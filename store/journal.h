// Journal: the ledger of everything that happened; durable, ordered, hashed, receipted.
//
// A filing becomes a fact when Commit has synced it to disk; everything before that is checking,
// everything after is delivery. What Commit answers may be told to the world; what it fails to
// answer is unknown, and the process must stop and open again to find the truth.
//
// On disk (docs/formats/journal.md): DIRECTORY/lock, DIRECTORY/head (store/head_file.h),
// DIRECTORY/ledger (RocksDB).
#pragma once

#include <rocksdb/env.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/random.h"
#include "core/result.h"
#include "evidence/cms.h"
#include "store/background_errors.h"
#include "store/clock_steadiness.h"
#include "store/disk.h"
#include "store/draft.h"
#include "store/group.h"
#include "store/head_file.h"
#include "store/view.h"

namespace nightbox {

struct JournalOptions {
  std::string directory;
  // The name on receipts. Must be the name the journal was made with.
  std::string gateway;
  // The name of the log on checkpoints, and the verifier key of their signatures
  // (evidence/checkpoint.h).
  std::string origin = {};
  std::string log_key = {};
  // Where RocksDB runs; null: the machine's file system. Tests give the one that runs on their
  // SimDisk.
  rocksdb::Env* env = nullptr;
  // For exact replay in tests: no background work beyond what is waited for.
  bool deterministic = false;
};

// What a group became. One outcome per draft, in order.
struct Committed {
  std::vector<Result<Outcome>> outcomes;
  // Filings whose state changed and courts that may have something to deliver.
  std::set<std::uint64_t> changed_filings;
  std::set<CourtId> changed_courts;
};

class Journal {
 public:
  // Makes a journal that is empty, or holds `first` alone. kAlreadyExists when there is anything:
  // nothing is ever overwritten. store/journal_directory.h says where journals are made.
  static Result<void> Init(const JournalOptions& options, Disk& disk, const Clock& clock,
                           Random& random,
                           const std::optional<RecordOperatorAct>& first = std::nullopt);

  // Opens what is there, without destroying evidence: before anything is opened for writing, the
  // ledger must hold all that the head file promises, with the same root. kDataLoss, naming the
  // entries, when it does not: then nothing has been touched, and the process must exit with a code
  // that means "do not restart me". kNotFound when there is no journal: a lost mount must not start
  // an empty log.
  static Result<std::unique_ptr<Journal>> Open(const JournalOptions& options, Disk& disk,
                                               const Clock& clock, Random& random,
                                               const CmsSigner& signer);
  ~Journal();

  // Decides all drafts, writes them as one batch, syncs, advances the head and publishes. The
  // committer's thread only. An error means that the outcome of the whole group is unknown:
  // fail-stop.
  Result<Committed> Commit(std::span<const Draft> drafts);

  // What has been promised so far. Any thread.
  std::shared_ptr<const View> view() const;
  const LedgerIdentity& identity() const { return identity_; }
  // `tell` is called once when RocksDB met an error behind our back: Commit fails from then on.
  // Null: nobody is told any more.
  void SetOnBackgroundError(std::function<void()> tell) {
    background_errors_->SetTell(std::move(tell));
  }
  std::optional<Error> background_error() const { return background_errors_->first(); }
  // To be called about once a second, so that the clock is watched also while nobody files. Any
  // thread.
  void LookAtClock();
  // Whether a receipt made now would call the clock synchronised: the kernel does, and it has been
  // steady since it was last stepped. Any thread.
  bool clock_synchronized() const;
  // The first head slot or the other did not read back: somebody should look at the disk.
  bool head_slot_bad() const { return head_slot_bad_; }

 private:
  Journal(const JournalOptions& options, const Clock& clock, Random& random,
          const CmsSigner& signer);

  Result<void> Start(std::unique_ptr<DiskLock> lock, std::unique_ptr<HeadFile> head);
  // The step of the wall clock against the boot clock since the last commit, if it was stepped.
  std::optional<Microseconds> NoticeStep(WallTime wall, BootTime boot);
  bool ClockIsSteady() const;
  Result<void> AdvanceHead();
  void Publish();

  const JournalOptions options_;
  const Clock& clock_;
  Random& random_;
  const CmsSigner& signer_;
  LedgerIdentity identity_;
  bool head_slot_bad_ = false;

  // The committer's thread only.
  std::unique_ptr<DiskLock> lock_;
  const std::shared_ptr<BackgroundErrors> background_errors_ = std::make_shared<BackgroundErrors>();
  std::shared_ptr<rocksdb::DB> db_;
  std::unique_ptr<HeadFile> head_;
  LedgerTip tip_;
  WallTime last_wall_;
  BootTime last_boot_;
  // The last epoch was not to be trusted, and when the journal was opened the clock had come right:
  // the next commit says so.
  bool clock_recovered_ = false;

  mutable std::mutex clock_mutex_;  // Guards the three below.
  ClockSteadiness steadiness_;
  bool clock_trusted_ = true;           // As of what is published.
  bool stepped_since_publish_ = false;  // As the looks have seen it.

  mutable std::mutex
      view_mutex_;  // Guards view_: readers copy the pointer while the committer replaces it.
  std::shared_ptr<const View> view_;
};

}  // namespace nightbox
