// Goal: the last day of a period is right, shown step by step, and both readings are given where
// the statute's holidays and the court's closures differ.
// Method: the shipped tables asked for periods worked out by hand.
#include "rules/periods.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/deadline_rules.h"

namespace nightbox {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const DeadlineRules& Rules() { return DeadlineRules::BuiltIn(); }

Period Compute(const char* rule, const char* from, int days, const char* court = "") {
  return *ComputePeriod(*Rules().periods.Find(rule), Rules().calendar, CourtId(court),
                        *ParseDay(from), days);
}

// The last day under each reading, the statute's first.
std::vector<std::string> LastDays(const char* rule, const char* from, int days,
                                  const char* court = "") {
  std::vector<std::string> last_days;
  for (const PeriodReading& reading : Compute(rule, from, days, court).readings) {
    last_days.push_back(FormatDay(reading.last_day));
  }
  return last_days;
}

TEST(PeriodsTest, TenDaysAfterAnAttemptDuringTheOutageOf2024) {
  for (const char* rule : {"44.01", "20.01", "506.060"}) {
    EXPECT_THAT(LastDays(rule, "2024-07-01", 10), ElementsAre("2024-07-11")) << rule;
    EXPECT_THAT(LastDays(rule, "2024-06-29", 10), ElementsAre("2024-07-09")) << rule;
    EXPECT_THAT(LastDays(rule, "2024-07-04", 10), ElementsAre("2024-07-15")) << rule;
    EXPECT_THAT(LastDays(rule, "2024-07-08", 10), ElementsAre("2024-07-18")) << rule;
  }
}

TEST(PeriodsTest, AShortPeriodSkipsWeekendsAndHolidays) {
  const Period period = Compute("44.01", "2024-07-01", 5);
  EXPECT_EQ(FormatDay(period.last_day()), "2024-07-09");
  std::vector<std::string> counted;
  for (const PeriodStep& step : period.readings[0].steps) {
    if (step.count > 0) counted.push_back(FormatDay(step.day).substr(5));
  }
  EXPECT_THAT(counted, ElementsAre("07-02", "07-03", "07-05", "07-08", "07-09"));
  EXPECT_THAT(LastDays("44.01", "2024-07-01", 6), ElementsAre("2024-07-10"));
  EXPECT_THAT(LastDays("44.01", "2024-07-01", 7), ElementsAre("2024-07-08"));  // No longer short.
}

TEST(PeriodsTest, TheGeneralStatuteMovesSundaysOnly) {
  EXPECT_THAT(LastDays("1.040", "2024-07-01", 5),
              ElementsAre("2024-07-06"));  // No skipping on the way.
  EXPECT_THAT(LastDays("1.040", "2024-07-03", 10), ElementsAre("2024-07-13"));  // A Saturday stays.
  EXPECT_THAT(LastDays("44.01", "2024-07-03", 10), ElementsAre("2024-07-15"));
  EXPECT_THAT(LastDays("1.040", "2024-07-04", 10), ElementsAre("2024-07-15"));  // From Sunday 14th.
  EXPECT_THAT(LastDays("1.040", "2024-06-24", 10), ElementsAre("2024-07-04"));  // A holiday stays.
}

TEST(PeriodsTest, WhereStatuteAndPracticeDifferBothReadingsAreGiven) {
  EXPECT_THAT(LastDays("44.01", "2022-06-10", 10), ElementsAre("2022-06-20", "2022-06-21"));
  EXPECT_THAT(LastDays("44.01", "2021-12-21", 10), ElementsAre("2021-12-31", "2022-01-03"));
  EXPECT_THAT(LastDays("44.01", "2023-06-09", 10), ElementsAre("2023-06-20"));
  EXPECT_THAT(LastDays("44.01", "2024-06-21", 10), ElementsAre("2024-07-01"));
  EXPECT_THAT(LastDays("44.01", "2024-06-21", 10, "mo.cir.07.clay"),
              ElementsAre("2024-07-01", "2024-07-02"));
  EXPECT_THAT(LastDays("1.040", "2022-06-10", 10), ElementsAre("2022-06-20"));
}

TEST(PeriodsTest, AReadingThatRestsOnAnUnconfirmedClosureSaysSo) {
  const Period period = Compute("44.01", "2022-06-10", 10);
  EXPECT_TRUE(period.readings[0].confirmed);
  EXPECT_FALSE(period.readings[1].confirmed);
  EXPECT_EQ(FormatDay(period.last_day()), "2022-06-20");  // The earlier one.
  const auto words = [&](std::size_t reading, std::size_t back) {
    const auto& steps = period.readings[reading].steps;
    return StepWords(period.rule, steps[steps.size() - back]);
  };
  EXPECT_THAT(words(0, 1), HasSubstr("the last day; it is a day on which the court is closed by "
                                     "practice (state courts closed for Juneteenth"));
  EXPECT_THAT(words(1, 2), HasSubstr("Monday 20 June 2022: day 10, but a day on which the court is "
                                     "closed by practice"));
  EXPECT_THAT(words(1, 2), HasSubstr("[unconfirmed]; the period does not end on it."));
  EXPECT_EQ(words(1, 1), "Tuesday 21 June 2022: the last day.");
}

TEST(PeriodsTest, AReadingOfADayBeforeTheTextsThatWereReadIsUnconfirmed) {
  struct Case {
    const char* rule;
    const char* from;
    bool rule_confirmed;
    bool confirmed;
  };
  for (const Case& each : {Case{"44.01", "1975-01-10", true, false},
                           {"44.01", "1960-01-01", false, false},
                           {"44.01", "1972-01-31", false, false},
                           {"44.01", "1972-02-01", true, false},
                           {"44.01", "2012-12-21", true, false},  // Day 10 is a Monday in 2012.
                           {"44.01", "2012-12-22", true, true},   // Day 10 is New Year's Day.
                           {"20.01", "2024-09-30", false, false},
                           {"20.01", "2024-10-01", true, true},
                           {"506.060", "2024-07-01", false, false},  // Since when is not known.
                           {"1.040", "1957-08-27", false, false},
                           {"1.040", "1957-08-28", true, true}}) {  // It asks for no holidays.
    const Period period = Compute(each.rule, each.from, 10);
    EXPECT_EQ(period.rule.confirmed, each.rule_confirmed) << each.rule << " " << each.from;
    EXPECT_EQ(period.readings[0].confirmed, each.confirmed) << each.rule << " " << each.from;
    EXPECT_EQ(period.readings[0].steps[0].confirmed, each.confirmed);
  }
  // Short periods rest on every day on the way.
  EXPECT_FALSE(Compute("44.01", "2012-12-27", 6).readings[0].confirmed);
  const auto why = [](const char* rule, const char* from) {
    const Period period = Compute(rule, from, 10);
    return StepWords(period.rule, period.readings[0].steps[0]);
  };
  EXPECT_EQ(why("44.01", "1960-01-01"),
            "Friday 1 January 1960: the day of the act or event; it is not counted. Unconfirmed: "
            "Rule 44.01(a) as read here is in force from Tuesday 1 February 1972 on, and what held "
            "before was not read; which days were legal holidays before Tuesday 1 January 2013 was "
            "not read.");
  EXPECT_THAT(why("20.01", "2024-07-01"),
              HasSubstr("Unconfirmed: the text of Rule 20.01(a) that was read is of Tuesday 1 "
                        "October 2024, and what held before was not read."));
  EXPECT_THAT(why("506.060", "2024-07-01"),
              HasSubstr("Unconfirmed: since when RSMo 506.060.1 as read here has been in force is "
                        "not known."));
}

TEST(PeriodsTest, EveryStepIsSaidInWords) {
  const auto words = [](const Period& period) {
    std::vector<std::string> lines;
    for (const PeriodStep& step : period.readings[0].steps) {
      lines.push_back(StepWords(period.rule, step));
    }
    return lines;
  };
  EXPECT_THAT(
      words(Compute("44.01", "2024-07-02", 3)),
      ElementsAre("Tuesday 2 July 2024: the day of the act or event; it is not counted.",
                  "Wednesday 3 July 2024: day 1.",
                  "Thursday 4 July 2024: not counted, a legal holiday, Independence Day, RSMo "
                  "9.010; a period of fewer than 7 days skips it.",
                  "Friday 5 July 2024: day 2.",
                  "Saturday 6 July 2024: not counted, a Saturday; a period of fewer than 7 days "
                  "skips it.",
                  "Sunday 7 July 2024: not counted, a Sunday; a period of fewer than 7 days skips "
                  "it.",
                  "Monday 8 July 2024: day 3, the last day."));
  const auto ten = words(Compute("44.01", "2024-07-03", 10));
  EXPECT_THAT(ten[1],
              HasSubstr("day 1; a legal holiday, Independence Day, RSMo 9.010, which counts "
                        "on the way."));
  EXPECT_EQ(ten[10],
            "Saturday 13 July 2024: day 10, but a Saturday; the period does not end on it.");
  EXPECT_EQ(ten[11], "Sunday 14 July 2024: a Sunday; the period does not end on it.");
  EXPECT_EQ(ten[12], "Monday 15 July 2024: the last day.");
  const auto ninety = words(Compute("44.01", "2024-07-01", 90));
  EXPECT_THAT(ninety,
              ElementsAre("Monday 1 July 2024: the day of the act or event; it is not counted.",
                          "Tuesday 2 July 2024 to Saturday 28 September 2024: days 1 to 89; every "
                          "day counts.",
                          "Sunday 29 September 2024: day 90, but a Sunday; the period does not end "
                          "on it.",
                          "Monday 30 September 2024: the last day."));
  EXPECT_EQ(words(Compute("1.040", "2024-07-03", 10)).back(),
            "Saturday 13 July 2024: day 10, the last day; it is a Saturday, which RSMo 1.040 as "
            "read here does not move.");
}

// Nobody has read by how much a period that runs from service by mail is longer.
TEST(PeriodsTest, ThatDaysForServiceByMailAreNotAddedIsSaid) {
  EXPECT_THAT(Compute("44.01", "2024-07-01", 10).rule.note,
              HasSubstr("by mail are not added: the text of Rule 44.01(e) is not at hand"));
}

TEST(PeriodsTest, TheLengthIsBounded) {
  const auto length = [](int days) {
    return ComputePeriod(*Rules().periods.Find("44.01"), Rules().calendar, CourtId(),
                         *ParseDay("2024-07-01"), days)
        .has_value();
  };
  EXPECT_FALSE(length(0));
  EXPECT_FALSE(length(-1));
  EXPECT_TRUE(length(1));
  EXPECT_TRUE(length(kPeriodDaysMax));
  EXPECT_FALSE(length(kPeriodDaysMax + 1));
}

TEST(PeriodsTest, ATableWithAMistakeIsRefusedWithItsLine) {
  const std::string header =
      "id,name,clause,not_last,short_below,effective_from,text_as_of,confirmed,source,note\n"
      "x,X,c,sunday,0,,,no,s,\n";
  EXPECT_TRUE(PeriodRules::Parse(header, "p"));
  for (const auto& [row, reason] : std::vector<std::pair<std::string, std::string>>{
           {"x,X,c,sunday,0,,,no,s,", "id occurs twice"},
           {"y,Y,,sunday,0,,,no,s,", "clause is empty"},
           {"y,Y,c,friday,0,,,no,s,", "not_last"},
           {"y,Y,c,saturday,0,,,no,s,", "lacks sunday"},
           {"y,Y,c,sunday,40,,,no,s,", "short_below"},
           {"y,Y,c,sunday,0,soon,,no,s,", "no date"},
           {"y,Y,c,sunday,0,,,no,,", "source is empty"},
           {"y,Y,c,sunday,0,,,nearly,s,", "confirmed is not"}}) {
    const auto parsed = PeriodRules::Parse(header + row + "\n", "p");
    ASSERT_FALSE(parsed) << row;
    EXPECT_THAT(parsed.error().message, testing::StartsWith("p line 3: ")) << row;
    EXPECT_THAT(parsed.error().message, HasSubstr(reason));
  }
}

TEST(PeriodsTest, TheNextOpenDaySkipsWhatIsClosed) {
  const auto next = [](const char* day, const char* court, DayLayer layer) {
    return FormatDay(NextOpenDay(Rules().calendar, CourtId(court), *ParseDay(day), layer).day);
  };
  EXPECT_EQ(next("2024-07-03", "", DayLayer::kStatute), "2024-07-05");
  EXPECT_EQ(next("2024-06-28", "mo.cir.07.clay", DayLayer::kStatute), "2024-07-01");
  EXPECT_EQ(next("2024-06-28", "mo.cir.07.clay", DayLayer::kClosures), "2024-07-02");
}

TEST(PeriodsTest, TheNextOpenDayIsConfirmedOnlyIfEveryDayPassedOverIs) {
  const auto next = [](const char* day, DayLayer layer) {
    return NextOpenDay(Rules().calendar, CourtId(""), *ParseDay(day), layer);
  };
  EXPECT_TRUE(next("2024-07-03", DayLayer::kStatute).confirmed);
  // 4 July 2026 is a Saturday; that courts close on the Friday before is practice.
  EXPECT_EQ(FormatDay(next("2026-07-02", DayLayer::kStatute).day), "2026-07-03");
  EXPECT_TRUE(next("2026-07-02", DayLayer::kStatute).confirmed);
  EXPECT_EQ(FormatDay(next("2026-07-02", DayLayer::kClosures).day), "2026-07-06");
  EXPECT_FALSE(next("2026-07-02", DayLayer::kClosures).confirmed);
  // A holiday of a text of which nobody read since when it held, and a day that may have been one.
  EXPECT_EQ(FormatDay(next("2012-07-03", DayLayer::kStatute).day), "2012-07-05");
  EXPECT_FALSE(next("2012-07-03", DayLayer::kStatute).confirmed);
  EXPECT_FALSE(next("2012-12-30", DayLayer::kStatute).confirmed);
  EXPECT_TRUE(next("2012-12-31", DayLayer::kStatute).confirmed);
}

}  // namespace
}  // namespace nightbox
