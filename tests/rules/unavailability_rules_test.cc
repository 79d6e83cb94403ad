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
  EXPECT_TRUE(rule->attempt_during_unavailability->confirmed);
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

// A version with the fewest rows it may have, four.
std::string Rows(const std::string& from, const std::string& failed_attempts) {
  const std::string begin = "x," + from + ",";
  const std::string end = ",no,c,s\n";
  std::string rows = begin + "name,N" + end;
  rows += begin + "time_zone,America/Chicago" + end;
  rows += begin + "relief,R" + end;
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
  const std::string good = kHeader + Rows("2020-01-01", "1");  // Lines 2 to 5.
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
           {"y,2020-01-01,name,N,no,c,s", "lacks name, time_zone or relief"}}) {
    const auto parsed = UnavailabilityRules::Parse(good + row + "\n", "u");
    ASSERT_FALSE(parsed) << row;
    EXPECT_THAT(parsed.error().message, StartsWith("u line 6: ")) << row;
    EXPECT_THAT(parsed.error().message, HasSubstr(reason)) << row;
  }
  EXPECT_THAT(UnavailabilityRules::Parse(kHeader + Rows("2020-01-01", "2"), "u").error().message,
              HasSubstr("u line 5: attempts_apart_minutes needs"));
  EXPECT_THAT(UnavailabilityRules::Parse(
                  good + Rows("2021-01-01", "1") + "x,2020-01-01,left_to_court,L,no,c,s\n", "u")
                  .error()
                  .message,
              "u line 10: the rows of a version must stand together");
}

TEST(UnavailabilityRulesTest, ARuleIsCitedByTheClauseOfItsName) {
  const UnavailabilityRules& rules = DeadlineRules::BuiltIn().unavailability;
  EXPECT_EQ(rules.CitationOf("mo.103.06"), "Rule 103.06");
  EXPECT_EQ(rules.CitationOf("us.nhd.ap.2.10"), "AP 2.10");
  EXPECT_EQ(rules.CitationOf("mo.103"), "");
  UnavailabilityRule rule;
  rule.name.value = "A rule, by its name";
  EXPECT_EQ(Citation(rule), "A rule, by its name");
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
