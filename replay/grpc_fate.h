// What the end of a gRPC call says about a delivery: pure functions.
//
// A case system tells a court that is away from a broken connection, and a wish to slow down from a
// message that is too large, by words: trailing metadata "nightbox-reason", or a status message
// that begins with the reason and a colon ("COURT_AWAY: ..."); and a delay by
// "nightbox-retry-after-ms" or "grpc-retry-pushback-ms". Only codes that a case system gives on
// purpose count as its word; what a proxy or a library may say on its own (UNAVAILABLE, INTERNAL,
// UNKNOWN, ...) proves nothing.
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <string>

#include "core/result.h"
#include "replay/fate.h"

namespace nightbox {

// How far a delivery had come.
enum class DeliveryProgress {
  kAsked,    // The start may have arrived, and the case system may have all documents already.
  kSending,  // The case system asked for documents, and the last of them has not been sent.
  kSent,     // All it asked for may have arrived.
};

struct CallEnd {
  grpc::StatusCode code = grpc::StatusCode::UNKNOWN;
  std::string reason = {};
  // Negative: none given.
  std::chrono::milliseconds retry_after{-1};
  // We gave the call up because an answer was due.
  bool expired = false;
};

CallEnd EndOf(const grpc::Status& status, const grpc::ClientContext& context, bool expired);

// Without a record: a call that brought one is settled, whatever came after.
DeliveryFate DeliveryFateOf(const CallEnd& end, DeliveryProgress progress);
// Without a record.
QueryFate QueryFateOf(const CallEnd& end);
// For calls whose failure is told to a person.
Error ErrorOf(const CallEnd& end);

// "UNAVAILABLE", for logs.
const char* ToString(grpc::StatusCode code);

}  // namespace nightbox
