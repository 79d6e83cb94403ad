// Goal: waits keep their bounds and spread out, a server's wish is honoured, and nothing that may
// have happened is given up on.
// Method: many seeds, every status code.
#include "client/backoff.h"

#include <gtest/gtest.h>

#include <set>

namespace nightbox::client {
namespace {

using std::chrono::milliseconds;

TEST(BackoffTest, EveryWaitLiesBetweenHalfTheCeilingAndTheCeiling) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SeededRandom random(seed);
    Backoff backoff({milliseconds(100), milliseconds(1500)}, random);
    for (const int ceiling : {100, 200, 400, 800, 1500, 1500, 1500}) {
      const milliseconds wait = backoff.Next();
      EXPECT_GE(wait, milliseconds(ceiling) / 2);
      EXPECT_LE(wait, milliseconds(ceiling));
    }
  }
}

TEST(BackoffTest, ClientsThatFailTogetherDoNotComeBackTogether) {
  std::set<milliseconds> waits;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SeededRandom random(seed);
    Backoff backoff({milliseconds(10'000), milliseconds(10'000)}, random);
    waits.insert(backoff.Next());
  }
  EXPECT_GT(waits.size(), 90U);
}

TEST(BackoffTest, AThousandFailuresDoNotOverflowTheCap) {
  SeededRandom random(1);
  Backoff backoff({}, random);
  for (int i = 0; i < 1000; ++i) EXPECT_LE(backoff.Next(), BackoffLimits{}.cap);
}

TEST(BackoffTest, AServersWishIsHonouredUpToItsCap) {
  SeededRandom random(2);
  const BackoffLimits limits;
  for (int i = 0; i < 100; ++i) {
    Backoff backoff(limits, random);
    const milliseconds wait = backoff.Next(milliseconds(5000));
    EXPECT_GE(wait, milliseconds(5000));
    EXPECT_LE(wait, milliseconds(5500));
  }
  Backoff backoff(limits, random);
  EXPECT_LE(backoff.Next(std::chrono::hours(24 * 365)), limits.wish_cap + limits.wish_cap / 10);
  EXPECT_GT(backoff.Next(milliseconds(-5)), milliseconds(0));
}

TEST(BackoffTest, SuccessStartsOver) {
  SeededRandom random(3);
  Backoff backoff({milliseconds(100), milliseconds(10'000)}, random);
  for (int i = 0; i < 10; ++i) backoff.Next();
  backoff.Reset();
  EXPECT_LE(backoff.Next(), milliseconds(100));
}

TEST(DecideAgainTest, WhatMayHaveHappenedIsRepeated) {
  EXPECT_EQ(DecideAgain(CallCode::kUnavailable, {}), Again::kRetryOutcomeUnknown);
  EXPECT_EQ(DecideAgain(CallCode::kDeadlineExceeded, {}), Again::kRetryOutcomeUnknown);
  EXPECT_EQ(DecideAgain(CallCode::kAborted, {}), Again::kRetry);
}

TEST(DecideAgainTest, ExhaustedIsRepeatedOnlyWithADelay) {
  EXPECT_EQ(DecideAgain(CallCode::kResourceExhausted, {}), Again::kFinal);
  EXPECT_EQ(DecideAgain(CallCode::kResourceExhausted, {true, std::nullopt, true}), Again::kRetry);
}

TEST(DecideAgainTest, AnAnswerMadeUpOnTheWayIsNotTheGateways) {
  for (const CallCode code : {CallCode::kCancelled, CallCode::kUnknown, CallCode::kInternal}) {
    EXPECT_EQ(DecideAgain(code, {}), Again::kRetryOutcomeUnknown);
    EXPECT_EQ(DecideAgain(code, {true, std::nullopt, false}), Again::kFinal);
    EXPECT_EQ(DecideAgain(code, {true, true, false}), Again::kRetryOutcomeUnknown);
  }
}

TEST(DecideAgainTest, ARefusalIsFinalWhateverTheHints) {
  for (const CallCode code :
       {CallCode::kInvalidArgument, CallCode::kNotFound, CallCode::kAlreadyExists,
        CallCode::kPermissionDenied, CallCode::kFailedPrecondition, CallCode::kOutOfRange,
        CallCode::kUnimplemented, CallCode::kDataLoss, CallCode::kUnauthenticated}) {
    EXPECT_EQ(DecideAgain(code, {true, true, true}), Again::kFinal);
  }
}

}  // namespace
}  // namespace nightbox::client
