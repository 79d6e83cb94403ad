#include "gateway/grpc_status.h"

#include <algorithm>

#include "core/check.h"
#include "gateway/error_catalogue.h"

namespace nightbox {
namespace {

// Trailers share HTTP/2's header limits with everything else: a long message must not cost the
// caller the whole answer.
constexpr std::size_t kMessageMax = 1024;
constexpr std::size_t kValueMax = 256;

// gRPC percent-encodes the message, so UTF-8 may stay; only the cut must not split a character.
std::string Bounded(std::string_view text) {
  if (text.size() <= kMessageMax) return std::string(text);
  std::size_t end = kMessageMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end));
}

}  // namespace

grpc::StatusCode ToGrpcCode(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return grpc::StatusCode::INVALID_ARGUMENT;
    case ErrorCode::kPermissionDenied:
      return grpc::StatusCode::PERMISSION_DENIED;
    case ErrorCode::kUnauthenticated:
      return grpc::StatusCode::UNAUTHENTICATED;
    case ErrorCode::kNotFound:
      return grpc::StatusCode::NOT_FOUND;
    case ErrorCode::kAlreadyExists:
      return grpc::StatusCode::ALREADY_EXISTS;
    case ErrorCode::kFailedPrecondition:
      return grpc::StatusCode::FAILED_PRECONDITION;
    case ErrorCode::kResourceExhausted:
      return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case ErrorCode::kUnavailable:
      return grpc::StatusCode::UNAVAILABLE;
    case ErrorCode::kAborted:
      return grpc::StatusCode::ABORTED;
    case ErrorCode::kCancelled:
      return grpc::StatusCode::CANCELLED;
    case ErrorCode::kDataLoss:
      return grpc::StatusCode::DATA_LOSS;
    case ErrorCode::kInternal:
      return grpc::StatusCode::INTERNAL;
  }
  CheckFailed("known ErrorCode", __FILE__, __LINE__);
}

grpc::Status ToStatus(const Error& error) {
  return {ToGrpcCode(EntryFor(error).code), Bounded(error.message)};
}

std::string AsciiSafe(std::string_view text, std::size_t max) {
  std::string safe(text.substr(0, std::min(max, text.size())));
  std::ranges::replace_if(
      safe, [](char c) { return c < ' ' || c > '~'; }, '?');
  return safe;
}

std::vector<std::pair<std::string, std::string>> ErrorMetadata(const Error& error,
                                                               const AttemptId& attempt) {
  const CatalogueEntry& entry = EntryFor(error);
  std::vector<std::pair<std::string, std::string>> metadata;
  const auto add = [&](const char* name, std::string_view value) {
    if (!value.empty()) metadata.emplace_back(name, AsciiSafe(value, kValueMax));
  };
  add("nightbox-reason", error.reason.empty() ? entry.reason : std::string_view(error.reason));
  add("nightbox-field", error.field);
  add("nightbox-fault", ToString(entry.fault));
  add("nightbox-retry", entry.retry_helps ? "yes" : "no");
  if (error.retry_after) add("nightbox-retry-after-ms", std::to_string(error.retry_after->count()));
  add("nightbox-what-now", entry.what_now);
  add("nightbox-attempt-id", attempt.str());
  return metadata;
}

grpc::Status Refuse(grpc::ServerContextBase& context, const Error& error,
                    const AttemptId& attempt) {
  for (const auto& [name, value] : ErrorMetadata(error, attempt)) {
    context.AddTrailingMetadata(name, value);
  }
  return ToStatus(error);
}

}  // namespace nightbox
