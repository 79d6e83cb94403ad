// How errors look over gRPC, on both sides of every conversation: the one switch from ErrorCode to
// a status code, and the trailing metadata that explains an error.
//
// Which of them the gateway sends with what: gateway/grpc_status.h and docs/errors.md. A case
// system may send the reason and the delay; its reason may also stand before its message.
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/status_code_enum.h>

#include <chrono>
#include <optional>
#include <string>

#include "core/result.h"

namespace nightbox {

grpc::StatusCode ToGrpcCode(ErrorCode code);

// The names of the trailing metadata. A name that is absent means that there is nothing to say.
namespace trailer {
inline constexpr char kReason[] = "nightbox-reason";  // A word of the error catalogue.
inline constexpr char kField[] = "nightbox-field";    // The field of the request that is wrong.
inline constexpr char kFault[] = "nightbox-fault";    // Whose it is.
inline constexpr char kRetry[] = "nightbox-retry";    // "yes" or "no": whether repeating can help.
inline constexpr char kRetryAfterMs[] = "nightbox-retry-after-ms";
inline constexpr char kWhatNow[] = "nightbox-what-now";
inline constexpr char kAttemptId[] = "nightbox-attempt-id";  // To quote to the operator.
// Beside an answer, not an error: what the policy on public access took out of it, and by what.
inline constexpr char kNotShown[] = "nightbox-not-shown";
}  // namespace trailer

// What came under the name, cut at 2,000 bytes; empty when nothing did. Once the call has ended.
std::string TrailerOf(const grpc::ClientContext& context, const char* name);

// The same as a number of milliseconds; nullopt when it is none, or negative.
std::optional<std::chrono::milliseconds> DelayInTrailer(const grpc::ClientContext& context,
                                                        const char* name);

}  // namespace nightbox
