#include "tests/sim/sim_loop.h"

#include <utility>

namespace nightbox {

void SimLoop::Schedule(Microseconds after, std::function<void()> act) {
  acts_.emplace(clock_.BootNow() + after, std::move(act));
}

bool SimLoop::StepUntil(BootTime until) {
  const auto next = acts_.begin();
  const bool due = next != acts_.end() && next->first <= until;
  const BootTime time = due ? next->first : until;
  if (time > clock_.BootNow()) clock_.Advance(time - clock_.BootNow());
  if (!due) return false;
  const auto act = std::move(next->second);
  acts_.erase(next);
  act();
  return true;
}

void SimLoop::RunFor(Microseconds time) {
  const BootTime until = clock_.BootNow() + time;
  while (StepUntil(until)) {
  }
}

}  // namespace nightbox
