// WorldLives: how the gateway dies and comes back. Killed, its power cut at some operation of the
// disk (also while it opens), stopped by itself after a sync that failed or a full disk; with the
// log damaged before it opens again, which must be refused and leave everything as it was. And what
// the disk does to documents without the gateway dying of it: a sync of a segment that fails, a
// byte that rots.
#pragma once

#include <functional>
#include <string_view>

#include "tests/sim/world_stage.h"

namespace nightbox {

class WorldLives {
 public:
  explicit WorldLives(WorldStage& stage);

  // Told when the gateway is gone: by what uploads were cut.
  std::function<void(std::string_view how)> on_down = [](std::string_view) {};

  // Makes the journal and opens it.
  void Begin();
  void Kill();
  // At one of the next `within` operations of the disk.
  void CutPowerSoon(std::uint64_t within);
  // After each step: the power may be gone and nobody have noticed.
  void NoticePowerCut();
  void FailSync(DiskSubject subject);
  void FailSegmentSync();
  void FillDisk();
  // Of a document that somebody still needs.
  void RotADocument();

  // No more of this; when it is down it comes up now.
  void Heal();

 private:
  void Stopped(const Error& why);
  void Down(Microseconds for_how_long, std::string_view how);
  void Up();
  void TryRottenLog();
  // Whether one of the faults here explains that an operation of the disk failed; counts it.
  bool PowerWasCut();
  bool SyncWasToFail(const Error& why);

  WorldStage& stage_;
  bool healing_ = false;
  bool cut_armed_ = false;
  bool power_off_ = false;
  std::optional<DiskSubject> sync_to_fail_;
  CutMode cut_mode_ = CutMode::kLost;
  std::uint64_t down_turn_ = 0;
};

}  // namespace nightbox
