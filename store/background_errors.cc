#include "store/background_errors.h"

#include <utility>

#include "store/rocks.h"

namespace nightbox {

std::optional<Error> BackgroundErrors::first() const {
  const std::lock_guard lock(mutex_);
  return first_;
}

void BackgroundErrors::SetTell(std::function<void()> tell) {
  const std::lock_guard lock(mutex_);
  tell_ = std::move(tell);
  if (first_ && tell_) tell_();
}

void BackgroundErrors::OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* status) {
  const std::lock_guard lock(mutex_);
  if (first_) return;
  first_ = ToError(*status);
  if (tell_) tell_();
}

}  // namespace nightbox
