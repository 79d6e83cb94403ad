// Goal: a case is served in journal order, whatever happens to the filings in it, and the balance
// always holds. Method: settlements as a court would give them, and after each the runnable index
// is what a filer would expect.
#include "store/case_queue.h"

#include <gtest/gtest.h>

#include "store/keys.h"
#include "tests/store/support/journal_fixture.h"
#include "tests/store/support/spoil_key.h"

namespace nightbox {
namespace {

class CaseQueueTest : public testing::Test {
 protected:
  CaseQueueTest() : journal_(fixture_.Fresh()) {}

  FilingState Receive(int number, CaseReference in_case = ExistingCase{"24DN-CC00001"}) {
    const auto outcome = CommitOne(*journal_, FilingDraft(number, std::move(in_case)));
    EXPECT_TRUE(outcome) << (outcome ? "" : outcome.error().message);
    return outcome->filing->state;
  }
  Result<Outcome> Start(const FilingState& filing, const std::string& group = "one") {
    return CommitOne(*journal_,
                     StartDelivery{filing.filing_sequence, group, fixture_.clock().Now()});
  }
  // The group was asked about an uncertain delivery; nullopt: it never had it.
  Result<Outcome> Ask(const FilingState& filing, std::optional<CourtRecord> answer) {
    SettleDelivery draft;
    draft.filing_sequence = filing.filing_sequence;
    draft.asked = true;
    draft.outcome =
        answer ? SettleDelivery::Outcome::kSubmitted : SettleDelivery::Outcome::kNotDelivered;
    if (answer) draft.record = *answer;
    return CommitOne(*journal_, draft);
  }
  Result<Outcome> Resolve(const FilingState& filing) {
    return CommitOne(*journal_,
                     ResolveDelivery{filing.filing_sequence, "jane.roe", "the clerk has looked"});
  }
  // The groups that the runnable filings must stay in, in their order.
  std::vector<std::string> Groups() {
    std::vector<std::string> groups;
    const auto runnable = journal_->view()->ListRunnable(CourtId("mo.cir.42.dent"), 0, 100).value();
    for (const RunnableFiling& each : runnable) groups.push_back(each.group);
    return groups;
  }
  void Reopen() {
    journal_.reset();
    journal_ = std::move(*fixture_.Open());
  }
  void Spoil(const std::string& key) {
    journal_.reset();
    SpoilKey(fixture_, key);
    Reopen();
  }
  using Names = std::vector<std::string>;
  Result<Outcome> Settle(const FilingState& filing, CourtRecord record) {
    SettleDelivery draft;
    draft.filing_sequence = filing.filing_sequence;
    draft.record = std::move(record);
    return CommitOne(*journal_, draft);
  }
  void Docket(const FilingState& filing, std::string number = "24DN-CC00001") {
    ASSERT_TRUE(Start(filing));
    const auto settled = Settle(filing, DocketedRecord(filing, std::move(number)));
    ASSERT_TRUE(settled) << settled.error().message;
    EXPECT_EQ(ClassOf(settled->filing->state), BalanceClass::kDocketed);
  }
  FilingState Now(const FilingState& filing) {
    return *FindState(*journal_->view(), filing.filing_sequence).value();
  }
  std::vector<std::uint64_t> Runnable() {
    std::vector<std::uint64_t> sequences;
    const auto runnable = journal_->view()->ListRunnable(CourtId("mo.cir.42.dent"), 0, 100).value();
    for (const RunnableFiling& each : runnable) sequences.push_back(each.filing_sequence);
    return sequences;
  }
  std::vector<std::uint64_t> Of(std::initializer_list<FilingState> filings) {
    std::vector<std::uint64_t> sequences;
    for (const FilingState& each : filings) sequences.push_back(each.filing_sequence);
    return sequences;
  }

  void TearDown() override {
    const auto balance = ReadBalance(*journal_->view(), CourtId()).value();
    EXPECT_TRUE(balance.Holds());
    EXPECT_GT(balance.received, 0u);
  }

  JournalFixture fixture_;
  std::unique_ptr<Journal> journal_;
};

TEST_F(CaseQueueTest, OnlyTheHeadOfACaseIsRunnable) {
  const FilingState one = Receive(1);
  const FilingState two = Receive(2);
  const FilingState other = Receive(3, ExistingCase{"24DN-CC00002"});
  EXPECT_EQ(Runnable(), Of({one, other}));
  EXPECT_EQ(Start(two).error().reason, "NOT_IN_THIS_STATE");
  ASSERT_TRUE(Start(one));
  EXPECT_EQ(Runnable(), Of({other}));  // Uncertain: the case waits.
  ASSERT_TRUE(Settle(one, DocketedRecord(one)));
  EXPECT_EQ(Runnable(), Of({two, other}));
}

TEST_F(CaseQueueTest, ANumberIsTheSameHoweverItIsTyped) {
  const FilingState one = Receive(1, ExistingCase{"24DN-CC00001"});
  Receive(2, ExistingCase{" 24dn-cc00001 "});
  Receive(3, ExistingCase{"24DN-CC00001-01"});  // A sub-case is another case.
  EXPECT_EQ(Runnable().size(), 2u);
  EXPECT_EQ(Runnable()[0], one.filing_sequence);
}

TEST_F(CaseQueueTest, ADeliveryThatDidNotArriveIsPendingAgain) {
  const FilingState one = Receive(1);
  ASSERT_TRUE(Start(one));
  EXPECT_EQ(Now(one).delivery, Delivery::kUncertain);
  EXPECT_EQ(journal_->view()->ListUncertain(std::nullopt, 10)->size(), 1u);
  SettleDelivery not_delivered;
  not_delivered.filing_sequence = one.filing_sequence;
  not_delivered.outcome = SettleDelivery::Outcome::kNotDelivered;
  ASSERT_TRUE(CommitOne(*journal_, not_delivered));
  EXPECT_EQ(Runnable(), Of({one}));
  EXPECT_EQ(journal_->view()->ListUncertain(std::nullopt, 10)->size(), 0u);
}

// Another group may lag behind: "not found" is the word of the group that was asked, and of no
// other.
TEST_F(CaseQueueTest, AfterNotFoundTheCaseStaysInTheGroupThatWasAskedAlsoAfterARestart) {
  const FilingState one = Receive(1);
  const FilingState two = Receive(2);
  const FilingState other = Receive(3, ExistingCase{"24DN-CC00002"});
  ASSERT_TRUE(Start(one));
  ASSERT_TRUE(Ask(one, std::nullopt));
  Reopen();
  EXPECT_EQ(Runnable(), Of({one, other}));
  EXPECT_EQ(Groups(), (Names{"one", ""}));
  EXPECT_EQ(Start(one, "two").error().reason, "NOT_IN_THIS_STATE");
  ASSERT_TRUE(Start(one));
  ASSERT_TRUE(Settle(one, DocketedRecord(one)));
  Reopen();
  EXPECT_EQ(Runnable(), Of({two, other}));
  EXPECT_EQ(Groups(), (Names{"one", ""}));
  EXPECT_EQ(Start(two, "two").error().reason, "NOT_IN_THIS_STATE");
  ASSERT_TRUE(Start(two));
  ASSERT_TRUE(Settle(two, DocketedRecord(two)));
  // Nothing of the case waits: nothing is left that could overtake.
  const FilingState next = Receive(4);
  EXPECT_EQ(Groups(), (Names{"", ""}));
  EXPECT_TRUE(Start(next, "two"));
}

TEST_F(CaseQueueTest, WhatItsGroupFoundKeepsTheRestOfTheCaseThere) {
  const FilingState one = Receive(1);
  const FilingState two = Receive(2);
  ASSERT_TRUE(Start(one));
  const auto found = Ask(one, DocketedRecord(one));
  ASSERT_TRUE(found);
  const auto entry = ReadEntry(*journal_->view(), *found->sequence).value();
  EXPECT_EQ(entry.settled().consistency_group(), "one");
  EXPECT_NE(entry.statement().find(R"("consistency_group": "one")"), std::string::npos)
      << entry.statement();
  EXPECT_EQ(Groups(), (Names{"one"}));
  // Held and released, it is still that case.
  ASSERT_TRUE(CommitOne(*journal_, HoldFiling{two.filing_sequence, "operator-1", "a look"}));
  ASSERT_TRUE(CommitOne(*journal_, ReleaseFiling{two.filing_sequence, "operator-1", "seen"}));
  EXPECT_EQ(Groups(), (Names{"one"}));
}

// What the case system said itself, at once, leaves nothing open.
TEST_F(CaseQueueTest, ADeliveryKnownNotToHaveArrivedMayGoAnywhere) {
  const FilingState one = Receive(1);
  ASSERT_TRUE(Start(one));
  SettleDelivery refused;
  refused.filing_sequence = one.filing_sequence;
  refused.outcome = SettleDelivery::Outcome::kNotDelivered;
  ASSERT_TRUE(CommitOne(*journal_, refused));
  EXPECT_EQ(Groups(), (Names{""}));
  EXPECT_TRUE(Start(one, "two"));
}

// The group is gone for ever, and a person has asked the court by other means.
TEST_F(CaseQueueTest, AnOperatorsWordFreesAnUncertainFilingAndItsCaseOfTheirGroup) {
  const FilingState one = Receive(1);
  const FilingState two = Receive(2);
  ASSERT_TRUE(Start(one));
  const auto resolved = Resolve(one);
  ASSERT_TRUE(resolved) << resolved.error().message;
  EXPECT_EQ(resolved->filing->state.delivery, Delivery::kPending);
  EXPECT_EQ(journal_->view()->ListUncertain(std::nullopt, 10)->size(), 0u);
  Reopen();
  EXPECT_EQ(Runnable(), Of({one}));
  EXPECT_EQ(Groups(), (Names{""}));
  EXPECT_EQ(Resolve(one).error().reason, "NOT_IN_THIS_STATE") << "it was done";
  EXPECT_TRUE(Start(one, "two"));
  EXPECT_EQ(Resolve(two).error().reason, "NOT_IN_THIS_STATE") << "another comes first";

  // Two entries that every reader knows: who said it and why, and what follows.
  const auto said = ReadEntry(*journal_->view(), *resolved->sequence - 1).value();
  EXPECT_EQ(said.operator_acted().operator_(), "jane.roe");
  EXPECT_EQ(said.operator_acted().act(), "delivery.resolved filing_id=" + one.filing_id.str() +
                                             " outcome=not_delivered consistency_group=one");
  EXPECT_EQ(said.operator_acted().reason(), "the clerk has looked");
  const auto settled = ReadEntry(*journal_->view(), *resolved->sequence).value();
  EXPECT_EQ(settled.settled().outcome(), journal::v1::Settled::OUTCOME_NOT_DELIVERED);
  EXPECT_EQ(settled.settled().consistency_group(), "");
}

TEST_F(CaseQueueTest, AnOperatorsWordFreesAPendingFilingsCaseOfTheGroupItMustStayIn) {
  const FilingState one = Receive(1);
  const FilingState two = Receive(2);
  ASSERT_TRUE(Start(one));
  ASSERT_TRUE(Ask(one, DocketedRecord(one)));
  EXPECT_EQ(Groups(), (Names{"one"}));
  EXPECT_EQ(Resolve(one).error().reason, "NOT_IN_THIS_STATE") << "the court has it";
  const std::uint64_t entries = journal_->view()->published();
  const auto resolved = Resolve(two);
  ASSERT_TRUE(resolved) << resolved.error().message;
  EXPECT_EQ(journal_->view()->published(), entries + 1) << "nothing was under way, nothing settles";
  EXPECT_EQ(Runnable(), Of({two}));
  EXPECT_EQ(Groups(), (Names{""}));
  EXPECT_TRUE(Start(two, "two"));
}

TEST_F(CaseQueueTest, WhatIsNotUncertainIsNotResolvedAndLeavesNoTrace) {
  const FilingState one = Receive(1);
  ASSERT_TRUE(CommitOne(*journal_, HoldFiling{one.filing_sequence, "operator-1", "a look"}));
  const std::uint64_t entries = journal_->view()->published();
  EXPECT_EQ(Resolve(one).error().reason, "NOT_IN_THIS_STATE");
  ASSERT_TRUE(CommitOne(*journal_, ReleaseFiling{one.filing_sequence, "operator-1", "seen"}));
  EXPECT_EQ(Resolve(one).error().reason, "NOT_IN_THIS_STATE");
  EXPECT_EQ(journal_->view()->published(), entries + 1);
}

TEST_F(CaseQueueTest, WhoAskedToWithdrawMeanwhileIsWithdrawnByAnOperatorsWord) {
  const FilingState one = Receive(1);
  ASSERT_TRUE(Start(one));
  ASSERT_TRUE(
      CommitOne(*journal_, WithdrawFiling{one.filing_sequence, UserId("user-1"), "settled"}));
  ASSERT_TRUE(Resolve(one));
  EXPECT_EQ(ClassOf(Now(one)), BalanceClass::kWithdrawn);
}

TEST_F(CaseQueueTest, ANumberThatJoinsItsOpenersQueueBringsItsGroup) {
  const FilingState opener = Receive(1, ANewCase());
  const FilingState early = Receive(2, ExistingCase{"24DN-CC00077"});
  ASSERT_TRUE(Start(early));
  ASSERT_TRUE(Ask(early, std::nullopt));
  EXPECT_EQ(Groups(), (Names{"", "one"}));
  Docket(opener, "24DN-CC00077");
  EXPECT_EQ(Runnable(), Of({early}));
  EXPECT_EQ(Groups(), (Names{"one"}));
}

// The layout on disk (docs/formats/journal.md), byte for byte.
TEST_F(CaseQueueTest, TheGroupOfACaseLiesWhereTheFormatSays) {
  const FilingState one = Receive(1);
  ASSERT_TRUE(Start(one));
  ASSERT_TRUE(Ask(one, std::nullopt));
  const std::string case_key(one.case_key.view());
  EXPECT_EQ(journal_->view()->Get("J" + case_key).value(), "one");
  std::string runnable = "Umo.cir.42.dent";
  runnable.push_back('\0');
  EXPECT_EQ(journal_->view()->Get(runnable + BigEndian64(one.filing_sequence)).value(),
            case_key + "one");
}

TEST_F(CaseQueueTest, FollowersWaitForTheFilingThatOpensTheirCase) {
  const FilingState opener = Receive(1, ANewCase());
  const FilingState follower = Receive(2, OpenedBy{opener.filing_id});
  EXPECT_EQ(Runnable(), Of({opener}));
  Docket(opener, "24DN-CC00077");
  EXPECT_EQ(Runnable(), Of({follower}));
  EXPECT_EQ(ReadCaseNumbers(*journal_->view(), follower.case_key)->at(0).number, "24DN-CC00077");
  // The number now leads to the same queue: order holds however the case is named.
  const FilingState by_number = Receive(3, ExistingCase{"24DN-CC00077"});
  EXPECT_EQ(Runnable(), Of({follower}));
  Docket(follower, "24DN-CC00077");
  EXPECT_EQ(Runnable(), Of({by_number}));
}

TEST_F(CaseQueueTest, ANumberReadOffTheCourtsPagesBeforeTheAnswerJoinsTheQueue) {
  const FilingState opener = Receive(1, ANewCase());
  const FilingState follower = Receive(2, OpenedBy{opener.filing_id});
  ASSERT_TRUE(Start(opener));
  const FilingState early = Receive(3, ExistingCase{"24DN-CC00077"});
  EXPECT_EQ(Runnable(), Of({early}));
  ASSERT_TRUE(Settle(opener, DocketedRecord(opener, "24DN-CC00077")));
  EXPECT_EQ(Runnable(), Of({follower}));
}

TEST_F(CaseQueueTest, ARecordedFilingFreesItsCaseUnlessItOpensIt) {
  const FilingState one = Receive(1);
  const FilingState two = Receive(2);
  ASSERT_TRUE(Start(one));
  CourtRecord recorded = DocketedRecord(one);
  recorded.state = CourtRecordState::kRecorded;
  recorded.case_numbers.clear();
  ASSERT_TRUE(Settle(one, recorded));
  EXPECT_EQ(ClassOf(Now(one)), BalanceClass::kPending);  // For its filer nothing is settled.
  EXPECT_EQ(Runnable(), Of({two}));

  const FilingState opener = Receive(3, ANewCase());
  const FilingState follower = Receive(4, OpenedBy{opener.filing_id});
  ASSERT_TRUE(Start(opener));
  CourtRecord opening = DocketedRecord(opener);
  opening.state = CourtRecordState::kRecorded;
  opening.case_numbers.clear();
  ASSERT_TRUE(Settle(opener, opening));
  EXPECT_EQ(Runnable(), Of({two}));
  ASSERT_TRUE(
      CommitOne(*journal_, ChangeReview{DocketedRecord(opener, "24DN-CC00088"), "state", "c1"}));
  EXPECT_EQ(Runnable(), Of({two, follower}));
  EXPECT_EQ(*journal_->view()->ReadCursor("state"), "c1");
}

TEST_F(CaseQueueTest, WhenTheCaseIsNotOpenedItsFollowersAreHeldWithTheReason) {
  const FilingState opener = Receive(1, ANewCase());
  const FilingState follower = Receive(2, OpenedBy{opener.filing_id});
  ASSERT_TRUE(Start(opener));
  CourtRecord returned = DocketedRecord(opener);
  returned.state = CourtRecordState::kReturned;
  returned.reason = "no filing information sheet";
  returned.case_numbers.clear();
  ASSERT_TRUE(Settle(opener, returned));
  EXPECT_EQ(ClassOf(Now(opener)), BalanceClass::kReturned);
  EXPECT_EQ(Now(opener).reason, "no filing information sheet");
  EXPECT_EQ(Now(follower).delivery, Delivery::kHeld);
  EXPECT_NE(Now(follower).reason.find("case not opened"), std::string::npos);
  EXPECT_EQ(Now(Receive(3, OpenedBy{opener.filing_id})).delivery, Delivery::kHeld);
  EXPECT_TRUE(Runnable().empty());
}

TEST_F(CaseQueueTest, SeveralNumbersHoldTheFollowers) {
  const FilingState opener = Receive(1, ANewCase());
  const FilingState follower = Receive(2, OpenedBy{opener.filing_id});
  ASSERT_TRUE(Start(opener));
  CourtRecord docketed = DocketedRecord(opener, "24DN-CR00001");
  docketed.case_numbers.push_back({"24DN-CR00002", "Roe", false});
  ASSERT_TRUE(Settle(opener, docketed));
  EXPECT_EQ(Now(follower).delivery, Delivery::kHeld);
}

TEST_F(CaseQueueTest, AFollowerMustNameAFilingThatOpensACaseHere) {
  const FilingState one = Receive(1);
  EXPECT_EQ(CommitOne(*journal_, FilingDraft(2, OpenedBy{FilingId("nobody")})).error().reason,
            "OPENER_UNKNOWN");
  EXPECT_EQ(CommitOne(*journal_, FilingDraft(2, OpenedBy{one.filing_id})).error().reason,
            "OPENER_UNKNOWN");
  const FilingState opener = Receive(3, ANewCase());
  ReceiveFiling stranger = FilingDraft(4, OpenedBy{opener.filing_id});
  stranger.system = SystemName("other");
  EXPECT_EQ(CommitOne(*journal_, stranger).error().reason, "OPENER_UNKNOWN");
}

TEST_F(CaseQueueTest, AHeldFilingKeepsItsCaseWaitingUntilItIsReleased) {
  const FilingState one = Receive(1);
  const FilingState two = Receive(2);
  ASSERT_TRUE(
      CommitOne(*journal_, HoldFiling{one.filing_sequence, "operator-1", "paper copy found"}));
  EXPECT_TRUE(Runnable().empty());
  EXPECT_EQ(Now(one).owner, "operator-1");
  ASSERT_TRUE(
      CommitOne(*journal_, ReleaseFiling{one.filing_sequence, "operator-1", "was another filing"}));
  EXPECT_EQ(Runnable(), Of({one}));
  (void)two;
}

TEST_F(CaseQueueTest, BeforeSubmissionTheFilerEndsTheFilingAfterwardsTheCourtDecides) {
  const FilingState one = Receive(1);
  const FilingState two = Receive(2);
  const auto withdrawn =
      CommitOne(*journal_, WithdrawFiling{one.filing_sequence, UserId("user-1"), "settled"});
  ASSERT_TRUE(withdrawn);
  EXPECT_EQ(withdrawn->filing->state.delivery, Delivery::kWithdrawn);
  EXPECT_EQ(Runnable(), Of({two}));

  ASSERT_TRUE(Start(two));
  const auto wish =
      CommitOne(*journal_, WithdrawFiling{two.filing_sequence, UserId("user-1"), "settled"});
  ASSERT_TRUE(wish);
  EXPECT_EQ(wish->filing->state.delivery, Delivery::kUncertain);
  EXPECT_TRUE(wish->filing->state.withdrawal_requested);
  CourtRecord recorded = DocketedRecord(two);
  recorded.state = CourtRecordState::kRecorded;
  ASSERT_TRUE(Settle(two, recorded));
  EXPECT_EQ(journal_->view()->ListWithdrawals(std::nullopt, 10)->size(), 1u);
  CourtRecord agreed = recorded;
  agreed.state = CourtRecordState::kWithdrawn;
  ASSERT_TRUE(CommitOne(*journal_, ChangeReview{agreed, "state", "c2"}));
  EXPECT_EQ(ClassOf(Now(two)), BalanceClass::kWithdrawn);
  EXPECT_EQ(journal_->view()->ListWithdrawals(std::nullopt, 10)->size(), 0u);
  EXPECT_EQ(CommitOne(*journal_, WithdrawFiling{two.filing_sequence, UserId("user-1"), "again"})
                .error()
                .reason,
            "FILING_SETTLED");
}

TEST_F(CaseQueueTest, AFilingThatNeverArrivedIsWithdrawnAsItsFilerAsked) {
  const FilingState one = Receive(1);
  const FilingState two = Receive(2);
  ASSERT_TRUE(Start(one));
  ASSERT_TRUE(
      CommitOne(*journal_, WithdrawFiling{one.filing_sequence, UserId("user-1"), "settled"}));
  SettleDelivery not_delivered;
  not_delivered.filing_sequence = one.filing_sequence;
  not_delivered.outcome = SettleDelivery::Outcome::kNotDelivered;
  ASSERT_TRUE(CommitOne(*journal_, not_delivered));
  EXPECT_EQ(ClassOf(Now(one)), BalanceClass::kWithdrawn);
  EXPECT_EQ(Runnable(), Of({two}));
}

TEST_F(CaseQueueTest, LateAndRepeatedNewsMoveNothingBack) {
  const FilingState one = Receive(1);
  Docket(one);
  const std::uint64_t entries = journal_->view()->published();
  ASSERT_TRUE(
      CommitOne(*journal_, ChangeReview{DocketedRecord(one), "state", "c1"}));  // Told again.
  EXPECT_EQ(journal_->view()->published(), entries);
  CourtRecord late = DocketedRecord(one);
  late.state = CourtRecordState::kRecorded;
  ASSERT_TRUE(CommitOne(*journal_, ChangeReview{late, "state", "c2"}));
  EXPECT_EQ(journal_->view()->published(), entries + 1);  // Recorded, as evidence.
  EXPECT_EQ(ClassOf(Now(one)), BalanceClass::kDocketed);
}

TEST_F(CaseQueueTest, AnotherGatewaysCopySettlesAsItsDuplicate) {
  const FilingState one = Receive(1);
  ASSERT_TRUE(Start(one));
  CourtRecord record = DocketedRecord(one);
  record.gateway = "B3";
  record.filing_id = FilingId("theirs");
  ASSERT_TRUE(Settle(one, record));
  EXPECT_EQ(ClassOf(Now(one)), BalanceClass::kDuplicateOf);
}

TEST_F(CaseQueueTest, TheCourtsWordIsNeededAndMustBeAboutThisFiling) {
  const FilingState one = Receive(1);
  ASSERT_TRUE(Start(one));
  CourtRecord nameless = DocketedRecord(one);
  nameless.court_filing_id.clear();
  EXPECT_FALSE(Settle(one, nameless));
  CourtRecord other = DocketedRecord(one);
  other.delivery_key = Sha256("other");
  EXPECT_FALSE(Settle(one, other));
  EXPECT_EQ(Now(one).delivery, Delivery::kUncertain);
}

// What was received may rot on the disk. What becomes of the filing is known from its state.
TEST_F(CaseQueueTest, AFilingThatCannotBeReadBackIsHeldReleasedAndReviewedAllTheSame) {
  // A start reads the first and the last entry.
  const FilingState other = Receive(3, ExistingCase{"24DN-CC00003"});
  const FilingState one = Receive(1);
  const FilingState two = Receive(2);
  Spoil(keys::Entry(one.filing_sequence));
  ASSERT_FALSE(ReadFiling(*journal_->view(), one.filing_sequence));
  const auto held = CommitOne(*journal_, HoldFiling{one.filing_sequence, "nightbox", "unreadable"});
  ASSERT_TRUE(held) << held.error().message;
  EXPECT_EQ(held->filing->state.delivery, Delivery::kHeld);
  EXPECT_EQ(held->filing->record.filing_id, one.filing_id);
  EXPECT_EQ(held->filing->receipt_json, "");
  EXPECT_EQ(Runnable(), Of({other}));
  ASSERT_TRUE(CommitOne(*journal_, ReleaseFiling{one.filing_sequence, "operator-1", "seen"}));
  ASSERT_TRUE(Start(one));
  CourtRecord recorded = DocketedRecord(one);
  recorded.state = CourtRecordState::kRecorded;
  ASSERT_TRUE(Settle(one, recorded));
  ASSERT_TRUE(CommitOne(*journal_, ChangeReview{DocketedRecord(one), "state", "c1"}));
  EXPECT_EQ(ClassOf(Now(one)), BalanceClass::kDocketed);
  EXPECT_EQ(Runnable(), Of({other, two}));
}

TEST_F(CaseQueueTest, TheCourtsWordOnAnOpenerDoesNotDependOnReadingWhoFollows) {
  const FilingState opener = Receive(1, ANewCase());
  const FilingState follower = Receive(2, OpenedBy{opener.filing_id});
  Receive(3);
  Spoil(keys::Entry(follower.filing_sequence));
  ASSERT_TRUE(Start(opener));
  CourtRecord returned = DocketedRecord(opener);
  returned.state = CourtRecordState::kReturned;
  const auto settled = Settle(opener, returned);
  ASSERT_TRUE(settled) << settled.error().message;
  EXPECT_EQ(Now(follower).delivery, Delivery::kHeld);
}

TEST_F(CaseQueueTest, AWishThatNobodyHasOrThatIsAnsweredIsNotDropped) {
  const FilingState one = Receive(1);
  const std::uint64_t entries = journal_->view()->published();
  EXPECT_EQ(CommitOne(*journal_, DropWithdrawal{one.filing_sequence}).error().reason,
            "NOT_IN_THIS_STATE");
  EXPECT_EQ(journal_->view()->published(), entries);
  Docket(one);
  EXPECT_EQ(CommitOne(*journal_, DropWithdrawal{one.filing_sequence}).error().reason,
            "NOT_IN_THIS_STATE");
}

TEST_F(CaseQueueTest, OnlyTwoNamedPersonsEndAFiling) {
  const FilingState one = Receive(1);
  TerminateFiling draft{one.filing_sequence, {"Ann", "Ann"}, "order", "reason"};
  EXPECT_EQ(CommitOne(*journal_, draft).error().reason, "TWO_PERSONS_REQUIRED");
  draft.persons = {"Ann", "Bob"};
  ASSERT_TRUE(CommitOne(*journal_, draft));
  EXPECT_EQ(ClassOf(Now(one)), BalanceClass::kTerminated);
}

}  // namespace
}  // namespace nightbox
