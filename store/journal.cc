#include "store/journal.h"

#include <rocksdb/db.h>

#include <algorithm>

#include "core/check.h"
#include "core/log.h"
#include "store/decide.h"
#include "store/keys.h"
#include "store/opening.h"
#include "store/record.h"
#include "store/rocks.h"

namespace nightbox {
namespace {

std::string NewLogId(Random& random) { return HexEncode(random.Bytes(16)); }

// Only "not found" means absent: a disk that cannot be read must not look like an empty one.
Result<bool> Exists(const Disk& disk, const std::string& path) {
  const auto status = disk.Stat(path);
  if (status) return true;
  if (status.error().code == ErrorCode::kNotFound) return false;
  return status.error();
}

}  // namespace

Result<void> Journal::Init(const JournalOptions& options, Disk& disk, const Clock& clock,
                           Random& random, const std::optional<RecordOperatorAct>& first) {
  const JournalPaths paths(options.directory);
  NB_ASSIGN_OR_RETURN(const bool has_head, Exists(disk, paths.head));
  NB_ASSIGN_OR_RETURN(const bool has_ledger, Exists(disk, paths.ledger));
  if (has_head || has_ledger) {
    return Error{ErrorCode::kAlreadyExists,
                 "there is a journal in " + options.directory + " already"};
  }
  NB_ASSIGN_OR_RETURN(const bool has_directory, Exists(disk, options.directory));
  if (!has_directory) NB_RETURN_IF_ERROR(disk.MakeDirectory(options.directory));
  NB_ASSIGN_OR_RETURN(const auto lock, disk.Lock(paths.lock));
  NB_ASSIGN_OR_RETURN(const bool has_documents, Exists(disk, paths.documents));
  if (!has_documents) NB_RETURN_IF_ERROR(disk.MakeDirectory(paths.documents));
  rocksdb::Options ledger = LedgerOptions(options);
  ledger.create_if_missing = true;
  ledger.error_if_exists = true;
  NB_ASSIGN_OR_RETURN(auto db, OpenLedger(ledger, paths.ledger));
  journal::v1::LogMeta meta;
  meta.set_format_version(kLedgerFormat);
  meta.set_log_id(NewLogId(random));
  meta.set_gateway(options.gateway);
  meta.set_created_at_us(ToMicros(clock.Now()));
  const LedgerIdentity identity{options.gateway, meta.log_id(), random.Bytes(32), {}, {}};
  Head head;
  {
    Group group(*db, identity, LedgerTip{}, clock.Now(), clock.Quality(), /*signer=*/nullptr,
                random);
    group.Put(std::string(keys::kMeta), meta.SerializeAsString());
    group.Put(std::string(keys::kInstallationKey), identity.installation_key);
    if (first) NB_RETURN_IF_ERROR(DecideOne(group, *first));
    group.CountCommit();
    rocksdb::WriteOptions synced;
    synced.sync = true;
    if (const auto status = db->Write(synced, group.batch().GetWriteBatch()); !status.ok())
      return ToError(status);
    const MerkleFrontier& frontier = group.tip().frontier;
    head = {meta.log_id(), frontier.size(), frontier.Root(), frontier.subtrees(),
            group.tip().commits};
  }
  if (const auto status = db->Close(); !status.ok()) return ToError(status);
  // Last: a journal without a head does not open, so an Init cut short is an Init that did not
  // happen.
  NB_RETURN_IF_ERROR(HeadFile::Create(disk, paths.head, head));
  return disk.SyncDirectory(ParentDirectory(options.directory));
}

Journal::Journal(const JournalOptions& options, const Clock& clock, Random& random,
                 const CmsSigner& signer)
    : options_(options), clock_(clock), random_(random), signer_(signer) {}

Journal::~Journal() {
  view_.reset();
  head_.reset();
  // Views still held by readers keep the database open; it is closed with the last of them.
  db_.reset();
}

Result<std::unique_ptr<Journal>> Journal::Open(const JournalOptions& options, Disk& disk,
                                               const Clock& clock, Random& random,
                                               const CmsSigner& signer) {
  const JournalPaths paths(options.directory);
  NB_ASSIGN_OR_RETURN(const bool has_head, Exists(disk, paths.head));
  NB_ASSIGN_OR_RETURN(const bool has_ledger, Exists(disk, paths.ledger));
  if (!has_head || !has_ledger) {
    return Error{ErrorCode::kNotFound,
                 "no journal in " + options.directory +
                     ": is the volume mounted? `nightboxctl journal init` makes a new, empty one"};
  }
  NB_ASSIGN_OR_RETURN(auto lock, disk.Lock(paths.lock));
  NB_ASSIGN_OR_RETURN(const HeadReading promised, HeadFile::Read(disk, paths.head));
  NB_RETURN_IF_ERROR(ExamineLedger(options, paths, promised.head));
  NB_ASSIGN_OR_RETURN(auto head, HeadFile::Open(disk, paths.head));
  std::unique_ptr<Journal> journal(new Journal(options, clock, random, signer));
  NB_RETURN_IF_ERROR(journal->Start(std::move(lock), std::move(head)));
  return journal;
}

Result<void> Journal::Start(std::unique_ptr<DiskLock> lock, std::unique_ptr<HeadFile> head) {
  const JournalPaths paths(options_.directory);
  lock_ = std::move(lock);
  head_slot_bad_ = head->one_slot_bad();
  head_ = std::move(head);
  rocksdb::Options ledger = LedgerOptions(options_);
  ledger.listeners.push_back(background_errors_);
  NB_ASSIGN_OR_RETURN(auto db, OpenLedger(ledger, paths.ledger));
  db_ = std::move(db);

  const View all(db_, UINT64_MAX, Digest{});
  NB_ASSIGN_OR_RETURN(const auto meta_bytes, all.Get(std::string(keys::kMeta)));
  NB_ASSIGN_OR_RETURN(const auto installation_key, all.Get(std::string(keys::kInstallationKey)));
  journal::v1::LogMeta meta;
  if (!meta_bytes || !installation_key || !meta.ParseFromString(*meta_bytes)) {
    return Error{ErrorCode::kDataLoss, "the ledger does not say whose it is"};
  }
  identity_ = {meta.gateway(), meta.log_id(), *installation_key, options_.origin, options_.log_key};

  NB_ASSIGN_OR_RETURN(const std::uint64_t count, CountEntries(*db_));
  NB_ASSIGN_OR_RETURN(tip_.frontier,
                      FrontierAt(count, [&](std::uint32_t level, std::uint64_t index) {
                        return all.ReadNode(level, index);
                      }));
  last_wall_ = clock_.Now();
  last_boot_ = clock_.BootNow();
  if (count > 0) {
    NB_ASSIGN_OR_RETURN(const auto last, ReadEntry(all, count - 1));
    tip_.last_committed_at = FromMicros(last.committed_at_us());
    tip_.clock_epoch = last.clock_epoch();
  }
  NB_ASSIGN_OR_RETURN(const auto trusted, all.Get(std::string(keys::kClockTrusted)));
  tip_.clock_trusted = trusted.value_or("1") == "1";
  clock_recovered_ = !tip_.clock_trusted && clock_.Quality().synchronized;
  NB_ASSIGN_OR_RETURN(const auto checkpoint, all.Get(keys::Checkpoint()));
  if (checkpoint && checkpoint->size() > 8) {
    tip_.checkpoint_size = ReadBigEndian64(std::string_view(*checkpoint).substr(0, 8));
    tip_.checkpoint = checkpoint->substr(8);
  }
  NB_ASSIGN_OR_RETURN(const auto commits, FindSequence(all, std::string(keys::kCommits)));
  tip_.commits = commits.value_or(0);
  // What is behind the head was synced before the stop and is a fact; from here on it is promised
  // too.
  rocksdb::FlushOptions wait;
  if (const auto status = db_->Flush(wait); !status.ok()) return ToError(status);
  NB_RETURN_IF_ERROR(AdvanceHead());
  Publish();
  return {};
}

std::optional<Microseconds> Journal::NoticeStep(WallTime wall, BootTime boot) {
  LookAtClock();
  const Microseconds step = (wall - last_wall_) - (boot - last_boot_);
  last_wall_ = wall;
  last_boot_ = boot;
  if (step > kClockStep || step < -kClockStep) return step;
  // The clock is behind the last entry, which was stamped before a restart.
  if (wall + kClockStep < tip_.last_committed_at) return wall - tip_.last_committed_at;
  return std::nullopt;
}

Result<Committed> Journal::Commit(std::span<const Draft> drafts) {
  if (auto why = background_error()) return *std::move(why);
  const WallTime wall = clock_.Now();
  const auto step = NoticeStep(wall, clock_.BootNow());
  // Within an epoch committed_at never decreases: a clock slewed back stands still instead.
  const WallTime now = step ? wall : std::max(wall, tip_.last_committed_at);
  Group group(*db_, identity_, tip_, now, clock_.Quality(), &signer_, random_);
  if (step) {
    // Noticed late, when nobody filed meanwhile, it may have been steady for long.
    DecideClockChanged(group, *step, /*trusted=*/ClockIsSteady());
  } else if (clock_recovered_ || (!tip_.clock_trusted && ClockIsSteady())) {
    DecideClockChanged(group, Microseconds(0), /*trusted=*/true);
  }
  Committed committed;
  committed.outcomes.reserve(drafts.size());
  for (const Draft& draft : drafts) committed.outcomes.push_back(Decide(group, draft));
  if (group.empty()) return committed;
  group.CountCommit();

  rocksdb::WriteOptions synced;
  synced.sync = true;
  if (const auto status = db_->Write(synced, group.batch().GetWriteBatch()); !status.ok())
    return ToError(status);
  const bool grew = group.next_sequence() > tip_.frontier.size();
  tip_ = std::move(group.tip());
  if (grew) {
    tip_.last_committed_at = now;
    clock_recovered_ = false;
  }
  // Also when no entry was added: documents are punched and uploads go on because of what was
  // committed, so a log that lost it must not open as if it had never been.
  NB_RETURN_IF_ERROR(AdvanceHead());
  Publish();
  committed.changed_filings = group.changed_filings();
  committed.changed_courts = group.changed_courts();
  return committed;
}

Result<void> Journal::AdvanceHead() {
  return head_->Advance({identity_.log_id, tip_.frontier.size(), tip_.frontier.Root(),
                         tip_.frontier.subtrees(), tip_.commits});
}

void Journal::Publish() {
  auto view = std::make_shared<const View>(db_, tip_.frontier.size(), tip_.frontier.Root());
  {
    const std::lock_guard lock(view_mutex_);
    view_ = std::move(view);
  }
  const std::lock_guard lock(clock_mutex_);
  clock_trusted_ = tip_.clock_trusted || clock_recovered_;
  stepped_since_publish_ = false;
}

void Journal::LookAtClock() {
  const std::lock_guard lock(clock_mutex_);
  if (steadiness_.Look(clock_.Now(), clock_.BootNow(), clock_.Quality().synchronized))
    stepped_since_publish_ = true;
}

bool Journal::ClockIsSteady() const {
  const std::lock_guard lock(clock_mutex_);
  return steadiness_.steady();
}

bool Journal::clock_synchronized() const {
  const std::lock_guard lock(clock_mutex_);
  const bool trusted = steadiness_.steady() || (clock_trusted_ && !stepped_since_publish_);
  return trusted && clock_.Quality().synchronized;
}

std::shared_ptr<const View> Journal::view() const {
  const std::lock_guard lock(view_mutex_);
  return view_;
}

}  // namespace nightbox
