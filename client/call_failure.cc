#include "client/call_failure.h"

#include "core/check.h"

namespace nightbox::client {

CallFailure CallFailure::Local(const Error& error) {
  CallFailure failure;
  failure.code = CallCode::kInternal;
  failure.message = error.message;
  failure.reason = error.reason.empty() ? "local" : error.reason;
  failure.field = error.field;
  failure.fault = "client";
  return failure;
}

CallFailure CallFailure::Interrupted() {
  CallFailure failure;
  failure.code = CallCode::kCancelled;
  failure.message = "Stopped at your request.";
  failure.reason = "interrupted";
  failure.fault = "client";
  return failure;
}

CallFailure CallFailure::Contradiction(std::string message) {
  CallFailure failure;
  failure.code = CallCode::kDataLoss;
  failure.message = std::move(message);
  failure.reason = "receipt-mismatch";
  failure.fault = "gateway";
  failure.what_now =
      "Do not rely on this answer. Keep the outbox entry, tell the court's help desk, and file by "
      "another way if a deadline is near.";
  return failure;
}

void throw_exception_from_error(const CallFailure& failure, const boost::source_location& where) {
  throw_exception_from_error(Error{ErrorCode::kInternal, failure.message}, where);
}

}  // namespace nightbox::client
