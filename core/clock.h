// Clock: the only place that knows what time it is.
//
// Wall time is for people and evidence; boot time (CLOCK_BOOTTIME) is for intervals and for
// noticing that the wall clock was stepped. Everything outside core/ is handed a Clock, or the
// instant itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace nightbox {

using Microseconds = std::chrono::microseconds;
// UTC.
using WallTime = std::chrono::time_point<std::chrono::system_clock, Microseconds>;

struct BootClock {
  using duration = Microseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BootClock, duration>;
};
using BootTime = BootClock::time_point;

inline std::int64_t ToMicros(WallTime time) { return time.time_since_epoch().count(); }
inline WallTime FromMicros(std::int64_t micros) { return WallTime(Microseconds(micros)); }

// What the kernel says of its clock (adjtimex).
struct ClockQuality {
  bool synchronized = false;
  // Meaningful only when synchronized.
  Microseconds max_error{0};

  bool operator==(const ClockQuality&) const = default;
};

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime Now() const = 0;
  virtual BootTime BootNow() const = 0;
  virtual ClockQuality Quality() const = 0;
};

class SystemClock : public Clock {
 public:
  WallTime Now() const override;
  BootTime BootNow() const override;
  ClockQuality Quality() const override;
};

// A clock that moves only when told: for tests and the simulation.
class SimClock : public Clock {
 public:
  explicit SimClock(WallTime start) : wall_(start) {}

  WallTime Now() const override;
  BootTime BootNow() const override;
  ClockQuality Quality() const override;

  // Both clocks go forward.
  void Advance(Microseconds by);
  // Somebody sets the wall clock; boot time goes on.
  void StepWall(Microseconds by);
  void SetQuality(ClockQuality quality);

 private:
  mutable std::mutex mutex_;  // Guards all below: tests read from several threads.
  WallTime wall_;
  BootTime boot_{Microseconds(1'000'000)};
  ClockQuality quality_{true, Microseconds(500)};
};

}  // namespace nightbox
