// Goal: time moves only as told, and chance repeats from its seed.
#include "core/clock.h"

#include <gtest/gtest.h>

#include "core/random.h"

namespace nightbox {
namespace {

TEST(ClockTest, AStepMovesWallTimeOnly) {
  SimClock clock(FromMicros(1'719'891'667'000'000));
  const WallTime wall = clock.Now();
  const BootTime boot = clock.BootNow();
  clock.StepWall(std::chrono::seconds(-3));
  EXPECT_EQ(clock.Now(), wall - std::chrono::seconds(3));
  EXPECT_EQ(clock.BootNow(), boot);
  clock.Advance(std::chrono::seconds(5));
  EXPECT_EQ(clock.Now(), wall + std::chrono::seconds(2));
  EXPECT_EQ(clock.BootNow(), boot + std::chrono::seconds(5));
}

TEST(ClockTest, TheSystemClockAnswers) {
  const SystemClock clock;
  const BootTime first = clock.BootNow();
  EXPECT_GE(clock.BootNow(), first);
  EXPECT_GT(ToMicros(clock.Now()), 1'700'000'000'000'000);
  (void)clock.Quality();
}

TEST(RandomTest, TheSameSeedTellsTheSameStory) {
  SeededRandom one(11);
  SeededRandom two(11);
  SeededRandom other(12);
  EXPECT_EQ(one.Bytes(64), two.Bytes(64));
  EXPECT_NE(one.Bytes(64), other.Bytes(64));
}

TEST(RandomTest, BelowStaysBelow) {
  SeededRandom random(3);
  bool seen[7] = {};
  for (int i = 0; i < 1000; ++i) seen[random.Below(7)] = true;
  for (const bool each : seen) EXPECT_TRUE(each);
}

}  // namespace
}  // namespace nightbox
