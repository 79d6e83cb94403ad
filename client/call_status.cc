#include "client/call_status.h"

#include <charconv>
#include <string_view>

namespace nightbox::client {
namespace {

// Longer values are cut: they are shown to people.
constexpr std::size_t kValueMax = 2'000;

std::string Trailer(const grpc::ClientContext& context, const char* name) {
  const auto& trailers = context.GetServerTrailingMetadata();
  const auto found = trailers.find(name);
  if (found == trailers.end()) return {};
  return std::string(found->second.data(), std::min(found->second.size(), kValueMax));
}

std::optional<std::chrono::milliseconds> Milliseconds(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count < 0) return std::nullopt;
  return std::chrono::milliseconds(count);
}

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
    case CallCode::kUnavailable:
      otherwise(failure.reason, "unreachable");
      otherwise(failure.fault, "network");
      otherwise(failure.what_now,
                "Check the network, the server's address and the certificates. If a deadline is "
                "near, file with the court directly.");
      break;
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
  failure.reason = Trailer(context, "nightbox-reason");
  failure.field = Trailer(context, "nightbox-field");
  failure.fault = Trailer(context, "nightbox-fault");
  failure.what_now = Trailer(context, "nightbox-what-now");
  failure.attempt_id = Trailer(context, "nightbox-attempt-id");
  failure.retry_after = Milliseconds(Trailer(context, "nightbox-retry-after-ms"));

  CallHints hints;
  hints.from_gateway = !failure.reason.empty();
  hints.delay_given = failure.retry_after.has_value();
  const std::string retry = Trailer(context, "nightbox-retry");
  if (retry == "yes") hints.retry_helps = true;
  if (retry == "no") hints.retry_helps = false;
  failure.again = DecideAgain(failure.code, hints);
  failure.helps_to_start_over = failure.again == Again::kFinal && hints.retry_helps.value_or(false);
  FillIn(failure);
  return failure;
}

}  // namespace nightbox::client
