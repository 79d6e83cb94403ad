#include "client/call_queue.h"

#include <grpc/support/time.h>

#include <algorithm>

#include "core/check.h"

namespace nightbox::client {

CallQueue::~CallQueue() {
  queue_.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) {
  }
}

bool CallQueue::Await(std::chrono::milliseconds limit) {
  constexpr std::chrono::milliseconds kSlice{100};
  void* tag = nullptr;
  bool ok = false;
  while (true) {
    const std::chrono::milliseconds slice = std::min(limit, kSlice);
    const auto next = queue_.AsyncNext(&tag, &ok, DeadlineIn(slice));
    NB_CHECK(next != grpc::CompletionQueue::SHUTDOWN);
    if (next == grpc::CompletionQueue::GOT_EVENT) return ok;
    limit -= slice;
    if (timed_out_ || stopped_) {
      // Cancelled already: the step comes back by itself.
      limit = kSlice;
      continue;
    }
    stopped_ = stop_.raised();
    timed_out_ = !stopped_ && limit.count() <= 0;
    if (timed_out_ || stopped_) {
      context_.TryCancel();
      limit = kSlice;
    }
  }
}

gpr_timespec DeadlineIn(std::chrono::milliseconds span) {
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                      gpr_time_from_millis(span.count(), GPR_TIMESPAN));
}

}  // namespace nightbox::client
