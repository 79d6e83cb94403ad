// Holidays: the legal holidays of RSMo 9.010, from rules/data/holidays.csv.
//
// A holiday that falls on a Sunday is held on the Monday after. One that falls on a Saturday is not
// moved by the statute; that courts close on the Friday before is practice, and stands in
// rules/closures.h. The two are never merged.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "rules/court_day.h"
#include "rules/data_table.h"

namespace nightbox {

struct Holiday {
  std::string id;
  std::string name;
  std::chrono::month month{1};
  // One of the two: a day of the month, or a weekday of which `nth` counts; 0 is the last.
  std::optional<std::chrono::day> day;
  std::chrono::weekday weekday;
  unsigned nth = 0;
  // The days on which it is in force.
  DayRange effective;
  bool confirmed = false;
  std::string clause;
  std::string source;
};

struct HolidayOn {
  // Lives as long as the Holidays.
  const Holiday* holiday = nullptr;
  // It fell on the Sunday before.
  bool moved = false;
};

// Immutable after loading; any thread may ask.
class Holidays {
 public:
  // Refuses, with line and reason, days that do not exist every year, one holiday in force twice,
  // and rows without a source.
  static Result<Holidays> Parse(std::string_view csv, std::string_view file_name);

  std::optional<HolidayOn> On(CourtDay day) const;

  // The first day of the earliest confirmed row: of the years before nobody has read which days
  // were holidays. The least day if no such day is stated, or there are no holidays; the greatest
  // if none is confirmed.
  CourtDay known_from() const { return known_from_; }

  // In the file's order.
  const std::vector<Holiday>& all() const { return holidays_; }

 private:
  const Holiday* FallingOn(CourtDay day) const;

  std::vector<Holiday> holidays_;
  CourtDay known_from_ = CourtDay::min();
};

// "Independence Day", "Juneteenth (moved from Sunday 19 June 2022)".
std::string HolidayWords(const HolidayOn& holiday, CourtDay day);

}  // namespace nightbox
