// AsioLoop: the gateway's loop as the replayer sees it: hand-overs by post, one timer.
//
// Everything but post() belongs to the loop's thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>

#include "core/clock.h"

namespace nightbox {

class AsioLoop {
 public:
  // `wake` is called on the loop at the time asked for last.
  AsioLoop(boost::asio::io_context& loop, const Clock& clock, std::function<void()> wake);

  void Post(std::function<void()> act);
  void WakeAt(BootTime time);

 private:
  boost::asio::io_context& loop_;
  const Clock& clock_;
  const std::function<void()> wake_;
  boost::asio::steady_timer timer_;
};

}  // namespace nightbox
