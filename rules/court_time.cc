#include "rules/court_time.h"

#include <date/date.h>
#include <date/tz.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>

namespace nightbox {
namespace {

// A damaged record can hold any number. What lies outside the years of four digits is spelled as
// the nearest instant inside, which everybody sees to be wrong; the calendar would wrap around.
WallTime Spellable(WallTime time) {
  constexpr date::sys_days kFirst = date::year(0) / 1 / 1;
  constexpr date::sys_days kBehind = date::year(10'000) / 1 / 1;
  return std::clamp(time, WallTime(kFirst.time_since_epoch()),
                    WallTime(kBehind.time_since_epoch()) - Microseconds(1));
}

// Calendar and clock fields of an instant, already shifted by `offset`.
struct Fields {
  int year;
  unsigned month;
  unsigned day;
  unsigned weekday;  // 0 is Sunday.
  long hour;
  long minute;
  long second;
  long micro;
};

Fields FieldsOf(WallTime time, std::chrono::seconds offset) {
  const date::sys_time<Microseconds> shifted(time.time_since_epoch() + offset);
  const auto days = date::floor<date::days>(shifted);
  const date::year_month_day date(days);
  const date::hh_mm_ss<Microseconds> clock(shifted - days);
  return {int(date.year()),        unsigned(date.month()),
          unsigned(date.day()),    date::weekday(days).c_encoding(),
          clock.hours().count(),   clock.minutes().count(),
          clock.seconds().count(), clock.subseconds().count()};
}

std::string Rfc3339(const Fields& f) {
  std::array<char, 64> text{};
  const int size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02ld:%02ld:%02ld.%06ld",
                                 f.year, f.month, f.day, f.hour, f.minute, f.second, f.micro);
  return std::string(text.data(), static_cast<std::size_t>(size));
}

std::string OffsetText(std::chrono::seconds offset) {
  const long minutes = std::labs(offset.count()) / 60;
  std::array<char, 32> text{};
  const int size = std::snprintf(text.data(), text.size(), "%c%02ld:%02ld",
                                 offset.count() < 0 ? '-' : '+', minutes / 60, minutes % 60);
  return std::string(text.data(), static_cast<std::size_t>(size));
}

Result<date::sys_info> Lookup(WallTime time, std::string_view zone) {
  try {
    return date::locate_zone(std::string(zone))->get_info(date::sys_time<Microseconds>(time));
  } catch (const std::exception&) {
    return Error{ErrorCode::kInvalidArgument, "the time zone database knows no zone of this name"};
  }
}

// The database only has abbreviations, and "CST" is also China's; full names are sure for American
// zones and UTC only. Everything else is named by its offset and zone.
std::string ZoneWords(const date::sys_info& info, std::string_view zone) {
  struct Name {
    std::string_view abbreviation;
    std::string_view words;
  };
  static constexpr std::array kAmerican = {
      Name{"EST", "Eastern Standard Time"},  Name{"EDT", "Eastern Daylight Time"},
      Name{"CST", "Central Standard Time"},  Name{"CDT", "Central Daylight Time"},
      Name{"MST", "Mountain Standard Time"}, Name{"MDT", "Mountain Daylight Time"},
      Name{"PST", "Pacific Standard Time"},  Name{"PDT", "Pacific Daylight Time"}};
  if (zone.starts_with("America/") || zone.starts_with("US/")) {
    for (const Name& name : kAmerican) {
      if (info.abbrev == name.abbreviation) return std::string(name.words);
    }
  }
  if (info.abbrev == "UTC") return "Coordinated Universal Time";
  return "UTC" + OffsetText(info.offset) + " (" + std::string(zone) + ")";
}

}  // namespace

std::string FormatUtc(WallTime time) { return Rfc3339(FieldsOf(Spellable(time), {})) + "Z"; }

std::optional<WallTime> ParseUtc(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd.ddddddZ";
  if (text.size() != kShape.size()) return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t count) {
    int value = 0;
    for (const char digit : text.substr(at, count)) value = value * 10 + (digit - '0');
    return value;
  };
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !digit : text[i] != kShape[i]) return std::nullopt;
  }
  const date::year_month_day day = date::year(number(0, 4)) / number(5, 2) / number(8, 2);
  if (!day.ok() || number(11, 2) > 23 || number(14, 2) > 59 || number(17, 2) > 59) {
    return std::nullopt;
  }
  return WallTime(date::sys_days(day).time_since_epoch() + std::chrono::hours(number(11, 2)) +
                  std::chrono::minutes(number(14, 2)) + std::chrono::seconds(number(17, 2)) +
                  Microseconds(number(20, 6)));
}

Result<std::string> FormatLocalOffset(WallTime time, std::string_view zone) {
  time = Spellable(time);
  NB_ASSIGN_OR_RETURN(const date::sys_info info, Lookup(time, zone));
  return Rfc3339(FieldsOf(time, info.offset)) + OffsetText(info.offset);
}

Result<std::string> FormatLocal(WallTime time, std::string_view zone) {
  static constexpr std::array kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday"};
  static constexpr std::array kMonths = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
  time = Spellable(time);
  NB_ASSIGN_OR_RETURN(const date::sys_info info, Lookup(time, zone));
  const Fields f = FieldsOf(time, info.offset);
  const long hour = f.hour % 12 == 0 ? 12 : f.hour % 12;
  std::array<char, 96> text{};
  const int size = std::snprintf(text.data(), text.size(), "%s %u %s %d at %ld:%02ld:%02ld %s ",
                                 kDays[f.weekday], f.day, kMonths[f.month - 1], f.year, hour,
                                 f.minute, f.second, f.hour < 12 ? "a.m." : "p.m.");
  return std::string(text.data(), static_cast<std::size_t>(size)) + ZoneWords(info, zone);
}

bool IsKnownZone(std::string_view zone) { return Lookup(WallTime(), zone).has_value(); }

}  // namespace nightbox
