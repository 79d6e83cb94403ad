// Goal: what the journal answers is durable, ordered, receipted, and the same for ever.
// Method: the real journal and RocksDB on a simulated disk and clock; receipts are verified as a
// judge would.
#include "store/journal.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "evidence/merkle.h"
#include "evidence/receipt.h"
#include "rules/deadline_rules.h"
#include "tests/store/support/journal_fixture.h"

namespace nightbox {
namespace {

TEST(JournalTest, ADirectoryWithoutAJournalDoesNotOpenAndIsNotMade) {
  JournalFixture fixture;
  const auto opened = fixture.Open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(fixture.disk().Stat("/journal"));
}

TEST(JournalTest, InitNeverOverwrites) {
  JournalFixture fixture;
  ASSERT_TRUE(fixture.Init());
  const auto again = fixture.Init();
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kAlreadyExists);
}

TEST(JournalTest, ASecondProcessIsRefused) {
  JournalFixture fixture;
  const auto journal = fixture.Fresh();
  const auto second = fixture.Open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, "DISK_LOCKED");
}

TEST(JournalTest, AFilingIsReceiptedWithItsPlaceInTheTree) {
  JournalFixture fixture;
  const auto journal = fixture.Fresh();
  const auto outcome = CommitOne(*journal, FilingDraft(1));
  ASSERT_TRUE(outcome) << outcome.error().message;
  const FilingSnapshot& filing = *outcome->filing;
  EXPECT_EQ(filing.record.filing_id.str().size(), 26u);
  EXPECT_EQ(filing.state.delivery, Delivery::kPending);

  const auto receipt = ParseReceipt(filing.receipt_json);
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(receipt->filing_id, filing.record.filing_id);
  EXPECT_EQ(receipt->received_at, kJuly);
  EXPECT_EQ(receipt->log.leaf_index, 0u);
  EXPECT_TRUE(VerifyCmsWithoutRoot(filing.receipt_json, filing.receipt_p7s));

  // Whoever holds the receipt can recompute its leaf and follow it to the root.
  const auto view = journal->view();
  const auto proof = view->Prove(0, view->published());
  ASSERT_TRUE(proof);
  EXPECT_TRUE(VerifyInclusion(LeafHash(Sha256(filing.receipt_json)), 0, proof->size, proof->path,
                              view->root()));
}

TEST(JournalTest, OneRequestIdOneReceiptForEver) {
  JournalFixture fixture;
  auto journal = fixture.Fresh();
  const auto first = CommitOne(*journal, FilingDraft(1));
  ASSERT_TRUE(first);
  fixture.clock().Advance(std::chrono::hours(30));

  // In the same group, in a later one, and after a restart.
  const Draft twice[] = {FilingDraft(2), FilingDraft(2)};
  const auto both = journal->Commit(twice);
  ASSERT_TRUE(both);
  EXPECT_FALSE(both->outcomes[0]->repeated);
  EXPECT_TRUE(both->outcomes[1]->repeated);
  EXPECT_EQ(both->outcomes[0]->filing->receipt_json, both->outcomes[1]->filing->receipt_json);

  ReceiveFiling repeat = FilingDraft(1);
  repeat.staff = "somebody else";                       // Not content.
  repeat.received_at = kJuly + std::chrono::hours(30);  // Not content.
  repeat.possibly_received_by = {"B3"};                 // Not content.
  repeat.inline_documents.clear();                      // The document is stored already.
  const auto repeated = CommitOne(*journal, repeat);
  ASSERT_TRUE(repeated);
  EXPECT_TRUE(repeated->repeated);
  EXPECT_EQ(repeated->filing->receipt_json, first->filing->receipt_json);
  EXPECT_EQ(repeated->filing->receipt_p7s, first->filing->receipt_p7s);

  journal.reset();
  auto reopened = fixture.Open();
  ASSERT_TRUE(reopened) << reopened.error().message;
  const auto after_restart = CommitOne(**reopened, repeat);
  ASSERT_TRUE(after_restart);
  EXPECT_TRUE(after_restart->repeated);
  EXPECT_EQ(after_restart->filing->receipt_json, first->filing->receipt_json);
  EXPECT_EQ(after_restart->filing->receipt_p7s, first->filing->receipt_p7s);
}

TEST(JournalTest, OtherContentUnderTheSameRequestIdChangesNothing) {
  JournalFixture fixture;
  const auto journal = fixture.Fresh();
  ASSERT_TRUE(CommitOne(*journal, FilingDraft(1)));
  const std::uint64_t before = journal->view()->published();
  ReceiveFiling other = FilingDraft(1);
  other.header.note_to_clerk = "changed";
  const auto refused = CommitOne(*journal, other);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(refused.error().reason, "REQUEST_ID_REUSED");
  EXPECT_EQ(journal->view()->published(), before);
}

TEST(JournalTest, TwoSystemsMayUseOneRequestId) {
  JournalFixture fixture;
  const auto journal = fixture.Fresh();
  const auto one = CommitOne(*journal, FilingDraft(1));
  ReceiveFiling draft = FilingDraft(1);
  draft.system = SystemName("other");
  const auto two = CommitOne(*journal, draft);
  ASSERT_TRUE(one && two);
  EXPECT_NE(one->filing->record.filing_id, two->filing->record.filing_id);
}

TEST(JournalTest, AnActSaidOnceIsJournaledOnceAlsoAfterARestart) {
  JournalFixture fixture;
  auto journal = fixture.Fresh();
  const RecordOperatorAct act{"Pat Example", "accepted", "values", /*once=*/true};
  const Draft twice[] = {act, act};
  const auto both = journal->Commit(twice);
  ASSERT_TRUE(both);
  EXPECT_EQ(both->outcomes[0]->sequence, 0u);
  EXPECT_TRUE(both->outcomes[1]->repeated);
  EXPECT_FALSE(both->outcomes[1]->sequence);
  journal.reset();
  auto reopened = fixture.Open();
  ASSERT_TRUE(reopened) << reopened.error().message;
  const auto again = CommitOne(**reopened, act);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ((*reopened)->view()->published(), 1u);
  // Other words are another act, and what is not said to be once is journaled each time.
  RecordOperatorAct other = act;
  other.reason = "other values";
  EXPECT_EQ(CommitOne(**reopened, other)->sequence, 1u);
  other.once = false;
  EXPECT_EQ(CommitOne(**reopened, other)->sequence, 2u);
  EXPECT_EQ(CommitOne(**reopened, other)->sequence, 3u);
}

TEST(JournalTest, AnActThatComesBackAfterAnotherOfItsNameIsJournaledAgain) {
  JournalFixture fixture;
  auto journal = fixture.Fresh();
  const RecordOperatorAct first{"Pat Example", "accepted values=1", "", /*once=*/true};
  const RecordOperatorAct second{"Ann Sample", "accepted values=2", "", /*once=*/true};
  const RecordOperatorAct elsewhere{"Ann Sample", "appointed values=2", "", /*once=*/true};
  // In one group and in several.
  const Draft drafts[] = {first, second, first, first};
  const auto committed = journal->Commit(drafts);
  ASSERT_TRUE(committed);
  EXPECT_EQ(committed->outcomes[2]->sequence, 2u);
  EXPECT_TRUE(committed->outcomes[3]->repeated);
  EXPECT_EQ(CommitOne(*journal, second)->sequence, 3u);
  EXPECT_EQ(CommitOne(*journal, elsewhere)->sequence, 4u);
  EXPECT_TRUE(CommitOne(*journal, second)->repeated);
  journal.reset();
  auto reopened = fixture.Open();
  ASSERT_TRUE(reopened) << reopened.error().message;
  EXPECT_TRUE(CommitOne(**reopened, second)->repeated);
  EXPECT_EQ(CommitOne(**reopened, first)->sequence, 5u);
}

TEST(JournalTest, AMissingDocumentRefusesTheFilingAndLeavesNoTrace) {
  JournalFixture fixture;
  const auto journal = fixture.Fresh();
  ReceiveFiling draft = FilingDraft(1);
  draft.inline_documents.clear();
  const Draft group[] = {draft, FilingDraft(2)};
  const auto committed = journal->Commit(group);
  ASSERT_TRUE(committed);
  ASSERT_FALSE(committed->outcomes[0]);
  EXPECT_EQ(committed->outcomes[0].error().reason, "DOCUMENT_MISSING");
  EXPECT_NE(committed->outcomes[0].error().message.find(draft.header.documents[0].sha256.Hex()),
            std::string::npos);
  ASSERT_TRUE(committed->outcomes[1]);
  EXPECT_EQ(committed->outcomes[1]->filing->sequence, 0u);
  EXPECT_EQ(journal->view()->published(), 1u);
}

TEST(JournalTest, WhatCouldNotBeReadAgainIsRefusedAndLeavesNoTrace) {
  JournalFixture fixture;
  const auto journal = fixture.Fresh();
  ReceiveFiling draft = FilingDraft(1);
  draft.staff = "half a letter: \xc3";
  const Draft group[] = {draft, RecordOperatorAct{"jane", "act", "Jos\xe9"}, FilingDraft(2)};
  const auto committed = journal->Commit(group);
  ASSERT_TRUE(committed);
  for (const std::size_t refused : {0, 1}) {
    ASSERT_FALSE(committed->outcomes[refused]);
    EXPECT_EQ(committed->outcomes[refused].error().reason, "FIELD_NOT_TEXT");
  }
  ASSERT_TRUE(committed->outcomes[2]);
  EXPECT_EQ(committed->outcomes[2]->filing->sequence, 0U);
  EXPECT_EQ(journal->view()->published(), 1U);
}

TEST(JournalTest, ArrivalBeforeMidnightAndCommitAfterAreBothOnTheReceipt) {
  JournalFixture fixture;
  const auto journal = fixture.Fresh();
  // 23:59:59.9 on 1 July in Missouri; the sync ends 0.4 s later.
  const WallTime arrival = FromMicros(1'719'896'399'900'000);
  fixture.clock().Advance(arrival + Microseconds(400'000) - fixture.clock().Now());
  ReceiveFiling draft = FilingDraft(1);
  draft.received_at = arrival;
  const auto outcome = CommitOne(*journal, draft);
  ASSERT_TRUE(outcome);
  EXPECT_NE(outcome->filing->receipt_json.find("2024-07-02T04:59:59.900000Z"), std::string::npos);
  EXPECT_NE(outcome->filing->receipt_json.find("2024-07-02T05:00:00.300000Z"), std::string::npos);
  EXPECT_NE(outcome->filing->receipt_json.find(
                "Monday 1 July 2024 at 11:59:59 p.m. Central Daylight Time"),
            std::string::npos);
}

// A filing that the court's case system has not received was an unsuccessful attempt, and the first
// of them counts: here a refusal on Saturday 29 June.
TEST(JournalTest, TheLastDaysOnTheReceiptCountFromTheFirstAttempt) {
  JournalFixture fixture;
  const auto journal = fixture.Fresh();
  ReceiveFiling draft = FilingDraft(1);
  draft.policy.deadline_rules = &DeadlineRules::BuiltIn();
  RefuseAttempt refused;
  refused.system = draft.system;
  refused.user = draft.user;
  refused.request_id = draft.request_id;
  refused.court = draft.header.court;
  refused.attempt_id = AttemptId("at-1");
  refused.reason = "DISK_LOW";
  refused.refused_at = kJuly - std::chrono::hours(60);
  ASSERT_TRUE(CommitOne(*journal, refused));
  const auto outcome = CommitOne(*journal, draft);
  ASSERT_TRUE(outcome);
  const auto facts = ParseReceipt(outcome->filing->receipt_json);
  ASSERT_TRUE(facts);
  ASSERT_EQ(facts->last_days.size(), 2U);
  EXPECT_EQ(facts->last_days[0].last_day, "2024-07-09");
  EXPECT_EQ(facts->last_days[1].last_day, "not known");

  // A gateway with other rules, or none, repeats the receipt as it is.
  draft.policy.deadline_rules = nullptr;
  const auto repeated = CommitOne(*journal, draft);
  ASSERT_TRUE(repeated && repeated->repeated);
  EXPECT_EQ(repeated->filing->receipt_json, outcome->filing->receipt_json);
}

// The number is read as admission reads it: what it warns about has no canonical form.
TEST(JournalTest, TheCanonicalNumberOnTheReceiptIsThatOfTheCourtSystemsLengths) {
  JournalFixture fixture;
  const auto journal = fixture.Fresh();
  const auto draft = [](int n, const char* number) {
    ReceiveFiling made = FilingDraft(n);
    made.header.case_reference = ExistingCase{number};
    made.policy.case_numbers = {8, 8};
    return made;
  };
  const auto canonical = [&](const ReceiveFiling& made) {
    const auto outcome = CommitOne(*journal, made);
    EXPECT_TRUE(outcome);
    return ParseReceipt(outcome->filing->receipt_json)->canonical_case_number;
  };
  EXPECT_EQ(canonical(draft(1, " 70348000")), "70348000");
  EXPECT_EQ(canonical(draft(2, "703480001")), "");
  // Other lengths of a later day do not change what was signed.
  ReceiveFiling again = draft(1, " 70348000");
  again.policy.case_numbers = {};
  EXPECT_EQ(canonical(again), "70348000");
}

TEST(JournalTest, AClockThatIsSteppedBeginsANewEpochAndNothingIsRefused) {
  JournalFixture fixture;
  auto journal = fixture.Fresh();
  const auto before = CommitOne(*journal, FilingDraft(1));
  fixture.clock().StepWall(std::chrono::seconds(-3));
  const auto after = CommitOne(*journal, FilingDraft(2));
  ASSERT_TRUE(before && after);
  EXPECT_TRUE(ParseReceipt(before->filing->receipt_json)->clock.synchronized);
  const auto receipt = ParseReceipt(after->filing->receipt_json);
  EXPECT_FALSE(receipt->clock.synchronized);
  EXPECT_EQ(receipt->clock.epoch, 1u);
  EXPECT_EQ(receipt->clock.max_error, std::chrono::seconds(3));
  EXPECT_EQ(after->filing->sequence, 2u);  // Entry 1 says that the clock was changed.

  // The distrust outlives a restart; the next commit after it, with a clock in order, begins a
  // trusted epoch.
  journal.reset();
  journal = std::move(*fixture.Open());
  const auto later = CommitOne(*journal, FilingDraft(3));
  ASSERT_TRUE(later);
  EXPECT_EQ(ParseReceipt(later->filing->receipt_json)->clock.epoch, 2u);
  EXPECT_TRUE(ParseReceipt(later->filing->receipt_json)->clock.synchronized);
}

// What a receipt made now says of the clock; and before it was made, the journal said the same.
ReceiptClock ClockOnReceipt(Journal& journal, int number) {
  const bool said = journal.clock_synchronized();
  const auto filed = CommitOne(journal, FilingDraft(number));
  if (!filed) throw std::runtime_error(filed.error().message);
  ReceiptClock clock = ParseReceipt(filed->filing->receipt_json)->clock;
  EXPECT_EQ(said, clock.synchronized) << number;
  return clock;
}

TEST(JournalTest, AClockThatHoldsStillAfterAStepIsTrustedAgainWithoutARestart) {
  JournalFixture fixture;
  const auto journal = fixture.Fresh();
  SimClock& clock = fixture.clock();
  EXPECT_TRUE(ClockOnReceipt(*journal, 1).synchronized);
  clock.StepWall(std::chrono::hours(2));
  journal->LookAtClock();
  // The kernel goes on saying that it is synchronised.
  EXPECT_FALSE(ClockOnReceipt(*journal, 2).synchronized);
  clock.Advance(std::chrono::minutes(4));
  EXPECT_FALSE(ClockOnReceipt(*journal, 3).synchronized);
  clock.Advance(std::chrono::minutes(1));
  journal->LookAtClock();
  const ReceiptClock again = ClockOnReceipt(*journal, 4);
  EXPECT_TRUE(again.synchronized);
  EXPECT_EQ(again.epoch, 2U);
  EXPECT_EQ(again.max_error, std::chrono::microseconds(500));
  EXPECT_EQ(ClockOnReceipt(*journal, 5).epoch, 2U);
}

TEST(JournalTest, AClockThatIsNotSynchronisedOrSteppedAgainWaitsAnew) {
  JournalFixture fixture;
  const auto journal = fixture.Fresh();
  SimClock& clock = fixture.clock();
  EXPECT_TRUE(ClockOnReceipt(*journal, 1).synchronized);
  clock.StepWall(std::chrono::hours(-1));
  journal->LookAtClock();
  clock.Advance(std::chrono::minutes(4));
  clock.SetQuality({false, Microseconds(0)});
  EXPECT_FALSE(ClockOnReceipt(*journal, 2).synchronized);
  clock.SetQuality({true, Microseconds(500)});
  journal->LookAtClock();
  clock.Advance(std::chrono::minutes(4));
  clock.StepWall(std::chrono::seconds(3));
  journal->LookAtClock();
  clock.Advance(std::chrono::minutes(4));
  EXPECT_FALSE(ClockOnReceipt(*journal, 3).synchronized);
  clock.Advance(std::chrono::minutes(1));
  journal->LookAtClock();
  EXPECT_TRUE(ClockOnReceipt(*journal, 4).synchronized);
}

TEST(JournalTest, AClockThatWasSteppedLongBeforeTheFirstFilingIsTrustedInANewEpoch) {
  JournalFixture fixture;
  const auto journal = fixture.Fresh();
  SimClock& clock = fixture.clock();
  EXPECT_EQ(ClockOnReceipt(*journal, 1).epoch, 0U);
  clock.StepWall(std::chrono::hours(2));
  for (int second = 0; second <= 300; ++second) {
    journal->LookAtClock();
    clock.Advance(std::chrono::seconds(1));
  }
  const ReceiptClock first = ClockOnReceipt(*journal, 2);
  EXPECT_EQ(first.epoch, 1U);
  EXPECT_TRUE(first.synchronized);
}

TEST(JournalTest, CommitTimesNeverDecreaseWithinAnEpoch) {
  JournalFixture fixture;
  const auto journal = fixture.Fresh();
  const auto one = CommitOne(*journal, FilingDraft(1));
  fixture.clock().StepWall(std::chrono::milliseconds(-800));  // Slewed, not stepped.
  const auto two = CommitOne(*journal, FilingDraft(2));
  ASSERT_TRUE(one && two);
  EXPECT_GE(two->filing->committed_at, one->filing->committed_at);
  EXPECT_EQ(journal->view()->published(), 2u);
}

TEST(JournalTest, NothingBeyondThePromiseIsSeen) {
  JournalFixture fixture;
  const auto journal = fixture.Fresh();
  const auto before = journal->view();
  const auto outcome = CommitOne(*journal, FilingDraft(1));
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(*before->FindFiling(outcome->filing->record.filing_id));
  EXPECT_TRUE(*journal->view()->FindFiling(outcome->filing->record.filing_id));
}

TEST(JournalTest, AFailedHeadSyncEndsTheJournalAndTheNextOpenFindsTheTruth) {
  JournalFixture fixture;
  auto journal = fixture.Fresh();
  fixture.disk().FailNext(DiskOperation::kSync, DiskSubject::kHead);
  EXPECT_FALSE(CommitOne(*journal, FilingDraft(1)));
  EXPECT_EQ(journal->view()->published(), 0u);
  journal.reset();
  auto reopened = fixture.Open();
  ASSERT_TRUE(reopened) << reopened.error().message;
  // The entry had been synced: it is a fact, and repeating the request gets its receipt.
  const auto repeated = CommitOne(**reopened, FilingDraft(1));
  ASSERT_TRUE(repeated);
  EXPECT_TRUE(repeated->repeated);
}

TEST(JournalTest, UsersSeeTheirOwnFilingsNewestFirst) {
  JournalFixture fixture;
  const auto journal = fixture.Fresh();
  for (int i = 1; i <= 5; ++i) ASSERT_TRUE(CommitOne(*journal, FilingDraft(i)));
  ReceiveFiling other = FilingDraft(6);
  other.user = UserId("user-2");
  ASSERT_TRUE(CommitOne(*journal, other));
  const auto view = journal->view();
  const auto page = view->ListFilings(SystemName("acme"), UserId("user-1"), std::nullopt, 3);
  ASSERT_TRUE(page);
  ASSERT_EQ(page->size(), 3u);
  EXPECT_EQ((*page)[0].sequence, 4u);
  const auto rest = view->ListFilings(SystemName("acme"), UserId("user-1"), (*page)[2].sequence, 3);
  ASSERT_TRUE(rest);
  ASSERT_EQ(rest->size(), 2u);
  EXPECT_EQ((*rest)[1].sequence, 0u);
  EXPECT_EQ(view->ListFilings(SystemName("other"), UserId("user-1"), std::nullopt, 3)->size(), 0u);
}

TEST(JournalTest, TestFilingsAreReceiptedAndCountedApart) {
  JournalFixture fixture;
  const auto journal = fixture.Fresh();
  ReceiveFiling draft = FilingDraft(1);
  draft.header.test = true;
  ASSERT_TRUE(CommitOne(*journal, draft));
  const auto balance = ReadBalance(*journal->view(), CourtId());
  ASSERT_TRUE(balance);
  EXPECT_EQ(balance->received, 0u);
  EXPECT_EQ(balance->Of(BalanceClass::kTest), 1u);
  EXPECT_EQ(journal->view()->ListRunnable(CourtId("mo.cir.42.dent"), 0, 10)->size(), 0u);
}

// Evidence, and no weapon: as large as they can be made, attempts stay small.
TEST(JournalTest, TheStatementOfARefusedAttemptTakesAtMostOneKilobyte) {
  JournalFixture fixture;
  const auto journal = fixture.Fresh();
  RefuseAttempt refusal;
  refusal.system = SystemName(std::string(64, 's'));
  refusal.user = UserId(std::string(128, 'u'));
  refusal.request_id = RequestId(std::string(64, 'r'));
  refusal.court = CourtId("mo.cir.21.st-louis-county");
  refusal.attempt_id = AttemptId(std::string(26, 'a'));
  refusal.reason = "OPENER_DOES_NOT_OPEN_A_CASE_HERE_AT_ALL";
  refusal.refused_at = kJuly;
  const auto refused = CommitOne(*journal, refusal);
  ASSERT_TRUE(refused);
  const auto entry = ReadEntry(*journal->view(), *refused->sequence).value();
  EXPECT_LE(entry.statement().size(), 1000u);
  EXPECT_LE(entry.ByteSizeLong(), 1500u);
}

TEST(JournalTest, NoKeyHoldsACaseNumberOrAName) {
  JournalFixture fixture;
  const auto journal = fixture.Fresh();
  ASSERT_TRUE(CommitOne(*journal, FilingDraft(1)));
  ASSERT_TRUE(CommitOne(*journal, FilingDraft(2, ANewCase())));
  int keys_seen = 0;
  ASSERT_TRUE(journal->view()->Scan("", "", [&](std::string_view key, std::string_view) {
    ++keys_seen;
    EXPECT_EQ(key.find("24DN"), std::string_view::npos);
    EXPECT_EQ(key.find("Doe"), std::string_view::npos);
    EXPECT_EQ(key.find("user-1"), std::string_view::npos);
    return true;
  }));
  EXPECT_GT(keys_seen, 20);
}

}  // namespace
}  // namespace nightbox
