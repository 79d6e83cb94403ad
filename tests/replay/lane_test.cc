// Goal: a lane starts slowly, widens with success, gives way to trouble, and never gives up.
// Method: the lane alone, with a seed and instants of our own.
#include "replay/lane.h"

#include <gtest/gtest.h>

#include <set>

namespace nightbox {
namespace {

constexpr BootTime kStart{Microseconds(1'000'000)};

LaneOptions Options() { return {}; }

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

TEST(LaneTest, NothingGoesBeforeAProbeHasBeenAnswered) {
  const Lane lane(Options(), kStart);
  EXPECT_EQ(lane.state(), LaneState::kBackingOff);
  EXPECT_EQ(lane.Window(kStart), 0U);
  EXPECT_TRUE(lane.ProbeDue(kStart));
}

TEST(LaneTest, TheFirstDeliveryGoesAloneAndTheWindowWidensByOneAWindow) {
  Lane lane(Options(), kStart);
  lane.Opened();
  EXPECT_EQ(lane.Window(kStart), 1U);
  lane.Succeeded(true);
  EXPECT_EQ(lane.state(), LaneState::kFlowing);
  EXPECT_EQ(lane.Window(kStart), 2U);
  lane.Succeeded(true);
  EXPECT_EQ(lane.Window(kStart), 2U);
  lane.Succeeded(true);
  lane.Succeeded(true);
  EXPECT_EQ(lane.Window(kStart), 3U);
  for (int i = 0; i < 1000; ++i) lane.Succeeded(true);
  EXPECT_EQ(lane.Window(kStart), Options().window_max);
}

TEST(LaneTest, ASlowSuccessDoesNotWiden) {
  Lane lane(Options(), kStart);
  lane.Opened();
  for (int i = 0; i < 100; ++i) lane.Succeeded(false);
  EXPECT_EQ(lane.state(), LaneState::kFlowing);
  EXPECT_EQ(lane.Window(kStart), 1U);
}

TEST(LaneTest, TroubleHalvesAndTroubleInARowCloses) {
  SeededRandom random(2);
  Lane lane(Options(), kStart);
  lane.Opened();
  for (int i = 0; i < 1000; ++i) lane.Succeeded(true);
  lane.Troubled(kStart, random);
  EXPECT_EQ(lane.Window(kStart), Options().window_max / 2);
  lane.Succeeded(false);
  lane.Troubled(kStart, random);
  lane.Troubled(kStart, random);
  EXPECT_EQ(lane.state(), LaneState::kFlowing);
  lane.Troubled(kStart, random);
  EXPECT_EQ(lane.state(), LaneState::kBackingOff);
  EXPECT_EQ(lane.Window(kStart), 0U);
}

TEST(LaneTest, ProbingClosesAtTheFirstTrouble) {
  SeededRandom random(3);
  Lane lane(Options(), kStart);
  lane.Opened();
  lane.Troubled(kStart, random);
  EXPECT_EQ(lane.state(), LaneState::kBackingOff);
}

TEST(LaneTest, AnAnsweredProbeDoesNotShortenTheDelays) {
  SeededRandom random(4);
  Lane lane(Options(), kStart);
  Microseconds sum{0};
  constexpr int kRounds = 200;
  BootTime now = kStart;
  for (int i = 0; i < kRounds; ++i) {
    lane.Opened();
    lane.Troubled(now, random);
    if (i >= 20) sum += lane.next_try() - now;
    now = lane.next_try();
  }
  // At the cap of five minutes with full jitter the mean is two and a half.
  EXPECT_GT(sum / (kRounds - 20), std::chrono::minutes(2));
  EXPECT_LT(sum / (kRounds - 20), std::chrono::minutes(3));
}

TEST(LaneTest, PushbackIsHonouredUpToItsBound) {
  Lane lane(Options(), kStart);
  lane.Opened();
  for (int i = 0; i < 1000; ++i) lane.Succeeded(true);
  lane.PushedBack(kStart, std::chrono::seconds(30));
  EXPECT_EQ(lane.Window(kStart + std::chrono::seconds(29)), 0U);
  EXPECT_EQ(lane.Window(kStart + std::chrono::seconds(30)), Options().window_max / 2);
  lane.PushedBack(kStart, std::chrono::hours(24 * 365));
  EXPECT_EQ(lane.pushed_back_until(), kStart + Options().pushback_max);
}

TEST(LaneTest, LateTroubleOfOneIncidentDoesNotProlongIt) {
  SeededRandom random(5);
  Lane lane(Options(), kStart);
  lane.Opened();
  lane.Troubled(kStart, random);
  const BootTime next = lane.next_try();
  for (int i = 0; i < 50; ++i) lane.Troubled(kStart + std::chrono::milliseconds(i), random);
  EXPECT_EQ(lane.next_try(), next);
}

}  // namespace
}  // namespace nightbox
