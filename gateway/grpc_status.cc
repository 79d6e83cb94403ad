#include "gateway/grpc_status.h"

#include <algorithm>

#include "gateway/error_catalogue.h"
#include "proto/grpc_status.h"

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
  add(trailer::kReason, error.reason.empty() ? entry.reason : std::string_view(error.reason));
  add(trailer::kField, error.field);
  add(trailer::kFault, ToString(entry.fault));
  add(trailer::kRetry, entry.retry_helps ? "yes" : "no");
  if (error.retry_after) add(trailer::kRetryAfterMs, std::to_string(error.retry_after->count()));
  add(trailer::kWhatNow, entry.what_now);
  add(trailer::kAttemptId, attempt.str());
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
