// Goal: an upload keeps to its rate, and a pause earns no more than one burst.
// Method: a clock that we move as told.
#include "client/token_bucket.h"

#include <gtest/gtest.h>

namespace nightbox::client {
namespace {

TEST(TokenBucketTest, TheRateIsKeptOverManyChunks) {
  TokenBucket bucket(1'000'000, 0);
  BootTime now{Microseconds(5'000'000)};
  const BootTime start = now;
  for (int i = 0; i < 100; ++i) now += bucket.Take(50'000, now);
  EXPECT_EQ(now - start, Microseconds(5'000'000));
}

TEST(TokenBucketTest, APauseEarnsNoMoreThanOneBurst) {
  TokenBucket bucket(1'000'000, 100'000);
  const BootTime now{std::chrono::hours(24)};
  EXPECT_EQ(bucket.Take(100'000, now), Microseconds(0));
  EXPECT_EQ(bucket.Take(1'000'000, now), Microseconds(1'000'000));
}

TEST(TokenBucketTest, NoRateMeansNoWaiting) {
  TokenBucket bucket(0, 0);
  EXPECT_EQ(bucket.Take(std::int64_t{1} << 50, BootTime{}), Microseconds(0));
}

}  // namespace
}  // namespace nightbox::client
