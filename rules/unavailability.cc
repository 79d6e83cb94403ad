#include "rules/unavailability.h"

#include "rules/unavailability_conditions.h"
#include "rules/unavailability_starts.h"

namespace nightbox {
namespace {

RuleFinding Together(const std::vector<ConditionFinding>& conditions) {
  RuleFinding together = RuleFinding::kSatisfied;
  for (const ConditionFinding& each : conditions) {
    if (each.finding == RuleFinding::kNotSatisfied) return RuleFinding::kNotSatisfied;
    if (each.finding == RuleFinding::kCannotTell) together = RuleFinding::kCannotTell;
  }
  return together;
}

void AddLateFilings(const UnavailabilityRule& rule, const UnavailabilityQuestion& question,
                    const CourtCalendar& calendar, UnavailabilityFinding& found) {
  if (!rule.file_on_next_open_day || !rule.file_on_next_open_day->value) return;
  for (const DayLayer layer : {DayLayer::kStatute, DayLayer::kClosures}) {
    LateFilingDay late;
    late.layer = layer;
    const OpenDay open = NextOpenDay(calendar, question.court, question.due_day, layer);
    late.day = open.day;
    if (rule.file_by) late.by = rule.file_by->value;
    late.confirmed = rule.file_on_next_open_day->confirmed &&
                     (!rule.file_by || rule.file_by->confirmed) && open.confirmed;
    if (found.late_filings.empty() || found.late_filings.back().day != late.day) {
      found.late_filings.push_back(late);
    }
  }
}

void SayWhatFollows(const UnavailabilityRule& rule, CourtDay due_day,
                    UnavailabilityFinding& found) {
  const bool version_confirmed = found.version_doubt.empty();
  found.relief = rule.relief.value;
  found.relief_confirmed = rule.relief.confirmed && version_confirmed;
  found.effects = EffectReadings(rule);
  found.effects_confirmed = IsEffectConfirmed(rule, due_day);
  for (const auto& each : rule.left_to_court) {
    found.left_to_court.push_back(each.value +
                                  (each.confirmed && version_confirmed ? "" : " (unconfirmed)"));
  }
}

// Words of a version of which nobody knows whether it held are nobody's.
void NothingIsConfirmed(UnavailabilityFinding& found) {
  for (ConditionFinding& each : found.conditions) each.confirmed = false;
  for (MotionDeadline& each : found.motions) each.confirmed = false;
  for (LateFilingDay& each : found.late_filings) each.confirmed = false;
}

}  // namespace

std::string_view FindingWords(RuleFinding finding) {
  switch (finding) {
    case RuleFinding::kSatisfied:
      return "satisfied";
    case RuleFinding::kNotSatisfied:
      return "not satisfied";
    case RuleFinding::kCannotTell:
      break;
  }
  return "cannot tell";
}

Result<UnavailabilityFinding> EvaluateUnavailability(const UnavailabilityRule& rule,
                                                     const UnavailabilityQuestion& question,
                                                     const Observations& seen,
                                                     const PeriodRules& counting,
                                                     const CourtCalendar& calendar) {
  const std::vector<WeighedAttempt> attempts =
      WeighAttempts(seen, question.one_filing, rule.time_zone.value);
  const ConditionInput in{rule, question, seen, attempts};
  UnavailabilityFinding found;
  found.rule_id = rule.id;
  found.version = rule.effective_from;
  found.version_doubt = DoubtAboutVersion(rule, question.due_day);
  found.rule_name = rule.name.value;
  if (rule.attempt_during_unavailability && rule.attempt_during_unavailability->value) {
    found.conditions.push_back(AttemptDuringUnavailability(in));
  }
  if (rule.unavailable_more_than) {
    NB_ASSIGN_OR_RETURN(ConditionFinding condition, LongEnough(in));
    found.conditions.push_back(std::move(condition));
  }
  if (rule.failed_attempts) {
    NB_ASSIGN_OR_RETURN(ConditionFinding condition, EnoughAttempts(in));
    found.conditions.push_back(std::move(condition));
  }
  if (rule.declaration_by) found.conditions.push_back(Declared(in));
  found.finding = Together(found.conditions);
  if (const WeighedAttempt* first = FirstOfFullWeight(attempts)) {
    found.first_attempt_id = first->attempt.id;
  }
  SayWhatFollows(rule, question.due_day, found);
  NB_ASSIGN_OR_RETURN(const std::vector<MotionStart> starts, MotionStarts(in));
  NB_ASSIGN_OR_RETURN(found.motions,
                      MotionDeadlines(rule, counting, calendar, question.court, starts));
  AddLateFilings(rule, question, calendar, found);
  if (!found.version_doubt.empty()) NothingIsConfirmed(found);
  return found;
}

}  // namespace nightbox
