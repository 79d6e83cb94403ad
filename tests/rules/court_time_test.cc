// Goal: every instant on a receipt is spelled as the people of its court would say it, and a filing
// of the last second before midnight stays in that day. Method: instants of known weekday and
// offset around daylight saving and midnight, against the system's time zone database.
#include "rules/court_time.h"

#include <gtest/gtest.h>

namespace nightbox {
namespace {

constexpr char kCentral[] = "America/Chicago";

WallTime At(std::string_view utc) { return ParseUtc(utc).value(); }

TEST(CourtTimeTest, SpellsAnInstantForMachinesAndForPeople) {
  const WallTime time = At("2024-07-02T04:41:07.123456Z");
  EXPECT_EQ(ToMicros(time), 1719895267123456);
  EXPECT_EQ(FormatUtc(time), "2024-07-02T04:41:07.123456Z");
  EXPECT_EQ(FormatLocalOffset(time, kCentral).value(), "2024-07-01T23:41:07.123456-05:00");
  EXPECT_EQ(FormatLocal(time, kCentral).value(),
            "Monday 1 July 2024 at 11:41:07 p.m. Central Daylight Time");
}

TEST(CourtTimeTest, TheLastTenthOfASecondBelongsToItsDay) {
  EXPECT_EQ(FormatLocal(At("2024-07-02T04:59:59.900000Z"), kCentral).value(),
            "Monday 1 July 2024 at 11:59:59 p.m. Central Daylight Time");
  EXPECT_EQ(FormatLocal(At("2024-07-02T05:00:00.300000Z"), kCentral).value(),
            "Tuesday 2 July 2024 at 12:00:00 a.m. Central Daylight Time");
  EXPECT_EQ(FormatLocal(At("2024-07-02T17:00:00.000000Z"), kCentral).value(),
            "Tuesday 2 July 2024 at 12:00:00 p.m. Central Daylight Time");
}

TEST(CourtTimeTest, AnHourThatHappensTwiceIsToldApart) {
  EXPECT_EQ(FormatLocal(At("2024-11-03T06:30:00.000000Z"), kCentral).value(),
            "Sunday 3 November 2024 at 1:30:00 a.m. Central Daylight Time");
  EXPECT_EQ(FormatLocal(At("2024-11-03T07:30:00.000000Z"), kCentral).value(),
            "Sunday 3 November 2024 at 1:30:00 a.m. Central Standard Time");
  EXPECT_EQ(FormatLocalOffset(At("2024-11-03T07:30:00.000000Z"), kCentral).value(),
            "2024-11-03T01:30:00.000000-06:00");
}

TEST(CourtTimeTest, AZoneWithoutAKnownNameIsNamedByItsOffset) {
  EXPECT_EQ(FormatLocal(At("2024-01-15T12:00:00.000000Z"), "Asia/Shanghai").value(),
            "Monday 15 January 2024 at 8:00:00 p.m. UTC+08:00 (Asia/Shanghai)");
  EXPECT_EQ(FormatLocal(At("2024-01-15T12:00:00.000000Z"), "UTC").value(),
            "Monday 15 January 2024 at 12:00:00 p.m. Coordinated Universal Time");
}

TEST(CourtTimeTest, AnUnknownZoneIsAnError) {
  for (const char* zone : {"", "America/Nowhere", "../../etc/passwd", "America/", "CDT5"}) {
    EXPECT_EQ(FormatLocal(At("2024-07-02T04:41:07.123456Z"), zone).error().code,
              ErrorCode::kInvalidArgument)
        << zone;
    EXPECT_FALSE(IsKnownZone(zone)) << zone;
  }
  EXPECT_TRUE(IsKnownZone(kCentral));
}

TEST(CourtTimeTest, ParsesOnlyItsOwnSpelling) {
  for (const std::int64_t micros : {0L, 1L, 951782399999999L, 1709164800000000L, -1L}) {
    EXPECT_EQ(ToMicros(At(FormatUtc(FromMicros(micros)))), micros);
  }
  for (const char* text :
       {"", "2024-07-02T04:41:07Z", "2024-07-02T04:41:07.123456", "2024-07-02 04:41:07.123456Z",
        "2024-02-30T04:41:07.123456Z", "2024-13-02T04:41:07.123456Z", "2024-07-02T24:41:07.123456Z",
        "2024-07-02T04:60:07.123456Z", "2024-07-02T04:41:60.123456Z", "2024-07-02T04:41:07.12345xZ",
        "-024-07-02T04:41:07.123456Z", "2024-07-02T04:41:07.123456+00:00"}) {
    EXPECT_EQ(ParseUtc(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace nightbox
