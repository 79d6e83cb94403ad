// A second, independent and deliberately naive way to find the last day of a period, for comparison
// only.
//
// It shares nothing with rules/: no chrono calendar, no data files. It walks day by day from a
// known Monday with a table of month lengths, and keeps the holidays as sentences a clerk would
// say.
#pragma once

namespace nightbox::naive {

struct Date {
  int year;
  int month;
  int day;
  int weekday;  // 0 is Monday.

  bool operator==(const Date& other) const {
    return year == other.year && month == other.month && day == other.day;
  }
};

// Monday 1 January 2001, from which everything is walked.
Date Start();
Date Tomorrow(Date today);

// What is asked for of the statute's holidays, or also of what courts do in practice.
bool IsStatuteHoliday(Date date);
bool IsPracticeHoliday(Date date);

enum class Rule { kProcedure, kGeneralStatute };

// `with_practice`: days that courts are closed by practice count like holidays, and so does the day
// on which this court alone is closed, where it has one.
Date LastDay(Rule rule, bool with_practice, Date from, int days, const Date* closed = nullptr);

}  // namespace nightbox::naive
