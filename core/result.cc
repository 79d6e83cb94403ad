#include "core/result.h"

#include "core/check.h"

namespace nightbox {

std::string_view ToString(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return "INVALID_ARGUMENT";
    case ErrorCode::kPermissionDenied:
      return "PERMISSION_DENIED";
    case ErrorCode::kUnauthenticated:
      return "UNAUTHENTICATED";
    case ErrorCode::kNotFound:
      return "NOT_FOUND";
    case ErrorCode::kAlreadyExists:
      return "ALREADY_EXISTS";
    case ErrorCode::kFailedPrecondition:
      return "FAILED_PRECONDITION";
    case ErrorCode::kResourceExhausted:
      return "RESOURCE_EXHAUSTED";
    case ErrorCode::kUnavailable:
      return "UNAVAILABLE";
    case ErrorCode::kAborted:
      return "ABORTED";
    case ErrorCode::kCancelled:
      return "CANCELLED";
    case ErrorCode::kDataLoss:
      return "DATA_LOSS";
    case ErrorCode::kInternal:
      return "INTERNAL";
  }
  CheckFailed("known ErrorCode", __FILE__, __LINE__);
}

Error Error::In(std::string_view context) const {
  Error said = *this;
  said.message = std::string(context) + ": " + message;
  return said;
}

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
  CheckFailed(error.message.c_str(), where.file_name(), static_cast<int>(where.line()));
}

}  // namespace nightbox
