#include "rules/motion_deadline.h"

#include <algorithm>
#include <utility>

namespace nightbox {

Result<std::vector<MotionDeadline>> MotionDeadlines(const UnavailabilityRule& rule,
                                                    const PeriodRules& counting,
                                                    const CourtCalendar& calendar,
                                                    const CourtId& court,
                                                    const std::vector<MotionStart>& starts) {
  std::vector<MotionDeadline> deadlines;
  if (!rule.motion_days) return deadlines;
  const PeriodRule* counts = counting.Find(rule.period_rule->value);
  if (counts == nullptr) {
    return Error{ErrorCode::kInvalidArgument,
                 "no way of counting is called " + rule.period_rule->value, "MALFORMED_DATA"};
  }
  const auto& readings = rule.motion_counted_from->value;
  const bool confirmed = rule.motion_days->confirmed && rule.motion_counted_from->confirmed &&
                         rule.period_rule->confirmed;
  for (const MotionStart& start : starts) {
    if (std::find(readings.begin(), readings.end(), start.counted_from) == readings.end()) continue;
    MotionDeadline deadline;
    deadline.counted_from = start.counted_from;
    deadline.basis = start.basis;
    deadline.from = start.day;
    deadline.unknown = start.unknown;
    deadline.certain = start.certain;
    if (!start.day) {
      deadlines.push_back(std::move(deadline));
      continue;
    }
    NB_ASSIGN_OR_RETURN(const Period period, ComputePeriod(*counts, calendar, court, *start.day,
                                                           rule.motion_days->value));
    for (const PeriodReading& reading : period.readings) {
      MotionDeadline read = deadline;
      read.layer = reading.layer;
      read.last_day = reading.last_day;
      read.confirmed =
          confirmed && reading.confirmed && DoubtAboutVersion(rule, *start.day).empty();
      for (const PeriodStep& step : reading.steps) read.steps.push_back(StepWords(*counts, step));
      deadlines.push_back(std::move(read));
    }
  }
  return deadlines;
}

std::string MotionRuleWords(const UnavailabilityRule& rule, const PeriodRules& counting) {
  if (!rule.motion_days) return {};
  const PeriodRule* counts = counting.Find(rule.period_rule->value);
  return rule.motion_days->clause + ", in the version of " + FormatDay(rule.effective_from) + ": " +
         std::to_string(rule.motion_days->value) + " days, counted by " +
         (counts == nullptr ? rule.period_rule->value : counts->clause);
}

std::vector<std::string> UnconfirmedMotionWords(const UnavailabilityRule& rule, CourtDay day) {
  std::vector<std::string> words;
  if (!rule.motion_days) return words;
  const auto add = [&](const auto& parameter, const std::string& what) {
    if (parameter.confirmed) return;
    words.push_back(what + " (" + parameter.clause + "; " + parameter.source + ")");
  };
  add(*rule.motion_days, std::to_string(rule.motion_days->value) + " days");
  add(*rule.motion_counted_from, "the day from which they count");
  add(*rule.period_rule, "the way of counting them");
  std::string doubt = DoubtAboutVersion(rule, day);
  if (!doubt.empty()) words.push_back(std::move(doubt));
  return words;
}

}  // namespace nightbox
