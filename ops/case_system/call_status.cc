#include "ops/case_system/call_status.h"

#include <string>

#include "proto/grpc_status.h"

namespace nightbox {

grpc::Status StatusOf(const Error& error) {
  return {ToGrpcCode(error.code), error.reason + ": " + error.message};
}

Error BadStream(std::string_view why) {
  return Error{ErrorCode::kInvalidArgument, std::string(why), "STREAM"};
}

}  // namespace nightbox
