// SimLoop: the loop in virtual time. What is due at one instant happens in the order in which it
// was asked for, so that equal seeds make equal runs. One thread.
#pragma once

#include <functional>
#include <map>

#include "core/clock.h"

namespace nightbox {

class SimLoop {
 public:
  // Moves this clock, and nobody else does.
  explicit SimLoop(SimClock& clock) : clock_(clock) {}

  // Never within the call.
  void Schedule(Microseconds after, std::function<void()> act);
  // Does the next act that is due by then, with the clock at its time. False: there is none, and
  // the clock stands at `until`.
  bool StepUntil(BootTime until);
  void RunFor(Microseconds time);

  SimClock& clock() { return clock_; }

 private:
  SimClock& clock_;
  std::multimap<BootTime, std::function<void()>> acts_;
};

}  // namespace nightbox
