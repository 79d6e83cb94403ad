#include "rules/court_time.h"
#include "rules/unavailability_conditions.h"
#include "rules/unavailability_words.h"

namespace nightbox {
namespace {

using std::chrono::minutes;

constexpr minutes kEndOfDay{24 * 60};

void List(std::string_view what, const TimeSpans& spans, const std::string& zone,
          ConditionFinding& found) {
  for (const TimeSpan& span : spans) {
    found.arithmetic.push_back(std::string(what) + ": " + InstantWords(span.from, zone) + " to " +
                               InstantWords(span.to, zone) + ", " + LengthWords(span.length()));
  }
  if (spans.empty()) found.arithmetic.push_back(std::string(what) + ": never");
}

std::string_view MeasureWords(UnavailableMeasure measure) {
  switch (measure) {
    case UnavailableMeasure::kLongestRun:
      return "without interruption";
    case UnavailableMeasure::kTotal:
      return "all of it added up";
    case UnavailableMeasure::kContinuousOrIntermittent:
      return "continuously or intermittently";
  }
  return "";
}

Microseconds Measured(UnavailableMeasure measure, const TimeSpans& spans, bool least) {
  switch (measure) {
    case UnavailableMeasure::kLongestRun:
      return LongestRun(spans);
    case UnavailableMeasure::kTotal:
      return TotalLength(spans);
    case UnavailableMeasure::kContinuousOrIntermittent:
      return least ? LongestRun(spans) : FullSpan(spans);
  }
  return Microseconds(0);
}

void NameMissing(const ConditionInput& in, const TimeSpans& sure, const TimeSpans& possible,
                 ConditionFinding& found) {
  for (const TimeSpan& span : Difference(possible, sure)) {
    found.missing.push_back("whether filings were accepted between " +
                            InstantWords(span.from, in.zone()) + " and " +
                            InstantWords(span.to, in.zone()));
  }
  if (in.rule.measure->value == UnavailableMeasure::kContinuousOrIntermittent &&
      LongestRun(possible) <= in.rule.unavailable_more_than->value) {
    found.missing.push_back("whether the failures are one: without interruption at most " +
                            LengthWords(LongestRun(possible)) +
                            ", from the first to the last up to " +
                            LengthWords(FullSpan(possible)));
  }
}

}  // namespace

Result<TimeSpan> DueDay(const ConditionInput& in) {
  TimeSpan day;
  NB_ASSIGN_OR_RETURN(day.from, InstantOn(in.question.due_day, minutes(0), in.zone()));
  NB_ASSIGN_OR_RETURN(day.to, InstantOn(in.question.due_day, kEndOfDay, in.zone()));
  return day;
}

Result<ConditionFinding> LongEnough(const ConditionInput& in) {
  const UnavailabilityRule& rule = in.rule;
  const minutes limit = rule.unavailable_more_than->value;
  const minutes after = rule.counted_after ? rule.counted_after->value : minutes(0);
  const bool skip_announced =
      rule.announced_maintenance_counts && !rule.announced_maintenance_counts->value;
  NB_ASSIGN_OR_RETURN(TimeSpan window, DueDay(in));
  NB_ASSIGN_OR_RETURN(window.from, InstantOn(in.question.due_day, after, in.zone()));
  const TimeSpans sure = SurelyUnavailable(in.seen, window, skip_announced);
  const TimeSpans possible = PossiblyUnavailable(in.seen, window, skip_announced);

  ConditionFinding found;
  found.condition = "unavailable for more than " + std::to_string(limit.count()) +
                    " minutes after " + FormatClock(after) + " on " +
                    DayWords(in.question.due_day) + " (" +
                    std::string(MeasureWords(rule.measure->value)) + ")";
  found.clause = rule.unavailable_more_than->clause;
  found.confirmed = rule.unavailable_more_than->confirmed && rule.measure->confirmed;
  List("surely unavailable", sure, in.zone(), found);
  List("possibly unavailable", possible, in.zone(), found);
  if (skip_announced) {
    for (const AnnouncedMaintenance& notice : in.seen.maintenance) {
      found.arithmetic.push_back(
          "maintenance " + notice.notice_id + ", " + InstantWords(notice.from, in.zone()) + " to " +
          InstantWords(notice.to, in.zone()) +
          (notice.published_at <= notice.from ? ": announced before, left out"
                                              : ": announced after it began, not left out"));
    }
  }
  const Microseconds least = Measured(rule.measure->value, sure, /*least=*/true);
  const Microseconds most = Measured(rule.measure->value, possible, /*least=*/false);
  found.arithmetic.push_back("at least " + LengthWords(least) + ", at most " + LengthWords(most) +
                             "; more than " + LengthWords(limit) + " is asked for");
  // What was announced would be left out of both.
  const bool may_be_announced = skip_announced && !in.seen.maintenance_gathered;
  if (most <= limit) {
    found.finding = RuleFinding::kNotSatisfied;
  } else if (least > limit && !may_be_announced) {
    found.finding = RuleFinding::kSatisfied;
  } else {
    if (least <= limit) NameMissing(in, sure, possible, found);
    if (may_be_announced) {
      found.missing.emplace_back(
          "whether any of it was announced as maintenance: notices were not gathered");
    }
  }
  return found;
}

ConditionFinding Declared(const ConditionInput& in) {
  const std::string& by = in.rule.declaration_by->value;
  ConditionFinding found;
  found.condition = "declared unavailable by the " + by + " for " + DayWords(in.question.due_day);
  found.clause = in.rule.declaration_by->clause;
  found.confirmed = in.rule.declaration_by->confirmed;
  bool declared = false;
  bool denied = false;
  for (const OutageDeclaration& each : in.seen.declarations) {
    if (each.day != in.question.due_day || each.by != by) continue;
    (each.declared ? declared : denied) = true;
    found.arithmetic.push_back((each.declared ? "declared: " : "declared not to be so: ") +
                               each.source);
  }
  if (declared != denied) {
    found.finding = declared ? RuleFinding::kSatisfied : RuleFinding::kNotSatisfied;
  } else if (declared) {
    found.missing.push_back("which of the " + by + "'s two declarations holds");
  } else if (in.seen.declarations_gathered) {
    found.finding = RuleFinding::kNotSatisfied;
    found.arithmetic.push_back("among the declarations of the " + by +
                               " that were gathered there is none for that day");
  } else {
    found.missing.push_back("a declaration of the " + by +
                            ", or that there was none: declarations were not gathered");
  }
  return found;
}

}  // namespace nightbox
