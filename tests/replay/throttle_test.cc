// Goal: a throttle starts slowly, widens with success, gives way to trouble, and never gives up.
// Method: the throttle alone, with a seed and instants of our own.
#include "replay/throttle.h"

#include <gtest/gtest.h>

#include <set>

namespace nightbox {
namespace {

constexpr BootTime kStart{Microseconds(1'000'000)};

ThrottleOptions Options() { return {}; }

TEST(BackoffTest, WaitsAreSpreadOverTheWholeIntervalUpToTheCap) {
  const Backoff backoff{std::chrono::seconds(1), std::chrono::minutes(5)};
  SeededRandom random(1);
  for (std::uint32_t failures = 0; failures < 64; ++failures) {
    Microseconds ceiling = std::chrono::seconds(1);
    for (std::uint32_t i = 0; i < failures && ceiling < backoff.cap; ++i) ceiling *= 2;
    ceiling = std::min(ceiling, backoff.cap);
    Microseconds least = Microseconds::max();
    Microseconds most{0};
    for (int i = 0; i < 400; ++i) {
      const Microseconds wait = backoff.Wait(failures, random);
      ASSERT_GT(wait, Microseconds(0));
      ASSERT_LE(wait, ceiling);
      least = std::min(least, wait);
      most = std::max(most, wait);
    }
    EXPECT_LT(least, ceiling / 10);
    EXPECT_GT(most, ceiling * 9 / 10);
  }
}

TEST(ThrottleTest, NothingGoesBeforeAProbeHasBeenAnswered) {
  const Throttle throttle(Options(), kStart);
  EXPECT_EQ(throttle.state(), ReachState::kBackingOff);
  EXPECT_EQ(throttle.Window(kStart), 0U);
  EXPECT_TRUE(throttle.ProbeDue(kStart));
}

TEST(ThrottleTest, TheFirstDeliveryGoesAloneAndTheWindowWidensByOneAWindow) {
  Throttle throttle(Options(), kStart);
  throttle.Opened();
  EXPECT_EQ(throttle.Window(kStart), 1U);
  throttle.Succeeded(true);
  EXPECT_EQ(throttle.state(), ReachState::kFlowing);
  EXPECT_EQ(throttle.Window(kStart), 2U);
  throttle.Succeeded(true);
  EXPECT_EQ(throttle.Window(kStart), 2U);
  throttle.Succeeded(true);
  throttle.Succeeded(true);
  EXPECT_EQ(throttle.Window(kStart), 3U);
  for (int i = 0; i < 1000; ++i) throttle.Succeeded(true);
  EXPECT_EQ(throttle.Window(kStart), Options().window_max);
}

TEST(ThrottleTest, ASlowSuccessDoesNotWiden) {
  Throttle throttle(Options(), kStart);
  throttle.Opened();
  for (int i = 0; i < 100; ++i) throttle.Succeeded(false);
  EXPECT_EQ(throttle.state(), ReachState::kFlowing);
  EXPECT_EQ(throttle.Window(kStart), 1U);
}

TEST(ThrottleTest, TroubleHalvesAndTroubleInARowCloses) {
  SeededRandom random(2);
  Throttle throttle(Options(), kStart);
  throttle.Opened();
  for (int i = 0; i < 1000; ++i) throttle.Succeeded(true);
  throttle.Troubled(kStart, random);
  EXPECT_EQ(throttle.Window(kStart), Options().window_max / 2);
  throttle.Succeeded(false);
  throttle.Troubled(kStart, random);
  throttle.Troubled(kStart, random);
  EXPECT_EQ(throttle.state(), ReachState::kFlowing);
  throttle.Troubled(kStart, random);
  EXPECT_EQ(throttle.state(), ReachState::kBackingOff);
  EXPECT_EQ(throttle.Window(kStart), 0U);
}

TEST(ThrottleTest, ProbingClosesAtTheFirstTrouble) {
  SeededRandom random(3);
  Throttle throttle(Options(), kStart);
  throttle.Opened();
  throttle.Troubled(kStart, random);
  EXPECT_EQ(throttle.state(), ReachState::kBackingOff);
}

TEST(ThrottleTest, AnAnsweredProbeDoesNotShortenTheDelays) {
  SeededRandom random(4);
  Throttle throttle(Options(), kStart);
  Microseconds sum{0};
  constexpr int kRounds = 200;
  BootTime now = kStart;
  for (int i = 0; i < kRounds; ++i) {
    throttle.Opened();
    throttle.Troubled(now, random);
    if (i >= 20) sum += throttle.next_try() - now;
    now = throttle.next_try();
  }
  // At the cap of five minutes with full jitter the mean is two and a half.
  EXPECT_GT(sum / (kRounds - 20), std::chrono::minutes(2));
  EXPECT_LT(sum / (kRounds - 20), std::chrono::minutes(3));
}

TEST(ThrottleTest, PushbackIsHonouredUpToItsBound) {
  Throttle throttle(Options(), kStart);
  throttle.Opened();
  for (int i = 0; i < 1000; ++i) throttle.Succeeded(true);
  throttle.PushedBack(kStart, std::chrono::seconds(30));
  EXPECT_EQ(throttle.Window(kStart + std::chrono::seconds(29)), 0U);
  EXPECT_EQ(throttle.Window(kStart + std::chrono::seconds(30)), Options().window_max / 2);
  throttle.PushedBack(kStart, std::chrono::hours(24 * 365));
  EXPECT_EQ(throttle.pushed_back_until(), kStart + Options().pushback_max);
}

TEST(ThrottleTest, LateTroubleOfOneIncidentDoesNotProlongIt) {
  SeededRandom random(5);
  Throttle throttle(Options(), kStart);
  throttle.Opened();
  throttle.Troubled(kStart, random);
  const BootTime next = throttle.next_try();
  for (int i = 0; i < 50; ++i) throttle.Troubled(kStart + std::chrono::milliseconds(i), random);
  EXPECT_EQ(throttle.next_try(), next);
}

}  // namespace
}  // namespace nightbox
