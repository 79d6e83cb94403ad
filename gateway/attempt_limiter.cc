#include "gateway/attempt_limiter.h"

namespace nightbox {
namespace {

constexpr Microseconds kWindow = std::chrono::minutes(1);

}  // namespace

bool AttemptLimiter::Admit(const SystemName& system, const UserId& user, WallTime now,
                           BootTime boot) {
  const std::lock_guard lock(mutex_);
  const Key key(system, user);
  auto found = buckets_.find(key);
  if (found == buckets_.end()) {
    if (buckets_.size() >= limits_.users_max) {
      const auto oldest = buckets_.find(by_last_seen_.front());
      if (oldest->second.suppressed.count > 0 && forgotten_.size() < limits_.users_max) {
        forgotten_.push_back(oldest->second.suppressed);
      }
      buckets_.erase(oldest);
      by_last_seen_.pop_front();
    }
    by_last_seen_.push_back(key);
    Bucket bucket;
    bucket.window = {limits_.per_minute, boot};
    bucket.seen = std::prev(by_last_seen_.end());
    found = buckets_.emplace(key, std::move(bucket)).first;
  } else {
    by_last_seen_.splice(by_last_seen_.end(), by_last_seen_, found->second.seen);
  }
  Bucket& bucket = found->second;
  // While something counted waits to be told, the next window does not begin: a count never
  // straddles two tellings.
  if (boot - bucket.window.began >= kWindow && bucket.suppressed.count == 0)
    bucket.window = {limits_.per_minute, boot};
  if (bucket.window.left > 0 && SystemHasRoom(system, boot)) {
    --bucket.window.left;
    return true;
  }
  if (bucket.suppressed.count++ == 0) {
    bucket.suppressed.system = system;
    bucket.suppressed.user = user;
    bucket.suppressed.first_at = now;
  }
  bucket.suppressed.last_at = now;
  return false;
}

bool AttemptLimiter::SystemHasRoom(const SystemName& system, BootTime boot) {
  if (systems_.size() >= limits_.systems_max && !systems_.contains(system)) systems_.clear();
  Window& window =
      systems_.try_emplace(system, Window{limits_.system_per_minute, boot}).first->second;
  if (boot - window.began >= kWindow) window = {limits_.system_per_minute, boot};
  if (window.left == 0) return false;
  --window.left;
  return true;
}

std::vector<SuppressAttempts> AttemptLimiter::TakeDue(BootTime boot, bool all) {
  const std::lock_guard lock(mutex_);
  std::vector<SuppressAttempts> due = std::move(forgotten_);
  forgotten_.clear();
  for (auto& [key, bucket] : buckets_) {
    if (bucket.suppressed.count == 0 || (!all && boot - bucket.window.began < kWindow)) continue;
    due.push_back(std::move(bucket.suppressed));
    bucket.suppressed = {};
    bucket.window = {limits_.per_minute, boot};
  }
  return due;
}

}  // namespace nightbox
