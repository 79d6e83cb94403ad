// RateLimiter: so many requests of one user a minute, and a burst.
//
// One token bucket per system and user; whose bucket is full again is forgotten, and when too many
// are remembered the longest unseen goes, so that memory is bounded whatever is sent. Any thread.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <utility>

#include "core/clock.h"
#include "core/ids.h"

namespace nightbox {

struct RateLimits {
  std::uint64_t per_minute = 600;
  std::uint64_t burst = 200;
  std::size_t users_max = 10'000;
};

class RateLimiter {
 public:
  explicit RateLimiter(RateLimits limits) : limits_(limits) {}

  // True: one token was taken. False: this user has to wait; nothing was taken.
  bool Take(const SystemName& system, const UserId& user, BootTime now);
  std::size_t remembered() const;

 private:
  using Key = std::pair<SystemName, UserId>;
  struct Bucket {
    double tokens;
    BootTime filled_at;
    std::list<Key>::iterator seen;
  };

  const RateLimits limits_;
  mutable std::mutex mutex_;  // Guards both below.
  std::map<Key, Bucket> buckets_;
  std::list<Key> by_last_seen_;  // Front: the longest unseen.
};

}  // namespace nightbox
