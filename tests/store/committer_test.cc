// Goal: nobody is told "receipted" before the whole group is durable, and everybody is told
// something, once. Method: the real committer over the real journal on a simulated disk; failures
// are injected into the disk.
#include "store/committer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>

#include "tests/store/support/journal_fixture.h"

namespace nightbox {
namespace {

class CommitterTest : public testing::Test {
 protected:
  CommitterTest() : journal_(fixture_.Fresh()) {}

  std::unique_ptr<Committer> Make(CommitterOptions options = {}) {
    Committer::Events events;
    events.fail_stop = [this](const Error&) { ++stops_; };
    return std::make_unique<Committer>(*journal_, fixture_.clock(), options, events);
  }

  JournalFixture fixture_;
  std::unique_ptr<Journal> journal_;
  std::atomic<int> stops_ = 0;
};

TEST_F(CommitterTest, ManyClientsOneReceiptPerRequest) {
  const auto committer = Make();
  std::vector<std::future<Result<Outcome>>> answers;
  for (int client = 0; client < 64; ++client) {
    auto promise = std::make_shared<std::promise<Result<Outcome>>>();
    answers.push_back(promise->get_future());
    committer->Submit(FilingDraft(1),
                      [promise](const Result<Outcome>& outcome) { promise->set_value(outcome); });
  }
  std::string receipt;
  for (auto& answer : answers) {
    const Result<Outcome> outcome = answer.get();
    ASSERT_TRUE(outcome);
    if (receipt.empty()) receipt = outcome->filing->receipt_json;
    EXPECT_EQ(outcome->filing->receipt_json, receipt);
  }
  EXPECT_EQ(journal_->view()->published(), 1u);
}

TEST_F(CommitterTest, FailedCommitReceiptsNobodyAndStops) {
  auto committer = Make();
  fixture_.disk().FailNext(DiskOperation::kSync, DiskSubject::kWal);
  std::promise<Result<Outcome>> first;
  committer->Submit(FilingDraft(1),
                    [&](const Result<Outcome>& outcome) { first.set_value(outcome); });
  const Result<Outcome> answer = first.get_future().get();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(answer.error().reason, "OUTCOME_UNKNOWN");
  committer->Drain();
  EXPECT_EQ(stops_, 1);
  // Nothing is taken any more, and it says so at once.
  bool told = false;
  committer->Submit(FilingDraft(2), [&](const Result<Outcome>& outcome) { told = !outcome; });
  EXPECT_TRUE(told);
  EXPECT_EQ(journal_->view()->published(), 0u);
}

TEST_F(CommitterTest, AFullLaneRefusesAtOnceAndLeavesTheOthersOpen) {
  CommitterOptions options;
  options.lane_max = {2, 2, 2, 2};
  // A first draft whose answer waits keeps the thread busy while the lane fills.
  std::promise<void> go_on;
  auto shut = go_on.get_future().share();
  const auto committer = Make(options);
  std::promise<void> reached;
  committer->Submit(FilingDraft(1), [&, shut](const Result<Outcome>&) {
    reached.set_value();
    shut.wait();
  });
  reached.get_future().wait();
  std::atomic<int> committed = 0;
  std::atomic<int> refused = 0;
  const auto count = [&](const Result<Outcome>& outcome) {
    if (outcome) {
      ++committed;
    } else {
      EXPECT_EQ(outcome.error().reason, "QUEUE_FULL");
      EXPECT_TRUE(outcome.error().retry_after);
      ++refused;
    }
  };
  for (int i = 2; i < 6; ++i) committer->Submit(FilingDraft(i), count);
  EXPECT_EQ(refused, 2);
  EXPECT_EQ(committer->counts().waiting[static_cast<std::size_t>(Lane::kFiling)], 2u);
  committer->Submit(HoldFiling{0, "operator-1", "look"}, count);
  EXPECT_EQ(refused, 2);
  go_on.set_value();
  committer->Drain();
  EXPECT_EQ(committed, 3);
}

TEST_F(CommitterTest, TheByteBoundHoldsToo) {
  CommitterOptions options;
  options.waiting_bytes_max = 1000;  // Less than one filing weighs.
  const auto committer = Make(options);
  bool refused = false;
  committer->Submit(FilingDraft(1), [&](const Result<Outcome>& outcome) { refused = !outcome; });
  EXPECT_TRUE(refused);
}

// What the court has said is small, counted, and must not wait for what is new.
TEST_F(CommitterTest, FilingsThatFillTheMemoryDoNotRefuseSettlements) {
  CommitterOptions options;
  options.waiting_bytes_max = 1;
  const auto committer = Make(options);
  std::promise<std::string> answered;
  committer->Submit(HoldFiling{0, "operator-1", "look"}, [&](const Result<Outcome>& outcome) {
    answered.set_value(outcome ? "" : outcome.error().reason);
  });
  EXPECT_EQ(answered.get_future().get(), "FILING_NOT_FOUND");
}

TEST_F(CommitterTest, DrainCommitsWhatIsWaiting) {
  auto committer = Make();
  std::atomic<int> committed = 0;
  for (int i = 0; i < 50; ++i) {
    committer->Submit(FilingDraft(i),
                      [&](const Result<Outcome>& outcome) { committed += outcome ? 1 : 0; });
  }
  committer.reset();
  EXPECT_EQ(committed, 50);
  EXPECT_EQ(journal_->view()->published(), 50u);
}

TEST_F(CommitterTest, RefusalsTakeAtMostATenthOfAGroup) {
  CommitterOptions options;
  options.group_drafts_max = 20;
  std::promise<void> go_on;
  auto shut = go_on.get_future().share();
  std::promise<void> reached;
  std::size_t answered = 0;
  const auto committer = Make(options);
  committer->Submit(FilingDraft(1), [&, shut](const Result<Outcome>&) {
    reached.set_value();
    shut.wait();
  });
  reached.get_future().wait();
  const std::uint64_t groups_before = committer->counts().groups;
  for (int i = 0; i < 30; ++i) {
    RefuseAttempt refusal;
    refusal.system = SystemName("acme");
    refusal.attempt_id = AttemptId("a" + std::to_string(i));
    refusal.reason = "DOCUMENT_TOO_LARGE";
    refusal.refused_at = kJuly;
    committer->Submit(refusal, [&](const Result<Outcome>&) { ++answered; });
  }
  go_on.set_value();
  committer->Drain();
  EXPECT_EQ(answered, 30u);
  EXPECT_GE(committer->counts().groups - groups_before, 15u);
}

// Goal: a court that says a great deal at once (its docket after an outage) does not keep filings
// waiting beyond one group, nor the documents and refusals beside them. Method: more of each than a
// group holds, while an answer holds the thread; then who is answered in the first group.
TEST_F(CommitterTest, WhateverFloodsEveryLaneHasAShareOfEachGroup) {
  CommitterOptions options;
  options.group_drafts_max = 64;
  options.group_bytes_max = 640'000;
  std::promise<void> go_on;
  auto shut = go_on.get_future().share();
  std::promise<void> reached;
  const auto committer = Make(options);
  committer->Submit(FilingDraft(1), [&, shut](const Result<Outcome>&) {
    reached.set_value();
    shut.wait();
  });
  reached.get_future().wait();
  std::string answered;  // One letter each, in order. The committer's thread only.
  const auto note = [&answered](char who) {
    return [&answered, who](const Result<Outcome>&) { answered += who; };
  };
  for (int i = 0; i < 200; ++i)
    committer->Submit(HoldFiling{9999, "operator-1", "look"}, note('s'));
  // Their bytes alone would fill the group.
  for (int i = 0; i < 200; ++i)
    committer->Submit(KeepPackage{static_cast<std::uint64_t>(i), std::string(90'000, 'z')},
                      note('d'));
  for (int i = 2; i < 40; ++i) committer->Submit(FilingDraft(i), note('f'));
  RefuseAttempt refusal;
  refusal.system = SystemName("acme");
  refusal.attempt_id = AttemptId("a1");
  refusal.reason = "DOCUMENT_TOO_LARGE";
  refusal.refused_at = kJuly;
  for (int i = 0; i < 30; ++i) committer->Submit(refusal, note('r'));
  go_on.set_value();
  committer->Drain();
  EXPECT_EQ(answered.size(), 200u + 200u + 38u + 30u);
  // 64 less 8, 16 and 1; then documents up to their bytes; the shares are for whoever waits.
  EXPECT_TRUE(answered.starts_with(std::string(39, 's') + "d"));
  const std::string first = answered.substr(0, answered.find("ss", 39));
  EXPECT_LE(first.size(), 64u);
  EXPECT_GE(std::count(first.begin(), first.end(), 'f'), 16);
  EXPECT_GE(std::count(first.begin(), first.end(), 'd'), 1);
  EXPECT_GE(std::count(first.begin(), first.end(), 'r'), 1);
}

// A controller that died, or a file server that is away, reports no error: the sync just never
// ends.
TEST_F(CommitterTest, ACommitThatHangsIsSeenFromOutside) {
  const auto committer = Make();
  EXPECT_FALSE(committer->counts().committing_since);
  std::promise<void> hangs;
  std::promise<void> go_on;
  std::atomic<bool> begun = false;
  fixture_.disk().SetDuringSync([&, shut = go_on.get_future().share()](const std::string&) {
    if (!begun.exchange(true)) hangs.set_value();
    shut.wait();
  });
  committer->Submit(FilingDraft(1), [](const Result<Outcome>&) {});
  hangs.get_future().wait();
  const BootTime taken = fixture_.clock().BootNow();
  fixture_.clock().Advance(std::chrono::seconds(6));
  EXPECT_EQ(committer->counts().committing_since, taken);
  go_on.set_value();
  committer->Drain();
  EXPECT_FALSE(committer->counts().committing_since);
  fixture_.disk().SetDuringSync(nullptr);
}

// Nobody files: the gateway must not wait for the next one to find out.
TEST_F(CommitterTest, AnErrorBehindOurBackStopsAtOnceAlsoWhenNothingWaits) {
  Committer::Events events;
  std::promise<std::string> stopped;
  events.fail_stop = [&](const Error& why) { stopped.set_value(why.message); };
  auto committer =
      std::make_unique<Committer>(*journal_, fixture_.clock(), CommitterOptions(), events);
  // The fifth of these fills RocksDB's memory, and it begins to write a table.
  std::vector<std::future<Result<Outcome>>> answers;
  for (int i = 0; i < 5; ++i) {
    if (i == 4) fixture_.disk().FailNext(DiskOperation::kSync, DiskSubject::kOther);
    auto promise = std::make_shared<std::promise<Result<Outcome>>>();
    answers.push_back(promise->get_future());
    committer->Submit(KeepPackage{static_cast<std::uint64_t>(i), std::string(5 << 20, 'z')},
                      [promise](const Result<Outcome>& outcome) { promise->set_value(outcome); });
    answers.back().wait();
  }
  auto told = stopped.get_future();
  ASSERT_EQ(told.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  std::promise<Result<Outcome>> refused;
  committer->Submit(FilingDraft(1),
                    [&](const Result<Outcome>& outcome) { refused.set_value(outcome); });
  EXPECT_FALSE(refused.get_future().get());
  committer.reset();
  EXPECT_FALSE(journal_->Commit({}));
}

// The control: without the error nothing stops.
TEST_F(CommitterTest, AFullWriteBufferAloneStopsNobody) {
  const auto committer = Make();
  for (int i = 0; i < 8; ++i) {
    std::promise<bool> kept;
    committer->Submit(KeepPackage{static_cast<std::uint64_t>(i), std::string(5 << 20, 'z')},
                      [&](const Result<Outcome>& outcome) { kept.set_value(outcome.has_value()); });
    EXPECT_TRUE(kept.get_future().get());
  }
  EXPECT_EQ(stops_, 0);
}

}  // namespace
}  // namespace nightbox
