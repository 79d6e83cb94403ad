// Periods: the last day of a period of days, and how it is found, step by step.
//
// The ways of counting are data (rules/data/periods.csv). Where the holidays of the statute and the
// court's own closures lead to different days, both readings are given: which one holds is for the
// court to say. Pure functions; thread-safe. A computation, never a ruling.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "core/result.h"
#include "rules/closures.h"
#include "rules/court_day.h"

namespace nightbox {

// One way of counting.
struct PeriodRule {
  std::string id;  // "44.01".
  std::string name;
  std::string clause;
  // What a last day may not be; it is moved to the next day that is none of these.
  bool not_saturday = false;
  bool not_sunday = false;
  bool not_holiday = false;
  // Periods of fewer days skip such days on the way as well. 0: none does.
  int short_below = 0;
  // Either may be unknown; the source says why.
  std::optional<CourtDay> effective_from;
  std::optional<CourtDay> text_as_of;
  bool confirmed = false;
  std::string source;
  // What else a reader must know.
  std::string note;
};

// Immutable after loading; any thread may ask.
class PeriodRules {
 public:
  static Result<PeriodRules> Parse(std::string_view csv, std::string_view file_name);

  // nullptr: there is none. The pointer lives as long as the rules.
  const PeriodRule* Find(std::string_view id) const;
  // In the file's order.
  const std::vector<PeriodRule>& all() const { return rules_; }

 private:
  std::vector<PeriodRule> rules_;
};

enum class StepKind {
  kTrigger,  // The day of the act or event: not counted.
  kCounted,  // Day number `count`.
  kSkipped,  // A day that a short period does not count.
  kNotLast,  // The period would end here, and does not.
  kLast,     // The last day.
};

struct PeriodStep {
  CourtDay day;
  // Later than `day` only where many days are counted in one step.
  CourtDay through;
  StepKind kind = StepKind::kCounted;
  // The number of the (last) day, counted from 1; 0 for days without one.
  int count = 0;
  // What kind of day it is, in words; empty for an ordinary one. Of the trigger day: why nobody has
  // confirmed how periods were counted from it.
  std::string reason;
  // Whether what `reason` says is confirmed.
  bool confirmed = true;
};

enum class DayLayer {
  kStatute,   // Weekends, and the holidays of the statute.
  kClosures,  // These, and the days on which the court is closed without a holiday.
};

// "statute" and "closures".
std::string_view LayerWord(DayLayer layer);

struct PeriodReading {
  DayLayer layer = DayLayer::kStatute;
  CourtDay last_day;
  std::vector<PeriodStep> steps;
  // Whether the rule on that day, the holidays of those years and every day that moved the end are.
  bool confirmed = false;
};

struct Period {
  // `confirmed` only if the rule as read here is known to have been in force on `from`: since
  // `effective_from`; where that is not known, since `text_as_of`.
  PeriodRule rule;
  CourtDay from;
  int days = 0;
  // The statute's reading first; that with closures only if its last day is another, and then it is
  // later: closures never shorten a period.
  std::vector<PeriodReading> readings;

  // The earliest of the readings: who acts by it is in time under each.
  CourtDay last_day() const { return readings.front().last_day; }
};

// At most so many days are counted.
inline constexpr int kPeriodDaysMax = 3660;

// The period of `days` days after `from`. An empty court: only closures of every court count.
// kInvalidArgument: not 1 to kPeriodDaysMax days.
Result<Period> ComputePeriod(const PeriodRule& rule, const CourtCalendar& calendar,
                             const CourtId& court, CourtDay from, int days);

struct OpenDay {
  CourtDay day;
  // Whether every day that was passed over is confirmed to be closed, and which days were holidays.
  bool confirmed = false;
};

// The first day after `day` that is no Saturday, Sunday or holiday, and in the closures' layer none
// on which the court is closed.
OpenDay NextOpenDay(const CourtCalendar& calendar, const CourtId& court, CourtDay day,
                    DayLayer layer);

// The step as a sentence.
std::string StepWords(const PeriodRule& rule, const PeriodStep& step);

}  // namespace nightbox
