// CallCount: how many calls are open, so that a stop can wait until every answer is on its way.
//
// gRPC's own Shutdown waits for connections as well, and a client that sits idle takes seconds to
// notice a farewell (its library looks up every five). What is worth waiting for is calls: one
// counts from its beginning until its last byte, trailers included, has been handed to the kernel.
// Health checks do not count: they may watch for as long as they like.
#pragma once

#include <grpcpp/support/server_interceptor.h>

#include <chrono>
#include <cstddef>
#include <memory>

namespace nightbox {

// Any thread. The factory may outlive the count.
class CallCount {
 public:
  CallCount();

  // For the server under construction; once.
  std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> Factory();

  // Calls that begin from here on are not counted: somebody who goes on asking does not put the end
  // off.
  void Close();
  // False: some were still open after `patience`.
  bool WaitUntilNone(std::chrono::milliseconds patience);
  std::size_t open() const;

 private:
  struct State;
  class Call;
  class Noter;

  const std::shared_ptr<State> state_;
};

}  // namespace nightbox
