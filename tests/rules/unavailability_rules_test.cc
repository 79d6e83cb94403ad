// Goal: a rule on unavailability is loaded as it stands, with every parameter's own standing, and a
// table that contradicts itself is refused with line and reason.
// Method: the shipped table; small tables with one fault each.
#include "rules/unavailability_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "rules/deadline_rules.h"
#include "rules/embedded_data.h"

namespace nightbox {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(UnavailabilityRulesTest, MissourisNumbersAreMarkedUnconfirmed) {
  const UnavailabilityRule* rule = DeadlineRules::BuiltIn().unavailability.Find(
      kMissouriUnavailability, *ParseDay("2024-07-01"));
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->motion_days->value, 10);
  EXPECT_FALSE(rule->motion_days->confirmed);
  EXPECT_FALSE(rule->motion_counted_from->confirmed);
  EXPECT_EQ(rule->motion_counted_from->value.size(), 2U);
  EXPECT_FALSE(rule->relief.confirmed);
  // What rests on a notice of 2021 is not the text in force.
  EXPECT_FALSE(rule->attempt_during_unavailability->confirmed);
  for (const auto& each : rule->left_to_court) EXPECT_FALSE(each.confirmed) << each.value;
  EXPECT_FALSE(rule->in_force_from.confirmed);
}

TEST(UnavailabilityRulesTest, AVersionIsAsSureAsTheDayItTookEffectAndTheTextThatWasRead) {
  UnavailabilityRule rule;
  rule.name = {"N", true, "Rule 1", "s"};
  rule.effective_from = *ParseDay("2011-09-01");
  rule.in_force_from = {rule.effective_from, false, "Rule 1", "an order that was not read"};
  const auto doubt = [&](const char* day) { return DoubtAboutVersion(rule, *ParseDay(day)); };
  EXPECT_EQ(doubt("2024-07-01"),
            "that Rule 1 as read here was in force on Monday 1 July 2024 (an order that was not "
            "read)");
  rule.text_as_of = {*ParseDay("2021-12-14"), true, "Rule 1", "a notice"};
  EXPECT_THAT(doubt("2021-12-13"), HasSubstr("as read here was in force on"));
  EXPECT_EQ(doubt("2021-12-14"), "");
  EXPECT_EQ(doubt("2021-12-15"),
            "the text of Rule 1 that was read is of Tuesday 14 December 2021 (a notice), and "
            "whether it still held on Wednesday 15 December 2021 was not read");
  rule.in_force_from.confirmed = true;
  EXPECT_EQ(doubt("2011-09-01"), "");
  EXPECT_NE(doubt("2021-12-15"), "");
  // Whoever confirms the version without a day of its text answers for it until the next.
  rule.text_as_of.reset();
  EXPECT_EQ(doubt("2050-01-01"), "");
}

TEST(UnavailabilityRulesTest, NoVersionThatIsCompiledInIsTakenForTodaysText) {
  for (const UnavailabilityRule& rule : DeadlineRules::BuiltIn().unavailability.all()) {
    EXPECT_NE(DoubtAboutVersion(rule, *ParseDay("2026-11-22")), "") << rule.id;
  }
}

TEST(UnavailabilityRulesTest, TheEffectIsGivenInEveryReadingOfItsWords) {
  const UnavailabilityRules& rules = DeadlineRules::BuiltIn().unavailability;
  const CourtDay day = *ParseDay("2024-07-01");
  const UnavailabilityRule* rule = rules.Find(kMissouriUnavailability, day);
  EXPECT_THAT(
      EffectReadings(*rule),
      testing::ElementsAre(
          "the court is to treat the document as filed on the day of the first attempt",
          "the court is to treat the document as filed on the day and at the time of the first "
          "attempt",
          "the court may treat the document as filed on the day of the first attempt",
          "the court may treat the document as filed on the day and at the time of the first "
          "attempt"));
  EXPECT_FALSE(IsEffectConfirmed(*rule, day));
  EXPECT_THAT(rule->relief.value, testing::Not(HasSubstr("treat")));
  EXPECT_THAT(EffectReadings(*rules.Find("us.nhd.ap.2.10", day)), testing::IsEmpty());
}

TEST(UnavailabilityRulesTest, EveryRowSaysWhereItComesFrom) {
  const auto& rules = DeadlineRules::BuiltIn().unavailability.all();
  EXPECT_EQ(rules.size(), 5U);
  for (const UnavailabilityRule& rule : rules) {
    EXPECT_FALSE(rule.name.source.empty()) << rule.id;
    EXPECT_FALSE(rule.relief.source.empty()) << rule.id;
  }
}

constexpr const char* kHeader = "rule,effective_from,parameter,value,confirmed,clause,source\n";

// A version with the fewest rows it may have, five.
std::string Rows(const std::string& from, const std::string& failed_attempts) {
  const std::string begin = "x," + from + ",";
  const std::string end = ",no,c,s\n";
  std::string rows = begin + "name,N" + end;
  rows += begin + "time_zone,America/Chicago" + end;
  rows += begin + "relief,R" + end;
  rows += begin + "in_force_from," + from + end;
  rows += begin + "failed_attempts," + failed_attempts + end;
  return rows;
}

TEST(UnavailabilityRulesTest, TheVersionInForceOnTheDayAnswers) {
  const auto rules =
      *UnavailabilityRules::Parse(kHeader + Rows("2020-01-01", "1") + Rows("2024-07-01", "1"), "u");
  const auto version = [&](const char* day) {
    const UnavailabilityRule* rule = rules.Find("x", *ParseDay(day));
    return rule == nullptr ? "" : FormatDay(rule->effective_from);
  };
  EXPECT_EQ(version("2019-12-31"), "");
  EXPECT_EQ(version("2020-01-01"), "2020-01-01");
  EXPECT_EQ(version("2024-06-30"), "2020-01-01");
  EXPECT_EQ(version("2024-07-01"), "2024-07-01");
  EXPECT_EQ(rules.Find("y", *ParseDay("2024-07-01")), nullptr);
}

TEST(UnavailabilityRulesTest, ATableWithAMistakeIsRefusedWithItsLine) {
  const std::string good = kHeader + Rows("2020-01-01", "1");  // Lines 2 to 6.
  ASSERT_TRUE(UnavailabilityRules::Parse(good, "u"));
  for (const auto& [row, reason] : std::vector<std::pair<std::string, std::string>>{
           {"x,2020-01-01,failed_attempts,1,no,c,s", "occurs twice"},
           {"x,2020-01-01,name,N,no,c,s", "occurs twice"},
           {"x,2020-01-01,colour,red,no,c,s", "not known"},
           {"x,2020-01-01,counted_after,25:00,no,c,s", "not one this parameter has"},
           {"x,2020-01-01,measure,mean,no,c,s", "not one this parameter has"},
           {"x,2020-01-01,motion_days,0,no,c,s", "not one this parameter has"},
           {"x,2020-01-01,motion_counted_from,birth,no,c,s", "not one this parameter has"},
           {"x,2020-01-01,unavailable_more_than_minutes,1441,no,c,s", "not one this"},
           {"x,2020-01-01,attempt_during_unavailability,perhaps,no,c,s", "not one this"},
           {"x,2020-01-01,left_to_court,,no,c,s", "value is empty"},
           {"x,2020-01-01,left_to_court,L,never,c,s", "confirmed is not"},
           {"x,2020-01-01,left_to_court,L,no,c,", "source is empty"},
           {"x,2020-02-30,left_to_court,L,no,c,s", "no date"},
           {",2020-01-01,left_to_court,L,no,c,s", "rule is empty"},
           {"x,2020-01-01,unavailable_more_than_minutes,60,no,c,s", "go together"},
           {"x,2020-01-01,counted_after,12:00,no,c,s", "only with them"},
           {"x,2020-01-01,attempts_apart_minutes,60,no,c,s", "needs two"},
           {"x,2020-01-01,motion_days,10,no,c,s", "go together"},
           {"x,2020-01-01,file_by,12:00,no,c,s", "file_by needs"},
           {"x,2020-01-01,in_force_from,2020-01-01,no,c,s", "occurs twice"},
           {"x,2020-01-01,in_force_from,2020-01-02,no,c,s", "in_force_from is not effective_from"},
           {"x,2020-01-01,text_as_of,2019-12-31,no,c,s", "text_as_of is before the version"},
           {"x,2020-01-01,text_as_of,today,no,c,s", "not one this parameter has"},
           {"x,2020-01-01,motion_effect,must,no,c,s", "not one this parameter has"},
           {"x,2020-01-01,motion_effect,may_treat_as_filed;may_treat_as_filed,no,c,s",
            "not one this parameter has"},
           {"x,2020-01-01,effective_moment,day_of_first_attempt,no,c,s", "only with motion_days"},
           {"y,2020-01-01,name,N,no,c,s", "lacks name, time_zone or relief"}}) {
    const auto parsed = UnavailabilityRules::Parse(good + row + "\n", "u");
    ASSERT_FALSE(parsed) << row;
    EXPECT_THAT(parsed.error().message, StartsWith("u line 7: ")) << row;
    EXPECT_THAT(parsed.error().message, HasSubstr(reason)) << row;
  }
  EXPECT_THAT(UnavailabilityRules::Parse(kHeader + Rows("2020-01-01", "2"), "u").error().message,
              HasSubstr("u line 6: attempts_apart_minutes needs"));
  EXPECT_THAT(UnavailabilityRules::Parse(
                  good + Rows("2021-01-01", "1") + "x,2020-01-01,left_to_court,L,no,c,s\n", "u")
                  .error()
                  .message,
              "u line 12: the rows of a version must stand together");
}

TEST(UnavailabilityRulesTest, ARuleIsCitedByTheClauseOfItsName) {
  const UnavailabilityRules& rules = DeadlineRules::BuiltIn().unavailability;
  const CourtDay day = *ParseDay("2024-07-01");
  EXPECT_EQ(rules.CitationOf("mo.103.06", day), "Rule 103.06");
  EXPECT_EQ(rules.CitationOf("us.nhd.ap.2.10", day), "AP 2.10");
  EXPECT_EQ(rules.CitationOf("mo.103", day), "");
  EXPECT_EQ(rules.CitationOf("mo.103.06", *ParseDay("2011-08-31")), "");
  UnavailabilityRule rule;
  rule.name.value = "A rule, by its name";
  EXPECT_EQ(Citation(rule), "A rule, by its name");
}

TEST(UnavailabilityRulesTest, AVersionThatIsNotYetInForceIsNotCited) {
  std::string later = Rows("2027-01-01", "1");
  later.replace(later.find("name,N,no,c"), 11, "name,N,no,d");
  const auto rules = *UnavailabilityRules::Parse(kHeader + Rows("2020-01-01", "1") + later, "u");
  EXPECT_EQ(rules.CitationOf("x", *ParseDay("2019-12-31")), "");
  EXPECT_EQ(rules.CitationOf("x", *ParseDay("2026-12-31")), "c");
  EXPECT_EQ(rules.CitationOf("x", *ParseDay("2027-01-01")), "d");
}

TEST(UnavailabilityRulesTest, TheAdviceNamesTheRuleAndIsReadAgain) {
  EXPECT_EQ(NotToWait("Rule 103.06"), "If you may need Rule 103.06, do not wait for delivery.");
  for (const char* rule : {"Rule 103.06", "", "A rule, by its name"}) {
    EXPECT_EQ(CitationIn(NotToWait(rule) + " Last day, do not wait for delivery."), rule);
  }
  EXPECT_EQ(CitationIn("If you may need it"), "");
}

TEST(UnavailabilityRulesTest, ADirectorysFilesStandInForTheCompiledInOnes) {
  const std::filesystem::path directory =
      std::filesystem::path(testing::TempDir()) / "nightbox-deadline-rules";
  std::filesystem::create_directories(directory);
  EXPECT_EQ(DeadlineRules::Load(directory)->periods.all().size(), 4U);
  std::ofstream(directory / "periods.csv")
      << "id,name,clause,not_last,short_below,effective_from,text_as_of,confirmed,source,note\n"
         "x,X,c,sunday,0,,,no,s,\n";
  // The rule for Missouri counts by Rule 44.01, which this file lacks.
  EXPECT_THAT(DeadlineRules::Load(directory).error().message,
              HasSubstr("period_rule 44.01 of mo.103.06 is not in"));
  std::filesystem::remove_all(directory);
  EXPECT_TRUE(DeadlineRules::Load(NIGHTBOX_SOURCE_DIR "/rules/data"));
}

}  // namespace
}  // namespace nightbox
