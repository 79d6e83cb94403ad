#include "gateway/every.h"

#include <utility>

namespace nightbox {

Every::Every(boost::asio::io_context& loop, std::chrono::milliseconds interval,
             std::function<void()> act)
    : interval_(interval), act_(std::move(act)), timer_(loop) {
  Schedule();
}

void Every::Stop() {
  stopped_ = true;
  timer_.cancel();
}

void Every::Schedule() {
  timer_.expires_after(interval_);
  timer_.async_wait(
      [this, alive = std::weak_ptr<bool>(alive_)](const boost::system::error_code& error) {
        if (error || alive.expired() || stopped_) return;
        act_();
        if (!stopped_) Schedule();
      });
}

}  // namespace nightbox
