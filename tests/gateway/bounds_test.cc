// Goal: whatever is sent, memory and evidence stay bounded, and nobody is forgotten silently.
// Method: the limiters and registries at their bounds, with the clock in the test's hand.
#include <gtest/gtest.h>

#include "core/sha256.h"
#include "gateway/attempt_limiter.h"
#include "gateway/case_in_reason.h"
#include "gateway/court_reach.h"
#include "gateway/library_logs.h"
#include "gateway/rate_limiter.h"
#include "gateway/upload_registry.h"
#include "gateway/watchers.h"

namespace nightbox {
namespace {

constexpr WallTime kNow = WallTime(Microseconds(1'719'895'267'000'000));
constexpr BootTime kBoot = BootTime(std::chrono::hours(1));

TEST(RateLimiterTest, ABurstThenTheRate) {
  RateLimiter limiter({60, 3, 10});
  const SystemName system("acme");
  const UserId user("user-1");
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limiter.Take(system, user, kBoot));
  EXPECT_FALSE(limiter.Take(system, user, kBoot));
  EXPECT_TRUE(limiter.Take(system, UserId("user-2"), kBoot));
  EXPECT_TRUE(limiter.Take(system, user, kBoot + std::chrono::seconds(1)));
  EXPECT_FALSE(limiter.Take(system, user, kBoot + std::chrono::seconds(1)));
}

TEST(RateLimiterTest, RemembersOnlySoManyUsers) {
  RateLimiter limiter({60, 3, 10});
  for (int i = 0; i < 1000; ++i)
    limiter.Take(SystemName("acme"), UserId("user-" + std::to_string(i)), kBoot);
  EXPECT_EQ(limiter.remembered(), 10u);
}

TEST(AttemptLimiterTest, BeyondTheBucketRefusalsAreCountedAndToldOnce) {
  AttemptLimiter limiter({2, 10});
  const SystemName system("acme");
  const UserId user("user-1");
  int journaled = 0;
  for (int i = 0; i < 10; ++i)
    journaled += limiter.Admit(system, user, kNow + std::chrono::seconds(i), kBoot) ? 1 : 0;
  EXPECT_EQ(journaled, 2);
  EXPECT_TRUE(limiter.TakeDue(kBoot + std::chrono::seconds(59), false).empty());
  const auto due = limiter.TakeDue(kBoot + std::chrono::minutes(1), false);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].count, 8u);
  EXPECT_EQ(due[0].first_at, kNow + std::chrono::seconds(2));
  EXPECT_EQ(due[0].last_at, kNow + std::chrono::seconds(9));
  EXPECT_TRUE(limiter.TakeDue(kBoot + std::chrono::minutes(9), true).empty());
  EXPECT_TRUE(limiter.Admit(system, user, kNow, kBoot + std::chrono::minutes(2)));
}

TEST(AttemptLimiterTest, ASystemThatMakesUsersUpHasABucketToo) {
  AttemptLimiter limiter({2, 100, 5, 2});
  const auto admitted = [&](const char* system, BootTime boot) {
    int journaled = 0;
    for (int user = 0; user < 50; ++user) {
      const UserId made_up("u" + std::to_string(user));
      journaled += limiter.Admit(SystemName(system), made_up, kNow, boot) ? 1 : 0;
    }
    return journaled;
  };
  EXPECT_EQ(admitted("acme", kBoot), 5);
  EXPECT_EQ(admitted("other", kBoot), 5);
  EXPECT_EQ(admitted("acme", kBoot), 0);
  std::uint64_t told = 0;
  for (const SuppressAttempts& due : limiter.TakeDue(kBoot + std::chrono::minutes(1), false))
    told += due.count;
  EXPECT_EQ(told, 45U + 45U + 50U);
  EXPECT_EQ(admitted("acme", kBoot + std::chrono::minutes(1)), 5);
  // A third system than may be remembered: nobody is refused evidence for it.
  EXPECT_EQ(admitted("third", kBoot + std::chrono::minutes(1)), 5);
}

TEST(AttemptLimiterTest, AForgottenUsersCountIsToldAllTheSame) {
  AttemptLimiter limiter({1, 2});
  for (int user = 0; user < 3; ++user) {
    for (int i = 0; i < 4; ++i)
      limiter.Admit(SystemName("acme"), UserId("u" + std::to_string(user)), kNow, kBoot);
  }
  std::uint64_t told = 0;
  for (const SuppressAttempts& due : limiter.TakeDue(kBoot, true)) told += due.count;
  EXPECT_EQ(told, 9u);
}

TEST(UploadRegistryTest, ANewerWriterEndsTheOlder) {
  UploadRegistry registry(4, 4);
  const Digest document = Sha256("document");
  int overtaken = 0;
  auto older = registry.Enter(SystemName("acme"), document, 0, [&] { ++overtaken; });
  ASSERT_TRUE(older);
  auto newer = registry.Enter(SystemName("acme"), document, 0, [&] { overtaken += 100; });
  ASSERT_TRUE(newer);
  EXPECT_EQ(overtaken, 1);
  older->reset();  // Its place goes back without taking the newer one's.
  auto other = registry.Enter(SystemName("other"), document, 0, [] {});
  EXPECT_EQ(overtaken, 1);
  EXPECT_EQ(registry.count(), 2u);
}

TEST(UploadRegistryTest, PlacesAreBoundedOverAllAndPerSystem) {
  UploadRegistry registry(3, 2);
  auto one = registry.Enter(SystemName("acme"), Sha256("1"), 0, [] {});
  auto two = registry.Enter(SystemName("acme"), Sha256("2"), 0, [] {});
  EXPECT_EQ(registry.Enter(SystemName("acme"), Sha256("3"), 0, [] {}).error().reason,
            "TOO_MANY_UPLOADS");
  auto three = registry.Enter(SystemName("other"), Sha256("3"), 0, [] {});
  EXPECT_FALSE(registry.Enter(SystemName("third"), Sha256("4"), 0, [] {}));
  one->reset();
  EXPECT_TRUE(registry.Enter(SystemName("third"), Sha256("4"), 0, [] {}));
}

TEST(UploadRegistryTest, WhatIsAnnouncedAndNotStoredIsKnownPerSystem) {
  UploadRegistry registry(8, 8);
  const SystemName acme("acme");
  auto one = registry.Enter(acme, Sha256("1"), 100, [] {});
  EXPECT_EQ((*one)->announced_bytes(), 100);
  EXPECT_EQ((*registry.Enter(SystemName("other"), Sha256("1"), 7, [] {}))->announced_bytes(), 7);
  auto two = registry.Enter(acme, Sha256("2"), 50, [] {});
  EXPECT_EQ((*two)->announced_bytes(), 150);
  // What is stored is no longer announced; never more than was.
  (*one)->Stored(40);
  (*two)->Stored(51);
  auto three = registry.Enter(acme, Sha256("3"), 1, [] {});
  EXPECT_EQ((*three)->announced_bytes(), 61);
  // A newer writer of the same document announces in place of the older, who has no say any more.
  auto newer = registry.Enter(acme, Sha256("1"), 55, [] {});
  EXPECT_EQ((*newer)->announced_bytes(), 56);
  (*one)->Stored(10);
  one->reset();
  EXPECT_EQ((*registry.Enter(acme, Sha256("4"), 0, [] {}))->announced_bytes(), 56);
  newer->reset();
  two->reset();
  EXPECT_EQ((*registry.Enter(acme, Sha256("4"), 0, [] {}))->announced_bytes(), 1);
  three->reset();
  EXPECT_EQ((*registry.Enter(acme, Sha256("4"), 0, [] {}))->announced_bytes(), 0);
}

TEST(WatchersTest, ToldOfTheirFilingOnlyAndOnlyWhileRegistered) {
  Watchers watchers(2);
  int one = 0;
  int two = 0;
  int looks = 0;
  auto first = watchers.Watch(
      7, [&](Watchers::Told told) { ++(told == Watchers::Told::kNews ? one : looks); });
  auto second = watchers.Watch(
      8, [&](Watchers::Told told) { ++(told == Watchers::Told::kNews ? two : looks); });
  EXPECT_EQ(watchers.Watch(9, [](Watchers::Told) {}), nullptr);
  watchers.Tell({7, 9});
  EXPECT_EQ(one, 1);
  EXPECT_EQ(two, 0);
  first.reset();
  watchers.Tell({7, 8});
  EXPECT_EQ(one, 1);
  EXPECT_EQ(two, 1);
  EXPECT_EQ(watchers.count(), 1u);
  EXPECT_EQ(looks, 0);
  watchers.TellAll();
  EXPECT_EQ(looks, 1);
  EXPECT_EQ(two, 1);
  EXPECT_NE(watchers.Watch(9, [](Watchers::Told) {}), nullptr);
}

TEST(UploadRegistryTest, EveryWriterIsToldOfTheEnd) {
  UploadRegistry registry(4, 4);
  int told = 0;
  auto one = registry.Enter(SystemName("acme"), Sha256("1"), 0, [&] { ++told; });
  auto two = registry.Enter(SystemName("other"), Sha256("1"), 0, [&] { ++told; });
  two->reset();
  registry.TellAll();
  EXPECT_EQ(told, 1);
}

TEST(OncePerMinuteTest, SpeaksOnceAMinuteAndSaysHowOftenItDidNot) {
  OncePerMinute bound;
  EXPECT_EQ(bound.Take(kBoot), 0u);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(bound.Take(kBoot), std::nullopt);
  EXPECT_EQ(bound.Take(kBoot + std::chrono::seconds(59)), std::nullopt);
  EXPECT_EQ(bound.Take(kBoot + std::chrono::minutes(1)), 1001u);
  EXPECT_EQ(bound.Take(kBoot + std::chrono::minutes(2)), 0u);
}

TEST(CourtReachTest, OldNewsAreNoNews) {
  CourtReachTable table(std::chrono::minutes(11), CourtDirectory::Missouri());
  const CourtId court("mo.sup");
  EXPECT_FALSE(table.Reachable(court, kNow));
  table.Set({court, CourtReach::State::kFlowing, std::nullopt});
  // Nobody has said so lately.
  EXPECT_EQ(table.Of(court, kNow).state, CourtReach::State::kUnknown);
  table.SetKnown({{court, {Availability::kAvailable, kNow - std::chrono::hours(3), kNow}}});
  EXPECT_EQ(table.Reachable(court, kNow), true);
  EXPECT_EQ(table.Of(court, kNow).state, CourtReach::State::kFlowing);
  EXPECT_EQ(table.Reachable(court, kNow + std::chrono::minutes(11)), true);
  EXPECT_FALSE(table.Reachable(court, kNow + std::chrono::minutes(12)));
  EXPECT_EQ(table.Of(court, kNow + std::chrono::minutes(12)).state, CourtReach::State::kUnknown);
  EXPECT_EQ(table.Held(court, kNow + std::chrono::minutes(12)).known.since,
            kNow + std::chrono::minutes(11));
}

TEST(CourtReachTest, ACourtSharesTheStateOfTheNearestAboveItUnlessItsOwnIsAnother) {
  CourtReachTable table(std::chrono::minutes(11), CourtDirectory::Missouri());
  const CourtId springfield("mo.cir.31.greene.springfield");
  const CourtId greene("mo.cir.31.greene");
  const CourtId jackson("mo.cir.16.jackson");
  const CourtId city("mo.cir.16.jackson.kansas-city");
  const auto known = [](Availability state, int minutes_ago = 1) {
    const WallTime at = kNow - std::chrono::minutes(minutes_ago);
    return KnownAvailability{state, at, at};
  };
  const auto held = [&](const CourtId& court) {
    const HeldAvailability found = table.Held(court, kNow);
    return std::string(ToString(found.known.state)) + " of " + found.of.str();
  };
  EXPECT_EQ(held(springfield), "unknown of " + springfield.str());

  const KnownAvailability away = known(Availability::kUnavailable);
  const KnownAvailability back = known(Availability::kAvailable);
  table.SetKnown({{greene, away}, {jackson, away}});
  EXPECT_EQ(held(springfield), "unavailable of mo.cir.31.greene");
  EXPECT_EQ(table.Reachable(springfield, kNow), false) << "as a receipt says";
  EXPECT_EQ(held(city), "unknown of " + city.str()) << "its circuit's state is not its own";

  // The same was seen of it: it is its county's state. Another: it is its own.
  table.SetKnown({{greene, away}, {springfield, away}, {jackson, away}, {city, back}});
  EXPECT_EQ(held(springfield), "unavailable of mo.cir.31.greene");
  EXPECT_EQ(held(city), "available of " + city.str());
  table.SetKnown({{greene, away}, {springfield, back}, {jackson, back}, {city, away}});
  EXPECT_EQ(held(springfield), "available of " + springfield.str());
  EXPECT_EQ(held(city), "unavailable of " + city.str());
  EXPECT_EQ(held(jackson), "available of mo.cir.16.jackson");

  // Away as its county is, but since another time: the time shown is its own.
  table.SetKnown({{greene, known(Availability::kUnavailable, 3)},
                  {springfield, known(Availability::kUnavailable, 2)}});
  EXPECT_EQ(held(springfield), "unavailable of " + springfield.str());
  EXPECT_EQ(table.Held(springfield, kNow).known.since, kNow - std::chrono::minutes(2));
  EXPECT_EQ(table.Held(greene, kNow).known.since, kNow - std::chrono::minutes(3));
  // One that this gateway delivers elsewhere than to its county's case system shares nobody's.
  CourtReachTable apart(std::chrono::minutes(11), CourtDirectory::Missouri(), {springfield});
  apart.SetKnown({{greene, away}});
  EXPECT_FALSE(apart.Reachable(springfield, kNow)) << "not even before anything was seen of it";

  // What is stated of a circuit or of the whole state holds for what shares it; old news for
  // nobody.
  table.SetKnown({{CourtId("mo.cir.31"), away}});
  EXPECT_EQ(held(springfield), "unavailable of mo.cir.31");
  table.SetKnown({{CourtId(std::string(kWholeState)), away}, {greene, back}});
  EXPECT_EQ(held(jackson), "unavailable of mo");
  EXPECT_EQ(held(greene), "available of mo.cir.31.greene");
  EXPECT_EQ(held(city), "unknown of " + city.str());
  table.SetKnown({{greene, known(Availability::kAvailable, 12)}});
  EXPECT_EQ(held(springfield), "unknown of " + springfield.str());
}

TEST(CaseInReasonTest, AReasonHoldsANumberHoweverItIsWritten) {
  for (const char* reason :
       {"24DN-CC00815", "for 24dn-cc 00815, please", "24DN/CC/00815", "24 DN (CC) 00815",
        "clerk asked(24DNCC00815)", "2\t4\nD_N:C*C-0-0-8-1-5"}) {
    EXPECT_TRUE(HoldsCaseNumber(reason, "24DN-CC00815")) << reason;
    EXPECT_TRUE(HoldsCaseNumber(reason, " 24dn cc00815 ")) << reason;
  }
  for (const char* reason : {"asked for by the clerk", "", "24DN-CC00816", "4DN-CC00815"})
    EXPECT_FALSE(HoldsCaseNumber(reason, "24DN-CC00815")) << reason;
  EXPECT_FALSE(HoldsCaseNumber("asked for", "--"));
}

TEST(CaseInReasonTest, WhereOnlyAKeyTellsTheNumberEveryRunOfWordsIsTried) {
  const auto is_it = [](const std::string& text) { return text == "24DN CC 00815"; };
  EXPECT_TRUE(HoldsCaseNumber("24DN CC 00815", is_it));
  EXPECT_TRUE(HoldsCaseNumber("asked (24DN CC 00815), please", is_it));
  for (const char* reason : {"", " ", "24DN CC", "asked for by the clerk", "24DN-CC00815"})
    EXPECT_FALSE(HoldsCaseNumber(reason, is_it)) << reason;
  std::size_t asked = 0;
  std::string longest;
  for (int i = 0; i < 500; ++i) longest += "a ";
  EXPECT_FALSE(HoldsCaseNumber(longest, [&](const std::string&) {
    ++asked;
    return false;
  }));
  EXPECT_LE(asked, 3000U);
}

}  // namespace
}  // namespace nightbox
