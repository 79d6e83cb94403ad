// What the gateway says of an error: the status with the catalogue's code, and the trailing
// metadata that explains it to the caller.
//
// Every refusal carries, beside code and message, all trailers of proto/grpc_status.h. Empty values
// are left out. Values are printable ASCII of bounded length, whatever was put in.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ids.h"
#include "core/result.h"

namespace nightbox {

// The status alone, with the code that the catalogue gives the error's reason. The message is cut
// at 1,024 bytes, between characters.
grpc::Status ToStatus(const Error& error);

// The metadata of an error, in a fixed order.
std::vector<std::pair<std::string, std::string>> ErrorMetadata(const Error& error,
                                                               const AttemptId& attempt = {});

// Adds the metadata to the call's trailers and returns the status to finish it with. Call once per
// call, before Finish.
grpc::Status Refuse(grpc::ServerContextBase& context, const Error& error,
                    const AttemptId& attempt = {});

// Other than printable ASCII becomes '?'; cut to `max` bytes.
std::string AsciiSafe(std::string_view text, std::size_t max);

}  // namespace nightbox
