// Goal: nobody ends a filing alone, and nobody's word is taken for another's or for longer than it
// stands. Method: the table of proposals by itself, with the time in the test's hand.
#include "gateway/terminations.h"

#include <gtest/gtest.h>

namespace nightbox {
namespace {

using Step = Terminations::Step;
using std::chrono::hours;

class TerminationsTest : public testing::Test {
 protected:
  Result<Terminations::Answer> Ask(const std::string& filing, const std::string& person,
                                   const std::string& authority = "order of 1 July") {
    return terminations_.Ask(FilingId(filing), person, authority, now_, wall_);
  }
  void Propose(const std::string& filing, const std::string& person) {
    const auto asked = Ask(filing, person);
    ASSERT_TRUE(asked) << asked.error().message;
    EXPECT_EQ(asked->step, Step::kJournal);
    terminations_.Journaled(FilingId(filing), person);
  }

  BootTime now_{Microseconds(1'000'000)};
  WallTime wall_{hours(500'000)};
  Terminations terminations_{3};
};

TEST_F(TerminationsTest, TheSecondPersonCarriesItOutAndTheFirstNeverDoes) {
  Propose("one", "jane.roe");
  const WallTime until = wall_ + hours(24);
  now_ += hours(1);
  wall_ -= hours(7);  // Somebody sets it: what was said stands as long as it was said to.
  for (int i = 0; i < 3; ++i) {
    const auto again = Ask("one", "jane.roe");
    ASSERT_TRUE(again);
    EXPECT_EQ(again->step, Step::kWait);
    EXPECT_EQ(again->until, until) << "saying it again does not prolong it";
  }
  const auto second = Ask("one", "john.doe");
  ASSERT_TRUE(second);
  EXPECT_EQ(second->step, Step::kCarryOut);
  EXPECT_EQ(second->first_person, "jane.roe");
  terminations_.Forget(FilingId("one"), "jane.roe");
  EXPECT_EQ(Ask("one", "john.doe")->step, Step::kJournal) << "what was carried out is over";
}

TEST_F(TerminationsTest, AProposalLapsesAfterADayToTheMoment) {
  Propose("one", "jane.roe");
  now_ += hours(24) - Microseconds(1);
  EXPECT_EQ(Ask("one", "john.doe")->step, Step::kCarryOut);
  now_ += Microseconds(1);
  EXPECT_EQ(Ask("one", "john.doe")->step, Step::kJournal);
}

TEST_F(TerminationsTest, ItIsOfOneFiling) {
  Propose("one", "jane.roe");
  EXPECT_EQ(Ask("two", "john.doe")->step, Step::kJournal);
}

TEST_F(TerminationsTest, BothGiveTheSameAuthorityAndTheFirstMayMendTheirs) {
  Propose("one", "jane.roe");
  EXPECT_EQ(Ask("one", "john.doe", "order of 2 July").error().reason, "AUTHORITY_DIFFERS");
  EXPECT_EQ(Ask("one", "jane.roe", "order of 2 July")->step, Step::kJournal);
  terminations_.Journaled(FilingId("one"), "jane.roe");
  EXPECT_EQ(Ask("one", "john.doe", "order of 2 July")->step, Step::kCarryOut);
  EXPECT_EQ(terminations_.standing(), 1U);
}

TEST_F(TerminationsTest, AWordThatIsNotJournaledDoesNotCount) {
  ASSERT_EQ(Ask("one", "jane.roe")->step, Step::kJournal);
  EXPECT_EQ(Ask("one", "john.doe").error().code, ErrorCode::kAborted);
  EXPECT_EQ(Ask("one", "jane.roe").error().code, ErrorCode::kAborted);
  terminations_.Forget(FilingId("one"), "john.doe");  // Not theirs to forget.
  EXPECT_EQ(terminations_.standing(), 1U);
  terminations_.Forget(FilingId("one"), "jane.roe");
  EXPECT_EQ(Ask("one", "john.doe")->step, Step::kJournal);
}

TEST_F(TerminationsTest, AtTheBoundNoneIsForgottenAndWhatLapsesMakesRoom) {
  Propose("one", "jane.roe");
  now_ += hours(1);
  Propose("two", "jane.roe");
  Propose("three", "jane.roe");
  const auto refused = Ask("four", "jane.roe");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "TOO_MANY_PROPOSALS");
  EXPECT_EQ(Ask("two", "john.doe")->step, Step::kCarryOut) << "the bound is for new ones";
  EXPECT_EQ(Ask("three", "jane.roe", "order of 2 July")->step, Step::kJournal);
  now_ += hours(23);
  Propose("four", "jane.roe");
  EXPECT_EQ(terminations_.standing(), 3U);
}

}  // namespace
}  // namespace nightbox
