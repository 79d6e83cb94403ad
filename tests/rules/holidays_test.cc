// Goal: the holidays of the statute fall on the right days, Sunday's move to Monday and Saturday's
// do not, closures stand apart, and a table with a mistake in it is refused with its line.
// Method: the shipped tables asked for days known from calendars; small tables with one fault each.
#include "rules/holidays.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/closures.h"
#include "rules/deadline_rules.h"

namespace nightbox {
namespace {

using testing::HasSubstr;

CourtDay Day(const char* text) { return *ParseDay(text); }
const CourtCalendar& Missouri() { return DeadlineRules::BuiltIn().calendar; }

std::string NameOf(const char* day) {
  const auto holiday = Missouri().holidays.On(Day(day));
  return holiday ? HolidayWords(*holiday, Day(day)) : "";
}

std::string ReasonOf(const char* day, const char* court) {
  const Closure* closure = Missouri().closures.On(Day(day), CourtId(court), Missouri().holidays);
  return closure == nullptr ? "" : closure->reason;
}

TEST(HolidaysTest, The2024HolidaysOfTheStatute) {
  std::vector<std::string> days;
  for (CourtDay day = Day("2024-01-01"); day < Day("2025-01-01"); day += std::chrono::days(1)) {
    if (const auto holiday = Missouri().holidays.On(day)) {
      days.push_back(FormatDay(day).substr(5) + " " + holiday->holiday->id);
    }
  }
  EXPECT_THAT(days, testing::ElementsAre("01-01 new_year", "01-15 king", "02-12 lincoln",
                                         "02-19 washington", "05-08 truman", "05-27 memorial",
                                         "06-19 juneteenth", "07-04 independence", "09-02 labor",
                                         "10-14 columbus", "11-11 veterans", "11-28 thanksgiving",
                                         "12-25 christmas"));
}

TEST(HolidaysTest, SundayMovesToMondayAndSaturdayStays) {
  EXPECT_EQ(NameOf("2021-07-04"), "Independence Day");
  EXPECT_EQ(NameOf("2021-07-05"), "Independence Day (moved from Sunday 4 July 2021)");
  EXPECT_EQ(NameOf("2023-01-01"), "New Year's Day");
  EXPECT_EQ(NameOf("2023-01-02"), "New Year's Day (moved from Sunday 1 January 2023)");
  EXPECT_EQ(NameOf("2021-12-31"), "");  // New Year's Day 2022 is a Saturday.
  EXPECT_EQ(NameOf("2022-01-03"), "");
  EXPECT_EQ(NameOf("2021-05-31"), "Memorial Day");  // The last of five Mondays.
}

TEST(HolidaysTest, JuneteenthIsSureFrom2023On) {
  EXPECT_EQ(NameOf("2022-06-20"), "");
  EXPECT_EQ(NameOf("2023-06-19"), "Juneteenth");
}

TEST(HolidaysTest, NothingIsClaimedOfYearsWhoseTextNobodyRead) {
  EXPECT_EQ(FormatDay(Missouri().holidays.known_from()), "2013-01-01");
  const auto confirmed = [](const char* day) {
    return Missouri().holidays.On(Day(day))->holiday->confirmed;
  };
  EXPECT_FALSE(confirmed("1975-01-20"));  // Long before anybody kept Martin Luther King Day.
  EXPECT_FALSE(confirmed("2012-12-25"));
  EXPECT_TRUE(confirmed("2013-01-01"));
  for (const Holiday& holiday : Missouri().holidays.all()) {
    if (holiday.confirmed) {
      EXPECT_TRUE(holiday.effective.first) << holiday.id;
    }
  }
}

TEST(HolidaysTest, SinceWhenTheHolidaysAreKnownIsTheEarliestConfirmedRow) {
  const std::string header =
      "id,name,form,month,day,weekday,nth,effective_from,effective_to,confirmed,clause,source\n";
  const auto known_from = [&](const std::string& rows) {
    return Holidays::Parse(header + rows, "h")->known_from();
  };
  EXPECT_EQ(known_from(""), CourtDay::min());
  EXPECT_EQ(known_from("a,A,fixed,1,1,,,,,no,c,s\n"), CourtDay::max());
  EXPECT_EQ(known_from("a,A,fixed,1,1,,,,,yes,c,s\nb,B,fixed,1,2,,,2001-01-01,,yes,c,s\n"),
            CourtDay::min());
  EXPECT_EQ(known_from("a,A,fixed,1,1,,,,,no,c,s\nb,B,fixed,1,2,,,2001-01-01,,yes,c,s\n"),
            Day("2001-01-01"));
}

TEST(HolidaysTest, ClosuresStandApart) {
  EXPECT_THAT(ReasonOf("2022-06-20", "mo.cir.42.dent"), HasSubstr("Juneteenth"));
  EXPECT_THAT(ReasonOf("2021-12-31", ""), HasSubstr("on the Friday before"));
  EXPECT_EQ(NameOf("2024-07-01"), "");
  EXPECT_THAT(ReasonOf("2024-07-01", "mo.cir.07.clay"), HasSubstr("presiding judge"));
  EXPECT_EQ(ReasonOf("2024-07-01", "mo.cir.42.dent"), "");
  EXPECT_EQ(ReasonOf("2024-07-01", ""), "");
  EXPECT_EQ(ReasonOf("2024-07-02", "mo.cir.07.clay"), "");
}

TEST(HolidaysTest, ACircuitsClosureIsThatOfItsCourts) {
  const auto closures = *Closures::Parse(
      "court_id,form,first_day,last_day,kind,reason,confirmed,source\n"
      "mo.cir.42,days,2024-07-01,2024-07-03,order,flood,yes,order 1\n",
      "c");
  const auto closed = [&](const char* day, const char* court) {
    return closures.On(Day(day), CourtId(court), Missouri().holidays) != nullptr;
  };
  EXPECT_TRUE(closed("2024-07-01", "mo.cir.42.dent"));
  EXPECT_TRUE(closed("2024-07-03", "mo.cir.42"));
  EXPECT_FALSE(closed("2024-07-04", "mo.cir.42.dent"));
  EXPECT_FALSE(closed("2024-07-01", "mo.cir.4"));
  EXPECT_FALSE(closed("2024-07-01", "mo.cir.421"));
}

TEST(HolidaysTest, ACircuitsClosureIsThatOfTheCountiesItHadThatDayAndACountysOfItsDivisions) {
  const auto closures = *Closures::Parse(
      "court_id,form,first_day,last_day,kind,reason,confirmed,source\n"
      "mo.cir.30,days,2021-12-27,2022-01-02,order,move,yes,order 1\n"
      "mo.cir.16.jackson,days,2024-07-01,2024-07-01,order,flood,yes,order 2\n"
      "mo.cir.31.greene.springfield,days,2024-07-01,2024-07-01,order,fire,yes,order 3\n",
      "c");
  const auto closed = [&](const char* day, const char* court) {
    return closures.On(Day(day), CourtId(court), Missouri().holidays) != nullptr;
  };
  // Benton County left the 30th circuit on 1 January 2022.
  EXPECT_TRUE(closed("2021-12-31", "mo.cir.27.benton"));
  EXPECT_FALSE(closed("2022-01-01", "mo.cir.27.benton"));
  EXPECT_TRUE(closed("2022-01-01", "mo.cir.30.polk"));
  EXPECT_TRUE(closed("2024-07-01", "mo.cir.16.jackson.kansas-city"));
  EXPECT_TRUE(closed("2024-07-01", "mo.cir.31.greene.springfield"));
  EXPECT_FALSE(closed("2024-07-01", "mo.cir.31.greene"));
  EXPECT_FALSE(closed("2024-07-01", "mo.cir.31.greene.republic"));
}

TEST(HolidaysTest, AHolidayTableWithAMistakeIsRefusedWithItsLine) {
  const std::string header =
      "id,name,form,month,day,weekday,nth,effective_from,effective_to,confirmed,clause,source\n";
  const std::string good = "a,A,fixed,1,1,,,,,yes,c,s\n";
  EXPECT_TRUE(Holidays::Parse(header + good, "h"));
  EXPECT_TRUE(Holidays::Parse(
      header + "a,A,fixed,1,1,,,,2000-12-31,yes,c,s\na,A,fixed,1,2,,,2001-01-01,,yes,c,s\n", "h"));
  for (const auto& [row, reason] : std::vector<std::pair<std::string, std::string>>{
           {"a,A,fixed,2,29,,,,,yes,c,s", "does not exist every year"},
           {"a,A,fixed,4,31,,,,,yes,c,s", "does not exist every year"},
           {"a,A,fixed,13,1,,,,,yes,c,s", "month is not"},
           {"a,A,fixed,1,1,Monday,,,,yes,c,s", "nothing else"},
           {"a,A,weekday,1,,Monday,5,,,yes,c,s", "1 to 4 or last"},
           {"a,A,weekday,1,,Monday,0,,,yes,c,s", "1 to 4 or last"},
           {"a,A,weekday,1,,Moonday,1,,,yes,c,s", "1 to 4 or last"},
           {"a,A,easter,1,1,,,,,yes,c,s", "form is not"},
           {"a,A,fixed,1,1,,,2024-02-30,,yes,c,s", "no date"},
           {"a,A,fixed,1,1,,,2024-02-02,2024-02-01,yes,c,s", "before the first"},
           {"a,A,fixed,1,1,,,,,maybe,c,s", "confirmed is not"},
           {"a,A,fixed,1,1,,,,,yes,c,", "source is empty"},
           {",A,fixed,1,1,,,,,yes,c,s", "id or name is empty"}}) {
    std::string table = header + "b,B,fixed,1,1,,,,,yes,c,s\n";
    table += row + "\n";
    const auto parsed = Holidays::Parse(table, "h");
    ASSERT_FALSE(parsed) << row;
    EXPECT_THAT(parsed.error().message, testing::StartsWith("h line 3: ")) << row;
    EXPECT_THAT(parsed.error().message, HasSubstr(reason));
  }
  EXPECT_THAT(Holidays::Parse(header + good + good, "h").error().message,
              "h line 3: the holiday is in force twice at once");
  EXPECT_FALSE(Holidays::Parse("id\n", "h"));
}

TEST(HolidaysTest, AClosureTableWithAMistakeIsRefusedWithItsLine) {
  const std::string header = "court_id,form,first_day,last_day,kind,reason,confirmed,source\n";
  for (const auto& [row, reason] : std::vector<std::pair<std::string, std::string>>{
           {"ks,days,2024-07-01,2024-07-01,order,r,no,s", "court_id is not"},
           {"mo.cir.07.caly,days,2024-07-01,2024-07-01,order,r,no,s", "court_id is not"},
           {"mo.cir.47,days,2024-07-01,2024-07-01,order,r,no,s", "court_id is not"},
           {"mo.cir.31.greene.ozark,days,2024-07-01,2024-07-01,order,r,no,s", "court_id is not"},
           {"mo,weeks,2024-07-01,2024-07-01,order,r,no,s", "form is not"},
           {"mo,days,2024-07-01,,order,r,no,s", "a first and a last day"},
           {"mo,days,2024-07-02,2024-07-01,order,r,no,s", "before the first"},
           {"mo,days,2024-07-01,2026-07-01,order,r,no,s", "longer than a year"},
           {"mo,days,2024-07-01,2024-07-01,whim,r,no,s", "kind is not"},
           {"mo,days,2024-07-01,2024-07-01,order,,no,s", "reason or source"},
           {"mo,days,2024-07-01,2024-07-01,order,r,perhaps,s", "confirmed is not"}}) {
    const auto parsed = Closures::Parse(header + row + "\n", "c");
    ASSERT_FALSE(parsed) << row;
    EXPECT_THAT(parsed.error().message, testing::StartsWith("c line 2: ")) << row;
    EXPECT_THAT(parsed.error().message, HasSubstr(reason));
  }
}

}  // namespace
}  // namespace nightbox
