// TokenBucket: how long to wait so that an upload keeps to a rate.
//
// Pure: the caller tells the time and does the waiting.
#pragma once

#include <cstdint>

#include "core/clock.h"

namespace nightbox::client {

// One thread at a time.
class TokenBucket {
 public:
  // `bytes_per_second` 0: no limit. At most `burst_bytes` may be sent at once after a pause.
  TokenBucket(std::int64_t bytes_per_second, std::int64_t burst_bytes);

  // Takes `bytes` now and answers how long to wait before sending them. Debts add up: whoever
  // waits as told keeps to the rate.
  Microseconds Take(std::int64_t bytes, BootTime now);

 private:
  std::int64_t bytes_per_second_;
  Microseconds burst_;
  // When everything taken so far is paid for. Before the first Take: the beginning of time.
  BootTime paid_until_{};
};

}  // namespace nightbox::client
