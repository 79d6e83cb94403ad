// Goal: a rule is said to be satisfied only if the least that was observed satisfies it, not
// satisfied only if the most does not, and otherwise what is missing is named; the days that follow
// are right under each reading.
// Method: the rules of four courts on observations made up around the outage of 29 June 2024, each
// bound moved across the rule's limit by the smallest step.
#include "rules/unavailability.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "rules/court_time.h"
#include "rules/deadline_rules.h"
#include "rules/unavailability_starts.h"

namespace nightbox {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

CourtDay Day(const char* text) { return *ParseDay(text); }

// "2024-07-01 13:00" by the clocks of the zone.
WallTime At(const std::string& text, const char* zone = "America/Chicago") {
  return *InstantOn(*ParseDay(text.substr(0, 10)), *ParseClock(text.substr(11)), zone);
}

FilingAttempt Observed(const char* id, WallTime at,
                       AttemptFault fault = AttemptFault::kCaseSystem) {
  return {id, AttemptClass::kObserved, true, fault, at, at};
}
FilingAttempt Asserted(const char* id, WallTime from, WallTime to) {
  return {id, AttemptClass::kClientAsserted, true, AttemptFault::kGateway, from, to};
}

FilingAttempt Of(const char* filing, FilingAttempt attempt) {
  attempt.filing = filing;
  return attempt;
}

// Attempts are of any filing of the user.
UnavailabilityFinding Evaluate(const char* rule, const char* due_day, const Observations& seen,
                               const char* court = "", bool one_filing = false) {
  const DeadlineRules& rules = DeadlineRules::BuiltIn();
  const CourtDay day = Day(due_day);
  return *EvaluateUnavailability(*rules.unavailability.Find(rule, day),
                                 {CourtId(court), day, one_filing}, seen, rules.periods,
                                 rules.calendar);
}

std::vector<std::string> MotionDays(const UnavailabilityFinding& found) {
  std::vector<std::string> days;
  days.reserve(found.motions.size());
  for (const MotionDeadline& each : found.motions) {
    days.push_back(std::string(each.counted_from == MotionCountedFrom::kEndOfUnavailability
                                   ? "end "
                                   : "attempt ") +
                   (each.last_day ? FormatDay(*each.last_day) : each.unknown));
  }
  return days;
}

// The outage of 2024 as the 42nd circuit saw it.
Observations OutageOf2024() {
  Observations seen;
  seen.unavailable = {{At("2024-06-29 09:58"), At("2024-06-29 10:00"), At("2024-07-08 07:50"),
                       At("2024-07-08 08:00")}};
  return seen;
}

TEST(UnavailabilityTest, MissouriAnAttemptDuringTheOutageSatisfiesAndBothReadingsAreGiven) {
  Observations seen = OutageOf2024();
  seen.attempts = {Observed("b", At("2024-07-03 10:00")), Observed("a", At("2024-07-01 23:41"))};
  const auto found = Evaluate("mo.103.06", "2024-07-01", seen, "mo.cir.42.dent");
  EXPECT_EQ(found.finding, RuleFinding::kSatisfied);
  EXPECT_EQ(found.first_attempt_id, "a");
  EXPECT_THAT(MotionDays(found), ElementsAre("attempt 2024-07-11", "end 2024-07-18"));
  for (const MotionDeadline& each : found.motions) {
    EXPECT_FALSE(each.confirmed);  // The rule's text is not.
    EXPECT_FALSE(each.steps.empty());
  }
  EXPECT_FALSE(found.relief_confirmed);
  EXPECT_EQ(found.left_to_court.size(), 2U);
  EXPECT_THAT(found.conditions[0].arithmetic[0],
              HasSubstr("attempt a of Monday 1 July 2024 at 11:41:00 p.m. Central Daylight Time: "
                        "the system was unavailable then"));
}

TEST(UnavailabilityTest, MissouriBoundsAreHonoured) {
  const auto finding = [](const FilingAttempt& attempt) {
    Observations seen = OutageOf2024();
    seen.attempts = {attempt};
    const auto found = Evaluate("mo.103.06", "2024-06-29", seen);
    EXPECT_EQ(found.conditions[0].missing.empty(), found.finding != RuleFinding::kCannotTell);
    return found.finding;
  };
  const auto refused = [&](const char* at) { return finding(Observed("a", At(at))); };
  EXPECT_EQ(refused("2024-06-29 09:59"), RuleFinding::kCannotTell);
  EXPECT_EQ(refused("2024-06-29 10:00"), RuleFinding::kSatisfied);  // The first bad probe.
  EXPECT_EQ(refused("2024-07-08 07:50"), RuleFinding::kSatisfied);
  EXPECT_EQ(refused("2024-07-08 07:51"), RuleFinding::kCannotTell);
  const auto asserted = [&](const char* at) { return finding(Asserted("a", At(at), At(at))); };
  EXPECT_EQ(asserted("2024-06-29 09:58"), RuleFinding::kNotSatisfied);  // The last good one.
  EXPECT_EQ(asserted("2024-06-29 09:59"), RuleFinding::kCannotTell);
  EXPECT_EQ(asserted("2024-07-08 07:59"), RuleFinding::kCannotTell);
  EXPECT_EQ(asserted("2024-07-08 08:00"), RuleFinding::kNotSatisfied);
}

TEST(UnavailabilityTest, TwoRecordsThatContradictEachOtherAreBothNamedAndDecideNothing) {
  Observations seen = OutageOf2024();
  seen.available = {{At("2024-06-20 08:00"), At("2024-06-29 09:58"), "journal entry 7"}};
  seen.attempts = {Observed("a", At("2024-06-28 12:00"))};
  seen.attempts[0].record = "journal entry 12";
  auto found = Evaluate("mo.103.06", "2024-06-28", seen);
  EXPECT_EQ(found.finding, RuleFinding::kCannotTell);
  EXPECT_THAT(found.conditions[0].missing,
              ElementsAre(HasSubstr("which of two records that contradict each other holds")));
  EXPECT_THAT(found.conditions[0].arithmetic[0],
              testing::AllOf(HasSubstr("the case system was not available (journal entry 12)"),
                             HasSubstr("journal entry 7 says that it was available from Thursday "
                                       "20 June 2024 at 8:00:00 a.m.")));
  EXPECT_EQ(found.first_attempt_id, "");
  EXPECT_EQ(MotionDays(found)[0], "attempt 2024-07-08") << "the cautious day all the same";
  EXPECT_FALSE(found.motions[0].certain);
  EXPECT_THAT(found.motions[0].basis, HasSubstr("contradict each other"));
  // Nor do they make two attempts.
  seen.attempts = {Observed("a", At("2024-06-28 15:00")), Observed("b", At("2024-06-28 17:00"))};
  EXPECT_EQ(Evaluate("us.cacd.lr.5-4.6.2", "2024-06-28", seen).finding, RuleFinding::kCannotTell);
}

TEST(UnavailabilityTest, AttemptsAtSeveralFilingsAreNotOne) {
  Observations seen = OutageOf2024();
  seen.attempts = {Of("1", Observed("a", At("2024-06-29 11:00"))),
                   Of("2", Observed("b", At("2024-07-01 12:00")))};
  auto found = Evaluate("mo.103.06", "2024-07-01", seen);
  EXPECT_EQ(found.finding, RuleFinding::kSatisfied) << "of each of them";
  EXPECT_THAT(found.conditions[0].condition, HasSubstr(", of any filing of this user"));
  EXPECT_THAT(MotionDays(found), ElementsAre("attempt 2024-07-09", "end 2024-07-18"));
  EXPECT_EQ(found.motions[0].basis,
            "as observed; the first of any filing of this user, at the earliest");
  EXPECT_FALSE(found.motions[0].certain);
  EXPECT_FALSE(found.motions[1].certain);
  // The second was never tried during the outage.
  seen.attempts[1] = Of("2", Observed("b", At("2024-07-09 12:00"), AttemptFault::kValidation));
  found = Evaluate("mo.103.06", "2024-07-01", seen);
  EXPECT_EQ(found.finding, RuleFinding::kCannotTell);
  EXPECT_THAT(found.conditions[0].missing,
              ElementsAre("which filing is asked about: the attempts are of 2 filings, and of 1 of "
                          "them this is satisfied"));
  // Of one filing all is told.
  seen.attempts = {Of("1", Observed("a", At("2024-06-29 11:00"))),
                   Of("1", Observed("b", At("2024-07-01 12:00")))};
  found = Evaluate("mo.103.06", "2024-07-01", seen, "", /*one_filing=*/true);
  EXPECT_EQ(found.finding, RuleFinding::kSatisfied);
  EXPECT_EQ(found.conditions[0].condition,
            "the system was unavailable at the moment of an attempt to file");
  EXPECT_THAT(MotionDays(found), ElementsAre("attempt 2024-07-09", "end 2024-07-18"));
  for (const MotionDeadline& each : found.motions) EXPECT_TRUE(each.certain) << each.basis;
}

TEST(UnavailabilityTest, AnAttemptOfWhichNoFilingIsRecordedIsSurelyOfNone) {
  Observations seen = OutageOf2024();
  seen.attempts = {Observed("x", At("2024-06-29 11:00")),
                   Of("1", Observed("b", At("2024-07-01 12:00")))};
  auto found = Evaluate("mo.103.06", "2024-07-01", seen, "", /*one_filing=*/true);
  EXPECT_EQ(found.finding, RuleFinding::kSatisfied);
  EXPECT_EQ(found.first_attempt_id, "b");
  EXPECT_THAT(MotionDays(found),
              ElementsAre("attempt 2024-07-11", "attempt 2024-07-09", "end 2024-07-18"));
  EXPECT_EQ(found.motions[1].basis, "if attempt x counts: of which filing it was is not recorded");
  EXPECT_FALSE(found.motions[0].certain);
  seen.attempts.pop_back();
  found = Evaluate("mo.103.06", "2024-07-01", seen, "", /*one_filing=*/true);
  EXPECT_EQ(found.finding, RuleFinding::kCannotTell);
  EXPECT_THAT(found.conditions[0].missing, ElementsAre(HasSubstr("of which filing it was: ")));
  // Nor the gateway's own refusal.
  seen.attempts = {Observed("g", At("2024-06-28 12:00"), AttemptFault::kGateway)};
  found = Evaluate("mo.103.06", "2024-07-01", seen, "", /*one_filing=*/true);
  EXPECT_EQ(found.finding, RuleFinding::kCannotTell);
  EXPECT_EQ(MotionDays(found)[0], "attempt 2024-07-08");
  // Of any filing it may be any of those.
  seen.attempts = {Observed("x", At("2024-06-29 11:00")),
                   Of("1", Observed("b", At("2024-07-09 12:00"), AttemptFault::kValidation))};
  EXPECT_EQ(Evaluate("mo.103.06", "2024-07-01", seen).finding, RuleFinding::kCannotTell);
}

TEST(UnavailabilityTest, WhereEarlierAttemptsWereNotLookedAtTheLastDayIsAtTheLatest) {
  Observations seen = OutageOf2024();
  seen.attempts = {Of("1", Observed("a", At("2024-07-01 12:00")))};
  seen.attempts_from = At("2024-06-30 00:00");
  auto found = Evaluate("mo.103.06", "2024-07-01", seen);
  EXPECT_EQ(found.finding, RuleFinding::kSatisfied);
  EXPECT_EQ(found.motions[0].basis,
            "as observed; at the latest: attempts before Sunday 30 June 2024 at 12:00:00 a.m. "
            "Central Daylight Time were not looked at");
  EXPECT_FALSE(found.motions[0].certain);
  // And that none met the outage nobody knows.
  seen.attempts = {Of("1", Observed("a", At("2024-07-01 12:00"), AttemptFault::kValidation))};
  found = Evaluate("mo.103.06", "2024-07-01", seen);
  EXPECT_EQ(found.finding, RuleFinding::kCannotTell);
  EXPECT_THAT(found.conditions[0].missing,
              ElementsAre(HasSubstr("whether there were other attempts: attempts before Sunday")));
  EXPECT_THAT(MotionDays(found)[0], HasSubstr("is recorded, but attempts before Sunday"));
  seen.attempts_from.reset();
  EXPECT_EQ(Evaluate("mo.103.06", "2024-07-01", seen).finding, RuleFinding::kNotSatisfied);
  seen.attempts_missing = true;
  EXPECT_EQ(Evaluate("mo.103.06", "2024-07-01", seen).finding, RuleFinding::kCannotTell);
}

TEST(UnavailabilityTest, NothingIsConfirmedOfAVersionOfWhichNobodyKnowsThatItHeld) {
  UnavailabilityRule rule =
      *DeadlineRules::BuiltIn().unavailability.Find("us.nhd.ap.2.10", Day("2024-07-01"));
  const DeadlineRules& rules = DeadlineRules::BuiltIn();
  const auto evaluate = [&] {
    return *EvaluateUnavailability(rule, {CourtId(""), Day("2024-07-01")}, {}, rules.periods,
                                   rules.calendar);
  };
  auto found = evaluate();
  EXPECT_THAT(found.version_doubt, HasSubstr("the text of AP 2.10 that was read is of Tuesday 1 "
                                             "December 2015"));
  EXPECT_FALSE(found.conditions[0].confirmed);
  EXPECT_FALSE(found.late_filings[0].confirmed);
  EXPECT_FALSE(found.relief_confirmed);
  EXPECT_THAT(found.left_to_court[0], HasSubstr(" (unconfirmed)"));
  rule.text_as_of.reset();
  rule.in_force_from.confirmed = true;
  found = evaluate();
  EXPECT_EQ(found.version_doubt, "");
  EXPECT_TRUE(found.conditions[0].confirmed);
  EXPECT_TRUE(found.late_filings[0].confirmed);
  EXPECT_TRUE(found.relief_confirmed);
}

TEST(UnavailabilityTest, MissouriOnlyTheSystemsTroubleCounts) {
  for (const AttemptFault fault :
       {AttemptFault::kCourtNotEnabled, AttemptFault::kFilerSide, AttemptFault::kValidation}) {
    Observations seen = OutageOf2024();
    seen.attempts = {Observed("a", At("2024-07-01 12:00"), fault)};
    const auto found = Evaluate("mo.103.06", "2024-07-01", seen);
    EXPECT_EQ(found.finding, RuleFinding::kNotSatisfied);
    EXPECT_EQ(found.first_attempt_id, "");
    EXPECT_THAT(MotionDays(found)[0], "attempt no unsuccessful attempt is recorded");
  }
}

TEST(UnavailabilityTest, MissouriAnAttemptOnlyTheFilersSoftwareKnowsIsNotEnough) {
  Observations seen = OutageOf2024();
  seen.attempts = {Asserted("c", At("2024-06-29 11:00"), At("2024-06-29 12:00"))};
  auto found = Evaluate("mo.103.06", "2024-06-29", seen);
  EXPECT_EQ(found.finding, RuleFinding::kCannotTell);
  EXPECT_THAT(found.conditions[0].missing, ElementsAre(HasSubstr("rests on the filer's software")));
  EXPECT_THAT(MotionDays(found), ElementsAre("attempt 2024-07-09", "end 2024-07-18"));
  EXPECT_EQ(found.motions[0].basis, "as the filer's software asserts, at the earliest");
  // With an observed one later, both first attempts are counted from.
  seen.attempts.push_back(Observed("o", At("2024-07-01 12:00")));
  found = Evaluate("mo.103.06", "2024-06-29", seen);
  EXPECT_EQ(found.finding, RuleFinding::kSatisfied);
  EXPECT_THAT(MotionDays(found),
              ElementsAre("attempt 2024-07-11", "attempt 2024-07-09", "end 2024-07-18"));
}

TEST(UnavailabilityTest, MissouriWhatTheGatewayRefusedForItsOwnTroubleWasSeenByThat) {
  Observations seen;  // The case system was there all the time.
  seen.attempts = {Observed("a", At("2024-07-01 12:00"), AttemptFault::kGateway)};
  const auto found = Evaluate("mo.103.06", "2024-07-01", seen);
  EXPECT_EQ(found.finding, RuleFinding::kSatisfied);
  EXPECT_THAT(found.conditions[0].arithmetic[0], HasSubstr("trouble of its own"));
  EXPECT_THAT(MotionDays(found),
              ElementsAre("attempt 2024-07-11", "end no unavailability was observed"));
}

TEST(UnavailabilityTest, MissouriAnAttemptThatFailedNobodyKnowsWhyLeavesItOpen) {
  Observations seen = OutageOf2024();
  seen.attempts = {Observed("u", At("2024-06-30 12:00"), AttemptFault::kNotKnown)};
  auto found = Evaluate("mo.103.06", "2024-07-01", seen);
  EXPECT_EQ(found.finding, RuleFinding::kCannotTell);
  EXPECT_THAT(found.conditions[0].missing, ElementsAre(HasSubstr("why it failed: attempt u of")));
  EXPECT_EQ(found.first_attempt_id, "");
  EXPECT_THAT(MotionDays(found), ElementsAre("attempt 2024-07-10", "end 2024-07-18"));
  // With one that is clear behind it, both days are given.
  seen.attempts.push_back(Observed("o", At("2024-07-01 12:00")));
  found = Evaluate("mo.103.06", "2024-07-01", seen);
  EXPECT_EQ(found.finding, RuleFinding::kSatisfied);
  EXPECT_THAT(MotionDays(found),
              ElementsAre("attempt 2024-07-11", "attempt 2024-07-10", "end 2024-07-18"));
  // While the system was there it does not matter why.
  seen.attempts = {Observed("u", At("2024-06-28 12:00"), AttemptFault::kNotKnown)};
  found = Evaluate("mo.103.06", "2024-07-01", seen);
  EXPECT_EQ(found.finding, RuleFinding::kNotSatisfied);
  EXPECT_EQ(MotionDays(found)[0], "attempt no unsuccessful attempt is recorded");
}

TEST(UnavailabilityTest, MissouriTheEndIsThatOfTheUnavailabilityTheAttemptMet) {
  // Two that nobody saw the end of one by one: the gateway was away between them.
  Observations seen = OutageOf2024();
  seen.unavailable.push_back(seen.unavailable[0]);
  seen.unavailable[0].last_bad = At("2024-07-01 06:00");
  seen.unavailable[1].first_bad = At("2024-07-02 06:00");
  seen.attempts = {Observed("a", At("2024-07-03 12:00"))};
  EXPECT_THAT(MotionDays(Evaluate("mo.103.06", "2024-07-03", seen)),
              ElementsAre("attempt 2024-07-15", "end 2024-07-18"));
  // Between the two it may have met the first: from its last failure on it may have been over.
  seen.attempts = {Observed("a", At("2024-07-01 12:00"))};
  EXPECT_THAT(MotionDays(Evaluate("mo.103.06", "2024-07-03", seen)),
              ElementsAre("attempt 2024-07-11", "end 2024-07-11", "end 2024-07-18"));
  // Without an attempt, that of the due day, and not one that came later.
  seen = OutageOf2024();
  seen.unavailable.push_back({At("2024-07-20 10:00"), At("2024-07-20 10:01"),
                              At("2024-07-20 11:00"), At("2024-07-20 11:01")});
  EXPECT_THAT(MotionDays(Evaluate("mo.103.06", "2024-07-01", seen))[1], "end 2024-07-18");
}

// An outage on each of these days, from 10 to 11.
Observations OutagesOn(const std::vector<std::string>& days) {
  Observations seen;
  for (const std::string& day : days) {
    const auto at = [&](const char* clock) { return At(day + " " + clock); };
    seen.unavailable.push_back({at("10:00"), at("10:01"), at("11:00"), at("11:01")});
  }
  return seen;
}

// On Monday and, of the day the filing was due, on Friday.
Observations OnMondayAndOnFriday() { return OutagesOn({"2024-07-01", "2024-07-05"}); }

TEST(UnavailabilityTest, MissouriTheEndOfOneThatNoAttemptIsKnownToHaveMetIsNotCertain) {
  Observations seen = OnMondayAndOnFriday();
  // Opened and not completed: it may be the first, and then Monday's outage is the one.
  seen.attempts = {Observed("u", At("2024-07-01 10:30"), AttemptFault::kNotKnown)};
  auto found = Evaluate("mo.103.06", "2024-07-05", seen, "", /*one_filing=*/true);
  EXPECT_THAT(MotionDays(found),
              ElementsAre("attempt 2024-07-11", "end 2024-07-15", "end 2024-07-11"));
  for (const MotionDeadline& each : found.motions) EXPECT_FALSE(each.certain) << each.basis;
  EXPECT_THAT(found.motions[1].basis, HasSubstr("whether an attempt met this one is not known"));
  EXPECT_THAT(found.motions[2].basis, HasSubstr("as observed; if attempt u counts: "));
  // Refused for the gateway's own trouble, while the case system was there.
  seen.attempts = {Of("1", Observed("g", At("2024-07-01 15:00"), AttemptFault::kGateway))};
  found = Evaluate("mo.103.06", "2024-07-05", seen, "", /*one_filing=*/true);
  EXPECT_THAT(MotionDays(found), ElementsAre("attempt 2024-07-11", "end 2024-07-15"));
  EXPECT_TRUE(found.motions[0].certain);
  EXPECT_FALSE(found.motions[1].certain);
  EXPECT_EQ(found.motions[1].basis, "as observed; whether an attempt met this one is not known");
}

TEST(UnavailabilityTest, MissouriTheEndIsCertainUnlessAnEarlierAttemptMayHaveMetAnother) {
  Observations seen = OnMondayAndOnFriday();
  const FilingAttempt friday = Of("1", Observed("f", At("2024-07-05 10:30")));
  seen.attempts = {friday};
  auto found = Evaluate("mo.103.06", "2024-07-05", seen, "", /*one_filing=*/true);
  ASSERT_THAT(MotionDays(found), ElementsAre("attempt 2024-07-15", "end 2024-07-15"));
  EXPECT_TRUE(found.motions[1].certain);
  EXPECT_EQ(found.motions[1].basis, "as observed");
  // One at which it is only not known why it failed, in the other outage.
  seen.attempts = {Of("1", Observed("u", At("2024-07-01 10:30"), AttemptFault::kNotKnown)), friday};
  found = Evaluate("mo.103.06", "2024-07-05", seen, "", /*one_filing=*/true);
  ASSERT_THAT(MotionDays(found), ElementsAre("attempt 2024-07-15", "attempt 2024-07-11",
                                             "end 2024-07-15", "end 2024-07-11"));
  EXPECT_FALSE(found.motions[2].certain);
  EXPECT_THAT(found.motions[2].basis, HasSubstr("as observed; unless attempt u counts: "));
  // In the same one it is the end either way.
  seen.attempts[0].not_before = seen.attempts[0].not_after = At("2024-07-05 10:10");
  found = Evaluate("mo.103.06", "2024-07-05", seen, "", /*one_filing=*/true);
  EXPECT_EQ(found.motions.back().basis, "as observed");
  EXPECT_TRUE(found.motions.back().certain);
  // One that only the filer's software asserts makes nothing certain.
  seen.attempts = {Of("1", Asserted("s", At("2024-07-01 10:30"), At("2024-07-01 10:31"))), friday};
  found = Evaluate("mo.103.06", "2024-07-05", seen, "", /*one_filing=*/true);
  ASSERT_THAT(MotionDays(found), ElementsAre("attempt 2024-07-15", "attempt 2024-07-11",
                                             "end 2024-07-11", "end 2024-07-15"));
  for (const MotionDeadline& each : found.motions) EXPECT_FALSE(each.certain) << each.basis;
}

TEST(UnavailabilityTest, MissouriTheEndOfEachThatADoubtfulAttemptMayHaveMetIsGivenOnce) {
  Observations seen = OutagesOn({"2024-07-02", "2024-07-05"});
  const FilingAttempt tuesday =
      Of("1", Observed("p2", At("2024-07-02 10:30"), AttemptFault::kNotKnown));
  const FilingAttempt friday = Of("1", Observed("f", At("2024-07-05 10:30")));
  // Monday's is of no recorded filing, and the case system was there.
  seen.attempts = {Observed("p1", At("2024-07-01 10:30"), AttemptFault::kGateway), tuesday,
                   Of("1", Observed("p3", At("2024-07-02 10:40"), AttemptFault::kNotKnown)),
                   friday};
  auto found = Evaluate("mo.103.06", "2024-07-05", seen, "", /*one_filing=*/true);
  ASSERT_THAT(MotionDays(found), ElementsAre("attempt 2024-07-15", "attempt 2024-07-11",
                                             "end 2024-07-15", "end 2024-07-12"));
  for (const MotionDeadline& each : found.motions) EXPECT_FALSE(each.certain) << each.basis;
  EXPECT_THAT(found.motions[2].basis, HasSubstr("as observed; unless attempt p1 counts: "));
  EXPECT_THAT(found.motions[3].basis,
              HasSubstr("as observed; if attempt p2 counts and none before it does: "));
  // Nor does one before it that only the filer's software asserts leave it out.
  seen = OutagesOn({"2024-07-01", "2024-07-02", "2024-07-05"});
  seen.attempts = {Of("1", Asserted("s", At("2024-07-01 10:30"), At("2024-07-01 10:31"))), tuesday,
                   friday};
  found = Evaluate("mo.103.06", "2024-07-05", seen, "", /*one_filing=*/true);
  EXPECT_THAT(MotionDays(found), ElementsAre("attempt 2024-07-15", "attempt 2024-07-11",
                                             "end 2024-07-11", "end 2024-07-15", "end 2024-07-12"));
  for (const MotionDeadline& each : found.motions) EXPECT_FALSE(each.certain) << each.basis;
  // What comes behind the first that counts cannot be it.
  seen.attempts = {Of("1", Observed("m", At("2024-07-01 10:30"))), tuesday, friday};
  found = Evaluate("mo.103.06", "2024-07-05", seen, "", /*one_filing=*/true);
  EXPECT_THAT(MotionDays(found), ElementsAre("attempt 2024-07-11", "end 2024-07-11"));
  EXPECT_TRUE(found.motions[1].certain);
}

TEST(UnavailabilityTest, MissouriBeyondTheBoundItIsSaidThatThereAreMoreEnds) {
  const auto motions = [](std::size_t doubtful) {
    std::vector<std::string> days;
    for (std::size_t i = 0; i <= doubtful; ++i) days.push_back("2024-08-" + std::to_string(10 + i));
    Observations seen = OutagesOn(days);
    for (const std::string& day : days) {
      seen.attempts.push_back(
          Of("1", Observed(day.c_str(), At(day + " 10:30"), AttemptFault::kNotKnown)));
    }
    seen.attempts.back().fault = AttemptFault::kCaseSystem;
    return Evaluate("mo.103.06", days.back().c_str(), seen, "", /*one_filing=*/true).motions;
  };
  const auto more = [](const MotionDeadline& each) {
    return each.unknown.starts_with("there are more that may be it");
  };
  const auto at_the_bound = motions(kDoubtfulEndsMax);
  EXPECT_TRUE(std::ranges::none_of(at_the_bound, more));
  const auto beyond = motions(kDoubtfulEndsMax + 1);
  EXPECT_TRUE(more(beyond.back()));
  EXPECT_FALSE(beyond.back().certain);
  EXPECT_EQ(beyond.size(), at_the_bound.size() + 1);
}

TEST(UnavailabilityTest, MissouriAnEndNotSeenOrSeenAcrossMidnight) {
  Observations seen = OutageOf2024();
  seen.attempts = {Observed("a", At("2024-07-01 12:00"))};
  seen.unavailable[0].first_good.reset();
  EXPECT_THAT(MotionDays(Evaluate("mo.103.06", "2024-07-01", seen)),
              ElementsAre("attempt 2024-07-11", "end it had not ended when it was last observed"));
  seen.unavailable[0].last_bad = At("2024-07-08 23:59");
  seen.unavailable[0].first_good = At("2024-07-09 00:01");
  EXPECT_THAT(MotionDays(Evaluate("mo.103.06", "2024-07-01", seen)),
              ElementsAre("attempt 2024-07-11", "end 2024-07-18", "end 2024-07-19"));
}

TEST(UnavailabilityTest, MissouriNothingRecordedCannotBeTold) {
  const auto found = Evaluate("mo.103.06", "2024-07-01", OutageOf2024());
  EXPECT_EQ(found.finding, RuleFinding::kCannotTell);
  EXPECT_THAT(found.conditions[0].missing, ElementsAre(HasSubstr("the filer's own log")));
}

TEST(UnavailabilityTest, MissouriAGapOrTheEndOfObservationLeavesItOpen) {
  Observations seen;
  seen.attempts = {Asserted("a", At("2024-07-01 12:00"), At("2024-07-01 12:00"))};
  EXPECT_EQ(Evaluate("mo.103.06", "2024-07-01", seen).finding, RuleFinding::kNotSatisfied);
  seen.gaps = {{At("2024-07-01 11:59"), At("2024-07-01 12:01")}};
  EXPECT_EQ(Evaluate("mo.103.06", "2024-07-01", seen).finding, RuleFinding::kCannotTell);
  seen.gaps.clear();
  seen.observed_until = At("2024-07-01 11:00");
  EXPECT_EQ(Evaluate("mo.103.06", "2024-07-01", seen).finding, RuleFinding::kCannotTell);
}

constexpr const char* kEastern = "America/New_York";
constexpr const char* kPacific = "America/Los_Angeles";

// One unavailability on 1 July 2024 with these bounds, in New Hampshire's time; nothing was
// announced.
Observations InNewHampshire(const char* last_good, const char* first_bad, const char* last_bad,
                            const char* first_good) {
  const auto at = [](const char* clock) {
    return At(std::string("2024-07-01 ") + clock, kEastern);
  };
  Observations seen;
  seen.maintenance_gathered = true;
  seen.unavailable = {{at(last_good), at(first_bad), at(last_bad), at(first_good)}};
  return seen;
}

RuleFinding NewHampshire(const Observations& seen) {
  const auto found = Evaluate("us.nhd.ap.2.10", "2024-07-01", seen);
  EXPECT_EQ(found.conditions[0].missing.empty(), found.finding != RuleFinding::kCannotTell);
  return found.finding;
}

TEST(UnavailabilityTest, NewHampshireMoreThanSixtyMinutesAfterNoon) {
  EXPECT_EQ(NewHampshire(InNewHampshire("12:58", "13:00", "14:01", "14:02")),
            RuleFinding::kSatisfied);
  EXPECT_EQ(NewHampshire(InNewHampshire("12:58", "13:00", "14:00", "14:02")),
            RuleFinding::kCannotTell);  // At least 60, at most 64: more than 60 is asked for.
  EXPECT_EQ(NewHampshire(InNewHampshire("13:00", "13:01", "13:59", "14:00")),
            RuleFinding::kNotSatisfied);  // At most 60.
  // Only what lies after noon counts.
  EXPECT_EQ(NewHampshire(InNewHampshire("08:00", "08:01", "12:59", "13:00")),
            RuleFinding::kNotSatisfied);
  EXPECT_EQ(NewHampshire(InNewHampshire("08:00", "08:01", "12:59", "13:02")),
            RuleFinding::kCannotTell);
  EXPECT_EQ(NewHampshire(InNewHampshire("08:00", "08:01", "13:01", "13:02")),
            RuleFinding::kSatisfied);
  EXPECT_EQ(NewHampshire(Observations()), RuleFinding::kNotSatisfied);
}

TEST(UnavailabilityTest, NewHampshireOneMicrosecondDecides) {
  Observations seen = InNewHampshire("12:00", "12:30", "13:30", "14:00");
  EXPECT_EQ(NewHampshire(seen), RuleFinding::kCannotTell);
  seen.unavailable[0].last_bad += Microseconds(1);
  EXPECT_EQ(NewHampshire(seen), RuleFinding::kSatisfied);
  EXPECT_THAT(Evaluate("us.nhd.ap.2.10", "2024-07-01", seen).conditions[0].arithmetic.back(),
              "at least 60 min 0.000001 s, at most 120 min 0 s; more than 60 min 0 s is asked for");
}

TEST(UnavailabilityTest, NewHampshireScatteredFailuresAreForTheCourt) {
  Observations seen = InNewHampshire("12:59", "13:00", "13:10", "13:11");
  const auto second = InNewHampshire("14:59", "15:00", "15:10", "15:11").unavailable[0];
  seen.unavailable.push_back(second);
  const auto found = Evaluate("us.nhd.ap.2.10", "2024-07-01", seen);
  EXPECT_EQ(found.finding, RuleFinding::kCannotTell);
  EXPECT_THAT(found.conditions[0].missing.back(),
              "whether the failures are one: without interruption at most 12 min 0 s, from the "
              "first to the last up to 132 min 0 s");
}

TEST(UnavailabilityTest, NewHampshireAnnouncedMaintenanceDoesNotCount) {
  Observations seen = InNewHampshire("12:58", "13:00", "15:00", "15:02");
  const auto notice = [&](const char* published) {
    seen.maintenance = {{"N1", At(std::string("2024-07-01 ") + published, kEastern),
                         At("2024-07-01 12:30", kEastern), At("2024-07-01 15:30", kEastern)}};
    return NewHampshire(seen);
  };
  EXPECT_EQ(notice("09:00"), RuleFinding::kNotSatisfied);
  EXPECT_EQ(notice("12:31"), RuleFinding::kSatisfied);  // Published after it began.
  seen.unavailable[0].last_bad = At("2024-07-01 17:00", kEastern);
  seen.unavailable[0].first_good = At("2024-07-01 17:01", kEastern);
  EXPECT_EQ(notice("09:00"), RuleFinding::kSatisfied);  // It overran its notice by 90 minutes.
}

TEST(UnavailabilityTest, NewHampshireNoticesThatNobodyGatheredLeaveItOpen) {
  Observations seen = InNewHampshire("12:58", "13:00", "15:00", "15:02");
  seen.maintenance_gathered = false;
  EXPECT_EQ(NewHampshire(seen), RuleFinding::kCannotTell);
  EXPECT_THAT(
      Evaluate("us.nhd.ap.2.10", "2024-07-01", seen).conditions[0].missing,
      ElementsAre("whether any of it was announced as maintenance: notices were not gathered"));
  // What is too short with them is too short without.
  seen = InNewHampshire("13:00", "13:01", "13:59", "14:00");
  seen.maintenance_gathered = false;
  EXPECT_EQ(NewHampshire(seen), RuleFinding::kNotSatisfied);
  seen = InNewHampshire("12:30", "13:01", "13:59", "14:00");
  seen.maintenance_gathered = false;
  EXPECT_THAT(Evaluate("us.nhd.ap.2.10", "2024-07-01", seen).conditions[0].missing,
              testing::SizeIs(3));
}

TEST(UnavailabilityTest, NewHampshireNamesWhatWouldHaveToBeKnown) {
  Observations seen = InNewHampshire("12:10", "13:00", "13:30", "13:31");
  EXPECT_THAT(
      Evaluate("us.nhd.ap.2.10", "2024-07-01", seen).conditions[0].missing,
      ElementsAre(
          "whether filings were accepted between Monday 1 July 2024 at 12:10:00 p.m. "
          "Eastern Daylight Time and Monday 1 July 2024 at 1:00:00 p.m. Eastern Daylight "
          "Time",
          "whether filings were accepted between Monday 1 July 2024 at 1:30:00 p.m. Eastern "
          "Daylight Time and Monday 1 July 2024 at 1:31:00 p.m. Eastern Daylight Time"));
  seen.unavailable.clear();
  seen.observed_until = At("2024-07-01 14:00", kEastern);
  EXPECT_THAT(Evaluate("us.nhd.ap.2.10", "2024-07-01", seen).conditions[0].missing,
              ElementsAre(HasSubstr("between Monday 1 July 2024 at 2:00:00 p.m.")));
}

TEST(UnavailabilityTest, NewHampshireIsByNoonOfTheNextOpenDay) {
  const auto found = Evaluate("us.nhd.ap.2.10", "2024-07-03", Observations());
  ASSERT_EQ(found.late_filings.size(), 1U);
  EXPECT_EQ(FormatDay(found.late_filings[0].day), "2024-07-05");
  EXPECT_EQ(FormatClock(*found.late_filings[0].by), "12:00");
  EXPECT_THAT(found.motions, IsEmpty());
}

TEST(UnavailabilityTest, TheNextOpenDayHasTwoReadingsToo) {
  const auto found = Evaluate("us.nhd.ap.2.10", "2022-06-17", Observations());
  ASSERT_EQ(found.late_filings.size(), 2U);
  EXPECT_EQ(FormatDay(found.late_filings[0].day), "2022-06-20");
  EXPECT_EQ(FormatDay(found.late_filings[1].day), "2022-06-21");
}

TEST(UnavailabilityTest, ALateFilingDayAfterADayOfWhichNobodyIsSureIsNotConfirmed) {
  const DeadlineRules& rules = DeadlineRules::BuiltIn();
  UnavailabilityRule rule = *rules.unavailability.Find("us.nhd.ap.2.10", Day("2026-07-02"));
  rule.text_as_of.reset();
  rule.in_force_from.confirmed = true;
  const auto found = *EvaluateUnavailability(rule, {CourtId(""), Day("2026-07-02")}, {},
                                             rules.periods, rules.calendar);
  ASSERT_EQ(found.late_filings.size(), 2U);
  EXPECT_EQ(FormatDay(found.late_filings[0].day), "2026-07-03");
  EXPECT_TRUE(found.late_filings[0].confirmed);
  EXPECT_EQ(FormatDay(found.late_filings[1].day), "2026-07-06");
  EXPECT_FALSE(found.late_filings[1].confirmed) << "closed by practice on 3 July";
}

TEST(UnavailabilityTest, CaliforniaCentralTwoAttemptsAnHourApart) {
  const auto finding = [](std::vector<FilingAttempt> attempts) {
    Observations seen;
    seen.unavailable = {{std::nullopt, At("2024-07-01 00:00", kPacific),
                         At("2024-07-02 12:00", kPacific), std::nullopt}};
    seen.attempts = std::move(attempts);
    return Evaluate("us.cacd.lr.5-4.6.2", "2024-07-01", seen).finding;
  };
  const auto at = [](const char* clock) {
    return At(std::string("2024-07-01 ") + clock, kPacific);
  };
  EXPECT_EQ(finding({}), RuleFinding::kNotSatisfied);
  EXPECT_EQ(finding({Observed("a", at("13:00"))}), RuleFinding::kNotSatisfied);
  EXPECT_EQ(finding({Observed("a", at("13:00")), Observed("b", at("14:00"))}),
            RuleFinding::kSatisfied);
  EXPECT_EQ(finding({Observed("a", at("13:00")), Observed("b", at("14:00") - Microseconds(1))}),
            RuleFinding::kNotSatisfied);
  EXPECT_EQ(
      finding({Observed("a", at("13:00")), Observed("b", at("13:30")), Observed("c", at("14:00"))}),
      RuleFinding::kSatisfied);
  EXPECT_EQ(
      finding({Observed("a", at("13:00")), Observed("b", at("14:00"), AttemptFault::kFilerSide)}),
      RuleFinding::kNotSatisfied);
  EXPECT_EQ(
      finding({Observed("a", at("23:30")), Observed("b", at("23:30") + Microseconds(3600000000))}),
      RuleFinding::kNotSatisfied);  // The second is on the next day.
  EXPECT_EQ(finding({Observed("a", at("13:00")), Asserted("b", at("13:30"), at("14:00"))}),
            RuleFinding::kCannotTell);
  EXPECT_EQ(finding({Observed("a", at("13:00")), Asserted("b", at("13:30"), at("13:59"))}),
            RuleFinding::kNotSatisfied);
  EXPECT_EQ(
      finding({Observed("a", at("13:00")), Observed("b", at("14:00"), AttemptFault::kNotKnown)}),
      RuleFinding::kCannotTell);
}

TEST(UnavailabilityTest, AttemptsThatTookTimeAreAsFarApartAsTheyAreAtLeast) {
  const auto at = [](const char* clock) {
    return At(std::string("2024-07-01 ") + clock, kPacific);
  };
  const auto finding = [&](WallTime second) {
    Observations seen;
    seen.unavailable = {{std::nullopt, At("2024-07-01 00:00", kPacific),
                         At("2024-07-02 12:00", kPacific), std::nullopt}};
    seen.attempts = {Observed("a", at("10:00")), Observed("b", second)};
    seen.attempts[0].not_after = at("10:05");
    seen.attempts[1].not_after = second + std::chrono::minutes(5);
    return Evaluate("us.cacd.lr.5-4.6.2", "2024-07-01", seen);
  };
  EXPECT_EQ(finding(at("11:03")).finding, RuleFinding::kCannotTell) << "58 minutes may be all";
  EXPECT_THAT(finding(at("11:03")).conditions[0].missing, ElementsAre(HasSubstr("the instants")));
  EXPECT_EQ(finding(at("11:05") - Microseconds(1)).finding, RuleFinding::kCannotTell);
  EXPECT_EQ(finding(at("11:05")).finding, RuleFinding::kSatisfied);
  EXPECT_EQ(finding(at("10:55")).finding, RuleFinding::kCannotTell);
  EXPECT_EQ(finding(at("10:55") - Microseconds(1)).finding, RuleFinding::kNotSatisfied);
  // One that may have ended on the next day is surely on neither.
  EXPECT_EQ(finding(at("23:55") - Microseconds(1)).finding, RuleFinding::kSatisfied);
  EXPECT_EQ(finding(at("23:55")).finding, RuleFinding::kCannotTell);
}

TEST(UnavailabilityTest, AnAttemptWithinTheTimeOfAnotherMayBeFarFromIt) {
  const auto at = [](const char* clock) {
    return At(std::string("2024-07-01 ") + clock, kPacific);
  };
  // The one lasted from ten until `long_to`, the other one within that.
  const auto finding = [&](const char* long_to, const char* from, const char* to) {
    Observations seen;
    seen.unavailable = {{std::nullopt, At("2024-07-01 00:00", kPacific),
                         At("2024-07-02 12:00", kPacific), std::nullopt}};
    seen.attempts = {Observed("long", at("10:00")), Observed("within", at(from))};
    seen.attempts[0].not_after = at(long_to);
    seen.attempts[1].not_after = at(to);
    return Evaluate("us.cacd.lr.5-4.6.2", "2024-07-01", seen).finding;
  };
  EXPECT_EQ(finding("12:00", "11:30", "11:30"), RuleFinding::kCannotTell) << "90 minutes";
  EXPECT_EQ(finding("12:00", "11:00", "11:00"), RuleFinding::kCannotTell);
  EXPECT_EQ(finding("12:00", "10:10", "10:20"), RuleFinding::kCannotTell);
  // From the beginning of the long one to the end of the other, or from its beginning to the end.
  EXPECT_EQ(finding("11:40", "10:41", "10:59"), RuleFinding::kNotSatisfied);
  EXPECT_EQ(finding("11:40", "10:41", "11:00"), RuleFinding::kCannotTell);
  EXPECT_EQ(finding("11:40", "10:40", "10:59"), RuleFinding::kCannotTell);
}

TEST(UnavailabilityTest, TwoAttemptsAtTwoFilingsAreNotTwoAtOne) {
  Observations seen;
  seen.unavailable = {{std::nullopt, At("2024-07-01 00:00", kPacific),
                       At("2024-07-02 12:00", kPacific), std::nullopt}};
  seen.attempts = {Of("1", Observed("a", At("2024-07-01 10:00", kPacific))),
                   Of("2", Observed("b", At("2024-07-01 12:00", kPacific)))};
  EXPECT_EQ(Evaluate("us.cacd.lr.5-4.6.2", "2024-07-01", seen).finding, RuleFinding::kNotSatisfied);
  seen.attempts[1].filing = "";
  EXPECT_EQ(Evaluate("us.cacd.lr.5-4.6.2", "2024-07-01", seen).finding, RuleFinding::kCannotTell);
  seen.attempts[1].filing = "1";
  EXPECT_EQ(Evaluate("us.cacd.lr.5-4.6.2", "2024-07-01", seen).finding, RuleFinding::kSatisfied);
}

TEST(UnavailabilityTest, CaliforniaEasternTwoHoursAfterTwo) {
  const auto at = [](const char* clock) {
    return At(std::string("2024-07-01 ") + clock, kPacific);
  };
  Observations seen;
  seen.unavailable = {{at("13:00"), at("13:01"), at("16:00"), at("16:01")}};
  EXPECT_EQ(Evaluate("us.caed.lr.134", "2024-07-01", seen).finding, RuleFinding::kCannotTell);
  seen.unavailable[0].last_bad = at("16:01");
  EXPECT_EQ(Evaluate("us.caed.lr.134", "2024-07-01", seen).finding, RuleFinding::kSatisfied);
}

TEST(UnavailabilityTest, TennesseeAsksForTheClerksDeclaration) {
  Observations seen;
  auto found = Evaluate("tn.sct.46.5", "2024-07-01", seen);
  EXPECT_EQ(found.finding, RuleFinding::kCannotTell);
  EXPECT_THAT(found.conditions[0].missing,
              ElementsAre(HasSubstr("declarations were not gathered")));
  seen.declarations = {{"clerk", Day("2024-07-02"), true, "notice 7"}};
  EXPECT_EQ(Evaluate("tn.sct.46.5", "2024-07-01", seen).finding, RuleFinding::kCannotTell);
  EXPECT_EQ(Evaluate("tn.sct.46.5", "2024-07-02", seen).finding, RuleFinding::kSatisfied);
  seen.declarations[0].declared = false;
  EXPECT_EQ(Evaluate("tn.sct.46.5", "2024-07-02", seen).finding, RuleFinding::kNotSatisfied);
  seen.declarations.push_back({"clerk", Day("2024-07-02"), true, "notice 8"});
  EXPECT_EQ(Evaluate("tn.sct.46.5", "2024-07-02", seen).finding, RuleFinding::kCannotTell);
  // That none is among those that were gathered says that there was none.
  seen.declarations_gathered = true;
  EXPECT_EQ(Evaluate("tn.sct.46.5", "2024-07-01", seen).finding, RuleFinding::kNotSatisfied);
}

// Whatever is learned later may only turn "cannot tell" into an answer.
TEST(UnavailabilityTest, NarrowerBoundsNeverTurnAnAnswerRound) {
  const std::vector<const char*> clocks = {"12:00", "12:20", "12:59", "13:00",
                                           "13:01", "13:40", "14:10"};
  for (std::size_t first_bad = 1; first_bad + 2 < clocks.size(); ++first_bad) {
    for (std::size_t last_bad = first_bad; last_bad + 1 < clocks.size(); ++last_bad) {
      const RuleFinding wide =
          NewHampshire(InNewHampshire("12:00", clocks[first_bad], clocks[last_bad], "14:10"));
      for (std::size_t good = 0; good < first_bad; ++good) {
        for (std::size_t again = last_bad + 1; again < clocks.size(); ++again) {
          const RuleFinding narrow = NewHampshire(
              InNewHampshire(clocks[good], clocks[first_bad], clocks[last_bad], clocks[again]));
          if (wide != RuleFinding::kCannotTell) {
            EXPECT_EQ(narrow, wide);
          }
        }
      }
    }
  }
}

TEST(UnavailabilityTest, FindingsHaveWords) {
  EXPECT_EQ(FindingWords(RuleFinding::kSatisfied), "satisfied");
  EXPECT_EQ(FindingWords(RuleFinding::kNotSatisfied), "not satisfied");
  EXPECT_EQ(FindingWords(RuleFinding::kCannotTell), "cannot tell");
}

}  // namespace
}  // namespace nightbox
