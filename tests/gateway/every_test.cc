// Goal: what is done every so often goes on until it is stopped, also by itself. Method: a loop
// with an interval of a millisecond.
#include "gateway/every.h"

#include <gtest/gtest.h>

#include <optional>

namespace nightbox {
namespace {

TEST(EveryTest, GoesOnUntilItIsStopped) {
  boost::asio::io_context loop;
  int times = 0;
  std::optional<Every> every;
  every.emplace(loop, std::chrono::milliseconds(1), [&] {
    if (++times == 3) every->Stop();
  });
  loop.run();  // Ends, since nothing is left to wait for.
  EXPECT_EQ(times, 3);
}

TEST(EveryTest, NothingHappensOnceItIsGone) {
  boost::asio::io_context loop;
  int times = 0;
  {
    const Every every(loop, std::chrono::milliseconds(0), [&] { ++times; });
  }
  loop.run();
  EXPECT_EQ(times, 0);
}

}  // namespace
}  // namespace nightbox
