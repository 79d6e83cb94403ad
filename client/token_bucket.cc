#include "client/token_bucket.h"

#include <algorithm>

#include "core/check.h"

namespace nightbox::client {
namespace {

Microseconds TimeFor(std::int64_t bytes, std::int64_t bytes_per_second) {
  return Microseconds(static_cast<std::int64_t>(static_cast<double>(bytes) * 1e6 /
                                                static_cast<double>(bytes_per_second)));
}

}  // namespace

TokenBucket::TokenBucket(std::int64_t bytes_per_second, std::int64_t burst_bytes)
    : bytes_per_second_(bytes_per_second),
      burst_(bytes_per_second > 0 ? TimeFor(burst_bytes, bytes_per_second) : Microseconds(0)) {
  NB_CHECK(bytes_per_second >= 0 && burst_bytes >= 0);
}

Microseconds TokenBucket::Take(std::int64_t bytes, BootTime now) {
  if (bytes_per_second_ == 0) return Microseconds(0);
  // A long pause earns no more than one burst.
  paid_until_ = std::max(paid_until_, now - burst_) + TimeFor(bytes, bytes_per_second_);
  return std::max(Microseconds(0), paid_until_ - now);
}

}  // namespace nightbox::client
