// Goal: what is journaled of a court's availability is true to its bounds, never continued in
// silence, and never a flood. Method: the record alone, with news and time in the test's hand.
#include "gateway/availability.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nightbox {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::IsEmpty;
using testing::SizeIs;

const WallTime kStart = FromMicros(1'719'891'667'000'000);
const CourtId kDent("mo.cir.42.dent");
const CourtId kIron("mo.cir.42.iron");
const CourtId kSupreme("mo.sup");

class AvailabilityTest : public testing::Test {
 protected:
  std::vector<ChangeAvailability> Hear(const std::vector<CourtId>& courts, bool available,
                                       Microseconds after, const std::string& cause) {
    std::vector<AvailabilityNews> news;
    news.reserve(courts.size());
    for (const CourtId& court : courts) news.push_back({court, available, kStart + after, cause});
    return record_.Heard(news);
  }
  std::vector<ChangeAvailability> HearAll(bool available, Microseconds after) {
    return Hear({kDent, kIron, kSupreme}, available, after,
                available ? "answered" : "endpoint-not-reached");
  }
  KnownAvailability Known(const CourtId& court) const { return record_.Known().at(court); }

  AvailabilityRecord record_{{kDent, kIron, kSupreme}, AvailabilityOptions(), kStart};
};

// The whole of an entry, for comparing.
auto Says(const CourtId& court, const std::string& state, Microseconds old_seen,
          Microseconds new_seen, const std::string& cause) {
  return testing::AllOf(
      testing::Field(&ChangeAvailability::court, court),
      testing::Field(&ChangeAvailability::service, "delivery"),
      testing::Field(&ChangeAvailability::state, state),
      testing::Field(&ChangeAvailability::last_of_old_state_at, kStart + old_seen),
      testing::Field(&ChangeAvailability::first_of_new_state_at, kStart + new_seen),
      testing::Field(&ChangeAvailability::cause, cause));
}

TEST_F(AvailabilityTest, AnOutageIsStatedWithTheBoundsOfItsBeginningAndItsEnd) {
  HearAll(true, seconds(10));
  EXPECT_THAT(Hear({kDent}, true, seconds(40), "answered"), IsEmpty());
  EXPECT_THAT(Hear({kDent}, false, seconds(70), "court-says-away"),
              testing::ElementsAre(
                  Says(kDent, "unavailable", seconds(40), seconds(70), "court-says-away")));
  EXPECT_THAT(Hear({kDent}, false, seconds(100), "court-says-away"), IsEmpty());
  EXPECT_THAT(
      Hear({kDent}, true, seconds(160), "answered"),
      testing::ElementsAre(Says(kDent, "available", seconds(100), seconds(160), "answered")));
  EXPECT_EQ(Known(kDent).since, kStart + seconds(160));
  EXPECT_EQ(Known(kIron).since, kStart + seconds(10));
}

TEST_F(AvailabilityTest, CourtsThatChangeTogetherAreOneEntryWithTheWidestBounds) {
  EXPECT_THAT(
      HearAll(true, seconds(10)),
      testing::ElementsAre(Says(CourtId(), "available", seconds(10), seconds(10), "answered")));
  Hear({kIron}, true, seconds(20), "delivered");
  EXPECT_THAT(HearAll(false, seconds(40)),
              testing::ElementsAre(Says(CourtId(), "unavailable", seconds(10), seconds(40),
                                        "endpoint-not-reached")));
}

TEST_F(AvailabilityTest, WhenNotAllAreTheSameEachIsNamed) {
  HearAll(true, seconds(10));
  Hear({kSupreme}, false, seconds(40), "court-says-away");
  HearAll(false, seconds(70));  // Now all are away: one entry, and the third had been away before.
  // Two come back, the third does not.
  EXPECT_THAT(Hear({kDent, kIron}, true, seconds(99), "answered"), SizeIs(2));
}

TEST_F(AvailabilityTest, WhatIsNotFreshIsUnknownAndThatIsAChange) {
  HearAll(true, seconds(10));
  const AvailabilityOptions options;
  EXPECT_THAT(record_.Passed(kStart + seconds(10) + options.fresh), IsEmpty());
  const Microseconds later = seconds(11) + options.fresh;
  EXPECT_THAT(record_.Passed(kStart + later),
              testing::ElementsAre(Says(CourtId(), "unknown", seconds(10), later, "no-news")));
  EXPECT_EQ(Known(kDent).state, Availability::kUnknown);
  EXPECT_EQ(Known(kDent).checked_at, kStart + seconds(10));
  // And what ends it begins when it was heard, not a moment before.
  EXPECT_THAT(Hear({kDent}, true, hours(2), "answered"),
              testing::ElementsAre(Says(kDent, "available", hours(2), hours(2), "answered")));
}

TEST_F(AvailabilityTest, ACourtThatGoesUpAndDownIsLimitedUntilItHoldsStill) {
  std::size_t entries = 0;
  Microseconds at = seconds(0);
  for (int i = 0; i < 5'000; ++i) {
    at += seconds(10);
    const auto said = Hear({kDent}, i % 2 == 0, at, "answered");
    entries += said.size();
    if (entries == 5 && !said.empty()) {
      EXPECT_THAT(said, testing::ElementsAre(
                            Says(kDent, "limited", at - seconds(10), at, "changes-too-often")));
    }
    EXPECT_THAT(record_.Passed(kStart + at), IsEmpty());
  }
  EXPECT_EQ(entries, AvailabilityOptions().changes_max + 1);
  // What it is at this moment is known all the same.
  EXPECT_EQ(Known(kDent).state, Availability::kUnavailable);
  for (Microseconds still = at; still < at + minutes(15); still += minutes(1)) {
    EXPECT_THAT(Hear({kDent}, false, still, "answered"), IsEmpty());
    EXPECT_THAT(record_.Passed(kStart + still), IsEmpty());
  }
  EXPECT_THAT(record_.Passed(kStart + at + minutes(15)),
              testing::ElementsAre(Says(kDent, "unavailable", at - seconds(10), at,
                                        "steady-again after 4996 changes")));
  EXPECT_THAT(record_.Passed(kStart + at + minutes(16)), IsEmpty());
}

// The worst there is: changes as often as they are listed, and stillness just as long as it takes.
TEST_F(AvailabilityTest, NobodysChangesFloodTheLedger) {
  std::size_t entries = 0;
  bool available = true;
  WallTime at = kStart;
  const WallTime end = kStart + hours(24);
  while (at < end) {
    for (int i = 0; i < 6; ++i) {
      at += seconds(1);
      entries += record_.Heard({{kDent, available, at, "answered"}}).size();
      available = !available;
    }
    for (int minute = 0; minute < 16; ++minute) {
      at += minutes(1);
      entries += record_.Heard({{kDent, !available, at, "answered"}}).size();
      entries += record_.Passed(at).size();
    }
  }
  // The other two are not heard of, and were never anything but unknown.
  EXPECT_LE(entries, 24U * 12U);
  EXPECT_GE(entries, 24U);
}

TEST_F(AvailabilityTest, AStopEndsWhatIsKnownOnceAndAStartSaysThatNobodyLooked) {
  HearAll(true, seconds(10));
  Hear({kIron}, true, seconds(30), "delivered");
  EXPECT_THAT(record_.Forget(std::nullopt, kStart + seconds(60), "gateway-stopped"),
              testing::ElementsAre(
                  Says(CourtId(), "unknown", seconds(10), seconds(60), "gateway-stopped")));
  EXPECT_THAT(record_.Forget(std::nullopt, kStart + seconds(61), "gateway-stopped"), IsEmpty());

  EXPECT_THAT(GapAtStart(std::nullopt, kStart), IsEmpty());
  EXPECT_THAT(GapAtStart(LastEntry{kStart, true}, kStart + hours(1)), IsEmpty());
  EXPECT_THAT(
      GapAtStart(LastEntry{kStart + seconds(5), false}, kStart + hours(1)),
      testing::ElementsAre(Says(CourtId(), "unknown", seconds(5), hours(1), "gateway-restarted")));
}

TEST_F(AvailabilityTest, AnEntryThatWasNotKeptIsOwnedUpTo) {
  // Even when everything is unknown by now.
  EXPECT_THAT(
      record_.Forget(kStart + seconds(3), kStart + seconds(60), "entry-not-kept"),
      testing::ElementsAre(Says(CourtId(), "unknown", seconds(3), seconds(60), "entry-not-kept")));
}

}  // namespace
}  // namespace nightbox
