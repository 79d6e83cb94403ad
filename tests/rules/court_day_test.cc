// Goal: an instant falls on the day that the clocks on the courthouse wall show, also in the two
// nights of the year in which they are moved.
// Method: instants around midnight and around both changes of 2024, in Missouri's zone.
#include "rules/court_day.h"

#include <gtest/gtest.h>

#include "rules/court_time.h"

namespace nightbox {
namespace {

constexpr const char* kCentral = "America/Chicago";

WallTime At(const char* text) { return *ParseUtc(text); }
std::string DayOf(const char* utc) { return FormatDay(*DayIn(At(utc), kCentral)); }

TEST(CourtDayTest, TheDayOfFilingIsThatOfTheCourtsZone) {
  EXPECT_EQ(DayOf("2024-07-02T04:59:59.999999Z"), "2024-07-01");
  EXPECT_EQ(DayOf("2024-07-02T05:00:00.000000Z"), "2024-07-02");
  EXPECT_EQ(DayOf("2024-01-02T05:59:59.999999Z"), "2024-01-01");
  EXPECT_EQ(DayOf("2024-01-02T06:00:00.000000Z"), "2024-01-02");
  EXPECT_EQ(DayOf("1969-12-31T23:59:59.999999Z"), "1969-12-31");
}

TEST(CourtDayTest, TheHalfPastOneThatHappensTwiceIsOneDay) {
  EXPECT_EQ(DayOf("2024-11-03T06:30:00.000000Z"), "2024-11-03");  // 1:30 daylight time.
  EXPECT_EQ(DayOf("2024-11-03T07:30:00.000000Z"), "2024-11-03");  // 1:30 standard time.
  EXPECT_EQ(DayOf("2024-11-04T05:59:59.999999Z"), "2024-11-03");
  EXPECT_EQ(DayOf("2024-11-04T06:00:00.000000Z"), "2024-11-04");
}

TEST(CourtDayTest, AClockTimeIsFoundOnItsDay) {
  const auto on = [](const char* day, const char* clock) {
    return FormatUtc(*InstantOn(*ParseDay(day), *ParseClock(clock), kCentral));
  };
  EXPECT_EQ(on("2024-07-01", "12:00"), "2024-07-01T17:00:00.000000Z");
  EXPECT_EQ(on("2024-07-01", "24:00"), "2024-07-02T05:00:00.000000Z");
  EXPECT_EQ(on("2024-11-03", "01:30"), "2024-11-03T06:30:00.000000Z");  // The first of the two.
  EXPECT_EQ(on("2024-03-10", "02:30"), "2024-03-10T08:00:00.000000Z");  // Jumped over.
}

TEST(CourtDayTest, DaysAreReadStrictlyAndSaidInWords) {
  EXPECT_EQ(DayWords(*ParseDay("2024-07-11")), "Thursday 11 July 2024");
  EXPECT_EQ(FormatDay(*ParseDay("2024-02-29")), "2024-02-29");
  for (const char* text :
       {"", "2024-7-11", "2023-02-29", "2024-00-10", "2024-01-00", "2024-13-01", "24-07-11",
        "2024/07/11", "2024-07-11 ", "1899-12-31", "2200-01-01", "-024-07-11", "2024-07-1x"}) {
    EXPECT_FALSE(ParseDay(text)) << text;
  }
  for (const char* text : {"", "9:00", "24:01", "25:00", "12:60", "12-00", "1200 ", "ab:cd"}) {
    EXPECT_FALSE(ParseClock(text)) << text;
  }
}

TEST(CourtDayTest, AnUnknownZoneIsAnError) {
  EXPECT_FALSE(DayIn(At("2024-07-02T05:00:00.000000Z"), "Mars/Olympus"));
  EXPECT_FALSE(InstantOn(*ParseDay("2024-07-01"), std::chrono::minutes(0), "Mars/Olympus"));
}

}  // namespace
}  // namespace nightbox
