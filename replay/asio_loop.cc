#include "replay/asio_loop.h"

#include <boost/asio/post.hpp>
#include <utility>

namespace nightbox {
namespace {

// A steady clock may stand still while the machine sleeps; boot time does not. So the timer is set
// anew at least this often.
constexpr Microseconds kLongest = std::chrono::seconds(30);

}  // namespace

AsioLoop::AsioLoop(boost::asio::io_context& loop, const Clock& clock, std::function<void()> wake)
    : loop_(loop), clock_(clock), wake_(std::move(wake)), timer_(loop) {}

void AsioLoop::Post(std::function<void()> act) { boost::asio::post(loop_, std::move(act)); }

void AsioLoop::WakeAt(BootTime time) {
  const BootTime now = clock_.BootNow();
  const Microseconds wait = time <= now             ? Microseconds(0)
                            : time - now > kLongest ? kLongest
                                                    : time - now;
  timer_.expires_after(wait);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) wake_();
  });
}

}  // namespace nightbox
