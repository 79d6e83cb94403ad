#include "rules/unavailability.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "rules/court_time.h"

namespace nightbox {
namespace {

using std::chrono::minutes;

constexpr minutes kEndOfDay{24 * 60};

std::string LengthWords(Microseconds length) {
  const long long micros = length.count();
  std::array<char, 64> text{};
  const int size =
      micros % 1'000'000 == 0
          ? std::snprintf(text.data(), text.size(), "%lld min %lld s", micros / 60'000'000,
                          micros / 1'000'000 % 60)
          : std::snprintf(text.data(), text.size(), "%lld min %lld.%06lld s", micros / 60'000'000,
                          micros / 1'000'000 % 60, micros % 1'000'000);
  return std::string(text.data(), static_cast<std::size_t>(size));
}

// The filing system's trouble, not the filer's, and not a refusal for content or rights.
bool MetTrouble(const FilingAttempt& attempt) {
  return attempt.failed &&
         (attempt.fault == AttemptFault::kCaseSystem || attempt.fault == AttemptFault::kGateway);
}

// It failed, and whether for the system's trouble is not recorded.
bool IsUnclear(const FilingAttempt& attempt) {
  return attempt.failed && attempt.fault == AttemptFault::kNotKnown;
}

std::string_view FaultWords(AttemptFault fault) {
  switch (fault) {
    case AttemptFault::kCaseSystem:
      return "the case system was not available";
    case AttemptFault::kGateway:
      return "the gateway was not available";
    case AttemptFault::kCourtNotEnabled:
      return "the court does not take such filings";
    case AttemptFault::kFilerSide:
      return "trouble on the filer's side";
    case AttemptFault::kValidation:
      return "refused for its content";
    case AttemptFault::kNotKnown:
      return "why it failed is not recorded";
  }
  return "";
}

bool Earlier(const FilingAttempt& a, const FilingAttempt& b) {
  return a.not_before != b.not_before ? a.not_before < b.not_before : a.id < b.id;
}

// Evaluates one rule against one set of observations.
class Evaluation {
 public:
  Evaluation(const UnavailabilityRule& rule, const UnavailabilityQuestion& question,
             const Observations& seen)
      : rule_(rule), question_(question), seen_(seen), attempts_(seen.attempts) {
    std::sort(attempts_.begin(), attempts_.end(), Earlier);
  }

  ConditionFinding AttemptDuringUnavailability() const {
    ConditionFinding found;
    found.condition = "the system was unavailable at the moment of an attempt to file";
    found.clause = rule_.attempt_during_unavailability->clause;
    found.confirmed = rule_.attempt_during_unavailability->confirmed;
    bool all_refuted = !attempts_.empty();
    for (const FilingAttempt& attempt : attempts_) {
      const TimeSpan when{attempt.not_before, attempt.not_after};
      std::string line = Words(attempt) + ": ";
      if (!MetTrouble(attempt) && !IsUnclear(attempt)) {
        line += attempt.failed ? "does not count, " + std::string(FaultWords(attempt.fault))
                               : "does not count, it succeeded";
      } else if (IsRefusalOfTheGateway(attempt)) {
        line += "the gateway refused it for trouble of its own, which was seen by that";
        found.finding = RuleFinding::kSatisfied;
      } else if (!PossiblyUnavailableAt(seen_, when)) {
        line += "the system was available then, by the observations around it";
      } else if (!SurelyUnavailableAt(seen_, when)) {
        line += "between what was observed; whether the system was unavailable then is not known";
        all_refuted = false;
        found.missing.push_back("an observation of the system at the time of " + Words(attempt));
      } else if (IsUnclear(attempt)) {
        line += "the system was unavailable then, but why the attempt failed is not recorded";
        all_refuted = false;
        found.missing.push_back("why it failed: " + Words(attempt));
      } else if (attempt.attempt_class == AttemptClass::kClientAsserted) {
        line += "the system was unavailable then, but only the filer's software says that it tried";
        all_refuted = false;
        found.missing.push_back("an observation of the attempt itself: " + Words(attempt) +
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
    if (attempts_.empty()) {
      found.missing.emplace_back(
          "an attempt to file: none is recorded; one that reached no gateway would be in the "
          "filer's own log");
    }
    found.finding = all_refuted ? RuleFinding::kNotSatisfied : RuleFinding::kCannotTell;
    if (all_refuted) found.missing.clear();
    return found;
  }

  Result<ConditionFinding> LongEnough() const {
    const minutes limit = rule_.unavailable_more_than->value;
    const minutes after = rule_.counted_after ? rule_.counted_after->value : minutes(0);
    const bool skip_announced =
        rule_.announced_maintenance_counts && !rule_.announced_maintenance_counts->value;
    TimeSpan window;
    NB_ASSIGN_OR_RETURN(window.from, InstantOn(question_.due_day, after, Zone()));
    NB_ASSIGN_OR_RETURN(window.to, InstantOn(question_.due_day, kEndOfDay, Zone()));
    const TimeSpans sure = SurelyUnavailable(seen_, window, skip_announced);
    const TimeSpans possible = PossiblyUnavailable(seen_, window, skip_announced);

    ConditionFinding found;
    found.condition = "unavailable for more than " + std::to_string(limit.count()) +
                      " minutes after " + FormatClock(after) + " on " +
                      DayWords(question_.due_day) + " (" + std::string(MeasureWords()) + ")";
    found.clause = rule_.unavailable_more_than->clause;
    found.confirmed = rule_.unavailable_more_than->confirmed && rule_.measure->confirmed;
    List("surely unavailable", sure, found);
    List("possibly unavailable", possible, found);
    if (skip_announced) {
      for (const AnnouncedMaintenance& notice : seen_.maintenance) {
        found.arithmetic.push_back("maintenance " + notice.notice_id + ", " + Words(notice.from) +
                                   " to " + Words(notice.to) +
                                   (notice.published_at <= notice.from
                                        ? ": announced before, left out"
                                        : ": announced after it began, not left out"));
      }
    }
    const Microseconds least = Measured(sure, /*least=*/true);
    const Microseconds most = Measured(possible, /*least=*/false);
    found.arithmetic.push_back("at least " + LengthWords(least) + ", at most " + LengthWords(most) +
                               "; more than " + LengthWords(limit) + " is asked for");
    if (least > limit) {
      found.finding = RuleFinding::kSatisfied;
    } else if (most <= limit) {
      found.finding = RuleFinding::kNotSatisfied;
    } else {
      NameMissing(sure, possible, limit, found);
    }
    return found;
  }

  Result<ConditionFinding> EnoughAttempts() const {
    const int asked = rule_.failed_attempts->value;
    const minutes apart = rule_.attempts_apart ? rule_.attempts_apart->value : minutes(0);
    const bool one_day = rule_.attempts_on_due_day && rule_.attempts_on_due_day->value;
    ConditionFinding found;
    found.condition = std::to_string(asked) + " failed attempts at least " +
                      std::to_string(apart.count()) + " minutes apart" +
                      (one_day ? " on " + DayWords(question_.due_day) : "");
    found.clause = rule_.failed_attempts->clause;
    found.confirmed = rule_.failed_attempts->confirmed &&
                      (!rule_.attempts_apart || rule_.attempts_apart->confirmed) &&
                      (!rule_.attempts_on_due_day || rule_.attempts_on_due_day->confirmed);
    TimeSpan day;
    NB_ASSIGN_OR_RETURN(day.from, InstantOn(question_.due_day, minutes(0), Zone()));
    NB_ASSIGN_OR_RETURN(day.to, InstantOn(question_.due_day, kEndOfDay, Zone()));
    std::vector<TimeSpan> observed;
    std::vector<TimeSpan> possible;
    bool any_unclear = false;
    for (const FilingAttempt& attempt : attempts_) {
      TimeSpan when{attempt.not_before, attempt.not_after};
      std::string_view why;
      if (!MetTrouble(attempt) && !IsUnclear(attempt)) {
        why = attempt.failed ? FaultWords(attempt.fault) : "it succeeded";
      } else if (one_day && (when.to < day.from || when.from >= day.to)) {
        why = "it was on another day";
      }
      if (!why.empty()) {
        found.arithmetic.push_back(Words(attempt) + ": does not count, " + std::string(why));
        continue;
      }
      if (one_day) {
        when = {std::max(when.from, day.from), std::min(when.to, day.to - Microseconds(1))};
      }
      const bool unclear = IsUnclear(attempt);
      any_unclear = any_unclear || unclear;
      found.arithmetic.push_back(Words(attempt) +
                                 (unclear ? ": failed, and why is not recorded" : ": failed"));
      possible.push_back(when);
      if (attempt.attempt_class == AttemptClass::kObserved && !unclear) observed.push_back(when);
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

  ConditionFinding Declared() const {
    const std::string& by = rule_.declaration_by->value;
    ConditionFinding found;
    found.condition = "declared unavailable by the " + by + " for " + DayWords(question_.due_day);
    found.clause = rule_.declaration_by->clause;
    found.confirmed = rule_.declaration_by->confirmed;
    bool declared = false;
    bool denied = false;
    for (const OutageDeclaration& each : seen_.declarations) {
      if (each.day != question_.due_day || each.by != by) continue;
      (each.declared ? declared : denied) = true;
      found.arithmetic.push_back((each.declared ? "declared: " : "declared not to be so: ") +
                                 each.source);
    }
    if (declared != denied) {
      found.finding = declared ? RuleFinding::kSatisfied : RuleFinding::kNotSatisfied;
    } else if (declared) {
      found.missing.push_back("which of the " + by + "'s two declarations holds");
    } else {
      found.missing.push_back("a declaration of the " + by + ", or that there was none");
    }
    return found;
  }

  // From which days the rule's motion may be counted.
  Result<std::vector<MotionStart>> Starts() const {
    std::vector<MotionStart> starts;
    NB_RETURN_IF_ERROR(AddFirstAttempts(starts));
    NB_RETURN_IF_ERROR(AddEnds(starts));
    return starts;
  }

  const FilingAttempt* FirstAttempt(std::optional<AttemptClass> attempt_class) const {
    for (const FilingAttempt& attempt : attempts_) {
      if (MetTrouble(attempt) && (!attempt_class || attempt.attempt_class == *attempt_class)) {
        return &attempt;
      }
    }
    return nullptr;
  }

 private:
  // The gateway saw itself refuse: nothing else need have been looked at.
  static bool IsRefusalOfTheGateway(const FilingAttempt& attempt) {
    return attempt.failed && attempt.fault == AttemptFault::kGateway &&
           attempt.attempt_class == AttemptClass::kObserved;
  }

  // The first that may have met the system's trouble, as far as is recorded.
  const FilingAttempt* FirstUnclear() const {
    for (const FilingAttempt& attempt : attempts_) {
      if (IsUnclear(attempt) &&
          PossiblyUnavailableAt(seen_, {attempt.not_before, attempt.not_after})) {
        return &attempt;
      }
    }
    return nullptr;
  }

  const std::string& Zone() const { return rule_.time_zone.value; }

  std::string Words(WallTime time) const {
    const auto words = FormatLocal(time, Zone());
    return words ? *words : FormatUtc(time);
  }

  std::string Words(const FilingAttempt& attempt) const {
    if (attempt.attempt_class == AttemptClass::kObserved) {
      return "attempt " + attempt.id + " of " + Words(attempt.not_before) +
             (attempt.not_before < attempt.not_after ? " to " + Words(attempt.not_after) : "");
    }
    return "attempt " + attempt.id + ", asserted by the filer's software, between " +
           Words(attempt.not_before) + " and " + Words(attempt.not_after);
  }

  void List(std::string_view what, const TimeSpans& spans, ConditionFinding& found) const {
    for (const TimeSpan& span : spans) {
      found.arithmetic.push_back(std::string(what) + ": " + Words(span.from) + " to " +
                                 Words(span.to) + ", " + LengthWords(span.length()));
    }
    if (spans.empty()) found.arithmetic.push_back(std::string(what) + ": never");
  }

  std::string_view MeasureWords() const {
    switch (rule_.measure->value) {
      case UnavailableMeasure::kLongestRun:
        return "without interruption";
      case UnavailableMeasure::kTotal:
        return "all of it added up";
      case UnavailableMeasure::kContinuousOrIntermittent:
        return "continuously or intermittently";
    }
    return "";
  }

  Microseconds Measured(const TimeSpans& spans, bool least) const {
    switch (rule_.measure->value) {
      case UnavailableMeasure::kLongestRun:
        return LongestRun(spans);
      case UnavailableMeasure::kTotal:
        return TotalLength(spans);
      case UnavailableMeasure::kContinuousOrIntermittent:
        return least ? LongestRun(spans) : FullSpan(spans);
    }
    return Microseconds(0);
  }

  void NameMissing(const TimeSpans& sure, const TimeSpans& possible, minutes limit,
                   ConditionFinding& found) const {
    for (const TimeSpan& span : Difference(possible, sure)) {
      found.missing.push_back("whether filings were accepted between " + Words(span.from) +
                              " and " + Words(span.to));
    }
    if (rule_.measure->value == UnavailableMeasure::kContinuousOrIntermittent &&
        LongestRun(possible) <= limit) {
      found.missing.push_back("whether the failures are one: without interruption at most " +
                              LengthWords(LongestRun(possible)) +
                              ", from the first to the last up to " +
                              LengthWords(FullSpan(possible)));
    }
  }

  // How many can be chosen, one after the other, so that each is at least `apart` after the one
  // before, when every time may lie anywhere in its span.
  static int FarApart(std::vector<TimeSpan> spans, minutes apart) {
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

  Result<void> AddFirstAttempts(std::vector<MotionStart>& starts) const {
    const FilingAttempt* observed = FirstAttempt(AttemptClass::kObserved);
    const FilingAttempt* asserted = FirstAttempt(AttemptClass::kClientAsserted);
    const FilingAttempt* unclear = FirstUnclear();
    MotionStart start;
    start.counted_from = MotionCountedFrom::kFirstUnsuccessfulAttempt;
    if (observed == nullptr && asserted == nullptr && unclear == nullptr) {
      start.unknown = "no unsuccessful attempt is recorded";
      starts.push_back(std::move(start));
      return {};
    }
    if (observed != nullptr) {
      NB_ASSIGN_OR_RETURN(start.day, DayIn(observed->not_before, Zone()));
      start.basis = "as observed";
      starts.push_back(start);
    }
    if (asserted != nullptr) {
      // The beginning of the bracket: the cautious end.
      NB_ASSIGN_OR_RETURN(const CourtDay day, DayIn(asserted->not_before, Zone()));
      if (!start.day || day < *start.day) {
        start.day = day;
        start.basis = "as the filer's software asserts, at the earliest";
        starts.push_back(start);
      }
    }
    if (unclear != nullptr) {
      NB_ASSIGN_OR_RETURN(const CourtDay day, DayIn(unclear->not_before, Zone()));
      if (!start.day || day < *start.day) {
        start.day = day;
        start.basis = "if attempt " + unclear->id + " met it: why that failed is not recorded";
        starts.push_back(std::move(start));
      }
    }
    return {};
  }

  // The unavailability that the first attempt met or, where that is not sure, may have met;
  // otherwise one of the day the filing was due, or the last one seen.
  Result<const UnavailableInterval*> Interval() const {
    const FilingAttempt* first = FirstAttempt(std::nullopt);
    TimeSpan due;
    NB_ASSIGN_OR_RETURN(due.from, InstantOn(question_.due_day, minutes(0), Zone()));
    NB_ASSIGN_OR_RETURN(due.to, InstantOn(question_.due_day, kEndOfDay, Zone()));
    const UnavailableInterval* best = nullptr;
    int best_rank = -1;
    for (const UnavailableInterval& each : seen_.unavailable) {
      const int rank = RankOf(each, first, due);
      if (rank < best_rank) continue;
      // Of equals the first one an attempt may have met, else the last one.
      if (rank == best_rank && (rank > 1 || each.last_bad <= best->last_bad)) continue;
      best = &each;
      best_rank = rank;
    }
    return best;
  }

  // 3: the attempt met it, 2: it may have, 1: it was seen on the day the filing was due.
  static int RankOf(const UnavailableInterval& interval, const FilingAttempt* first, TimeSpan due) {
    if (first != nullptr) {
      if (interval.first_bad <= first->not_before && first->not_after <= interval.last_bad) {
        return 3;
      }
      if ((!interval.last_good || *interval.last_good < first->not_after) &&
          (!interval.first_good || first->not_before < *interval.first_good)) {
        return 2;
      }
    }
    return interval.first_bad < due.to && due.from <= interval.last_bad ? 1 : 0;
  }

  Result<void> AddEnds(std::vector<MotionStart>& starts) const {
    MotionStart start;
    start.counted_from = MotionCountedFrom::kEndOfUnavailability;
    NB_ASSIGN_OR_RETURN(const UnavailableInterval* interval, Interval());
    if (interval == nullptr || !interval->first_good) {
      start.unknown = interval == nullptr ? "no unavailability was observed"
                                          : "it had not ended when it was last observed";
      starts.push_back(std::move(start));
      return {};
    }
    NB_ASSIGN_OR_RETURN(const CourtDay earliest, DayIn(interval->last_bad, Zone()));
    NB_ASSIGN_OR_RETURN(const CourtDay latest, DayIn(*interval->first_good, Zone()));
    start.day = earliest;
    start.basis =
        earliest == latest ? "as observed" : "at the earliest, after the last failure seen";
    starts.push_back(start);
    if (earliest != latest) {
      start.day = latest;
      start.basis = "at the latest, when it was first seen to work again";
      starts.push_back(std::move(start));
    }
    return {};
  }

  const UnavailabilityRule& rule_;
  const UnavailabilityQuestion& question_;
  const Observations& seen_;
  std::vector<FilingAttempt> attempts_;  // In order of time.
};

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
    late.day = NextOpenDay(calendar, question.court, question.due_day, layer);
    if (rule.file_by) late.by = rule.file_by->value;
    late.confirmed =
        rule.file_on_next_open_day->confirmed && (!rule.file_by || rule.file_by->confirmed);
    if (found.late_filings.empty() || found.late_filings.back().day != late.day) {
      found.late_filings.push_back(late);
    }
  }
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
  const Evaluation evaluation(rule, question, seen);
  UnavailabilityFinding found;
  found.rule_id = rule.id;
  found.version = rule.effective_from;
  found.rule_name = rule.name.value;
  if (rule.attempt_during_unavailability && rule.attempt_during_unavailability->value) {
    found.conditions.push_back(evaluation.AttemptDuringUnavailability());
  }
  if (rule.unavailable_more_than) {
    NB_ASSIGN_OR_RETURN(ConditionFinding condition, evaluation.LongEnough());
    found.conditions.push_back(std::move(condition));
  }
  if (rule.failed_attempts) {
    NB_ASSIGN_OR_RETURN(ConditionFinding condition, evaluation.EnoughAttempts());
    found.conditions.push_back(std::move(condition));
  }
  if (rule.declaration_by) found.conditions.push_back(evaluation.Declared());
  found.finding = Together(found.conditions);
  if (const FilingAttempt* first = evaluation.FirstAttempt(std::nullopt)) {
    found.first_attempt_id = first->id;
  }
  found.relief = rule.relief.value;
  found.relief_confirmed = rule.relief.confirmed;
  for (const auto& each : rule.left_to_court) found.left_to_court.push_back(each.value);
  NB_ASSIGN_OR_RETURN(const std::vector<MotionStart> starts, evaluation.Starts());
  NB_ASSIGN_OR_RETURN(found.motions,
                      MotionDeadlines(rule, counting, calendar, question.court, starts));
  AddLateFilings(rule, question, calendar, found);
  return found;
}

}  // namespace nightbox
