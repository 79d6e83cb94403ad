#include "client/backoff.h"

#include <algorithm>

#include "core/check.h"

namespace nightbox::client {
namespace {

// Uniform in [low, high].
std::chrono::milliseconds Draw(Random& random, std::chrono::milliseconds low,
                               std::chrono::milliseconds high) {
  const auto width = static_cast<std::uint64_t>((high - low).count());
  return low + std::chrono::milliseconds(random.Below(width + 1));
}

}  // namespace

Backoff::Backoff(BackoffLimits limits, Random& random)
    : limits_(limits), random_(random), ceiling_(limits.first) {
  NB_CHECK(limits.first.count() > 0 && limits.cap >= limits.first);
}

std::chrono::milliseconds Backoff::Next(std::optional<std::chrono::milliseconds> wish) {
  const std::chrono::milliseconds drawn = Draw(random_, ceiling_ / 2, ceiling_);
  ceiling_ = std::min(ceiling_ * 2, limits_.cap);
  if (!wish) return drawn;
  const std::chrono::milliseconds honoured =
      std::clamp(*wish, std::chrono::milliseconds(0), limits_.wish_cap);
  return std::max(drawn, Draw(random_, honoured, honoured + honoured / 10));
}

void Backoff::Reset() { ceiling_ = limits_.first; }

Again DecideAgain(CallCode code, const CallHints& hints) {
  switch (code) {
    case CallCode::kUnavailable:
    case CallCode::kDeadlineExceeded:
      return Again::kRetryOutcomeUnknown;
    case CallCode::kAborted:
      return Again::kRetry;
    case CallCode::kResourceExhausted:
      return hints.delay_given || hints.retry_helps.value_or(false) ? Again::kRetry : Again::kFinal;
    case CallCode::kCancelled:
    case CallCode::kUnknown:
    case CallCode::kInternal:
      if (hints.retry_helps) {
        return *hints.retry_helps ? Again::kRetryOutcomeUnknown : Again::kFinal;
      }
      return hints.from_gateway ? Again::kFinal : Again::kRetryOutcomeUnknown;
    case CallCode::kOk:
    case CallCode::kInvalidArgument:
    case CallCode::kNotFound:
    case CallCode::kAlreadyExists:
    case CallCode::kPermissionDenied:
    case CallCode::kFailedPrecondition:
    case CallCode::kOutOfRange:
    case CallCode::kUnimplemented:
    case CallCode::kDataLoss:
    case CallCode::kUnauthenticated:
      return Again::kFinal;
  }
  return Again::kFinal;
}

}  // namespace nightbox::client
