// Goal: a county's circuit is that of the day asked about, and tables that leave a day without a
// circuit or with two are refused.
// Method: the two changes that are known, a day before and after; tables with one thing wrong.
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
}

TEST(CircuitHistoryTest, The46thCircuitIsNewAndItsBeginningUnconfirmed) {
  EXPECT_EQ(On("mo.cir.46.taney", "2016-12-31").circuit, 38);
  EXPECT_EQ(On("mo.cir.46.taney", "2024-06-29").circuit, 46);
  EXPECT_FALSE(On("mo.cir.46.taney", "2024-06-29").confirmed);
}

TEST(CircuitHistoryTest, OtherCountiesAndDivisionsHaveTodaysCircuit) {
  EXPECT_EQ(On("mo.cir.42.dent", "1990-01-01").circuit, 42);
  EXPECT_EQ(On("mo.cir.31.greene.springfield", "2024-06-29").circuit, 31);
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
           {"Benton,47,,,yes,s\n", "line 2: circuit is not"},
           {"Benton,27,,,perhaps,s\n", "line 2: confirmed"},
           {"Benton,27,,,yes,\n", "line 2: source"}}) {
    const auto read = CircuitHistory::Parse(head + rows, "t.csv", CourtDirectory::Missouri());
    ASSERT_FALSE(read.has_value()) << rows;
    EXPECT_THAT(read.error().message, HasSubstr("t.csv " + why));
  }
}

}  // namespace
}  // namespace nightbox
