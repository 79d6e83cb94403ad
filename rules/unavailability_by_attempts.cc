#include <algorithm>

#include "rules/court_time.h"
#include "rules/unavailability_conditions.h"
#include "rules/unavailability_words.h"

namespace nightbox {
namespace {

using std::chrono::minutes;

// How many can be chosen, one after the other, so that each is at least `apart` after the one
// before, when every time may lie anywhere in its span.
int FarApart(std::vector<TimeSpan> spans, minutes apart) {
  std::sort(spans.begin(), spans.end(),
            [](const TimeSpan& a, const TimeSpan& b) { return a.to < b.to; });
  int count = 0;
  WallTime next = WallTime::min();
  for (const TimeSpan& span : spans) {
    const WallTime at = std::max(span.from, next);
    if (at > span.to) continue;
    ++count;
    next = at + apart;
  }
  return count;
}

}  // namespace

ConditionFinding AttemptDuringUnavailability(const ConditionInput& in) {
  ConditionFinding found;
  found.condition = "the system was unavailable at the moment of an attempt to file";
  found.clause = in.rule.attempt_during_unavailability->clause;
  found.confirmed = in.rule.attempt_during_unavailability->confirmed;
  bool all_refuted = !in.attempts.empty();
  for (const WeighedAttempt& each : in.attempts) {
    const std::string attempt = AttemptWords(each.attempt, in.zone());
    std::string line = attempt + ": ";
    if (each.weight == AttemptWeight::kNone) {
      line += "does not count, " + each.why;
    } else if (each.IsRefusalOfTheGateway()) {
      line += "the gateway refused it for trouble of its own, which was seen by that";
      found.finding = RuleFinding::kSatisfied;
    } else if (!each.possibly_unavailable) {
      line += "the system was available then, by the observations around it";
    } else if (!each.surely_unavailable) {
      line += "between what was observed; whether the system was unavailable then is not known";
      all_refuted = false;
      found.missing.push_back("an observation of the system at the time of " + attempt);
    } else if (each.weight == AttemptWeight::kPerhaps) {
      line += "the system was unavailable then, but why the attempt failed is not recorded";
      all_refuted = false;
      found.missing.push_back("why it failed: " + attempt);
    } else if (each.attempt.attempt_class == AttemptClass::kClientAsserted) {
      line += "the system was unavailable then, but only the filer's software says that it tried";
      all_refuted = false;
      found.missing.push_back("an observation of the attempt itself: " + attempt +
                              " rests on the filer's software");
    } else {
      line += "the system was unavailable then";
      found.finding = RuleFinding::kSatisfied;
    }
    found.arithmetic.push_back(std::move(line));
    if (found.finding == RuleFinding::kSatisfied) {
      found.missing.clear();
      return found;
    }
  }
  if (in.attempts.empty()) {
    found.missing.emplace_back(
        "an attempt to file: none is recorded; one that reached no gateway would be in the "
        "filer's own log");
  }
  found.finding = all_refuted ? RuleFinding::kNotSatisfied : RuleFinding::kCannotTell;
  if (all_refuted) found.missing.clear();
  return found;
}

Result<ConditionFinding> EnoughAttempts(const ConditionInput& in) {
  const UnavailabilityRule& rule = in.rule;
  const int asked = rule.failed_attempts->value;
  const minutes apart = rule.attempts_apart ? rule.attempts_apart->value : minutes(0);
  const bool one_day = rule.attempts_on_due_day && rule.attempts_on_due_day->value;
  ConditionFinding found;
  found.condition = std::to_string(asked) + " failed attempts at least " +
                    std::to_string(apart.count()) + " minutes apart" +
                    (one_day ? " on " + DayWords(in.question.due_day) : "");
  found.clause = rule.failed_attempts->clause;
  found.confirmed = rule.failed_attempts->confirmed &&
                    (!rule.attempts_apart || rule.attempts_apart->confirmed) &&
                    (!rule.attempts_on_due_day || rule.attempts_on_due_day->confirmed);
  NB_ASSIGN_OR_RETURN(const TimeSpan day, DueDay(in));
  std::vector<TimeSpan> observed;
  std::vector<TimeSpan> possible;
  bool any_unclear = false;
  for (const WeighedAttempt& each : in.attempts) {
    const std::string attempt = AttemptWords(each.attempt, in.zone());
    TimeSpan when{each.attempt.not_before, each.attempt.not_after};
    std::string why = each.weight == AttemptWeight::kNone ? each.why : "";
    if (why.empty() && one_day && (when.to < day.from || when.from >= day.to)) {
      why = "it was on another day";
    }
    if (!why.empty()) {
      found.arithmetic.push_back(attempt + ": does not count, " + why);
      continue;
    }
    if (one_day) {
      when = {std::max(when.from, day.from), std::min(when.to, day.to - Microseconds(1))};
    }
    const bool unclear = each.weight == AttemptWeight::kPerhaps;
    any_unclear = any_unclear || unclear;
    found.arithmetic.push_back(attempt +
                               (unclear ? ": failed, and why is not recorded" : ": failed"));
    possible.push_back(when);
    if (each.attempt.attempt_class == AttemptClass::kObserved && !unclear) observed.push_back(when);
  }
  const int least = FarApart(observed, apart);
  const int most = FarApart(possible, apart);
  found.arithmetic.push_back("far enough apart: " + std::to_string(least) +
                             " that were observed, " + std::to_string(most) +
                             " with those that are only asserted, or unclear; " +
                             std::to_string(asked) + " are asked for");
  if (least >= asked) {
    found.finding = RuleFinding::kSatisfied;
  } else if (most < asked) {
    found.finding = RuleFinding::kNotSatisfied;
  } else {
    found.missing.emplace_back(
        any_unclear ? "why the attempts failed of which that is not recorded"
                    : "an observation of the attempts that only the filer's software asserts; "
                      "the filer's own declaration must stand for them");
  }
  return found;
}

}  // namespace nightbox
