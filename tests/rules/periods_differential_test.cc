// Goal: no day of twenty years is counted wrongly for any length that matters.
// Method: every day from 2010 to 2029 as the first, against a second implementation that shares
// nothing with the first (tests/rules/naive_period.h).
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <utility>

#include "rules/deadline_rules.h"
#include "rules/periods.h"
#include "tests/rules/naive_period.h"

namespace nightbox {
namespace {

constexpr std::array kLengths = {1, 2, 3, 5, 6, 7, 10, 14, 30, 45, 365};
constexpr std::array<std::pair<const char*, naive::Rule>, 4> kRules = {{
    {"44.01", naive::Rule::kProcedure},
    {"20.01", naive::Rule::kProcedure},
    {"506.060", naive::Rule::kProcedure},
    {"1.040", naive::Rule::kGeneralStatute},
}};

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
    for (const auto& [id, rule] : kRules) {
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

// Clay County's court was closed on 1 July 2024, in the outage, and no other was.
TEST(PeriodsDifferentialTest, TheyAgreeOnACourtThatIsClosedAlone) {
  const DeadlineRules& rules = DeadlineRules::BuiltIn();
  constexpr naive::Date kClosed = {2024, 7, 1, 0};
  naive::Date date = naive::Start();
  while (date.year < 2024) date = naive::Tomorrow(date);
  CourtDay day = *ParseDay("2024-01-01");
  int moved = 0;
  for (; date.year < 2025; date = naive::Tomorrow(date), day += std::chrono::days(1)) {
    for (const auto& [id, rule] : kRules) {
      for (const int length : kLengths) {
        const auto last = [&](const char* court) {
          const Period period =
              *ComputePeriod(*rules.periods.Find(id), rules.calendar, CourtId(court), day, length);
          return FormatDay(period.readings.back().last_day);
        };
        const std::string clay = Text(naive::LastDay(rule, true, date, length, &kClosed));
        const std::string platte = Text(naive::LastDay(rule, true, date, length));
        ASSERT_EQ(last("mo.cir.07.clay"), clay) << id << " " << Text(date) << " " << length;
        ASSERT_EQ(last("mo.cir.06.platte"), platte) << id << " " << Text(date) << " " << length;
        if (clay != platte) ++moved;
      }
    }
  }
  EXPECT_GT(moved, 10);
}

}  // namespace
}  // namespace nightbox
