#include "store/clock_steadiness.h"

namespace nightbox {

bool ClockSteadiness::Look(WallTime wall, BootTime boot, bool synchronized) {
  const Microseconds moved = (wall - last_wall_) - (boot - last_boot_);
  const bool stepped = looked_ && std::chrono::abs(moved) > kClockStep;
  looked_ = true;
  last_wall_ = wall;
  last_boot_ = boot;
  if (!synchronized) {
    since_.reset();
  } else if (stepped || !since_) {
    since_ = boot;
  }
  return stepped;
}

}  // namespace nightbox
