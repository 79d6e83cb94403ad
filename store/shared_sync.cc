#include "store/shared_sync.h"

#include <utility>

namespace nightbox {

SharedSync::SharedSync(std::function<Result<void>()> sync) : sync_(std::move(sync)) {}

Result<void> SharedSync::Sync() {
  std::unique_lock lock(mutex_);
  const std::uint64_t needed = begun_ + 1;
  while (done_ < needed && !failure_) {
    if (running_) {
      ++waiting_;
      ended_.wait(lock);
      --waiting_;
      continue;
    }
    running_ = true;
    const std::uint64_t mine = ++begun_;
    lock.unlock();
    const Result<void> synced = sync_();
    lock.lock();
    running_ = false;
    if (synced) {
      done_ = mine;
    } else {
      failure_ = synced.error();
    }
    ended_.notify_all();
  }
  // One that succeeded stands, even when the next has failed before this thread woke up.
  if (done_ >= needed) return {};
  return *failure_;
}

bool SharedSync::failed() const {
  const std::lock_guard lock(mutex_);
  return failure_.has_value();
}

std::size_t SharedSync::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_;
}

}  // namespace nightbox
