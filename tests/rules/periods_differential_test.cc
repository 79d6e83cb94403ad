// Goal: no day of twenty years is counted wrongly for any length that matters.
// Method: every day from 2010 to 2029 as the first, against a second implementation that shares
// nothing with the first (tests/rules/naive_period.h).
#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "rules/deadline_rules.h"
#include "rules/periods.h"
#include "tests/rules/naive_period.h"

namespace nightbox {
namespace {

constexpr std::array kLengths = {1, 2, 3, 5, 6, 7, 10, 14, 30, 45, 365};

std::string Text(naive::Date date) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", date.year, date.month, date.day);
  return text.data();
}

TEST(PeriodsDifferentialTest, BothImplementationsAgreeOnEveryDayOfTwentyYears) {
  const DeadlineRules& rules = DeadlineRules::BuiltIn();
  const CourtId nowhere_in_particular;
  naive::Date date = naive::Start();
  while (date.year < 2010) date = naive::Tomorrow(date);
  CourtDay day = *ParseDay("2010-01-01");
  int days = 0;
  int two_readings = 0;
  for (; date.year < 2030; date = naive::Tomorrow(date), day += std::chrono::days(1), ++days) {
    ASSERT_EQ(FormatDay(day), Text(date));
    for (const char* id : {"44.01", "1.040"}) {
      const auto rule = id[0] == '1' ? naive::Rule::kGeneralStatute : naive::Rule::kProcedure;
      for (const int length : kLengths) {
        const Period period = *ComputePeriod(*rules.periods.Find(id), rules.calendar,
                                             nowhere_in_particular, day, length);
        const std::string statute = Text(naive::LastDay(rule, false, date, length));
        const std::string practice = Text(naive::LastDay(rule, true, date, length));
        ASSERT_EQ(FormatDay(period.last_day()), statute)
            << id << " " << Text(date) << " " << length;
        ASSERT_EQ(period.readings.size(), statute == practice ? 1U : 2U)
            << id << " " << Text(date) << " " << length;
        ASSERT_EQ(FormatDay(period.readings.back().last_day), practice)
            << id << " " << Text(date) << " " << length;
        if (period.readings.size() == 2) ++two_readings;
      }
    }
  }
  EXPECT_EQ(days, 7305);
  EXPECT_GT(two_readings, 100);  // The comparison saw what it is about.
}

// The other two rules of procedure count as Rule 44.01 does; their parameters say so.
TEST(PeriodsDifferentialTest, TheRulesOfProcedureCountAlike) {
  const PeriodRules& rules = DeadlineRules::BuiltIn().periods;
  const PeriodRule& civil = *rules.Find("44.01");
  for (const char* id : {"20.01", "506.060"}) {
    const PeriodRule& rule = *rules.Find(id);
    EXPECT_EQ(rule.not_saturday, civil.not_saturday);
    EXPECT_EQ(rule.not_sunday, civil.not_sunday);
    EXPECT_EQ(rule.not_holiday, civil.not_holiday);
    EXPECT_EQ(rule.short_below, civil.short_below);
  }
}

}  // namespace
}  // namespace nightbox
