#include "gateway/rate_limiter.h"

#include <algorithm>

namespace nightbox {

bool RateLimiter::Take(const SystemName& system, const UserId& user, BootTime now) {
  const std::lock_guard lock(mutex_);
  const auto burst = static_cast<double>(limits_.burst);
  const Key key(system, user);
  auto found = buckets_.find(key);
  if (found == buckets_.end()) {
    if (buckets_.size() >= limits_.users_max) {
      buckets_.erase(by_last_seen_.front());
      by_last_seen_.pop_front();
    }
    by_last_seen_.push_back(key);
    found = buckets_.emplace(key, Bucket{burst, now, std::prev(by_last_seen_.end())}).first;
  } else {
    by_last_seen_.splice(by_last_seen_.end(), by_last_seen_, found->second.seen);
  }
  Bucket& bucket = found->second;
  const double minutes =
      std::chrono::duration<double, std::ratio<60>>(now - bucket.filled_at).count();
  bucket.tokens =
      std::min(burst, bucket.tokens + minutes * static_cast<double>(limits_.per_minute));
  bucket.filled_at = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

std::size_t RateLimiter::remembered() const {
  const std::lock_guard lock(mutex_);
  return buckets_.size();
}

}  // namespace nightbox
