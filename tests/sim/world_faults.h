// WorldFaults: what goes wrong outside the gateway's own disk, and when: endpoints, courts and the
// case system come and go, answers are lost, the clock jumps, the queue is full. The seed decides
// how rough a world is.
#pragma once

#include "tests/sim/world_lives.h"
#include "tests/sim/world_stage.h"

namespace nightbox {

class WorldFaults {
 public:
  WorldFaults(WorldStage& stage, WorldLives& lives) : stage_(stage), lives_(lives) {}

  void Plan(std::size_t faults, Microseconds until);
  // A document is on its way for about so long: now and then something strikes meanwhile.
  void UploadBegun(Microseconds lasts);
  // Everything is well from here on.
  void Heal();
  // What the case system has counted.
  void CountTheCourts();

 private:
  void Strike();
  void StrikeUpload();
  void EndpointAway();
  void CourtAway();
  void ClockGoesWrong();
  void QueueFull();
  void OtherWeather();

  WorldStage& stage_;
  WorldLives& lives_;
  bool healed_ = false;
  bool queue_full_ = false;
};

}  // namespace nightbox
