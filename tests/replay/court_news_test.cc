// Goal: what courts say later is neither skipped in silence nor kept away from everybody by one
// word or one cursor; and a filer who wished to withdraw is told what became of the wish.
// Method: one real journal, and a case system's port led by hand.
#include "replay/court_news.h"

#include <gmock/gmock.h>

#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "store/keys.h"
#include "tests/store/support/journal_fixture.h"

namespace nightbox {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kGroup[] = "main";

// Remembers what it is asked, and answers when it is told to.
class HandLedPort final : public CaseSystemPort {
 public:
  void Record(RecordRequest, std::shared_ptr<DocumentSource>,
              std::function<void(RecordAnswer)>) override {
    ADD_FAILURE() << "nobody delivers here";
  }
  void Query(const Digest& key, std::function<void(QueryAnswer)> done) override {
    asked.push_back(key);
    done({knows, {}});
  }
  void Check(std::vector<CourtId>, std::function<void(ProbeReport)>) override {
    ADD_FAILURE() << "nobody probes here";
  }
  void RequestWithdrawal(const Digest& key, const std::string& reason,
                         std::function<void(Result<CourtRecord>)> done) override {
    wishes.emplace_back(key, std::move(done));
    reasons.push_back(reason);
  }
  void Watch(const std::string& cursor,
             std::function<void(CourtRecord, std::string, Resume)> on_record,
             std::function<void(Error)> on_end) override {
    cursors.push_back(cursor);
    tell = std::move(on_record);
    end_ = std::move(on_end);
  }
  void Stop() override {}

  void End(ErrorCode code) { std::exchange(end_, nullptr)(Error{code, "the watch has ended"}); }

  std::vector<std::pair<Digest, std::function<void(Result<CourtRecord>)>>> wishes;
  std::vector<std::string> reasons;  // Of each wish.
  std::vector<Digest> asked;
  QueryFate knows = QueryFate::kSettled;  // What it answers to each question.
  std::vector<std::string> cursors;       // Of each watch.
  std::function<void(CourtRecord, std::string, Resume)> tell;

 private:
  std::function<void(Error)> end_;
};

class CourtNewsTest : public testing::Test {
 protected:
  CourtNews::Parts Parts() {
    CourtNews::Parts parts;
    parts.view = [this] { return journal_->view(); };
    parts.commit = [this](Draft draft, std::function<void(const Result<Outcome>&)> then) {
      loop_.emplace_back([this, draft = std::move(draft), then = std::move(then)] {
        const auto refused = refuse(draft);
        then(refused ? Result<Outcome>(*refused) : CommitOne(*journal_, draft));
      });
    };
    parts.post = [this](std::function<void()> act) { loop_.push_back(std::move(act)); };
    parts.wishes_looked_at = 2;
    parts.served = [this](const CourtId&) { return served_; };
    parts.wishes_remembered = 3;
    return parts;
  }

  void Run() {
    while (!loop_.empty()) {
      const auto act = std::move(loop_.front());
      loop_.pop_front();
      act();
    }
  }
  // As after a probe.
  void Reached() { Reached(port_); }
  void Reached(HandLedPort& port, bool serves = true) {
    news_.Reached(port, kGroup, [serves](const CourtId&) { return serves; });
    Run();
  }
  // Answers every wish that was passed on, and tells whose they were.
  std::vector<Digest> AnswerWishes(const std::function<Result<CourtRecord>(const Digest&)>& say) {
    std::vector<Digest> asked;
    for (const auto& [key, done] : std::exchange(port_.wishes, {})) {
      asked.push_back(key);
      done(say(key));
    }
    Run();
    return asked;
  }
  Result<CourtRecord> Taken(const Digest& key) {
    const auto found = FindSequence(*journal_->view(), keys::FilingByDeliveryKey(key)).value();
    return FindState(*journal_->view(), *found).value()->record.value();
  }
  // True when the next may be told.
  bool Tell(const CourtRecord& record, const std::string& cursor) {
    const auto resumed = std::make_shared<bool>(false);
    port_.tell(record, cursor, [resumed] { *resumed = true; });
    Run();
    return *resumed;
  }
  void EndWatch(ErrorCode code) {
    port_.End(code);
    Run();
  }

  // A filing that the case system has recorded and no clerk has looked at.
  FilingState Submitted(int number) {
    const auto received = CommitOne(
        *journal_, FilingDraft(number, ExistingCase{"24DN-CC0000" + std::to_string(number)}));
    const FilingState filing = received->filing->state;
    EXPECT_TRUE(CommitOne(*journal_, StartDelivery{filing.filing_sequence, kGroup, kJuly}));
    SettleDelivery settle;
    settle.filing_sequence = filing.filing_sequence;
    settle.record = Recorded(filing);
    EXPECT_TRUE(CommitOne(*journal_, settle));
    return filing;
  }
  FilingState Wished(int number) {
    const FilingState filing = Submitted(number);
    EXPECT_TRUE(CommitOne(
        *journal_, WithdrawFiling{filing.filing_sequence, UserId("user-1"), "filed by mistake"}));
    return filing;
  }
  static CourtRecord Recorded(const FilingState& filing) {
    CourtRecord record = DocketedRecord(filing);
    record.state = CourtRecordState::kRecorded;
    record.docketed_at.reset();
    return record;
  }
  FilingState Now(const FilingState& filing) {
    return FindState(*journal_->view(), filing.filing_sequence).value().value();
  }
  std::string Cursor() { return journal_->view()->ReadCursor(kGroup).value(); }

  std::function<std::optional<Error>(const Draft&)> refuse = [](const Draft&) {
    return std::nullopt;
  };
  JournalFixture fixture_;
  std::unique_ptr<Journal> journal_ = fixture_.Fresh();
  std::deque<std::function<void()>> loop_;
  bool served_ = true;  // Some endpoint serves every court.
  HandLedPort port_;
  CourtNews news_{Parts()};
};

// ---- News ----

TEST_F(CourtNewsTest, AWatchGoesOnWhereTheLastOneEnded) {
  const FilingState filing = Submitted(1);
  Reached();
  EXPECT_TRUE(Tell(DocketedRecord(filing), "500"));
  EXPECT_EQ(ClassOf(Now(filing)), BalanceClass::kDocketed);
  EndWatch(ErrorCode::kUnavailable);
  EXPECT_THAT(port_.cursors, ElementsAre(""));
  Reached();
  EXPECT_THAT(port_.cursors, ElementsAre("", "500"));
}

TEST_F(CourtNewsTest, ACaseSystemRestoredFromABackupIsToldItsWishesAgain) {
  const FilingState filing = Wished(1);
  Reached();
  EXPECT_TRUE(Tell(Recorded(filing), "500"));
  EXPECT_EQ(AnswerWishes([this](const Digest& key) { return Taken(key); }).size(), 1U);
  EndWatch(ErrorCode::kUnavailable);
  Reached();
  EXPECT_THAT(port_.wishes, IsEmpty()) << "it was taken";
  EndWatch(ErrorCode::kInvalidArgument);
  Reached();
  EXPECT_THAT(AnswerWishes([this](const Digest& key) { return Taken(key); }),
              ElementsAre(filing.delivery_key));
}

// Restored from a backup, a case system has not come as far as it had told.
TEST_F(CourtNewsTest, ACaseSystemThatDoesNotKnowTheCursorIsHeardFromTheStart) {
  const FilingState one = Submitted(1);
  const FilingState two = Submitted(2);
  Reached();
  EXPECT_TRUE(Tell(DocketedRecord(one), "500"));
  EndWatch(ErrorCode::kUnavailable);
  Reached();
  ASSERT_THAT(port_.cursors, ElementsAre("", "500"));
  EndWatch(ErrorCode::kInvalidArgument);
  EXPECT_THAT(port_.cursors, ElementsAre("", "500", ""));
  // What was known moves nothing back, what is new arrives.
  EXPECT_TRUE(Tell(Recorded(one), "1"));
  EXPECT_TRUE(Tell(DocketedRecord(one), "2"));
  EXPECT_TRUE(Tell(DocketedRecord(two), "3"));
  EXPECT_EQ(ClassOf(Now(one)), BalanceClass::kDocketed);
  EXPECT_EQ(ClassOf(Now(two)), BalanceClass::kDocketed);
  EXPECT_EQ(Cursor(), "3");
}

TEST_F(CourtNewsTest, WhoRefusesEvenTheStartIsNotAskedAgainBeforeTheNextProbe) {
  Reached();
  EndWatch(ErrorCode::kInvalidArgument);
  EXPECT_THAT(port_.cursors, ElementsAre(""));
  Reached();
  EXPECT_THAT(port_.cursors, ElementsAre("", ""));
}

TEST_F(CourtNewsTest, AWordThatTheJournalDoesNotTakeIsLeftOutAfterThreeWatches) {
  const FilingState broken = Submitted(1);
  const FilingState other = Submitted(2);
  refuse = [&](const Draft& draft) -> std::optional<Error> {
    const auto* news = std::get_if<ChangeReview>(&draft);
    if (news == nullptr || news->record.delivery_key != broken.delivery_key) return std::nullopt;
    return Error{ErrorCode::kDataLoss, "a stored state does not parse"};
  };
  for (int watch = 1; watch < CourtNews::kTriesOfOneWord; ++watch) {
    Reached();
    EXPECT_FALSE(Tell(DocketedRecord(broken), "1")) << watch;
    EXPECT_EQ(Cursor(), "") << watch;
    EndWatch(ErrorCode::kUnavailable);
  }
  Reached();
  EXPECT_TRUE(Tell(DocketedRecord(broken), "1"));
  EXPECT_EQ(Cursor(), "1");
  EXPECT_TRUE(Tell(DocketedRecord(other), "2"));
  EXPECT_EQ(ClassOf(Now(other)), BalanceClass::kDocketed);
  EXPECT_EQ(ClassOf(Now(broken)), BalanceClass::kPending);
}

TEST_F(CourtNewsTest, NoWordIsLeftOutBecauseTheCommitterIsFullOrStops) {
  const FilingState filing = Submitted(1);
  int turn = 0;
  refuse = [&](const Draft&) -> std::optional<Error> {
    if (++turn % 2 == 0) return Error{ErrorCode::kResourceExhausted, "full", "QUEUE_FULL"};
    return Error{ErrorCode::kUnavailable, "restarting", "OUTCOME_UNKNOWN"};
  };
  for (int watch = 0; watch < 20; ++watch) {
    Reached();
    EXPECT_FALSE(Tell(DocketedRecord(filing), "1"));
    EndWatch(ErrorCode::kUnavailable);
  }
  refuse = [](const Draft&) { return std::nullopt; };
  Reached();
  EXPECT_TRUE(Tell(DocketedRecord(filing), "1"));
  EXPECT_EQ(ClassOf(Now(filing)), BalanceClass::kDocketed);
}

// ---- Wishes ----

TEST_F(CourtNewsTest, AWishThatTheCaseSystemRefusesForGoodEndsAndTheFilingSaysSo) {
  const FilingState filing = Wished(1);
  Reached();
  ASSERT_EQ(port_.wishes.size(), 1U);
  port_.wishes[0].second(Error{ErrorCode::kFailedPrecondition, "no"});
  Run();
  const FilingState after = Now(filing);
  EXPECT_FALSE(after.withdrawal_requested);
  EXPECT_THAT(after.reason, testing::HasSubstr("does not take the request to withdraw"));
  EXPECT_EQ(after.record, Recorded(filing));
  EXPECT_EQ(ClassOf(after), BalanceClass::kPending);
  EXPECT_THAT(journal_->view()->ListWithdrawals(std::nullopt, 10).value(), IsEmpty());
  const auto entry = ReadEntry(*journal_->view(), after.changed_sequence).value();
  EXPECT_THAT(entry.statement(), testing::HasSubstr("\"withdrawal.not_taken\""));
  Reached();
  EXPECT_EQ(port_.wishes.size(), 1U);
  // The filer may wish again.
  ASSERT_TRUE(
      CommitOne(*journal_, WithdrawFiling{filing.filing_sequence, UserId("user-1"), "once more"}));
  Reached();
  EXPECT_EQ(port_.wishes.size(), 2U);
}

TEST_F(CourtNewsTest, ARefusalThatCouldNotBeJournaledIsAskedForAgain) {
  const FilingState filing = Wished(1);
  Reached();
  refuse = [](const Draft&) { return Error{ErrorCode::kResourceExhausted, "full", "QUEUE_FULL"}; };
  port_.wishes.at(0).second(Error{ErrorCode::kFailedPrecondition, "no"});
  Run();
  EXPECT_TRUE(Now(filing).withdrawal_requested);
  refuse = [](const Draft&) { return std::nullopt; };
  Reached();
  port_.wishes.at(1).second(Error{ErrorCode::kFailedPrecondition, "no"});
  Run();
  EXPECT_FALSE(Now(filing).withdrawal_requested);
}

// Delivered when other settings held: a division with a case system of its own was served by its
// circuit's, say.
TEST_F(CourtNewsTest, WhereNobodyServesTheCourtTheWishGoesToWhoeverKnowsTheFiling) {
  const FilingState filing = Wished(1);
  served_ = false;
  HandLedPort stranger;
  stranger.knows = QueryFate::kNotFound;
  for (int probe = 0; probe < 3; ++probe) Reached(stranger, /*serves=*/false);
  EXPECT_EQ(stranger.asked.size(), 3U);
  EXPECT_THAT(stranger.reasons, IsEmpty()) << "the filer's words are for the court alone";
  Reached(port_, /*serves=*/false);
  EXPECT_THAT(port_.reasons, ElementsAre("filed by mistake"));
  EXPECT_THAT(AnswerWishes([this](const Digest& key) { return Taken(key); }),
              ElementsAre(filing.delivery_key));
  Reached(stranger, /*serves=*/false);
  Reached(port_, /*serves=*/false);
  EXPECT_EQ(stranger.asked.size(), 3U);
  EXPECT_EQ(port_.reasons.size(), 1U);
}

TEST_F(CourtNewsTest, WhoDoesNotKnowTheFilingRefusesNothingAndTheOthersAreAsked) {
  for (const ErrorCode code :
       {ErrorCode::kNotFound, ErrorCode::kFailedPrecondition, ErrorCode::kInvalidArgument}) {
    const FilingState filing = Wished(static_cast<int>(code) + 1);
    port_.knows = QueryFate::kNotFound;
    HandLedPort other;
    Reached(other, /*serves=*/false);
    EXPECT_THAT(other.asked, IsEmpty()) << "one that serves the court comes first";
    Reached();
    AnswerWishes([code](const Digest&) { return Error{code, "no"}; });
    EXPECT_TRUE(Now(filing).withdrawal_requested);
    for (int round = 0; round < 3; ++round) Reached(other, /*serves=*/false);
    EXPECT_THAT(other.asked, ElementsAre(filing.delivery_key));
    ASSERT_EQ(other.wishes.size(), 1U);
    // Who knows it can refuse it.
    other.wishes[0].second(Error{ErrorCode::kFailedPrecondition, "too late"});
    Run();
    EXPECT_FALSE(Now(filing).withdrawal_requested);
  }
}

TEST_F(CourtNewsTest, ARefusalOfOneWhoCannotBeAskedAgainIsPassedOnAgain) {
  const FilingState filing = Wished(1);
  port_.knows = QueryFate::kNoAnswer;
  for (int probe = 0; probe < 3; ++probe) {
    Reached();
    EXPECT_EQ(AnswerWishes([](const Digest&) {
                return Error{ErrorCode::kFailedPrecondition, "no"};
              }).size(),
              1U);
  }
  EXPECT_TRUE(Now(filing).withdrawal_requested);
  HandLedPort other;
  Reached(other, /*serves=*/false);
  EXPECT_THAT(other.asked, IsEmpty());
}

TEST_F(CourtNewsTest, WhatIsNotKnownWhereItBelongsIsRememberedUpToABound) {
  std::vector<Digest> all;
  for (int number = 1; number <= 4; ++number) all.push_back(Wished(number).delivery_key);
  for (int probe = 0; probe < 2; ++probe) {
    Reached();
    AnswerWishes([](const Digest&) { return Error{ErrorCode::kNotFound, "no"}; });
  }
  HandLedPort other;
  other.knows = QueryFate::kNotFound;
  for (int probe = 0; probe < 2; ++probe) Reached(other, /*serves=*/false);
  EXPECT_THAT(other.asked, ElementsAre(all[1], all[2], all[3]));
  // The one that was forgotten has its turn where it belongs.
  Reached();
  Reached();
  EXPECT_THAT(AnswerWishes([this](const Digest& key) { return Taken(key); }),
              testing::Contains(all[0]));
}

TEST_F(CourtNewsTest, WishesBeyondTheBoundWaitOnDiskAndHaveTheirTurn) {
  std::vector<Digest> all;
  for (int number = 1; number <= 3; ++number) all.push_back(Wished(number).delivery_key);
  std::vector<Digest> passed_on;
  for (int probe = 0; probe < 5; ++probe) {
    Reached();
    EXPECT_LE(port_.wishes.size(), 2U);
    const auto asked = AnswerWishes([this](const Digest& key) { return Taken(key); });
    passed_on.insert(passed_on.end(), asked.begin(), asked.end());
  }
  // Each once: what was taken is remembered.
  EXPECT_EQ(passed_on, all);
}

// The oldest is passed on again, which a case system takes as often as it comes.
TEST_F(CourtNewsTest, WhatWasTakenIsRememberedUpToABound) {
  std::vector<Digest> all;
  for (int number = 1; number <= 4; ++number) all.push_back(Wished(number).delivery_key);
  std::vector<Digest> passed_on;
  for (int probe = 0; probe < 3; ++probe) {
    Reached();
    const auto asked = AnswerWishes([this](const Digest& key) { return Taken(key); });
    passed_on.insert(passed_on.end(), asked.begin(), asked.end());
  }
  Reached();
  EXPECT_THAT(passed_on, ElementsAre(all[0], all[1], all[2], all[3]));
  EXPECT_EQ(AnswerWishes([this](const Digest& key) { return Taken(key); }), std::vector{all[0]});
}

TEST_F(CourtNewsTest, WishesThatDoNotGetThroughKeepNoOthersWaiting) {
  std::vector<Digest> all;
  for (int number = 1; number <= 5; ++number) all.push_back(Wished(number).delivery_key);
  std::vector<Digest> taken;
  std::size_t stuck = 0;
  for (int probe = 0; probe < 9; ++probe) {
    Reached();
    AnswerWishes([&](const Digest& key) -> Result<CourtRecord> {
      if (key == all[0] || key == all[1]) {
        ++stuck;
        return Error{probe % 2 == 0 ? ErrorCode::kUnavailable : ErrorCode::kNotFound, "not now"};
      }
      taken.push_back(key);
      return Taken(key);
    });
  }
  EXPECT_THAT(taken, ElementsAre(all[2], all[3], all[4]));
  EXPECT_GE(stuck, 6U) << "each round has their turn";
}

// And so are those that hang at another endpoint.
TEST_F(CourtNewsTest, AnEndpointThatAnswersNothingHoldsSoManyAndAnotherGoesOn) {
  CourtNews::Parts parts = Parts();
  parts.wishes_looked_at = 100;
  CourtNews news(parts);
  const auto reached = [&](HandLedPort& port) {
    news.Reached(port, kGroup, [](const CourtId&) { return true; });
    Run();
  };
  for (int number = 1; number <= 20; ++number) Wished(number);
  for (int probe = 0; probe < 3; ++probe) reached(port_);
  EXPECT_EQ(port_.wishes.size(), CourtNews::kWishesAtOnce);
  HandLedPort other;
  reached(other);
  EXPECT_EQ(other.wishes.size(), 4U);
}

TEST_F(CourtNewsTest, WhatIsDeniedOnTheWayIsNoRefusalAndIsPassedOnForEver) {
  const FilingState filing = Wished(1);
  for (int probe = 0; probe < 50; ++probe) {
    Reached();
    const auto asked = AnswerWishes([](const Digest&) {
      return Error{ErrorCode::kPermissionDenied, "the case system answered PERMISSION_DENIED"};
    });
    ASSERT_EQ(asked.size(), 1U) << probe;
  }
  EXPECT_TRUE(Now(filing).withdrawal_requested);
  Reached();
  AnswerWishes([this](const Digest& key) { return Taken(key); });
  Reached();
  EXPECT_THAT(port_.wishes, IsEmpty());
}

TEST_F(CourtNewsTest, TheFilersReasonIsPassedOnWhateverTheCourtSaysMeanwhile) {
  const FilingState filing = Wished(1);
  CourtRecord word = Recorded(filing);
  word.raw_status = "IN THE CLERK'S QUEUE";
  Reached();
  EXPECT_TRUE(Tell(word, "1"));
  EXPECT_EQ(Now(filing).record, word);
  // Also of one whose answer was not known when its filer wished so.
  const auto received = CommitOne(*journal_, FilingDraft(2, ExistingCase{"24DN-CC00002"}));
  const FilingState other = received->filing->state;
  ASSERT_TRUE(CommitOne(*journal_, StartDelivery{other.filing_sequence, kGroup, kJuly}));
  ASSERT_TRUE(
      CommitOne(*journal_, WithdrawFiling{other.filing_sequence, UserId("user-1"), "sent twice"}));
  SettleDelivery settle;
  settle.filing_sequence = other.filing_sequence;
  settle.record = Recorded(other);
  ASSERT_TRUE(CommitOne(*journal_, settle));
  AnswerWishes([](const Digest&) {
    return Error{ErrorCode::kUnavailable, "after the first probe"};
  });
  port_.reasons.clear();
  Reached();
  EXPECT_THAT(port_.reasons, ElementsAre("filed by mistake", "sent twice"));
  // The court's last word has the court's reason.
  CourtRecord returned = word;
  returned.state = CourtRecordState::kReturned;
  returned.reason = "the second page is missing";
  EXPECT_TRUE(Tell(returned, "2"));
  EXPECT_EQ(Now(filing).reason, "the second page is missing");
}

}  // namespace
}  // namespace nightbox
