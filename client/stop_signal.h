// StopSignal: the filer's wish to stop (Ctrl-C), and the only way this program waits.
//
// A wait ends early when the wish comes, so that an upload can be left in good order. Waiting is a
// virtual call because tests wait on a SimClock.
#pragma once

#include <atomic>
#include <chrono>

namespace nightbox::client {

// Thread-safe.
class StopSignal {
 public:
  StopSignal() = default;
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  virtual ~StopSignal() = default;

  void Raise() { raised_.store(true, std::memory_order_relaxed); }
  bool raised() const { return raised_.load(std::memory_order_relaxed); }

  // Waits that long; false when told to stop meanwhile.
  virtual bool Wait(std::chrono::microseconds how_long) = 0;

 private:
  std::atomic<bool> raised_{false};
};

// Raised by SIGINT and SIGTERM while it lives; one at a time in a program. A second signal ends the
// program at once.
class SignalStop : public StopSignal {
 public:
  SignalStop();
  ~SignalStop() override;

  bool Wait(std::chrono::microseconds how_long) override;
};

}  // namespace nightbox::client
