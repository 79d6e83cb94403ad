// Goal: what is journaled reaches the docket once and in case order, whatever fails on the way, and
// nothing leaves before it is on disk as started.
// Method: ReplayWorld: the real journal, planner and replayer against a simulated case system; days
// of trouble in virtual time, by seed.
#include "replay/replayer.h"

#include <gmock/gmock.h>

#include <optional>

#include "store/keys.h"
#include "tests/replay/replay_world.h"

namespace nightbox {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::IsEmpty;

constexpr Microseconds kDay = hours(24);

// What an operator's act became; nothing else is waited for.
Result<Outcome> Act(ReplayWorld& world, std::uint64_t filing, Draft draft) {
  std::optional<Result<Outcome>> outcome;
  world.replayer().Act(filing, std::move(draft),
                       [&outcome](const Result<Outcome>& became) { outcome = became; });
  // The loop, and a commit.
  for (int turn = 0; turn < 100 && !outcome; ++turn) world.RunFor(milliseconds(1));
  if (!outcome) return Error{ErrorCode::kInternal, "nobody was answered"};
  return *outcome;
}

// Clerks look at what comes in only so long after it.
void ReviewLater(ReplayWorld& world, Microseconds after) {
  SimFaults faults;
  faults.review_later = 1;
  faults.review_after = after;
  world.court().SetFaults(faults);
}

TEST(ReplayerTest, FilingsReachTheDocketInCaseOrderAfterAnOutage) {
  ReplayWorld world(1);
  world.StartReplayer();
  world.court().SetReachable(0, false);
  std::vector<std::uint64_t> filed;
  for (int i = 0; i < 60; ++i) {
    world.At(minutes(i), [&, i] {
      filed.push_back(world.File(ExistingCase{"24DN-CC0000" + std::to_string(i % 4)}));
    });
  }
  world.RunFor(hours(5));
  EXPECT_THAT(world.court().docket(), IsEmpty());
  for (const std::uint64_t sequence : filed) {
    EXPECT_EQ(world.State(sequence).deliveries_started, 0U);
  }
  world.court().SetReachable(0, true);
  EXPECT_TRUE(world.RunUntilSettled(hours(1)));
  EXPECT_EQ(world.court().docket().size(), 60U);
  EXPECT_EQ(world.Count(BalanceClass::kDocketed), 60U);
  EXPECT_THAT(world.DocketFaults(), IsEmpty());
}

TEST(ReplayerTest, NothingLeavesBeforeItIsOnDiskAsStarted) {
  ReplayWorld world(2);
  world.StartReplayer();
  int deliveries = 0;
  world.on_record = [&](const RecordRequest& request) {
    ++deliveries;
    const auto filing = world.journal().view()->FindFilingByKey(request.delivery_key).value();
    ASSERT_TRUE(filing.has_value());
    EXPECT_EQ(filing->state.delivery, Delivery::kUncertain);
    EXPECT_EQ(filing->state.consistency_group, "main");
    EXPECT_EQ(request.receipt_json, filing->receipt_json);
    EXPECT_EQ(request.received_at, filing->record.received_at);
  };
  for (int i = 0; i < 10; ++i) world.File(ExistingCase{"24DN-CC0000" + std::to_string(i)});
  EXPECT_TRUE(world.RunUntilSettled(minutes(10)));
  EXPECT_EQ(deliveries, 10);
}

TEST(ReplayerTest, ALargeBacklogIsReadPieceByPieceAtAStart) {
  ReplayWorld world(3);
  world.options.court_heads_max = 32;
  world.options.heads_max = 64;
  world.options.load_max = 16;
  for (int i = 0; i < 300; ++i) {
    world.File(ExistingCase{"24DN-CC" + std::to_string(10'000 + i % 200)},
               i % 2 == 0 ? "mo.cir.42.dent" : "mo.cir.21.st-louis");
  }
  world.StartReplayer();
  EXPECT_TRUE(world.RunUntilSettled(hours(1)));
  EXPECT_LE(world.replayer().Snapshot().heads_in_memory, 64U);
  EXPECT_EQ(world.court().docket().size(), 300U);
  EXPECT_THAT(world.DocketFaults(), IsEmpty());
}

TEST(ReplayerTest, APauseEndsWhenTheOutcomesOfWhatWasUnderWayAreJournaled) {
  ReplayWorld world(22);
  world.StartReplayer();
  const std::uint64_t filing = world.File(ExistingCase{"24DN-CC00001"});
  const std::uint64_t next = world.File(ExistingCase{"24DN-CC00001"});
  while (world.State(filing).delivery != Delivery::kUncertain) world.RunFor(milliseconds(1));
  int idle = 0;
  world.replayer().SetPaused(true);
  world.replayer().WhenIdle([&] {
    ++idle;
    EXPECT_EQ(world.Count(BalanceClass::kUncertain), 0U);
  });
  EXPECT_EQ(idle, 0);
  world.RunFor(hours(1));
  EXPECT_EQ(idle, 1);
  EXPECT_EQ(world.State(filing).delivery, Delivery::kSubmitted);
  EXPECT_EQ(world.State(next).deliveries_started, 0U);
  world.replayer().WhenIdle([&] { ++idle; });  // Nothing is: at once.
  EXPECT_EQ(idle, 2);
}

TEST(ReplayerTest, WhatWasUnderWayAtACrashIsAskedAboutAndNotSentAgain) {
  ReplayWorld world(4);
  world.StartReplayer();
  SimFaults faults;
  faults.lose_answer = 1;
  world.court().SetFaults(faults);
  const std::uint64_t first = world.File(ExistingCase{"24DN-CC00001"});
  const std::uint64_t second = world.File(ExistingCase{"24DN-CC00001"});
  int deliveries_of_second = 0;
  world.on_record = [&](const RecordRequest& request) {
    if (request.delivery_key == world.State(second).delivery_key) ++deliveries_of_second;
  };
  while (world.court().docket().empty()) world.RunFor(milliseconds(1));
  world.Crash();
  EXPECT_EQ(world.State(first).delivery, Delivery::kUncertain);
  world.court().SetFaults({});
  EXPECT_TRUE(world.RunUntilSettled(hours(1)));
  EXPECT_EQ(world.State(first).deliveries_started, 1U);
  EXPECT_EQ(deliveries_of_second, 1);
  EXPECT_THAT(world.DocketFaults(), IsEmpty());
}

// "Not found" at one group says nothing about what may still creep in there, and nothing at all at
// another that lags behind. The gateway forgets everything but its disk in between.
TEST(ReplayerTest, WhatItsGroupDidNotFindStaysInThatGroupThroughARestart) {
  ReplayWorld world(21, {"main", "other"});
  world.StartReplayer();
  SimFaults faults;
  faults.lose_start = 1;
  world.court().SetFaults(faults);
  const std::uint64_t first = world.File(ExistingCase{"24DN-CC00001"});
  const std::uint64_t second = world.File(ExistingCase{"24DN-CC00001"});
  while (world.State(first).deliveries_started == 0) world.RunFor(milliseconds(1));
  world.Crash();
  ASSERT_EQ(world.State(first).delivery, Delivery::kUncertain);
  // Whichever answered its probe first.
  const std::string group = world.State(first).consistency_group;
  const std::size_t endpoint = group == "main" ? 0 : 1;
  while (world.State(first).delivery == Delivery::kUncertain) world.RunFor(milliseconds(1));
  ASSERT_EQ(world.State(first).delivery, Delivery::kPending);
  world.court().SetFaults({});
  world.court().SetReachable(endpoint, false);
  world.Crash();
  const std::uint64_t elsewhere = world.File(ExistingCase{"24DN-CC00002"});
  world.RunFor(hours(2));
  EXPECT_EQ(world.Count(BalanceClass::kDocketed), 1U);
  EXPECT_EQ(world.State(elsewhere).record->state, CourtRecordState::kDocketed);
  world.court().SetReachable(endpoint, true);
  EXPECT_TRUE(world.RunUntilSettled(hours(2)));
  for (const std::uint64_t sequence : {first, second}) {
    const Digest key = world.State(sequence).delivery_key;
    EXPECT_TRUE(world.court().records(group).contains(key));
    EXPECT_FALSE(world.court().records(endpoint == 0 ? "other" : "main").contains(key));
  }
  EXPECT_THAT(world.DocketFaults(), IsEmpty());
}

// Two filings of one case; the first is uncertain in a group that is gone for ever.
class GroupGoneTest : public testing::Test {
 protected:
  GroupGoneTest() {
    world_.StartReplayer();
    SimFaults faults;
    faults.lose_start = 1;
    world_.court().SetFaults(faults);
    first_ = world_.File(ExistingCase{"24DN-CC00001"});
    second_ = world_.File(ExistingCase{"24DN-CC00001"});
    while (world_.State(first_).deliveries_started == 0) world_.RunFor(milliseconds(1));
    group_ = world_.State(first_).consistency_group;
    world_.court().SetReachable(group_ == "main" ? 0 : 1, false);
    world_.Crash();
    world_.RunFor(hours(2));
    world_.court().SetFaults({});
    EXPECT_EQ(world_.State(first_).delivery, Delivery::kUncertain);
    EXPECT_THAT(world_.court().docket(), IsEmpty());
  }

  bool IsIn(const std::string& group, std::uint64_t sequence) {
    return world_.court().records(group).contains(world_.State(sequence).delivery_key);
  }
  std::string other() const { return group_ == "main" ? "other" : "main"; }

  ReplayWorld world_{23, {"main", "other"}};
  std::uint64_t first_ = 0;
  std::uint64_t second_ = 0;
  std::string group_;
};

TEST_F(GroupGoneTest, AnOperatorsWordLetsAnotherGroupTakeTheCaseInItsOrder) {
  EXPECT_TRUE(Act(world_, first_, ResolveDelivery{first_, "jane.roe", "the clerk has looked"}));
  EXPECT_TRUE(world_.RunUntilSettled(hours(2)));
  EXPECT_TRUE(IsIn(other(), first_) && IsIn(other(), second_));
  EXPECT_FALSE(IsIn(group_, first_) || IsIn(group_, second_));
  EXPECT_THAT(world_.DocketFaults(), IsEmpty());
}

TEST_F(GroupGoneTest, WhatTwoPersonsEndLetsItsCaseGoOn) {
  EXPECT_TRUE(
      Act(world_, first_, TerminateFiling{first_, {"jane.roe", "john.doe"}, "order", "lost"}));
  EXPECT_TRUE(world_.RunUntilSettled(hours(2)));
  EXPECT_EQ(world_.State(first_).delivery, Delivery::kTerminated);
  EXPECT_TRUE(IsIn(other(), second_));
  EXPECT_EQ(world_.court().docket().size(), 1U);
}

TEST_F(GroupGoneTest, WhatIsRefusedIsAskedAboutAsBefore) {
  EXPECT_FALSE(Act(world_, first_, HoldFiling{first_, "jane.roe", "not in this state"}));
  world_.court().SetReachable(group_ == "main" ? 0 : 1, true);
  EXPECT_TRUE(world_.RunUntilSettled(hours(2)));
  EXPECT_TRUE(IsIn(group_, first_) && IsIn(group_, second_));
  EXPECT_THAT(world_.DocketFaults(), IsEmpty());
}

// While it is, the disk shows the filing as uncertain, and the answer would find it changed.
TEST(ReplayerTest, NobodyResolvesOrEndsAFilingWhoseDeliveryIsUnderWay) {
  ReplayWorld world(22);
  world.StartReplayer();
  SimFaults faults;
  faults.delay_max = seconds(20);
  world.court().SetFaults(faults);
  const std::uint64_t filing = world.File(ExistingCase{"24DN-CC00001"});
  while (world.State(filing).delivery != Delivery::kUncertain) world.RunFor(milliseconds(1));
  const auto resolved = Act(world, filing, ResolveDelivery{filing, "jane.roe", "it is away"});
  EXPECT_EQ(resolved.error().reason, "DELIVERY_UNDER_WAY");
  const auto ended =
      Act(world, filing, TerminateFiling{filing, {"jane.roe", "john.doe"}, "order", "lost"});
  EXPECT_EQ(ended.error().reason, "DELIVERY_UNDER_WAY");
  EXPECT_TRUE(world.RunUntilSettled(minutes(10)));
  EXPECT_EQ(world.State(filing).record->state, CourtRecordState::kDocketed);
  EXPECT_EQ(world.State(filing).deliveries_started, 1U);
  world.RunFor(
      minutes(1));  // The answer itself: the watch may have brought the court's word first.
  EXPECT_EQ(Act(world, filing, ResolveDelivery{filing, "jane.roe", "late"}).error().reason,
            "NOT_IN_THIS_STATE");
  EXPECT_EQ(Act(world, 4711, ResolveDelivery{4711, "jane.roe", "nobody's"}).error().reason,
            "FILING_NOT_FOUND");
}

TEST(ReplayerTest, FollowersOfANewCaseWaitForItsNumberAndCarryIt) {
  ReplayWorld world(5);
  world.StartReplayer();
  SimFaults faults;
  faults.review_later = 1;
  world.court().SetFaults(faults);
  const std::uint64_t opener = world.File(ANewCase());
  const FilingId opener_id = world.Filing(opener).record.filing_id;
  const std::uint64_t follower = world.File(OpenedBy{opener_id});
  std::string carried;
  world.on_record = [&](const RecordRequest& request) {
    if (request.filing_id != opener_id) carried = request.resolved_case_number;
  };
  world.RunFor(minutes(2));
  EXPECT_EQ(world.State(opener).delivery, Delivery::kSubmitted);
  EXPECT_EQ(world.State(follower).delivery, Delivery::kPending);
  EXPECT_TRUE(world.RunUntilSettled(hours(1)));
  EXPECT_EQ(world.State(opener).record->state, CourtRecordState::kDocketed);
  EXPECT_EQ(carried, world.State(opener).record->case_numbers.at(0).number);
  EXPECT_EQ(world.Count(BalanceClass::kDocketed), 2U);
}

TEST(ReplayerTest, FollowersOfAReturnedOpenerAreHeld) {
  ReplayWorld world(6);
  world.StartReplayer();
  SimFaults faults;
  faults.return_filing = 1;
  world.court().SetFaults(faults);
  const std::uint64_t opener = world.File(ANewCase());
  const std::uint64_t follower = world.File(OpenedBy{world.Filing(opener).record.filing_id});
  EXPECT_TRUE(world.RunUntilSettled(hours(1)));
  EXPECT_EQ(world.Count(BalanceClass::kReturned), 1U);
  EXPECT_EQ(world.State(follower).delivery, Delivery::kHeld);
  EXPECT_THAT(world.State(follower).reason, testing::HasSubstr("case not opened"));
}

TEST(ReplayerTest, LaterReviewsComeInAlsoThoseThatHappenedWhileNobodyWatched) {
  ReplayWorld world(7);
  world.StartReplayer();
  ReviewLater(world, minutes(30));
  const std::uint64_t filing = world.File(ExistingCase{"24DN-CC00001"});
  world.RunFor(minutes(1));
  EXPECT_EQ(world.State(filing).record->state, CourtRecordState::kRecorded);
  world.court().SetReachable(0, false);
  world.RunFor(hours(2));
  world.Crash();
  EXPECT_EQ(world.State(filing).record->state, CourtRecordState::kRecorded);
  world.court().SetReachable(0, true);
  EXPECT_TRUE(world.RunUntilSettled(hours(1)));
  EXPECT_EQ(world.State(filing).record->state, CourtRecordState::kDocketed);
}

TEST(ReplayerTest, AWithdrawalAfterSubmissionIsPassedOnAndTheCourtDecides) {
  ReplayWorld world(8);
  world.StartReplayer();
  ReviewLater(world, hours(40));
  const std::uint64_t filing = world.File(ExistingCase{"24DN-CC00001"});
  world.RunFor(minutes(1));
  world.court().SetReachable(0, false);
  ASSERT_TRUE(world.Commit(WithdrawFiling{filing, UserId("user-1"), "filed by mistake"}));
  world.RunFor(hours(1));
  world.Crash();  // The wish is on disk.
  world.court().SetReachable(0, true);
  EXPECT_TRUE(world.RunUntilSettled(hours(1)));
  EXPECT_EQ(world.Count(BalanceClass::kWithdrawn), 1U);
  EXPECT_EQ(world.State(filing).record->state, CourtRecordState::kWithdrawn);
}

// As before an upgrade, or a change of the settings, that binds the court elsewhere or nowhere.
TEST(ReplayerTest, AWithdrawalFindsTheCaseSystemThatHasTheFilingWhoeverServesItsCourtNow) {
  for (const bool served_elsewhere : {false, true}) {
    SCOPED_TRACE(served_elsewhere);
    ReplayWorld world(34, {"circuit", "city"});
    world.gateway().serves = [](std::size_t endpoint, const CourtId&) { return endpoint == 0; };
    world.StartReplayer();
    ReviewLater(world, hours(40));
    const std::uint64_t filing = world.File(ExistingCase{"24DN-CC00001"});
    world.RunFor(minutes(1));
    ASSERT_EQ(world.State(filing).delivery, Delivery::kSubmitted);
    world.gateway().serves = [served_elsewhere](std::size_t endpoint, const CourtId&) {
      return served_elsewhere && endpoint == 1;
    };
    world.Crash();
    ASSERT_TRUE(world.Commit(WithdrawFiling{filing, UserId("user-1"), "filed by mistake"}));
    world.RunFor(hours(1));
    EXPECT_EQ(world.Count(BalanceClass::kWithdrawn), 1U);
    EXPECT_EQ(world.court().counts().wishes, 1U);
  }
}

// Else each asking would change the record, each change would be journaled, and each entry would
// have the wish passed on again, for ever.
TEST(ReplayerTest, AWishThatWasTakenIsNotPassedOnAgainWhateverTheCourtSaysMeanwhile) {
  ReplayWorld world(35);
  world.StartReplayer();
  SimFaults faults;
  faults.review_later = 1;
  faults.review_after = hours(400);
  faults.note_wish = 1;
  world.court().SetFaults(faults);
  const std::uint64_t filing = world.File(ExistingCase{"24DN-CC00001"});
  world.RunFor(minutes(1));
  ASSERT_TRUE(world.Commit(WithdrawFiling{filing, UserId("user-1"), "filed by mistake"}));
  world.RunFor(hours(1));
  EXPECT_EQ(world.State(filing).record->raw_status, "ASKED 1 TIMES");
  const std::uint64_t entries = world.journal().view()->published();
  world.RunFor(hours(10));
  EXPECT_EQ(world.court().counts().wishes, 1U);
  EXPECT_EQ(world.journal().view()->published(), entries);
}

TEST(ReplayerTest, AFilingWithdrawnBeforeItsDeliveryNeverLeaves) {
  ReplayWorld world(9);
  world.StartReplayer();
  world.court().SetReachable(0, false);
  const std::uint64_t first = world.File(ExistingCase{"24DN-CC00001"});
  const std::uint64_t second = world.File(ExistingCase{"24DN-CC00001"});
  world.RunFor(hours(1));
  ASSERT_TRUE(world.Commit(WithdrawFiling{first, UserId("user-1"), "not needed"}));
  world.court().SetReachable(0, true);
  EXPECT_TRUE(world.RunUntilSettled(hours(1)));
  EXPECT_EQ(world.State(first).deliveries_started, 0U);
  EXPECT_EQ(world.State(second).record->state, CourtRecordState::kDocketed);
}

TEST(ReplayerTest, AHeldCaseWaitsUntilItIsReleased) {
  ReplayWorld world(10);
  world.StartReplayer();
  world.court().SetReachable(0, false);
  const std::uint64_t first = world.File(ExistingCase{"24DN-CC00001"});
  const std::uint64_t second = world.File(ExistingCase{"24DN-CC00001"});
  const std::uint64_t other = world.File(ExistingCase{"24DN-CC00002"});
  ASSERT_TRUE(world.Commit(HoldFiling{first, "ops", "asked by the clerk"}));
  world.court().SetReachable(0, true);
  world.RunFor(hours(1));
  EXPECT_EQ(world.State(first).delivery, Delivery::kHeld);
  EXPECT_EQ(world.State(second).delivery, Delivery::kPending);
  EXPECT_EQ(world.State(other).record->state, CourtRecordState::kDocketed);
  ASSERT_TRUE(world.Commit(ReleaseFiling{first, "ops", "the clerk is content"}));
  EXPECT_TRUE(world.RunUntilSettled(hours(1)));
  EXPECT_THAT(world.DocketFaults(), IsEmpty());
}

TEST(ReplayerTest, AFilingWhoseBytesAreGoneIsHeldAtOnceAndItsCaseWaits) {
  ReplayWorld world(11);
  world.StartReplayer();
  const std::uint64_t broken = world.File(ExistingCase{"24DN-CC00001"});
  const std::uint64_t follower = world.File(ExistingCase{"24DN-CC00001"});
  const std::uint64_t other = world.File(ExistingCase{"24DN-CC00002"});
  world.Rot(broken);
  world.RunFor(hours(1));
  EXPECT_EQ(world.State(broken).delivery, Delivery::kHeld);
  EXPECT_EQ(world.State(broken).owner, "nightbox");
  EXPECT_EQ(world.State(broken).deliveries_started, 1U);
  EXPECT_EQ(world.State(follower).delivery, Delivery::kPending);
  EXPECT_EQ(world.State(other).record->state, CourtRecordState::kDocketed);
}

// A start reads the first and the last entry: those that are spoilt stand between two others.
RecordOperatorAct AnyAct() { return {"ops", "looked", "nothing to see"}; }

TEST(ReplayerTest, AFilingThatCannotBeReadBackIsHeldOnceAndOthersGoOn) {
  ReplayWorld world(24);
  ASSERT_TRUE(world.Commit(AnyAct()));
  world.StartReplayer();
  world.court().SetReachable(0, false);
  const std::uint64_t broken = world.File(ExistingCase{"24DN-CC00001"});
  const std::uint64_t follower = world.File(ExistingCase{"24DN-CC00001"});
  const std::uint64_t other = world.File(ExistingCase{"24DN-CC00002"});
  world.Spoil(keys::Entry(broken));
  world.court().SetReachable(0, true);
  int drafts = 0;
  world.gateway().queue_full = [&] {
    ++drafts;
    return false;
  };
  world.RunFor(minutes(10));
  EXPECT_EQ(world.State(broken).delivery, Delivery::kHeld);
  EXPECT_EQ(world.State(broken).owner, "nightbox");
  EXPECT_EQ(world.State(broken).deliveries_started, 0U);
  EXPECT_EQ(world.State(follower).delivery, Delivery::kPending);
  EXPECT_EQ(world.State(other).record->state, CourtRecordState::kDocketed);
  EXPECT_LT(drafts, 20);
  // To let it go changes nothing of it: held again, and no more often than asked.
  ASSERT_TRUE(world.Commit(ReleaseFiling{broken, "ops", "once more"}));
  world.RunFor(minutes(10));
  EXPECT_EQ(world.State(broken).delivery, Delivery::kHeld);
  EXPECT_LT(drafts, 20);
}

TEST(ReplayerTest, AHoldThatTheJournalHasNoRoomForIsTriedAgainWithoutHaste) {
  ReplayWorld world(25);
  ASSERT_TRUE(world.Commit(AnyAct()));
  world.StartReplayer();
  world.court().SetReachable(0, false);
  const std::uint64_t broken = world.File(ExistingCase{"24DN-CC00001"});
  ASSERT_TRUE(world.Commit(AnyAct()));
  world.Spoil(keys::Entry(broken));
  int refused = 0;
  bool full = true;
  world.gateway().queue_full = [&] { return full && ++refused < 10'000; };
  world.court().SetReachable(0, true);
  world.RunFor(hours(2));
  EXPECT_EQ(world.State(broken).delivery, Delivery::kPending);
  EXPECT_GT(refused, 5);
  EXPECT_LT(refused, 100);
  full = false;
  world.RunFor(hours(1));
  EXPECT_EQ(world.State(broken).delivery, Delivery::kHeld);
}

// A state that cannot be read keeps neither the gateway nor the others from going on.
TEST(ReplayerTest, AnUncertainFilingWhoseStateCannotBeReadStopsNobodyElse) {
  ReplayWorld world(26);
  world.StartReplayer();
  const std::uint64_t broken = world.File(ExistingCase{"24DN-CC00001"});
  const std::uint64_t follower = world.File(ExistingCase{"24DN-CC00001"});
  while (world.State(broken).deliveries_started == 0) world.RunFor(milliseconds(1));
  world.Spoil(keys::State(broken));
  const std::uint64_t other = world.File(ExistingCase{"24DN-CC00002"});
  world.RunFor(hours(1));
  EXPECT_EQ(world.State(other).record->state, CourtRecordState::kDocketed);
  EXPECT_EQ(world.State(follower).deliveries_started, 0U);
  EXPECT_THAT(world.DocketFaults(), IsEmpty());
}

// One filing that is unreadable at all must not keep a whole court system's news away.
TEST(ReplayerTest, ReviewsOfOthersComeInBehindThatOfAFilingThatCannotBeRead) {
  for (const bool even_its_state : {false, true}) {
    ReplayWorld world(27);
    ASSERT_TRUE(world.Commit(AnyAct()));
    world.StartReplayer();
    ReviewLater(world, minutes(30));
    const std::uint64_t broken = world.File(ExistingCase{"24DN-CC00001"});
    world.RunFor(minutes(5));
    const std::uint64_t other = world.File(ExistingCase{"24DN-CC00002"});
    world.RunFor(minutes(5));
    ASSERT_EQ(world.State(broken).record->state, CourtRecordState::kRecorded);
    ASSERT_EQ(world.State(other).record->state, CourtRecordState::kRecorded);
    world.Spoil(keys::Entry(broken));
    if (even_its_state) world.Spoil(keys::State(broken));
    world.RunFor(hours(1));
    EXPECT_EQ(world.State(other).record->state, CourtRecordState::kDocketed);
    if (!even_its_state) {
      EXPECT_EQ(world.State(broken).record->state, CourtRecordState::kDocketed);
    }
  }
}

TEST(ReplayerTest, PausedMeansThatWhatIsUnderWayEndsAndNothingBegins) {
  ReplayWorld world(12);
  world.StartReplayer();
  for (int i = 0; i < 50; ++i) world.File(ExistingCase{"24DN-CC" + std::to_string(10'000 + i)});
  while (world.replayer().idle()) world.RunFor(milliseconds(1));
  world.replayer().SetPaused(true);
  world.RunFor(minutes(5));
  EXPECT_TRUE(world.replayer().idle());
  EXPECT_EQ(world.Count(BalanceClass::kUncertain), 0U);
  EXPECT_GT(world.Count(BalanceClass::kPending), 0U);
  world.replayer().SetPaused(false);
  EXPECT_TRUE(world.RunUntilSettled(hours(1)));
}

// The control: the docket does show it when a key goes to two groups.
TEST(SimCaseSystemTest, OneKeyInTwoGroupsIsTwoRows) {
  SimClock clock(kJuly);
  SeededRandom random(1);
  std::vector<std::function<void()>> acts;
  SimCaseSystem court(random, clock, [&](Microseconds, std::function<void()> act) {
    acts.push_back(std::move(act));
  });
  CaseSystemPort& first = court.AddEndpoint("main");
  CaseSystemPort& second = court.AddEndpoint("lagging");
  RecordRequest request;
  request.delivery_key = Sha256("key");
  request.header.case_reference = ExistingCase{"24DN-CC00001"};
  int answers = 0;
  for (CaseSystemPort* port : {&first, &first, &second}) {
    port->Record(request, nullptr, [&](const RecordAnswer& answer) {
      EXPECT_EQ(answer.fate, DeliveryFate::kSettled);
      ++answers;
    });
  }
  for (std::size_t i = 0; i < acts.size(); ++i) {
    const std::function<void()> act = acts[i];
    act();
  }
  EXPECT_EQ(answers, 3);
  EXPECT_EQ(court.docket().size(), 2U);
}

// Endpoints, courts and answers come and go, the gateway and the case system crash, the second
// group lags for ever. After healing every filing is settled, docketed at most once, and cases are
// in order.
class ReplayStormTest : public testing::TestWithParam<int> {};

TEST_P(ReplayStormTest, EveryFilingIsSettledOnceAndInOrder) {
  ReplayWorld world(static_cast<std::uint64_t>(GetParam()), {"main", "main", "spare"});
  world.options.court_heads_max = 8;
  world.options.heads_max = 16;
  world.options.load_max = 8;
  world.options.in_flight_max = 6;
  world.options.hold_after = 1000;
  world.StartReplayer();
  Random& random = world.random();
  const char* const courts[] = {"mo.cir.42.dent", "mo.cir.21.st-louis", "mo.sc"};
  SimFaults faults;
  faults.lose_start = 12;
  faults.lose_answer = 12;
  faults.late_commit = 20;
  faults.push_back = 20;
  faults.refuse = 20;
  faults.lose_query = 4;
  faults.return_filing = 15;
  faults.review_later = 4;
  world.court().SetFaults(faults);
  const auto sometime = [&] {
    return Microseconds(static_cast<std::int64_t>(random.Below(5'400'000'000)));
  };
  std::vector<std::uint64_t> filed;
  for (int i = 0; i < 120; ++i) {
    world.At(sometime(), [&] {
      // Follow-up filings name the case of an earlier one, sometimes by the filing that opens it.
      CaseReference in_case = ExistingCase{"24DN-CC0000" + std::to_string(random.Below(6))};
      std::string court = courts[random.Below(3)];
      if (random.OneIn(4)) in_case = ANewCase();
      if (random.OneIn(4) && !filed.empty()) {
        const FilingSnapshot earlier = world.Filing(filed[random.Below(filed.size())]);
        if (std::holds_alternative<NewCase>(earlier.record.header.case_reference)) {
          in_case = OpenedBy{earlier.record.filing_id};
          court = earlier.state.court.str();
        }
      }
      filed.push_back(world.File(in_case, court));
    });
  }
  for (int i = 0; i < 60; ++i) {
    world.At(sometime(), [&] {
      switch (random.Below(5)) {
        case 0:
          return world.court().SetReachable(random.Below(3), random.OneIn(2));
        case 1:
          return world.court().SetAway(CourtId(courts[random.Below(3)]), random.OneIn(2));
        case 2:
          return world.court().Crash();
        case 3:
          if (!filed.empty() && random.OneIn(3)) {
            // Whatever becomes of the wish.
            (void)world.Commit(WithdrawFiling{filed[random.Below(filed.size())], UserId("user-1"),
                                              "changed my mind"});
          }
          return;
        default:
          return world.Crash();
      }
    });
  }
  world.RunFor(hours(2));
  world.court().SetFaults({});
  for (std::size_t i = 0; i < 3; ++i) world.court().SetReachable(i, true);
  for (const char* court : courts) world.court().SetAway(CourtId(court), false);
  EXPECT_TRUE(world.RunUntilSettled(kDay));
  EXPECT_THAT(world.DocketFaults(), IsEmpty());
  EXPECT_TRUE(ReadBalance(*world.journal().view(), CourtId()).value().Holds());
  // What we call docketed is on the docket, and the other way round.
  std::set<Digest> docketed;
  for (const auto& row : world.court().docket()) docketed.insert(row.delivery_key);
  for (const std::uint64_t sequence : filed) {
    const FilingState state = world.State(sequence);
    const bool ours = ClassOf(state) == BalanceClass::kDocketed ||
                      (ClassOf(state) == BalanceClass::kWithdrawn && state.record.has_value());
    EXPECT_EQ(ours, docketed.contains(state.delivery_key)) << sequence;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ReplayStormTest, testing::Range(1, 31));

}  // namespace
}  // namespace nightbox
