// Every: does something again and again on the loop, until it is stopped or gone.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>

namespace nightbox {

// On the loop's thread.
class Every {
 public:
  // For the first time one interval from now; then one interval after the last time ended, so that
  // a slow act is never behind itself.
  Every(boost::asio::io_context& loop, std::chrono::milliseconds interval,
        std::function<void()> act);
  Every(const Every&) = delete;
  Every& operator=(const Every&) = delete;

  void Stop();

 private:
  void Schedule();

  const std::chrono::milliseconds interval_;
  const std::function<void()> act_;
  bool stopped_ = false;
  // A wait that has just ended may still call: it looks here first.
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  boost::asio::steady_timer timer_;
};

}  // namespace nightbox
