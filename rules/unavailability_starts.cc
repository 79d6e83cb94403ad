#include "rules/unavailability_starts.h"

#include <utility>

namespace nightbox {
namespace {

// What keeps a first attempt from being the one that is asked about.
struct Doubts {
  bool several_filings = false;
  std::string why_more;

  bool any() const { return several_filings || !why_more.empty(); }
};

Doubts DoubtsOf(const ConditionInput& in) {
  return {!in.question.one_filing && AreOfSeveralFilings(in.attempts),
          WhyMoreAttempts(in.seen.attempts_from, in.seen.attempts_missing, in.zone())};
}

std::string BasisWith(const std::string& basis, const Doubts& doubts) {
  const std::string any = "; the first of any filing of this user";
  if (doubts.why_more.empty())
    return doubts.several_filings ? basis + any + ", at the earliest" : basis;
  // Of one filing it may be either earlier or later then.
  if (doubts.several_filings) return basis + any + " that was looked at: " + doubts.why_more;
  return basis + "; at the latest: " + doubts.why_more;
}

Result<void> AddFirstAttempts(const ConditionInput& in, const Doubts& doubts,
                              std::vector<MotionStart>& starts) {
  const auto add = [&](const WeighedAttempt* attempt, const std::string& basis) -> Result<void> {
    if (attempt == nullptr) return {};
    MotionStart start;
    start.counted_from = MotionCountedFrom::kFirstUnsuccessfulAttempt;
    // The beginning of a bracket: the cautious end.
    NB_ASSIGN_OR_RETURN(start.day, DayIn(attempt->attempt.not_before, in.zone()));
    if (!starts.empty() && *starts.back().day <= *start.day) return {};
    start.basis = BasisWith(basis, doubts);
    starts.push_back(std::move(start));
    return {};
  };
  NB_RETURN_IF_ERROR(add(FirstOfFullWeight(in.attempts, AttemptClass::kObserved), "as observed"));
  NB_RETURN_IF_ERROR(add(FirstOfFullWeight(in.attempts, AttemptClass::kClientAsserted),
                         "as the filer's software asserts, at the earliest"));
  if (const WeighedAttempt* perhaps = FirstPerhaps(in.attempts)) {
    NB_RETURN_IF_ERROR(
        add(perhaps, "if attempt " + perhaps->attempt.id + " counts: " + perhaps->why));
  }
  if (starts.empty()) {
    MotionStart none;
    none.counted_from = MotionCountedFrom::kFirstUnsuccessfulAttempt;
    none.unknown = "no unsuccessful attempt is recorded";
    if (!doubts.why_more.empty()) none.unknown += ", but " + doubts.why_more;
    starts.push_back(std::move(none));
  }
  // Only one that was observed, and that no other day is set against.
  const bool certain = starts.size() == 1 && !doubts.any() &&
                       FirstOfFullWeight(in.attempts, AttemptClass::kObserved) != nullptr;
  for (MotionStart& start : starts) start.certain = certain;
  return {};
}

// 3: the attempt met it, 2: it may have, 1: it was seen on the day the filing was due, 0: neither.
int RankOf(const UnavailableInterval& interval, const WeighedAttempt* attempt, TimeSpan due) {
  if (attempt != nullptr) {
    if (interval.first_bad <= attempt->attempt.not_before &&
        attempt->attempt.not_after <= interval.last_bad) {
      return 3;
    }
    if ((!interval.last_good || *interval.last_good < attempt->attempt.not_after) &&
        (!interval.first_good || attempt->attempt.not_before < *interval.first_good)) {
      return 2;
    }
  }
  return interval.first_bad < due.to && due.from <= interval.last_bad ? 1 : 0;
}

struct MetInterval {
  // Empty: no unavailability was observed.
  const UnavailableInterval* interval = nullptr;
  // As RankOf.
  int rank = -1;

  bool surely() const { return rank == 3; }
  bool possibly() const { return rank >= 2; }
};

// The unavailability that the attempt met or, where that is not sure, may have met; otherwise one
// of the day the filing was due, or the last one seen.
MetInterval MetBy(const ConditionInput& in, const WeighedAttempt* attempt, TimeSpan due) {
  MetInterval best;
  for (const UnavailableInterval& each : in.seen.unavailable) {
    const int rank = RankOf(each, attempt, due);
    if (rank < best.rank) continue;
    // Of equals the first one an attempt may have met, else the last one.
    if (rank == best.rank && (rank > 1 || each.last_bad <= best.interval->last_bad)) continue;
    best = {&each, rank};
  }
  return best;
}

// An unavailability that ended on one day, or between two; `note` is why it may be another one.
Result<void> AddEnd(const ConditionInput& in, const UnavailableInterval* interval, bool certain,
                    const std::string& note, std::vector<MotionStart>& starts) {
  const std::string why = note.empty() ? "" : "; " + note;
  MotionStart start;
  start.counted_from = MotionCountedFrom::kEndOfUnavailability;
  start.certain = false;
  if (interval == nullptr || !interval->first_good) {
    start.unknown = interval == nullptr ? "no unavailability was observed"
                                        : "it had not ended when it was last observed" + why;
    starts.push_back(std::move(start));
    return {};
  }
  NB_ASSIGN_OR_RETURN(const CourtDay earliest, DayIn(interval->last_bad, in.zone()));
  NB_ASSIGN_OR_RETURN(const CourtDay latest, DayIn(*interval->first_good, in.zone()));
  start.day = earliest;
  start.certain = earliest == latest && certain;
  start.basis =
      (earliest == latest ? "as observed" : "at the earliest, after the last failure seen") + why;
  starts.push_back(start);
  if (earliest != latest) {
    start.day = latest;
    start.basis = "at the latest, when it was first seen to work again" + why;
    starts.push_back(std::move(start));
  }
  return {};
}

// That of the first attempt that counts, and those that others met which may be the first.
Result<void> AddEnds(const ConditionInput& in, const Doubts& doubts,
                     std::vector<MotionStart>& starts) {
  NB_ASSIGN_OR_RETURN(const TimeSpan due, DueDay(in));
  const WeighedAttempt* first = FirstOfFullWeight(in.attempts);
  const WeighedAttempt* observed = FirstOfFullWeight(in.attempts, AttemptClass::kObserved);
  const WeighedAttempt* perhaps = FirstPerhaps(in.attempts);
  // They are in order of time.
  if (first != nullptr && perhaps != nullptr && perhaps > first) perhaps = nullptr;
  const MetInterval met = MetBy(in, first, due);
  const MetInterval met_observed = MetBy(in, observed, due);
  const MetInterval met_perhaps = MetBy(in, perhaps, due);
  const auto is_same = [&](const MetInterval& other) {
    return other.surely() && other.interval == met.interval;
  };
  const std::string if_perhaps =
      perhaps == nullptr ? "" : "attempt " + perhaps->attempt.id + " counts: " + perhaps->why;
  std::string note;
  if (!met.surely()) {
    note = "whether an attempt met this one is not known";
  } else if (!is_same(met_observed)) {
    note = "only the filer's software asserts an attempt that met this one";
  } else if (perhaps != nullptr && !is_same(met_perhaps)) {
    note = "unless " + if_perhaps;
  }
  // Another attempt may have met another unavailability.
  NB_RETURN_IF_ERROR(AddEnd(in, met.interval, note.empty() && !doubts.any(), note, starts));
  if (observed != nullptr && met_observed.possibly() && met_observed.interval != met.interval) {
    NB_RETURN_IF_ERROR(
        AddEnd(in, met_observed.interval, false,
               "if the attempt that only the filer's software asserts does not count", starts));
  }
  const bool is_said = met_perhaps.interval == met.interval ||
                       (met_observed.possibly() && met_perhaps.interval == met_observed.interval);
  if (perhaps != nullptr && met_perhaps.possibly() && !is_said) {
    NB_RETURN_IF_ERROR(AddEnd(in, met_perhaps.interval, false, "if " + if_perhaps, starts));
  }
  return {};
}

}  // namespace

Result<std::vector<MotionStart>> MotionStarts(const ConditionInput& in) {
  std::vector<MotionStart> starts;
  const Doubts doubts = DoubtsOf(in);
  NB_RETURN_IF_ERROR(AddFirstAttempts(in, doubts, starts));
  NB_RETURN_IF_ERROR(AddEnds(in, doubts, starts));
  return starts;
}

}  // namespace nightbox
