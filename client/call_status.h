// From a gRPC status and its trailing metadata to a CallFailure: the one place where the filer's
// side reads what the gateway says about an error.
//
// The gateway sends nightbox-reason, -field, -fault, -retry ("yes" or "no"), -retry-after-ms,
// -what-now and -attempt-id (docs/errors.md). Whatever is missing is filled in from the code, so
// that every failure says whose fault it is and what to do.
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include "client/call_failure.h"

namespace nightbox::client {

// `status` is not OK, and the call is finished.
CallFailure FailureOf(const grpc::Status& status, const grpc::ClientContext& context);

}  // namespace nightbox::client
