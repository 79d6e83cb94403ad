#include "tests/rules/naive_period.h"

namespace nightbox::naive {
namespace {

bool LeapYear(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int MonthLength(int year, int month) {
  if (month == 2) return LeapYear(year) ? 29 : 28;
  if (month == 4 || month == 6 || month == 9 || month == 11) return 30;
  return 31;
}

Date Yesterday(Date today) {
  today.weekday = (today.weekday + 6) % 7;
  if (--today.day == 0) {
    if (--today.month == 0) {
      today.month = 12;
      --today.year;
    }
    today.day = MonthLength(today.year, today.month);
  }
  return today;
}

// The holiday itself, wherever it falls.
bool NamedHoliday(Date d) {
  const bool monday = d.weekday == 0;
  if (d.month == 1 && d.day == 1) return true;
  if (d.month == 1 && monday && 15 <= d.day && d.day <= 21) return true;
  if (d.month == 2 && d.day == 12) return true;
  if (d.month == 2 && monday && 15 <= d.day && d.day <= 21) return true;
  if (d.month == 5 && d.day == 8) return true;
  if (d.month == 5 && monday && 25 <= d.day) return true;
  if (d.month == 6 && d.day == 19 && d.year >= 2023) return true;
  if (d.month == 7 && d.day == 4) return true;
  if (d.month == 9 && monday && d.day <= 7) return true;
  if (d.month == 10 && monday && 8 <= d.day && d.day <= 14) return true;
  if (d.month == 11 && d.day == 11) return true;
  if (d.month == 11 && d.weekday == 3 && 22 <= d.day && d.day <= 28) return true;
  return d.month == 12 && d.day == 25;
}

}  // namespace

Date Start() { return {2001, 1, 1, 0}; }

Date Tomorrow(Date today) {
  today.weekday = (today.weekday + 1) % 7;
  if (++today.day > MonthLength(today.year, today.month)) {
    today.day = 1;
    if (++today.month == 13) {
      today.month = 1;
      ++today.year;
    }
  }
  return today;
}

bool IsStatuteHoliday(Date date) {
  return NamedHoliday(date) || (date.weekday == 0 && NamedHoliday(Yesterday(date)));
}

bool IsPracticeHoliday(Date date) {
  if (date.weekday == 4 && NamedHoliday(Tomorrow(date))) return true;
  return date == Date{2021, 6, 18, 4} || date == Date{2022, 6, 20, 0};
}

Date LastDay(Rule rule, bool with_practice, Date from, int days, const Date* closed) {
  const auto off = [&](Date date) {
    if (rule == Rule::kGeneralStatute) return date.weekday == 6;
    return date.weekday >= 5 || IsStatuteHoliday(date) ||
           (with_practice && (IsPracticeHoliday(date) || (closed != nullptr && date == *closed)));
  };
  Date date = from;
  const bool skip_on_the_way = rule == Rule::kProcedure && days < 7;
  for (int left = days; left > 0;) {
    date = Tomorrow(date);
    if (!skip_on_the_way || !off(date)) --left;
  }
  while (off(date)) date = Tomorrow(date);
  return date;
}

}  // namespace nightbox::naive
