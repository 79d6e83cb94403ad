#include "tests/sim/world_lives.h"

#include <utility>

#include "store/record.h"
#include "tests/store/support/disk_contents.h"

namespace nightbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr char kLedger[] = "/journal/ledger";
constexpr std::uint64_t kNever = UINT64_MAX;
// Less than a new segment takes: a few commits fit in, or none.
constexpr std::uint64_t kRoomLeft = 12 << 10;
constexpr std::uint64_t kHardlyAnyRoom = 4 << 10;
constexpr Microseconds kCollectEvery = seconds(80);

constexpr std::string_view kByKill = "resumed after a kill";
constexpr std::string_view kByPowerCut = "resumed after a power cut";
constexpr std::string_view kByStop = "resumed after the gateway stopped";

}  // namespace

WorldLives::WorldLives(WorldStage& stage) : stage_(stage) {
  stage_.gateway.on_fail_stop = [this](const Error& why) { Stopped(why); };
}

void WorldLives::Begin() {
  const auto made = stage_.fixture.Init();
  if (!made) return stage_.judge.Fail("no journal can be made: " + made.error().message);
  Up();
}

void WorldLives::Kill() {
  if (!stage_.gateway.open()) return;
  stage_.tally.Count("gateway killed");
  stage_.trace.Note("the gateway is killed");
  Down(stage_.Between(seconds(1), minutes(2)), kByKill);
}

void WorldLives::CutPowerSoon(std::uint64_t within) {
  if (!stage_.gateway.open() || cut_armed_) return;
  cut_armed_ = true;
  cut_mode_ = stage_.random.OneIn(2) ? CutMode::kLost : CutMode::kDoneButUnreported;
  stage_.fixture.disk().FailAt(1 + stage_.random.Below(within), cut_mode_);
}

void WorldLives::NoticePowerCut() {
  if (PowerWasCut()) Down(stage_.Between(seconds(5), minutes(10)), kByPowerCut);
}

void WorldLives::FailSync(DiskSubject subject) {
  if (!stage_.gateway.open() || sync_to_fail_) return;
  sync_to_fail_ = subject;
  stage_.fixture.disk().FailNext(DiskOperation::kSync, subject);
}

// Whoever was writing is told, and the segment is given up; the gateway goes on.
void WorldLives::FailSegmentSync() {
  if (!stage_.gateway.open()) return;
  stage_.fixture.disk().FailNext(DiskOperation::kSync, DiskSubject::kSegment);
}

void WorldLives::RotADocument() {
  if (!stage_.gateway.open() || cut_armed_) return;
  std::vector<StoredExtent> awaited;  // By a filing that is still to be delivered.
  std::vector<StoredExtent> unused;   // By no filing yet.
  std::string from;
  const auto looked = stage_.gateway.journal().view()->VisitDocuments(
      from, SIZE_MAX, [&](const journal::v1::DocumentRecord& document) {
        const WorldModel::DocumentKey key{SystemName(document.submitting_system()),
                                          Digest::FromBytes(document.sha256()).value()};
        const bool is_unused = document.references() == 0;
        if (!is_unused && !stage_.judge.model().IsAwaited(key)) return;
        const auto extents = record::ReadExtents(document.extents());
        std::vector<StoredExtent>& among = is_unused ? unused : awaited;
        among.insert(among.end(), extents.begin(), extents.end());
      });
  if (!looked) return stage_.judge.Fail("the documents cannot be listed");
  const auto& among = awaited.empty() || stage_.random.OneIn(4) ? unused : awaited;
  if (among.empty()) return;
  const StoredExtent& extent = among[stage_.random.Below(among.size())];
  stage_.tally.Count("rot in a document");
  stage_.trace.Note("rot in segment " + std::to_string(extent.segment) + " at " +
                    std::to_string(extent.offset));
  stage_.judge.documents().Rotted(extent);
  stage_.fixture.disk().FlipByte(SimDocuments::SegmentPath(kWorldDocuments, extent.segment),
                                 extent.offset + stage_.random.Below(extent.size));
}

void WorldLives::FillDisk() {
  if (!stage_.gateway.open()) return;
  const std::uint64_t room = stage_.random.OneIn(2) ? kRoomLeft : kHardlyAnyRoom;
  stage_.fixture.disk().SetCapacity(stage_.fixture.disk().used_bytes() + room);
  // Somebody makes room, if the gateway has not stopped by then.
  stage_.At(stage_.Between(seconds(20), minutes(2)),
            [this] { stage_.fixture.disk().SetCapacity(kNever); });
}

void WorldLives::Stopped(const Error& why) {
  stage_.trace.Note("the gateway stops: " + why.message);
  if (PowerWasCut()) return Down(stage_.Between(seconds(5), minutes(10)), kByPowerCut);
  SyncWasToFail(why);
  const auto room = stage_.fixture.disk().FreeBytes("/journal");
  if (room && *room <= kRoomLeft) stage_.tally.Count("disk full");
  // Fail-stop: within two seconds, and whoever asks meanwhile is told to come back.
  stage_.At(stage_.Between(milliseconds(1), seconds(2)), [this, turn = down_turn_] {
    if (turn == down_turn_) Down(seconds(1), kByStop);
  });
}

bool WorldLives::PowerWasCut() {
  if (!cut_armed_) return false;
  const auto point = stage_.fixture.disk().cut_point();
  if (!point) return false;
  cut_armed_ = false;
  power_off_ = true;
  stage_.trace.Note("the power was cut at " + *point);
  stage_.tally.Count(cut_mode_ == CutMode::kLost ? "power cut, operation lost"
                                                 : "power cut, operation done");
  return true;
}

bool WorldLives::SyncWasToFail(const Error& why) {
  if (!sync_to_fail_) return false;
  const char* const of = *sync_to_fail_ == DiskSubject::kWal ? ".log" : "journal/head";
  if (why.message.find("sync ") == std::string::npos || why.message.find(of) == std::string::npos) {
    return false;  // Something else came first: this is still to come.
  }
  stage_.tally.Count(*sync_to_fail_ == DiskSubject::kWal ? "sync of the log failed"
                                                         : "sync of the head failed");
  sync_to_fail_.reset();
  return true;
}

void WorldLives::Down(Microseconds for_how_long, std::string_view how) {
  on_down(how);
  stage_.gateway.Die();
  stage_.court.GatewayCrashed();
  // Power comes back before the gateway does. A killed process leaves the disk as it is seen.
  if (std::exchange(power_off_, false)) {
    stage_.fixture.disk().CutPower(stage_.random.Number());
    sync_to_fail_.reset();
  }
  stage_.fixture.disk().SetCapacity(kNever);
  stage_.At(for_how_long, [this, turn = ++down_turn_] {
    if (turn == down_turn_) Up();
  });
}

void WorldLives::Up() {
  SimDisk& disk = stage_.fixture.disk();
  // With nothing else about to fail: what refuses it must be the rot.
  const bool alone = !healing_ && !cut_armed_ && !sync_to_fail_;
  if (alone && stage_.random.OneIn(4)) TryRottenLog();
  const bool cut_while_opening = !healing_ && !cut_armed_ && stage_.random.OneIn(4);
  if (cut_while_opening) {
    cut_armed_ = true;
    cut_mode_ = stage_.random.OneIn(2) ? CutMode::kLost : CutMode::kDoneButUnreported;
    disk.FailAt(1 + stage_.random.Below(25), cut_mode_);
  }
  const auto opened = stage_.gateway.OpenJournal();
  if (!opened && PowerWasCut()) {
    stage_.tally.Count("power cut while opening");
    return Down(stage_.Between(seconds(1), minutes(1)), kByPowerCut);
  }
  if (!opened && SyncWasToFail(opened.error())) return Down(seconds(1), kByStop);
  if (!opened) return stage_.judge.Fail("the journal does not open: " + opened.error().message);
  stage_.trace.Note("the gateway opens, operation " + std::to_string(disk.operation_count()));
  const auto view = stage_.gateway.journal().view();
  stage_.Opened(view->published());
  stage_.judge.Reopened(*view);
  if (stage_.judge.violation()) return;
  const auto started = stage_.gateway.StartReplayer();
  if (!started) {
    return stage_.judge.Fail("the replayer does not start: " + started.error().message);
  }
  stage_.gateway.documents().Collect(kCollectEvery);
}

// A promised byte of the log has rotted. Opened with it, the ledger would lose what follows.
void WorldLives::TryRottenLog() {
  SimDisk& disk = stage_.fixture.disk();
  // The end of the log that only the document index needs is promised by nobody; what was done by
  // it, a hole that was punched, cannot be undone with it.
  if (stage_.beyond_the_head() || !disk.Stat(kLedger)) return;
  for (const std::string& path : FilesEndingIn(disk, kLedger, ".log")) {
    const std::uint64_t size = disk.Stat(path)->size;
    if (size == 0) continue;
    const std::uint64_t offset = stage_.random.Below(size);
    disk.FlipByte(path, offset);
    const auto opened = stage_.gateway.OpenJournal();
    if (opened) {
      // What was never promised may be lost; the judge sees whether it was that.
      stage_.trace.Note("rot at " + std::to_string(offset) + " does not matter");
      stage_.judge.Reopened(*stage_.gateway.journal().view());
      stage_.gateway.Die();
      return;
    }
    if (opened.error().code != ErrorCode::kDataLoss) {
      return stage_.judge.Fail("a rotten log is refused with " +
                               std::string(ToString(opened.error().code)));
    }
    stage_.tally.Count("rot in the log, refused");
    disk.FlipByte(path, offset);
  }
}

void WorldLives::Heal() {
  healing_ = true;
  SimDisk& disk = stage_.fixture.disk();
  disk.SetCapacity(kNever);
  if (PowerWasCut())
    Down(Microseconds(0), kByPowerCut);  // While it closed, and nobody had noticed.
  if (std::exchange(cut_armed_, false)) disk.FailAt(kNever, CutMode::kLost);
  if (!stage_.gateway.open()) {
    ++down_turn_;
    Up();
  }
}

}  // namespace nightbox
