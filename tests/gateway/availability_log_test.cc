// Goal: changes reach the ledger in order and are shown; one that the committer refuses is made
// good by an entry that says so; after the last word nothing is said. Method: a committer's door
// that the test opens and shuts, virtual time, and a loop that is a list.
#include "gateway/availability_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nightbox {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;

const CourtId kDent("mo.cir.42.dent");

class AvailabilityLogTest : public testing::Test {
 protected:
  void Submit(Draft draft, const Committer::Done& done) {
    const auto& change = std::get<ChangeAvailability>(draft);
    if (full_) return done(Error{ErrorCode::kResourceExhausted, "full", "QUEUE_FULL"});
    journaled_.push_back(change.state + " " + change.cause);
    done(Outcome());
  }
  void Hear(bool available) {
    log_.Heard({{kDent, available, clock_.Now(), available ? "answered" : "court-says-away"}});
    RunLoop();
  }
  void RunLoop() {
    auto acts = std::move(posted_);
    posted_.clear();
    for (const auto& act : acts) act();
  }

  SimClock clock_{FromMicros(1'719'891'667'000'000)};
  CourtReachTable table_{minutes(11), CourtDirectory::Missouri()};
  bool full_ = false;
  std::vector<std::string> journaled_;
  std::vector<std::function<void()>> posted_;
  AvailabilityLog log_{
      {kDent},
      AvailabilityOptions(),
      clock_,
      table_,
      [this](Draft draft, const Committer::Done& done) { Submit(std::move(draft), done); },
      [this](std::function<void()> act) { posted_.push_back(std::move(act)); }};
};

TEST_F(AvailabilityLogTest, WhatIsJournaledIsShown) {
  EXPECT_EQ(table_.Reachable(kDent, clock_.Now()), std::nullopt);
  Hear(true);
  EXPECT_EQ(table_.Reachable(kDent, clock_.Now()), true);
  clock_.Advance(minutes(1));
  Hear(false);
  EXPECT_EQ(table_.Reachable(kDent, clock_.Now()), false);
  EXPECT_EQ(table_.Held(kDent, clock_.Now()).known.since, clock_.Now());
  EXPECT_THAT(journaled_, ElementsAre("available answered", "unavailable court-says-away"));
}

TEST_F(AvailabilityLogTest, OldNewsAreUnknownInTheLedgerAndOnThePage) {
  Hear(true);
  clock_.Advance(minutes(12));
  EXPECT_EQ(table_.Reachable(kDent, clock_.Now()), std::nullopt);  // Before any tick.
  log_.Tick();
  EXPECT_EQ(table_.Held(kDent, clock_.Now()).known.since, clock_.Now());
  EXPECT_THAT(journaled_, ElementsAre("available answered", "unknown no-news"));
}

TEST_F(AvailabilityLogTest, ARefusedEntryIsMadeGoodAndNothingIsContinuedInSilence) {
  Hear(true);
  full_ = true;
  clock_.Advance(seconds(10));
  Hear(false);
  Hear(true);  // Would read as if the court had been there all the time.
  log_.Tick();
  RunLoop();
  full_ = false;
  clock_.Advance(seconds(10));
  log_.Tick();
  Hear(true);
  EXPECT_THAT(journaled_,
              ElementsAre("available answered", "unknown entry-not-kept", "available answered"));
}

TEST_F(AvailabilityLogTest, NothingIsSaidAfterTheLastWord) {
  Hear(true);
  log_.Stopped();
  Hear(true);
  clock_.Advance(minutes(30));
  log_.Tick();
  EXPECT_THAT(journaled_, ElementsAre("available answered", "unknown gateway-stopped"));
  EXPECT_EQ(table_.Reachable(kDent, clock_.Now()), std::nullopt);
}

}  // namespace
}  // namespace nightbox
