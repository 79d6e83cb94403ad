// Goal: an operator finds every filing that waits, with what is known of it, and no page costs more
// than its rows. Method: a journal with filings in each class and in two courts, read in pages of
// every size.
#include "store/waiting_filings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/keys.h"
#include "tests/store/support/journal_fixture.h"
#include "tests/store/support/spoil_key.h"

namespace nightbox {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class WaitingFilingsTest : public testing::Test {
 protected:
  static constexpr char kDent[] = "mo.cir.42.dent";
  static constexpr char kSupreme[] = "mo.sup";

  // In a case of its own.
  std::uint64_t Receive(const std::string& court = kDent) {
    return ReceiveIn("24DN-CC0000" + std::to_string(next_), court);
  }
  std::uint64_t ReceiveIn(const std::string& number, const std::string& court = kDent) {
    return Do(FilingDraft(next_++, ExistingCase{number}, court));
  }
  // A second passes before each commit.
  std::uint64_t Do(Draft draft) {
    fixture_.clock().Advance(std::chrono::seconds(1));
    const auto outcome = CommitOne(*journal_, std::move(draft));
    EXPECT_TRUE(outcome) << outcome.error().message;
    return outcome->filing->sequence;
  }
  void Start(std::uint64_t filing) { Do(StartDelivery{filing, "one", fixture_.clock().Now()}); }
  void Hold(std::uint64_t filing) { Do(HoldFiling{filing, "jane.roe", "the court asked"}); }

  // All of them, in pages of so many rows; no page reads more.
  std::vector<WaitingFiling> All(WaitingClass which, const std::string& court = "",
                                 std::size_t rows = 100) {
    std::vector<WaitingFiling> all;
    WaitingQuery query{which, CourtId(court), "", rows};
    do {
      const auto page = ListWaiting(*journal_->view(), query);
      EXPECT_TRUE(page) << page.error().message;
      EXPECT_LE(page->filings.size(), rows);
      all.insert(all.end(), page->filings.begin(), page->filings.end());
      query.after = page->next;
    } while (!query.after.empty());
    return all;
  }
  std::vector<std::uint64_t> Sequences(WaitingClass which, const std::string& court = "",
                                       std::size_t rows = 100) {
    std::vector<std::uint64_t> sequences;
    for (const WaitingFiling& each : All(which, court, rows)) {
      sequences.push_back(each.state.filing_sequence);
    }
    return sequences;
  }

  int next_ = 1;
  JournalFixture fixture_;
  std::unique_ptr<Journal> journal_ = fixture_.Fresh();
};

TEST_F(WaitingFilingsTest, EachClassIsListedWholeWhateverTheSizeOfAPage) {
  const auto first = Receive();
  const auto held = Receive();
  const auto supreme = Receive(kSupreme);
  const auto uncertain = Receive();
  const auto uncertain_supreme = Receive(kSupreme);
  const auto last = Receive();
  const auto held_supreme = Receive(kSupreme);
  for (const auto each : {held, held_supreme}) Hold(each);
  for (const auto each : {uncertain, uncertain_supreme}) Start(each);
  for (const std::size_t rows : {1, 2, 3, 7, 100}) {
    EXPECT_THAT(Sequences(WaitingClass::kPending, "", rows), ElementsAre(first, last, supreme));
    EXPECT_THAT(Sequences(WaitingClass::kPending, kDent, rows), ElementsAre(first, last));
    EXPECT_THAT(Sequences(WaitingClass::kUncertain, "", rows),
                ElementsAre(uncertain, uncertain_supreme));
    EXPECT_THAT(Sequences(WaitingClass::kUncertain, kSupreme, rows),
                ElementsAre(uncertain_supreme));
    EXPECT_THAT(Sequences(WaitingClass::kHeld, "", rows), UnorderedElementsAre(held, held_supreme));
    EXPECT_THAT(Sequences(WaitingClass::kHeld, kDent, rows), ElementsAre(held));
  }
  EXPECT_THAT(Sequences(WaitingClass::kPending, "mo.cir.42"), IsEmpty()) << "a circuit is no court";
}

TEST_F(WaitingFilingsTest, AFilingIsShownWithItsTimesItsReasonAndItsGroup) {
  const auto one = Receive();
  const WaitingFiling received = All(WaitingClass::kPending).at(0);
  EXPECT_EQ(received.state.received_at, kJuly);
  EXPECT_EQ(received.group, "");
  EXPECT_EQ(received.state.deliveries_started, 0U);
  Start(one);
  const WaitingFiling uncertain = All(WaitingClass::kUncertain).at(0);
  EXPECT_EQ(uncertain.group, "one");
  EXPECT_EQ(uncertain.state.deliveries_started, 1U);
  EXPECT_EQ(uncertain.changed_at - received.changed_at, std::chrono::seconds(1));
  SettleDelivery not_found;
  not_found.filing_sequence = one;
  not_found.outcome = SettleDelivery::Outcome::kNotDelivered;
  not_found.asked = true;
  Do(not_found);
  EXPECT_EQ(All(WaitingClass::kPending).at(0).group, "one") << "its case must stay there";
  Hold(one);
  const WaitingFiling held = All(WaitingClass::kHeld).at(0);
  EXPECT_EQ(held.state.reason, "the court asked");
  EXPECT_EQ(held.changed_at - received.changed_at, std::chrono::seconds(3));
}

TEST_F(WaitingFilingsTest, AnEntryThatCannotBeReadHidesNoFiling) {
  const std::uint64_t spoilt = Receive();
  const std::uint64_t other = Receive();
  journal_.reset();
  SpoilKey(fixture_, keys::Entry(spoilt));
  journal_ = std::move(*fixture_.Open());
  const auto pending = All(WaitingClass::kPending);
  ASSERT_EQ(pending.size(), 2U);
  EXPECT_EQ(pending[0].state.filing_sequence, spoilt);
  EXPECT_EQ(pending[0].changed_at, pending[0].state.received_at);
  EXPECT_EQ(pending[1].state.filing_sequence, other);
}

TEST_F(WaitingFilingsTest, OnlyTheFilingWhoseTurnItIsStandsForItsCase) {
  const auto head = ReceiveIn("24DN-CC00099");
  const auto behind = ReceiveIn("24DN-CC00099");
  EXPECT_THAT(Sequences(WaitingClass::kPending), ElementsAre(head));
  Hold(behind);
  EXPECT_THAT(Sequences(WaitingClass::kHeld), ElementsAre(behind)) << "wherever it stands";
}

TEST_F(WaitingFilingsTest, APageReadsNoMoreRowsThanItMay) {
  for (int i = 0; i < 20; ++i) Receive();
  const auto held = Receive();
  Hold(held);
  // Of 21 that stand in queues one is held; pages of five are five at most, and most show nothing.
  WaitingQuery query{WaitingClass::kHeld, CourtId(), "", 5};
  std::size_t pages = 0;
  std::size_t shown = 0;
  do {
    const auto page = ListWaiting(*journal_->view(), query);
    ASSERT_TRUE(page);
    query.after = page->next;
    shown += page->filings.size();
    ++pages;
  } while (!query.after.empty());
  EXPECT_EQ(shown, 1U);
  EXPECT_EQ(pages, 5U);
}

TEST_F(WaitingFilingsTest, APlaceInAnotherListingIsRefused) {
  Receive();
  Receive();
  Receive(kSupreme);
  const auto view = journal_->view();
  const auto page = ListWaiting(*view, {WaitingClass::kPending, CourtId(kDent), "", 1});
  ASSERT_TRUE(page);
  ASSERT_NE(page->next, "");
  for (const WaitingQuery& wrong :
       std::vector<WaitingQuery>{{WaitingClass::kHeld, CourtId(), page->next, 1},
                                 {WaitingClass::kPending, CourtId(kSupreme), page->next, 1},
                                 {WaitingClass::kPending, CourtId(), "next", 1},
                                 {WaitingClass::kPending, CourtId(), std::string(5'000, 'a'), 1}}) {
    const auto refused = ListWaiting(*view, wrong);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace nightbox
