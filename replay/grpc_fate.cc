#include "replay/grpc_fate.h"

#include <algorithm>
#include <string_view>

#include "proto/grpc_status.h"

namespace nightbox {
namespace {

constexpr std::chrono::milliseconds kNoDelay{-1};

// "COURT_AWAY: the rest".
std::string ReasonIn(std::string_view message) {
  const std::size_t colon = message.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 64) return {};
  const std::string_view word = message.substr(0, colon);
  const bool reason = std::all_of(word.begin(), word.end(), [](char each) {
    return (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9') || each == '_';
  });
  return reason ? std::string(word) : std::string();
}

bool IsLate(const CallEnd& end) {
  return end.expired || end.code == grpc::StatusCode::DEADLINE_EXCEEDED;
}

}  // namespace

CallEnd EndOf(const grpc::Status& status, const grpc::ClientContext& context, bool expired) {
  CallEnd end{status.error_code()};
  end.expired = expired;
  end.reason = TrailerOf(context, trailer::kReason);
  if (end.reason.empty()) end.reason = ReasonIn(status.error_message());
  auto delay = DelayInTrailer(context, trailer::kRetryAfterMs);
  if (!delay) delay = DelayInTrailer(context, "grpc-retry-pushback-ms");
  end.retry_after = delay.value_or(kNoDelay);
  return end;
}

DeliveryFate DeliveryFateOf(const CallEnd& end, DeliveryProgress progress) {
  switch (end.code) {
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::UNAUTHENTICATED:
    case grpc::StatusCode::NOT_FOUND:
    case grpc::StatusCode::OUT_OF_RANGE:
    case grpc::StatusCode::DATA_LOSS:
    case grpc::StatusCode::UNIMPLEMENTED:
      return DeliveryFate::kNotRecorded;
    case grpc::StatusCode::ALREADY_EXISTS:
      return DeliveryFate::kUndeliverable;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      // Without a delay it may also be our own library, refusing an answer that is too large.
      if (progress != DeliveryProgress::kSent || end.retry_after.count() >= 0) {
        return DeliveryFate::kPushback;
      }
      break;
    case grpc::StatusCode::UNAVAILABLE:
      if (end.reason == "COURT_AWAY") return DeliveryFate::kCourtAway;
      break;
    default:
      break;
  }
  if (progress == DeliveryProgress::kSending) {
    return IsLate(end) ? DeliveryFate::kStalled : DeliveryFate::kBrokenOff;
  }
  return IsLate(end) ? DeliveryFate::kUnknownLate : DeliveryFate::kUnknownLost;
}

QueryFate QueryFateOf(const CallEnd& end) {
  if (end.code == grpc::StatusCode::NOT_FOUND) return QueryFate::kNotFound;
  // An UNAVAILABLE with a reason is the case system's own: it was reached.
  if (end.code == grpc::StatusCode::UNAVAILABLE && end.reason.empty()) {
    return QueryFate::kUnreachable;
  }
  return QueryFate::kNoAnswer;
}

Error ErrorOf(const CallEnd& end) {
  const ErrorCode code =
      end.code == grpc::StatusCode::NOT_FOUND             ? ErrorCode::kNotFound
      : end.code == grpc::StatusCode::FAILED_PRECONDITION ? ErrorCode::kFailedPrecondition
      : end.code == grpc::StatusCode::OUT_OF_RANGE        ? ErrorCode::kInvalidArgument
      : end.code == grpc::StatusCode::INVALID_ARGUMENT    ? ErrorCode::kInvalidArgument
      : end.code == grpc::StatusCode::PERMISSION_DENIED   ? ErrorCode::kPermissionDenied
      // Not known here, as a proxy may say too: no word of the case system's about the request.
      : end.code == grpc::StatusCode::UNIMPLEMENTED ? ErrorCode::kPermissionDenied
      : end.code == grpc::StatusCode::CANCELLED     ? ErrorCode::kCancelled
                                                    : ErrorCode::kUnavailable;
  // The case system's own sentence stays with the case system: it may name people.
  return Error{code, std::string("the case system answered ") + ToString(end.code), end.reason};
}

const char* ToString(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::OK:
      return "OK";
    case grpc::StatusCode::CANCELLED:
      return "CANCELLED";
    case grpc::StatusCode::UNKNOWN:
      return "UNKNOWN";
    case grpc::StatusCode::INVALID_ARGUMENT:
      return "INVALID_ARGUMENT";
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return "DEADLINE_EXCEEDED";
    case grpc::StatusCode::NOT_FOUND:
      return "NOT_FOUND";
    case grpc::StatusCode::ALREADY_EXISTS:
      return "ALREADY_EXISTS";
    case grpc::StatusCode::PERMISSION_DENIED:
      return "PERMISSION_DENIED";
    case grpc::StatusCode::UNAUTHENTICATED:
      return "UNAUTHENTICATED";
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return "RESOURCE_EXHAUSTED";
    case grpc::StatusCode::FAILED_PRECONDITION:
      return "FAILED_PRECONDITION";
    case grpc::StatusCode::ABORTED:
      return "ABORTED";
    case grpc::StatusCode::OUT_OF_RANGE:
      return "OUT_OF_RANGE";
    case grpc::StatusCode::UNIMPLEMENTED:
      return "UNIMPLEMENTED";
    case grpc::StatusCode::INTERNAL:
      return "INTERNAL";
    case grpc::StatusCode::UNAVAILABLE:
      return "UNAVAILABLE";
    case grpc::StatusCode::DATA_LOSS:
      return "DATA_LOSS";
    default:
      return "an unknown status";
  }
}

}  // namespace nightbox
