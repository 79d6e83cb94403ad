#include "core/clock.h"

#include <sys/timex.h>
#include <time.h>

#include "core/check.h"

namespace nightbox {

WallTime SystemClock::Now() const {
  return std::chrono::time_point_cast<Microseconds>(std::chrono::system_clock::now());
}

BootTime SystemClock::BootNow() const {
  timespec now{};
  NB_CHECK(clock_gettime(CLOCK_BOOTTIME, &now) == 0);
  return BootTime(std::chrono::duration_cast<Microseconds>(std::chrono::seconds(now.tv_sec) +
                                                           std::chrono::nanoseconds(now.tv_nsec)));
}

ClockQuality SystemClock::Quality() const {
  timex state{};  // modes = 0: ask only.
  const int answer = adjtimex(&state);
  ClockQuality quality;
  quality.synchronized = answer != -1 && answer != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
  quality.max_error = Microseconds(state.maxerror);
  return quality;
}

WallTime SimClock::Now() const {
  const std::lock_guard lock(mutex_);
  return wall_;
}

BootTime SimClock::BootNow() const {
  const std::lock_guard lock(mutex_);
  return boot_;
}

ClockQuality SimClock::Quality() const {
  const std::lock_guard lock(mutex_);
  return quality_;
}

void SimClock::Advance(Microseconds by) {
  NB_CHECK(by >= Microseconds(0));
  const std::lock_guard lock(mutex_);
  wall_ += by;
  boot_ += by;
}

void SimClock::StepWall(Microseconds by) {
  const std::lock_guard lock(mutex_);
  wall_ += by;
}

void SimClock::SetQuality(ClockQuality quality) {
  const std::lock_guard lock(mutex_);
  quality_ = quality;
}

}  // namespace nightbox
