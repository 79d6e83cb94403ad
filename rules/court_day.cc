#include "rules/court_day.h"

#include <date/date.h>
#include <date/tz.h>

#include <array>
#include <cstdio>
#include <exception>

namespace nightbox {
namespace {

constexpr int kYearFirst = 1900;
constexpr int kYearLast = 2199;
constexpr std::chrono::minutes kDayMinutes{24 * 60};

// The number of a text of digits only; -1 for any other.
int Number(std::string_view text) {
  int number = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return -1;
    number = number * 10 + (digit - '0');
  }
  return number;
}

Error UnknownZone() {
  return Error{ErrorCode::kInvalidArgument, "the time zone database knows no zone of this name"};
}

}  // namespace

Result<CourtDay> DayIn(WallTime time, std::string_view zone) {
  try {
    const auto local =
        date::locate_zone(std::string(zone))->to_local(date::sys_time<Microseconds>(time));
    return CourtDay(std::chrono::days(date::floor<date::days>(local).time_since_epoch().count()));
  } catch (const std::exception&) {
    return UnknownZone();
  }
}

Result<WallTime> InstantOn(CourtDay day, std::chrono::minutes clock, std::string_view zone) {
  try {
    const date::local_time<Microseconds> local(day.time_since_epoch() + clock);
    const auto instant =
        date::locate_zone(std::string(zone))->to_sys(local, date::choose::earliest);
    return WallTime(instant.time_since_epoch());
  } catch (const std::exception&) {
    return UnknownZone();
  }
}

std::chrono::weekday WeekdayOf(CourtDay day) { return std::chrono::weekday(day); }

std::string FormatDay(CourtDay day) {
  const std::chrono::year_month_day date(day);
  std::array<char, 32> text{};
  const int size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", int(date.year()),
                                 unsigned(date.month()), unsigned(date.day()));
  return std::string(text.data(), static_cast<std::size_t>(size));
}

std::string DayWords(CourtDay day) {
  static constexpr std::array kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday"};
  static constexpr std::array kMonths = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
  const std::chrono::year_month_day date(day);
  return std::string(kDays[WeekdayOf(day).c_encoding()]) + " " +
         std::to_string(unsigned(date.day())) + " " + kMonths[unsigned(date.month()) - 1] + " " +
         std::to_string(int(date.year()));
}

std::optional<CourtDay> ParseDay(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = Number(text.substr(0, 4));
  const int month = Number(text.substr(5, 2));
  const int day = Number(text.substr(8, 2));
  if (year < kYearFirst || year > kYearLast || month < 1 || day < 1) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year{year},
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  return CourtDay(date);
}

std::string FormatClock(std::chrono::minutes clock) {
  std::array<char, 32> text{};
  const int size =
      std::snprintf(text.data(), text.size(), "%02d:%02d", static_cast<int>(clock.count() / 60),
                    static_cast<int>(clock.count() % 60));
  return std::string(text.data(), static_cast<std::size_t>(size));
}

std::optional<std::chrono::minutes> ParseClock(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const int hour = Number(text.substr(0, 2));
  const int minute = Number(text.substr(3, 2));
  if (hour < 0 || minute < 0 || minute > 59) return std::nullopt;
  const std::chrono::minutes clock(hour * 60 + minute);
  if (clock > kDayMinutes) return std::nullopt;
  return clock;
}

}  // namespace nightbox
