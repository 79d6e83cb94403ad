// SharedSync: one sync for all who wait for one.
//
// A sync makes durable what was written before it began. So a caller that comes while one is
// running cannot use it; all who come meanwhile share the next one, which the first of them to wake
// up carries out.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>

#include "core/result.h"

namespace nightbox {

// Thread-safe.
class SharedSync {
 public:
  // `sync` is called by one thread at a time, without any lock held.
  explicit SharedSync(std::function<Result<void>()> sync);

  // Returns success when a sync that began after this call has succeeded. Once one has failed,
  // fails for ever, without trying: a sync after a failed one proves nothing (store/disk.h).
  Result<void> Sync();

  bool failed() const;
  // How many callers wait for a sync that has not begun.
  std::size_t waiting() const;

 private:
  const std::function<Result<void>()> sync_;
  // Hands the one running sync from thread to thread; never held across it. Guards all below.
  mutable std::mutex mutex_;
  std::condition_variable ended_;  // A sync has ended.
  std::uint64_t begun_ = 0;        // Syncs that have begun, and
  std::uint64_t done_ = 0;         // of these the last that succeeded.
  bool running_ = false;
  std::size_t waiting_ = 0;
  std::optional<Error> failure_;
};

}  // namespace nightbox
