// AttemptLimiter: refused attempts are evidence, and must not be a weapon.
//
// Each user has a bucket of refusals that are journaled one by one, and so has each system for all
// its users together, because a system may make users up; beyond either they are counted, and one
// "attempts suppressed" a minute stands for the rest of a user. Pure but for its own memory, which
// is bounded: when too many users are remembered the longest unseen is forgotten, with its count
// told first. Any thread.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/ids.h"
#include "store/draft.h"

namespace nightbox {

struct AttemptLimits {
  std::uint64_t per_minute = 12;
  std::size_t users_max = 10'000;
  std::uint64_t system_per_minute = 240;
  // Their names come from certificates; beyond this many all begin a new minute.
  std::size_t systems_max = 1'000;
};

class AttemptLimiter {
 public:
  explicit AttemptLimiter(AttemptLimits limits) : limits_(limits) {}

  // True: journal this refusal. False: it was counted.
  bool Admit(const SystemName& system, const UserId& user, WallTime now, BootTime boot);

  // What was counted and is due to be journaled: at most once a minute per user. `all`: at
  // shutdown.
  std::vector<SuppressAttempts> TakeDue(BootTime boot, bool all);

 private:
  using Key = std::pair<SystemName, UserId>;
  struct Window {
    std::uint64_t left = 0;
    BootTime began;
  };
  struct Bucket {
    Window window;
    SuppressAttempts suppressed;
    std::list<Key>::iterator seen;
  };

  bool SystemHasRoom(const SystemName& system, BootTime boot);

  const AttemptLimits limits_;
  std::mutex mutex_;  // Guards all below.
  std::map<SystemName, Window> systems_;
  std::map<Key, Bucket> buckets_;
  std::list<Key> by_last_seen_;  // Front: the longest unseen.
  std::vector<SuppressAttempts> forgotten_;
};

}  // namespace nightbox
