// Goal: a county's circuit is that of the day asked about, and tables that leave a day without a
// circuit or with two are refused.
// Method: the two changes that are known, a day before and after; the year of the list that is the
// source of all others, a day before and after; tables with one thing wrong.
#include "rules/circuit_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nightbox {
namespace {

using testing::HasSubstr;

CircuitMembership On(const char* court, const char* day) {
  return CircuitHistory::Missouri().On(*CourtDirectory::Missouri().Find(CourtId(court)),
                                       *ParseDay(day));
}

TEST(CircuitHistoryTest, BentonCountyMovedOnNewYearsDay2022) {
  EXPECT_EQ(On("mo.cir.27.benton", "2021-12-31").circuit, 30);
  EXPECT_EQ(On("mo.cir.27.benton", "2022-01-01").circuit, 27);
  EXPECT_TRUE(On("mo.cir.27.benton", "2022-01-01").confirmed);
  EXPECT_TRUE(On("mo.cir.27.benton", "2012-01-01").confirmed);
  EXPECT_FALSE(On("mo.cir.27.benton", "2011-12-31").confirmed);
}

TEST(CircuitHistoryTest, The46thCircuitIsNewAndItsBeginningUnconfirmed) {
  EXPECT_EQ(On("mo.cir.46.taney", "2016-12-31").circuit, 38);
  EXPECT_EQ(On("mo.cir.46.taney", "2024-06-29").circuit, 46);
  EXPECT_FALSE(On("mo.cir.46.taney", "2024-06-29").confirmed);
}

TEST(CircuitHistoryTest, OtherCountiesHaveTodaysCircuitAndItIsConfirmedForTheYearOfTheListOnly) {
  for (const char* court : {"mo.cir.42.dent", "mo.cir.42.iron"}) {
    for (const auto& [day, confirmed] :
         {std::pair("1990-01-01", false), std::pair("2011-12-31", false),
          std::pair("2012-01-01", true), std::pair("2012-12-31", true),
          std::pair("2013-01-01", false), std::pair("2026-11-22", false)}) {
      EXPECT_EQ(On(court, day).circuit, 42) << day;
      EXPECT_EQ(On(court, day).confirmed, confirmed) << day;
    }
  }
  EXPECT_EQ(On("mo.cir.31.greene.springfield", "2024-06-29").circuit, 31);
  EXPECT_FALSE(On("mo.cir.31.greene.springfield", "2024-06-29").confirmed);
}

TEST(CircuitHistoryTest, OfACountyEveryDayIsToldOnce) {
  const CourtDirectory& courts = CourtDirectory::Missouri();
  for (const Court& court : courts.courts()) {
    if (court.kind != CourtKind::kCounty) continue;
    const auto members = CircuitHistory::Missouri().Of(court);
    ASSERT_FALSE(members.empty());
    EXPECT_FALSE(members.front().days.first);
    EXPECT_FALSE(members.back().days.last);
    EXPECT_EQ(members.back().circuit, court.circuit);
    for (std::size_t i = 1; i < members.size(); ++i) {
      EXPECT_EQ(*members[i].days.first, *members[i - 1].days.last + std::chrono::days(1));
    }
  }
}

TEST(CircuitHistoryTest, WithoutTheRowOfEveryOtherCountyNoDayIsConfirmedAndOneForAllDaysDoes) {
  const std::string head = "county,circuit,first_day,last_day,confirmed,source\n";
  const Court& dent = *CourtDirectory::Missouri().Find(CourtId("mo.cir.42.dent"));
  const auto confirmed = [&](const std::string& rows) {
    const auto read = CircuitHistory::Parse(head + rows, "t.csv", CourtDirectory::Missouri());
    EXPECT_TRUE(read) << read.error().message;
    return read && read->On(dent, *ParseDay("2012-06-01")).confirmed &&
           read->On(dent, *ParseDay("2026-11-22")).confirmed;
  };
  EXPECT_FALSE(confirmed(""));
  EXPECT_FALSE(confirmed("*,,2012-01-01,2012-12-31,yes,s\n"));
  EXPECT_FALSE(confirmed("*,,,,no,s\n"));
  EXPECT_TRUE(confirmed("*,,,,yes,a letter of the state courts administrator\n"));
  EXPECT_TRUE(confirmed("*,,,,no,s\nDent,42,,,yes,an order\n"));
}

TEST(CircuitHistoryTest, DaysWithoutOrWithTwoCircuitsAreRefusedWithTheirLine) {
  const std::string head = "county,circuit,first_day,last_day,confirmed,source\n";
  for (const auto& [rows, why] : std::vector<std::pair<std::string, std::string>>{
           {"Benton,30,,2021-12-31,yes,s\nBenton,27,2022-01-02,,yes,s\n",
            "line 3: the county's days"},
           {"Benton,30,,2021-12-31,yes,s\nBenton,27,2021-12-31,,yes,s\n",
            "line 3: the county's days"},
           {"Benton,30,2000-01-01,2021-12-31,yes,s\n", "line 2: the county's days"},
           {"Benton,30,,2021-12-31,yes,s\n", "line 2: the county's last circuit"},
           {"Benton,30,,,yes,s\n", "line 2: the county's last circuit"},
           {"Nowhere,30,,,yes,s\n", "line 2: no court has this county"},
           {"Benton,47,,,yes,s\n", "line 2: the courts' table has no such circuit"},
           {"Benton,0,,,yes,s\n", "line 2: circuit is a number"},
           {"Benton,100,,2021-12-31,yes,s\n", "line 2: circuit is a number"},
           {"Benton,,,,yes,s\n", "line 2: circuit is a number"},
           {"*,42,,,yes,s\n", "line 2: circuit is a number"},
           {"*,,,,yes,s\n*,,,,yes,s\n", "line 3: there is one row"},
           {"Benton,27,,,perhaps,s\n", "line 2: confirmed"},
           {"Benton,27,,,yes,\n", "line 2: source"}}) {
    const auto read = CircuitHistory::Parse(head + rows, "t.csv", CourtDirectory::Missouri());
    ASSERT_FALSE(read.has_value()) << rows;
    EXPECT_THAT(read.error().message, HasSubstr("t.csv " + why));
  }
}

}  // namespace
}  // namespace nightbox
