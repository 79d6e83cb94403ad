#include "rules/periods.h"

#include <algorithm>

namespace nightbox {
namespace {

using OneDay = std::chrono::days;

// Up to here every counted day is a step of its own; longer periods count in one step.
constexpr int kListedDaysMax = 31;

// Fills in what a last day may not be. Answers why it cannot; empty when it can.
std::string_view ReadNotLast(std::string_view text, PeriodRule& rule) {
  for (const std::string& word : SplitText(text, ';')) {
    if (word == "saturday") {
      rule.not_saturday = true;
    } else if (word == "sunday") {
      rule.not_sunday = true;
    } else if (word == "holiday") {
      rule.not_holiday = true;
    } else {
      return "not_last has other than saturday, sunday and holiday";
    }
  }
  return rule.not_sunday ? std::string_view() : "not_last lacks sunday, which every rule has";
}

struct NotOrdinary {
  std::string reason;
  bool confirmed = true;
};

// Why the rule does not let a period end on the day; nothing when it does.
class Days {
 public:
  Days(const PeriodRule& rule, const CourtCalendar& calendar, const CourtId& court, DayLayer layer)
      : rule_(rule), calendar_(calendar), court_(court), layer_(layer) {}

  std::optional<NotOrdinary> WhyNot(CourtDay day) const {
    const std::chrono::weekday weekday = WeekdayOf(day);
    if (rule_.not_sunday && weekday == std::chrono::Sunday) return NotOrdinary{"a Sunday"};
    if (rule_.not_saturday && weekday == std::chrono::Saturday) return NotOrdinary{"a Saturday"};
    if (!rule_.not_holiday) return std::nullopt;
    if (const auto holiday = calendar_.holidays.On(day)) {
      return NotOrdinary{
          "a legal holiday, " + HolidayWords(*holiday, day) + ", " + holiday->holiday->clause,
          holiday->holiday->confirmed};
    }
    if (layer_ == DayLayer::kStatute) return std::nullopt;
    if (const Closure* closure = Closed(day)) {
      return NotOrdinary{ClosureWords(*closure), closure->confirmed};
    }
    return std::nullopt;
  }

  // What a reader should know of a day on which the rule lets the period end.
  std::string Remark(CourtDay day) const {
    const auto holiday = rule_.not_holiday ? std::nullopt : calendar_.holidays.On(day);
    if (holiday) return "a legal holiday, " + HolidayWords(*holiday, day);
    if (!rule_.not_saturday && WeekdayOf(day) == std::chrono::Saturday) return "a Saturday";
    const Closure* closure = layer_ == DayLayer::kStatute ? Closed(day) : nullptr;
    return closure != nullptr ? ClosureWords(*closure) : std::string();
  }

 private:
  const Closure* Closed(CourtDay day) const {
    return calendar_.closures.On(day, court_, calendar_.holidays);
  }
  static std::string ClosureWords(const Closure& closure) {
    return std::string("a day on which the court is closed by ") +
           (closure.kind == ClosureKind::kOrder ? "order" : "practice") + " (" + closure.reason +
           "; " + closure.source + ")";
  }

  const PeriodRule& rule_;
  const CourtCalendar& calendar_;
  const CourtId& court_;
  DayLayer layer_;
};

// Why nobody has confirmed that the rule as read here held on the day; empty when it is known to.
std::string DoubtAboutRule(const PeriodRule& rule, CourtDay from) {
  if (rule.effective_from) {
    if (*rule.effective_from <= from) return {};
    return rule.clause + " as read here is in force from " + DayWords(*rule.effective_from) +
           " on, and what held before was not read";
  }
  if (!rule.text_as_of) {
    return "since when " + rule.clause + " as read here has been in force is not known";
  }
  if (*rule.text_as_of <= from) return {};
  return "the text of " + rule.clause + " that was read is of " + DayWords(*rule.text_as_of) +
         ", and what held before was not read";
}

// Nor which days were holidays. `first` is the first day that could decide where the period ends.
std::string DoubtAboutHolidays(const PeriodRule& rule, const Holidays& holidays, CourtDay first) {
  if (!rule.not_holiday || holidays.known_from() <= first) return {};
  if (holidays.known_from() == CourtDay::max()) return "nobody has confirmed the holidays";
  return "which days were legal holidays before " + DayWords(holidays.known_from()) +
         " was not read";
}

std::string DoubtAbout(const PeriodRule& rule, const Holidays& holidays, CourtDay from, int days) {
  std::string doubt = DoubtAboutRule(rule, from);
  const CourtDay first = from + OneDay(days < rule.short_below ? 1 : days);
  const std::string other = DoubtAboutHolidays(rule, holidays, first);
  if (!doubt.empty() && !other.empty()) doubt += "; ";
  return doubt + other;
}

PeriodReading Read(const PeriodRule& rule, const CourtCalendar& calendar, const CourtId& court,
                   CourtDay from, int days, DayLayer layer) {
  const Days calendar_days(rule, calendar, court, layer);
  PeriodReading reading;
  reading.layer = layer;
  std::string doubt = DoubtAbout(rule, calendar.holidays, from, days);
  const bool known = doubt.empty();
  reading.confirmed = rule.confirmed && known;
  const auto add = [&](CourtDay day, StepKind kind, int count, NotOrdinary why) {
    reading.steps.push_back({day, day, kind, count, std::move(why.reason), why.confirmed});
  };
  add(from, StepKind::kTrigger, 0, {std::move(doubt), known});
  const bool short_period = days < rule.short_below;
  CourtDay day = from;
  if (days > kListedDaysMax) {
    day += OneDay(days - 1);
    reading.steps.push_back({from + OneDay(1), day, StepKind::kCounted, days - 1, {}, true});
  }
  for (int count = days > kListedDaysMax ? days - 1 : 0; count < days;) {
    day += OneDay(1);
    auto why = calendar_days.WhyNot(day);
    if (why && short_period) {
      reading.confirmed = reading.confirmed && why->confirmed;
      add(day, StepKind::kSkipped, 0, *std::move(why));
    } else if (++count < days) {
      add(day, StepKind::kCounted, count, why ? *std::move(why) : NotOrdinary());
    }
  }
  int count = days;
  for (auto why = calendar_days.WhyNot(day); why; why = calendar_days.WhyNot(day)) {
    reading.confirmed = reading.confirmed && why->confirmed;
    add(day, StepKind::kNotLast, count, *std::move(why));
    count = 0;
    day += OneDay(1);
  }
  add(day, StepKind::kLast, count, {calendar_days.Remark(day)});
  reading.last_day = day;
  return reading;
}

std::string CountWords(int count) { return "day " + std::to_string(count); }

}  // namespace

Result<PeriodRules> PeriodRules::Parse(std::string_view csv, std::string_view file_name) {
  static const std::vector<std::string> kColumns = {
      "id",         "name",      "clause", "not_last", "short_below", "effective_from",
      "text_as_of", "confirmed", "source", "note"};
  NB_ASSIGN_OR_RETURN(const std::vector<CsvRow> rows, ParseTable(csv, file_name, kColumns));
  PeriodRules rules;
  for (const CsvRow& row : rows) {
    const auto refused = [&](std::string_view why) {
      return RefusedLine(file_name, row.line, why);
    };
    PeriodRule rule;
    rule.id = row.fields[0];
    rule.name = row.fields[1];
    rule.clause = row.fields[2];
    if (rule.id.empty() || rule.name.empty() || rule.clause.empty()) {
      return refused("id, name or clause is empty");
    }
    if (rules.Find(rule.id) != nullptr) return refused("id occurs twice");
    if (const auto wrong = ReadNotLast(row.fields[3], rule); !wrong.empty()) return refused(wrong);
    const auto short_below = ParseSmallNumber(row.fields[4]);
    if (!short_below || *short_below > kListedDaysMax) return refused("short_below is not 0 to 31");
    rule.short_below = *short_below;
    rule.effective_from = ParseDay(row.fields[5]);
    rule.text_as_of = ParseDay(row.fields[6]);
    if ((!row.fields[5].empty() && !rule.effective_from) ||
        (!row.fields[6].empty() && !rule.text_as_of)) {
      return refused("effective_from or text_as_of is no date");
    }
    const auto confirmed = ParseYesNo(row.fields[7]);
    if (!confirmed) return refused("confirmed is not yes or no");
    rule.confirmed = *confirmed;
    rule.source = row.fields[8];
    if (rule.source.empty()) return refused("source is empty: every row says where it comes from");
    rule.note = row.fields[9];
    rules.rules_.push_back(std::move(rule));
  }
  return rules;
}

const PeriodRule* PeriodRules::Find(std::string_view id) const {
  const auto found = std::find_if(rules_.begin(), rules_.end(),
                                  [&](const PeriodRule& rule) { return rule.id == id; });
  return found == rules_.end() ? nullptr : &*found;
}

std::string_view LayerWord(DayLayer layer) {
  return layer == DayLayer::kStatute ? "statute" : "closures";
}

Result<Period> ComputePeriod(const PeriodRule& rule, const CourtCalendar& calendar,
                             const CourtId& court, CourtDay from, int days) {
  if (days < 1 || days > kPeriodDaysMax) {
    return Error{ErrorCode::kInvalidArgument,
                 "a period has 1 to " + std::to_string(kPeriodDaysMax) + " days", "PERIOD_LENGTH",
                 "days"};
  }
  Period period{rule, from, days, {}};
  period.rule.confirmed = rule.confirmed && DoubtAboutRule(rule, from).empty();
  period.readings.push_back(Read(rule, calendar, court, from, days, DayLayer::kStatute));
  PeriodReading closures = Read(rule, calendar, court, from, days, DayLayer::kClosures);
  if (closures.last_day != period.last_day()) period.readings.push_back(std::move(closures));
  return period;
}

OpenDay NextOpenDay(const CourtCalendar& calendar, const CourtId& court, CourtDay day,
                    DayLayer layer) {
  PeriodRule rule;
  rule.not_saturday = rule.not_sunday = rule.not_holiday = true;
  const Days days(rule, calendar, court, layer);
  day += OneDay(1);
  bool confirmed = DoubtAboutHolidays(rule, calendar.holidays, day).empty();
  for (auto why = days.WhyNot(day); why; why = days.WhyNot(day)) {
    confirmed = confirmed && why->confirmed;
    day += OneDay(1);
  }
  return {day, confirmed};
}

std::string StepWords(const PeriodRule& rule, const PeriodStep& step) {
  std::string day = DayWords(step.day);
  const std::string unconfirmed = step.confirmed ? "" : " [unconfirmed]";
  switch (step.kind) {
    case StepKind::kTrigger:
      return day + ": the day of the act or event; it is not counted." +
             (step.reason.empty() ? "" : " Unconfirmed: " + step.reason + ".");
    case StepKind::kCounted:
      if (step.through != step.day) {
        return day + " to " + DayWords(step.through) + ": days 1 to " + std::to_string(step.count) +
               "; every day counts.";
      }
      if (step.reason.empty()) return day + ": " + CountWords(step.count) + ".";
      return day + ": " + CountWords(step.count) + "; " + step.reason + unconfirmed +
             ", which counts on the way.";
    case StepKind::kSkipped:
      return day + ": not counted, " + step.reason + unconfirmed + "; a period of fewer than " +
             std::to_string(rule.short_below) + " days skips it.";
    case StepKind::kNotLast:
      return day + ": " + (step.count > 0 ? CountWords(step.count) + ", but " : "") + step.reason +
             unconfirmed + "; the period does not end on it.";
    case StepKind::kLast:
      return day + ": " + (step.count > 0 ? CountWords(step.count) + ", " : "") + "the last day" +
             (step.reason.empty() ? "."
                                  : "; it is " + step.reason + ", which " + rule.clause +
                                        " as read here does not move.");
  }
  return day;
}

}  // namespace nightbox
