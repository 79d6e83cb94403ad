// WatchFiling: one call that sends a filing as it is, and again after each change, until it is
// settled.
//
// News that come while a message is on its way collapse into the next one. Whatever ends the call
// before the filing is settled is said with a status and the trailers of docs/errors.md: also that
// the gateway is stopping, and that the caller may not read the filing any more, which ends the
// call when the access files are read again and not only at the next news.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "gateway/desk.h"
#include "nightbox/intake/v1/intake.grpc.pb.h"

namespace nightbox {

// The call's reactor; it keeps itself alive until the call is done. `desk` outlives the call.
grpc::ServerWriteReactor<intake::v1::Filing>* WatchOneFiling(
    Desk& desk, grpc::CallbackServerContext& context,
    const intake::v1::WatchFilingRequest& request);

}  // namespace nightbox
