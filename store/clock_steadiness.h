// ClockSteadiness: whether the wall clock may be gone by again after somebody stepped it.
//
// The kernel's word alone is not enough: on a machine that was moved or resumed it may call a clock
// synchronised that nobody has compared with anything since. So it must have said so, and the clock
// must have kept pace with the boot clock, at every look for a while. It is handed every time; one
// thread at a time.
#pragma once

#include <optional>

#include "core/clock.h"

namespace nightbox {

// A wall clock that moves this much against the boot clock was stepped, not slewed.
inline constexpr Microseconds kClockStep = std::chrono::seconds(2);
// For how long it must hold still: time daemons look at their sources every few minutes at most
// while they are not content.
inline constexpr Microseconds kClockSteadyFor = std::chrono::minutes(5);

class ClockSteadiness {
 public:
  // True: it was stepped since the look before.
  bool Look(WallTime wall, BootTime boot, bool synchronized);

  // At every look of the last kClockSteadyFor, and at two at least.
  bool steady() const { return since_ && last_boot_ - *since_ >= kClockSteadyFor; }

 private:
  bool looked_ = false;
  WallTime last_wall_;
  BootTime last_boot_;
  // The first of the good looks in a row up to the last one.
  std::optional<BootTime> since_;
};

}  // namespace nightbox
