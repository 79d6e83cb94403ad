#include "client/stop_signal.h"

#include <csignal>
#include <cstdint>
#include <ctime>

#include "core/check.h"

namespace nightbox::client {
namespace {

std::atomic<StopSignal*> current{nullptr};

// Only what a signal handler may do: two atomic stores and giving the signal its old meaning back.
void OnSignal(int signal_number) {
  if (StopSignal* stop = current.load()) stop->Raise();
  std::signal(signal_number, SIG_DFL);
}

}  // namespace

SignalStop::SignalStop() {
  NB_CHECK(current.exchange(this) == nullptr);
  struct sigaction action {};
  action.sa_handler = OnSignal;
  sigemptyset(&action.sa_mask);
  // No SA_RESTART: a wait must end.
  NB_CHECK(sigaction(SIGINT, &action, nullptr) == 0);
  NB_CHECK(sigaction(SIGTERM, &action, nullptr) == 0);
}

SignalStop::~SignalStop() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  current.store(nullptr);
}

bool SignalStop::Wait(std::chrono::microseconds how_long) {
  // In slices, because the signal may be delivered to one of gRPC's threads and leave this one
  // asleep.
  constexpr std::chrono::microseconds kSlice{50'000};
  while (how_long.count() > 0 && !raised()) {
    const std::chrono::microseconds slice = how_long < kSlice ? how_long : kSlice;
    timespec span{};
    span.tv_nsec = static_cast<long>(slice.count()) * 1000;
    ::nanosleep(&span, nullptr);
    how_long -= slice;
  }
  return !raised();
}

}  // namespace nightbox::client
