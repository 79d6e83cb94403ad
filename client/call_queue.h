// CallQueue: waits for the steps of one gRPC call on the calling thread, and gives way to the
// filer's wish to stop.
//
// The asynchronous interface is used although one thread waits: the blocking one cannot be
// interrupted, and cannot tell a slow upload from a dead one.
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>

#include <chrono>

#include "client/stop_signal.h"

namespace nightbox::client {

// One call, one thread. Every started step must be awaited before the queue goes.
class CallQueue {
 public:
  CallQueue(grpc::ClientContext& context, StopSignal& stop) : context_(context), stop_(stop) {}
  CallQueue(const CallQueue&) = delete;
  CallQueue& operator=(const CallQueue&) = delete;
  ~CallQueue();

  grpc::CompletionQueue* get() { return &queue_; }
  // The tag of the one step under way.
  void* tag() { return this; }

  // Waits for the step. When it takes longer than `limit`, or the filer wants to stop, the call is
  // cancelled; the step then ends soon and is still awaited. Answers gRPC's ok.
  bool Await(std::chrono::milliseconds limit);

  bool timed_out() const { return timed_out_; }
  bool stopped() const { return stopped_; }

 private:
  grpc::ClientContext& context_;
  StopSignal& stop_;
  grpc::CompletionQueue queue_;
  bool timed_out_ = false;
  bool stopped_ = false;
};

// From now; kept on the monotonic clock, so that a step of the wall clock changes nothing.
gpr_timespec DeadlineIn(std::chrono::milliseconds span);

}  // namespace nightbox::client
