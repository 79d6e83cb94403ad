#include "tests/sim/world_lives.h"

#include <utility>

#include "tests/store/support/disk_contents.h"

namespace nightbox {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr char kLedger[] = "/journal/ledger";
constexpr std::uint64_t kNever = UINT64_MAX;
constexpr std::uint64_t kRoomLeft = 8 << 10;

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
  Down(stage_.Between(seconds(1), minutes(2)));
}

void WorldLives::CutPowerSoon() {
  if (!stage_.gateway.open() || cut_armed_) return;
  cut_armed_ = true;
  cut_mode_ = stage_.random.OneIn(2) ? CutMode::kLost : CutMode::kDoneButUnreported;
  stage_.fixture.disk().FailAt(1 + stage_.random.Below(40), cut_mode_);
}

void WorldLives::FailSync(DiskSubject subject) {
  if (!stage_.gateway.open() || sync_to_fail_) return;
  sync_to_fail_ = subject;
  stage_.fixture.disk().FailNext(DiskOperation::kSync, subject);
}

void WorldLives::FillDisk() {
  if (!stage_.gateway.open()) return;
  stage_.fixture.disk().SetCapacity(stage_.fixture.disk().used_bytes() + kRoomLeft);
}

void WorldLives::Stopped(const Error& why) {
  stage_.trace.Note("the gateway stops: " + why.message);
  if (PowerWasCut()) return Down(stage_.Between(seconds(5), minutes(10)));
  SyncWasToFail(why);
  const auto room = stage_.fixture.disk().FreeBytes("/journal");
  if (room && *room <= kRoomLeft) stage_.tally.Count("disk full");
  // Fail-stop: within two seconds, and whoever asks meanwhile is told to come back.
  stage_.At(stage_.Between(milliseconds(1), seconds(2)), [this, turn = down_turn_] {
    if (turn == down_turn_) Down(seconds(1));
  });
}

bool WorldLives::PowerWasCut() {
  const auto point = stage_.fixture.disk().cut_point();
  if (!cut_armed_ || !point) return false;
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

void WorldLives::Down(Microseconds for_how_long) {
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
    return Down(stage_.Between(seconds(1), minutes(1)));
  }
  if (!opened && SyncWasToFail(opened.error())) return Down(seconds(1));
  if (!opened) return stage_.judge.Fail("the journal does not open: " + opened.error().message);
  stage_.trace.Note("the gateway opens, operation " + std::to_string(disk.operation_count()));
  stage_.judge.Reopened(*stage_.gateway.journal().view());
  if (stage_.judge.violation()) return;
  const auto started = stage_.gateway.StartReplayer();
  if (!started) stage_.judge.Fail("the replayer does not start: " + started.error().message);
}

// A promised byte of the log has rotted. Opened with it, the ledger would lose what follows.
void WorldLives::TryRottenLog() {
  SimDisk& disk = stage_.fixture.disk();
  if (!disk.Stat(kLedger)) return;
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
  if (PowerWasCut()) Down(Microseconds(0));  // While it closed, and nobody had noticed.
  if (std::exchange(cut_armed_, false)) disk.FailAt(kNever, CutMode::kLost);
  if (!stage_.gateway.open()) {
    ++down_turn_;
    Up();
  }
}

}  // namespace nightbox
