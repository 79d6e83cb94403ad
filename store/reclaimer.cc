#include "store/reclaimer.h"

#include <atomic>
#include <set>
#include <utility>

#include "core/log.h"
#include "store/record.h"

namespace nightbox {
namespace {

void LogNotGivenBack(const Error& why) {
  Log(LogLevel::kWarning, "space not given back", {{"why", why.message}});
}

// Those that are punched, or gone with their segment. A reader's hand on one is no fault; it is
// tried again.
std::vector<StoredExtent> PunchAll(SegmentFiles& segments, const std::vector<Extent>& extents) {
  std::vector<StoredExtent> punched;
  for (const Extent& extent : extents) {
    const auto done = segments.Punch(extent);
    if (done || done.error().code == ErrorCode::kNotFound) {
      punched.push_back({extent.segment, extent.offset, extent.size, 0});
    } else if (done.error().reason != "EXTENT_BEING_READ") {
      LogNotGivenBack(done.error());
    }
  }
  return punched;
}

// A hole that a power cut takes back would never be looked for again.
void SyncAll(SegmentFiles& segments, const std::vector<StoredExtent>& punched) {
  std::set<std::uint64_t> touched;
  for (const StoredExtent& extent : punched) touched.insert(extent.segment);
  for (const std::uint64_t segment : touched) {
    if (const auto synced = segments.Sync(segment); !synced) LogNotGivenBack(synced.error());
  }
}

}  // namespace

struct Reclaimer::Progress {
  std::atomic<bool> punching_freed = false;
  // The sweep's punches have ended; whether the sweep goes on, says the second.
  std::atomic<bool> gaps_done = false;
  std::atomic<bool> goes_on = false;
};

Reclaimer::Reclaimer(Parts parts, Limits limits)
    : parts_(std::move(parts)), limits_(limits), progress_(std::make_shared<Progress>()) {}

Reclaimer::Reclaimer(Journal& journal, Committer& committer, SegmentFiles& segments,
                     WorkerPool& pool, Limits limits)
    : Reclaimer(Parts{[&journal] { return journal.view(); },
                      [&committer](Draft draft, Committer::Done done) {
                        committer.Submit(std::move(draft), std::move(done));
                      },
                      &segments,
                      [&pool](std::function<void()> job) { return pool.Post(std::move(job)); }},
                limits) {}

void Reclaimer::Tick() {
  PunchNotTaken();
  PunchFreed();
  Sweep();
}

void Reclaimer::PunchNotTaken() {
  std::vector<Extent> extents = parts_.segments->TakeToPunch(limits_.punched_per_tick);
  if (extents.empty()) return;
  const auto job = [&segments = *parts_.segments, extents] { PunchAll(segments, extents); };
  if (!parts_.post(job)) parts_.segments->PunchLater(extents);  // Another time.
}

void Reclaimer::PunchFreed() {
  if (progress_->punching_freed) return;
  auto freed = parts_.view()->ListFreed(limits_.punched_per_tick);
  if (!freed) return LogNotGivenBack(freed.error());
  if (freed->empty()) return;
  progress_->punching_freed = true;
  const auto job = [&segments = *parts_.segments, submit = parts_.submit, progress = progress_,
                    extents = *std::move(freed)] {
    std::vector<StoredExtent> punched = PunchAll(segments, extents);
    SyncAll(segments, punched);
    if (punched.empty()) {
      progress->punching_freed = false;
      return;
    }
    // Struck off the list only now: a crash before this punches them again, which changes nothing.
    submit(ForgetFreed{std::move(punched)},
           [progress](const Result<Outcome>&) { progress->punching_freed = false; });
  };
  if (!parts_.post(job)) progress_->punching_freed = false;
}

void Reclaimer::Sweep() {
  if (stage_ == Stage::kDone) return;
  const auto view = parts_.view();
  Result<void> going;
  if (stage_ == Stage::kBegin) going = BeginSweep(*view);
  if (going && stage_ == Stage::kLooking) {
    going = view->VisitDocuments(from_, limits_.documents_per_tick,
                                 [&](const journal::v1::DocumentRecord& document) {
                                   for (const auto& extent : document.extents())
                                     sweep_->Saw(record::ReadExtent(extent));
                                   for (const auto& extent : document.damaged_extents())
                                     sweep_->Saw(record::ReadExtent(extent));
                                 });
    if (going && from_.empty()) PunchGaps();
  } else if (stage_ == Stage::kPunching && progress_->gaps_done) {
    stage_ = progress_->goes_on ? Stage::kBegin : Stage::kDone;
  }
  if (going) return;
  // What cannot be read may be what refers to bytes: nothing is punched on such ground.
  Log(LogLevel::kError, "documents not looked through", {{"why", going.error().message}});
  stage_ = Stage::kDone;
}

Result<void> Reclaimer::BeginSweep(const View& view) {
  NB_ASSIGN_OR_RETURN(const CommittedEnds committed, view.ReadSegmentEnds());
  const std::uint64_t end = parts_.segments->first_of_this_start();
  sweep_.emplace(committed.ends, committed.first, end);
  stage_ = sweep_->segments().empty() ? Stage::kDone : Stage::kLooking;
  from_.clear();
  return {};
}

void Reclaimer::PunchGaps() {
  progress_->gaps_done = false;
  progress_->goes_on = false;
  const auto job = [&segments = *parts_.segments, submit = parts_.submit, progress = progress_,
                    gaps = sweep_->Gaps(), swept = sweep_->segments(), below = sweep_->below()] {
    Result<void> done;
    for (const Extent& gap : gaps) {
      if (done) done = segments.Punch(gap);
    }
    // Also makes durable what the start cut off: the next start does not look here any more.
    for (const std::uint64_t segment : swept) {
      if (done) done = segments.Sync(segment);
    }
    if (!done) {
      // Under a reader's hands is something the index has let go: the whole pass again.
      progress->goes_on = done.error().reason == "EXTENT_BEING_READ";
      if (!progress->goes_on) LogNotGivenBack(done.error());
      progress->gaps_done = true;
      return;
    }
    submit(NoteSwept{below}, [progress](const Result<Outcome>& noted) {
      progress->goes_on = noted.has_value();
      progress->gaps_done = true;
    });
  };
  if (parts_.post(job)) {
    stage_ = Stage::kPunching;
  } else {
    stage_ = Stage::kBegin;  // The whole pass again: a full pool is rare.
  }
}

}  // namespace nightbox
