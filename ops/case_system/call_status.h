// How a call of the case system ends: its errors as gRPC statuses, and the barrier that turns what
// was thrown into one.
//
// The reason stands before the message ("OTHER_CONTENT: ..."), so that a gateway can tell refusals
// with one code apart.
#pragma once

#include <grpcpp/support/status.h>

#include <exception>
#include <string_view>

#include "core/log.h"
#include "core/result.h"

namespace nightbox {

grpc::Status StatusOf(const Error& error);

// What the stream brought is not what the conversation allows.
Error BadStream(std::string_view why);

// The barrier between our code and gRPC's or Asio's threads: an exception (out of memory, say) ends
// one call, not the process.
template <class Act>
grpc::Status Guarded(const Act& act) {
  try {
    return act();
  } catch (const std::exception&) {
    Log(LogLevel::kError, "exception in a call");
    return {grpc::StatusCode::INTERNAL, "the case system failed within"};
  }
}

}  // namespace nightbox
