#include "rules/holidays.h"

#include <algorithm>
#include <array>

namespace nightbox {
namespace {

using std::chrono::days;

constexpr std::array<std::string_view, 7> kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};
constexpr int kNthMax = 4;  // A fifth weekday does not exist in every month.

// Fills in when the holiday falls. Answers why it cannot; empty when it can.
std::string_view ReadForm(const CsvRow& row, Holiday& holiday) {
  const std::string& form = row.fields[2];
  const auto month = ParseSmallNumber(row.fields[3]);
  if (!month || *month < 1 || *month > 12) return "month is not 1 to 12";
  holiday.month = std::chrono::month(static_cast<unsigned>(*month));
  if (form == "fixed") {
    const auto day = ParseSmallNumber(row.fields[4]);
    if (!day || !row.fields[5].empty() || !row.fields[6].empty()) {
      return "a fixed holiday has a month and a day, and nothing else";
    }
    holiday.day = std::chrono::day(static_cast<unsigned>(*day));
    // 2023 is no leap year: a 29 February is refused.
    if (!(std::chrono::year(2023) / holiday.month / *holiday.day).ok()) {
      return "the day does not exist every year";
    }
    return {};
  }
  if (form != "weekday") return "form is not fixed or weekday";
  const auto weekday = std::find(kWeekdays.begin(), kWeekdays.end(), row.fields[5]);
  const auto nth = row.fields[6] == "last" ? std::optional(0) : ParseSmallNumber(row.fields[6]);
  const bool counted = nth && *nth <= kNthMax && (*nth > 0 || row.fields[6] == "last");
  if (weekday == kWeekdays.end() || !counted || !row.fields[4].empty()) {
    return "a weekday holiday has a month, a weekday and 1 to 4 or last, and nothing else";
  }
  holiday.weekday =
      std::chrono::weekday(static_cast<unsigned>(std::distance(kWeekdays.begin(), weekday)));
  holiday.nth = static_cast<unsigned>(*nth);
  return {};
}

bool FallsOn(const Holiday& holiday, CourtDay day) {
  const std::chrono::year_month_day date(day);
  if (date.month() != holiday.month || !holiday.effective.Contains(day)) return false;
  if (holiday.day) return date.day() == *holiday.day;
  if (WeekdayOf(day) != holiday.weekday) return false;
  if (holiday.nth == 0) {
    return std::chrono::year_month_day(day + days(7)).month() != holiday.month;
  }
  return (unsigned(date.day()) - 1) / 7 + 1 == holiday.nth;
}

}  // namespace

Result<Holidays> Holidays::Parse(std::string_view csv, std::string_view file_name) {
  static const std::vector<std::string> kColumns = {
      "id",  "name",           "form",         "month",     "day",    "weekday",
      "nth", "effective_from", "effective_to", "confirmed", "clause", "source"};
  NB_ASSIGN_OR_RETURN(const std::vector<CsvRow> rows, ParseTable(csv, file_name, kColumns));
  Holidays holidays;
  for (const CsvRow& row : rows) {
    const auto refused = [&](std::string_view why) {
      return RefusedLine(file_name, row.line, why);
    };
    Holiday holiday;
    holiday.id = row.fields[0];
    holiday.name = row.fields[1];
    if (holiday.id.empty() || holiday.name.empty()) return refused("id or name is empty");
    if (const auto wrong = ReadForm(row, holiday); !wrong.empty()) return refused(wrong);
    const auto effective = ParseDayRange(row.fields[7], row.fields[8]);
    if (!effective) return refused(effective.error());
    holiday.effective = *effective;
    const auto confirmed = ParseYesNo(row.fields[9]);
    if (!confirmed) return refused("confirmed is not yes or no");
    holiday.confirmed = *confirmed;
    holiday.clause = row.fields[10];
    holiday.source = row.fields[11];
    if (holiday.clause.empty() || holiday.source.empty()) {
      return refused("clause or source is empty: every row says where it comes from");
    }
    for (const Holiday& earlier : holidays.holidays_) {
      if (earlier.id == holiday.id && earlier.effective.Overlaps(holiday.effective)) {
        return refused("the holiday is in force twice at once");
      }
    }
    holidays.holidays_.push_back(std::move(holiday));
  }
  if (!holidays.holidays_.empty()) holidays.known_from_ = CourtDay::max();
  for (const Holiday& holiday : holidays.holidays_) {
    if (!holiday.confirmed) continue;
    holidays.known_from_ =
        std::min(holidays.known_from_, holiday.effective.first.value_or(CourtDay::min()));
  }
  return holidays;
}

const Holiday* Holidays::FallingOn(CourtDay day) const {
  for (const Holiday& holiday : holidays_) {
    if (FallsOn(holiday, day)) return &holiday;
  }
  return nullptr;
}

std::optional<HolidayOn> Holidays::On(CourtDay day) const {
  if (const Holiday* falling = FallingOn(day)) return HolidayOn{falling, false};
  if (WeekdayOf(day) != std::chrono::Monday) return std::nullopt;
  if (const Holiday* sunday = FallingOn(day - days(1))) return HolidayOn{sunday, true};
  return std::nullopt;
}

std::string HolidayWords(const HolidayOn& holiday, CourtDay day) {
  if (!holiday.moved) return holiday.holiday->name;
  return holiday.holiday->name + " (moved from " + DayWords(day - days(1)) + ")";
}

}  // namespace nightbox
