// Backoff: how long to wait before a call is made again, and whether it is made again at all.
//
// Pure: no clock, no sleeping, no I/O; chance comes in as a Random. The wait grows to a cap and
// stays there (R2: no attempt limit); how long to go on is the caller's decision.
#pragma once

#include <chrono>
#include <optional>

#include "core/random.h"

namespace nightbox::client {

struct BackoffLimits {
  // The first wait lies between half of this and this.
  std::chrono::milliseconds first{250};
  // No drawn wait is longer.
  std::chrono::milliseconds cap{15'000};
  // A server's wish is honoured up to here; beyond it the filer is better served by trying again.
  std::chrono::milliseconds wish_cap{300'000};
};

// One thread at a time.
class Backoff {
 public:
  Backoff(BackoffLimits limits, Random& random);

  // The next wait: drawn from [ceiling/2, ceiling], where the ceiling doubles from `first` to
  // `cap`. A server's wish is a lower bound, spread upward by at most a tenth, so that a thousand
  // clients told the same number do not come back together (R11).
  std::chrono::milliseconds Next(std::optional<std::chrono::milliseconds> wish = std::nullopt);
  // Something went well: the next wait is the first again.
  void Reset();

 private:
  BackoffLimits limits_;
  Random& random_;
  std::chrono::milliseconds ceiling_;
};

// The gRPC status codes by number, so that decisions need no gRPC header.
enum class CallCode {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16
};

enum class Again {
  // The same answer would come again.
  kFinal,
  // Nothing happened; the same request may be made again.
  kRetry,
  // It may have happened. Only the same request_id may be used, which is safe for ever (R3).
  kRetryOutcomeUnknown
};

// What is known of a failed call besides its code.
struct CallHints {
  // The gateway gave a reason word: the answer is its own and not the transport's.
  bool from_gateway = false;
  // The gateway said whether retrying helps.
  std::optional<bool> retry_helps;
  // It named a delay.
  bool delay_given = false;
};

// UNAVAILABLE, DEADLINE_EXCEEDED and ABORTED are tried again; RESOURCE_EXHAUSTED only with a delay,
// because gRPC uses the same code for a message that will never fit. CANCELLED, UNKNOWN and
// INTERNAL are tried again only when they do not come from the gateway itself: then a proxy or a
// dying connection made them up.
Again DecideAgain(CallCode code, const CallHints& hints);

}  // namespace nightbox::client
