#include "client/call_status.h"

#include <string_view>

#include "client/unreachable.h"
#include "proto/grpc_status.h"

namespace nightbox::client {
namespace {

CallCode CodeOf(const grpc::Status& status) {
  const int number = status.error_code();
  return number >= 0 && number <= 16 ? static_cast<CallCode>(number) : CallCode::kUnknown;
}

// What we say ourselves when the gateway said nothing.
void FillIn(CallFailure& failure) {
  const auto otherwise = [](std::string& text, const char* value) {
    if (text.empty()) text = value;
  };
  switch (failure.code) {
    case CallCode::kUnavailable: {
      // With a reason it is the gateway's own answer, and its words stand.
      if (!failure.reason.empty()) break;
      Unreachable unreachable = ExplainUnreachable(failure.message);
      failure.reason = "unreachable";
      failure.message = std::move(unreachable.message);
      failure.fault = std::move(unreachable.fault);
      failure.what_now = std::move(unreachable.what_now);
      if (!unreachable.repeating_helps) failure.again = Again::kFinal;
      break;
    }
    case CallCode::kDeadlineExceeded:
      otherwise(failure.reason, "timeout");
      otherwise(failure.fault, "network");
      otherwise(failure.what_now,
                "It may have arrived. Repeat with the same request id only; that is safe.");
      break;
    case CallCode::kUnauthenticated:
    case CallCode::kPermissionDenied:
      otherwise(failure.reason, "not-allowed");
      otherwise(failure.fault, "filer");
      otherwise(failure.what_now, "Check the certificate and the registered user.");
      break;
    case CallCode::kUnimplemented:
      otherwise(failure.reason, "not-a-gateway");
      otherwise(failure.fault, "client");
      otherwise(failure.what_now, "Check the server's address: this is not a gateway's intake.");
      break;
    case CallCode::kInvalidArgument:
    case CallCode::kAlreadyExists:
    case CallCode::kFailedPrecondition:
    case CallCode::kNotFound:
    case CallCode::kOutOfRange:
      otherwise(failure.reason, "refused");
      otherwise(failure.fault, "filer");
      break;
    default:
      otherwise(failure.reason, "transport");
      otherwise(failure.fault, "gateway");
  }
}

}  // namespace

CallFailure FailureOf(const grpc::Status& status, const grpc::ClientContext& context) {
  CallFailure failure;
  failure.code = CodeOf(status);
  failure.message = status.error_message();
  failure.reason = TrailerOf(context, trailer::kReason);
  failure.field = TrailerOf(context, trailer::kField);
  failure.fault = TrailerOf(context, trailer::kFault);
  failure.what_now = TrailerOf(context, trailer::kWhatNow);
  failure.attempt_id = TrailerOf(context, trailer::kAttemptId);
  failure.retry_after = DelayInTrailer(context, trailer::kRetryAfterMs);

  CallHints hints;
  hints.from_gateway = !failure.reason.empty();
  hints.delay_given = failure.retry_after.has_value();
  const std::string retry = TrailerOf(context, trailer::kRetry);
  if (retry == "yes") hints.retry_helps = true;
  if (retry == "no") hints.retry_helps = false;
  failure.again = DecideAgain(failure.code, hints);
  failure.helps_to_start_over = failure.again == Again::kFinal && hints.retry_helps.value_or(false);
  FillIn(failure);
  return failure;
}

}  // namespace nightbox::client
