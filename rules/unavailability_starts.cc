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

// 3: the attempt met it, 2: it may have, 1: it was seen on the day the filing was due.
int RankOf(const UnavailableInterval& interval, const WeighedAttempt* first, TimeSpan due) {
  if (first != nullptr) {
    if (interval.first_bad <= first->attempt.not_before &&
        first->attempt.not_after <= interval.last_bad) {
      return 3;
    }
    if ((!interval.last_good || *interval.last_good < first->attempt.not_after) &&
        (!interval.first_good || first->attempt.not_before < *interval.first_good)) {
      return 2;
    }
  }
  return interval.first_bad < due.to && due.from <= interval.last_bad ? 1 : 0;
}

// The unavailability that the first attempt met or, where that is not sure, may have met;
// otherwise one of the day the filing was due, or the last one seen.
Result<const UnavailableInterval*> Interval(const ConditionInput& in) {
  const WeighedAttempt* first = FirstOfFullWeight(in.attempts);
  NB_ASSIGN_OR_RETURN(const TimeSpan due, DueDay(in));
  const UnavailableInterval* best = nullptr;
  int best_rank = -1;
  for (const UnavailableInterval& each : in.seen.unavailable) {
    const int rank = RankOf(each, first, due);
    if (rank < best_rank) continue;
    // Of equals the first one an attempt may have met, else the last one.
    if (rank == best_rank && (rank > 1 || each.last_bad <= best->last_bad)) continue;
    best = &each;
    best_rank = rank;
  }
  return best;
}

Result<void> AddEnds(const ConditionInput& in, const Doubts& doubts,
                     std::vector<MotionStart>& starts) {
  MotionStart start;
  start.counted_from = MotionCountedFrom::kEndOfUnavailability;
  start.certain = false;
  NB_ASSIGN_OR_RETURN(const UnavailableInterval* interval, Interval(in));
  if (interval == nullptr || !interval->first_good) {
    start.unknown = interval == nullptr ? "no unavailability was observed"
                                        : "it had not ended when it was last observed";
    starts.push_back(std::move(start));
    return {};
  }
  NB_ASSIGN_OR_RETURN(const CourtDay earliest, DayIn(interval->last_bad, in.zone()));
  NB_ASSIGN_OR_RETURN(const CourtDay latest, DayIn(*interval->first_good, in.zone()));
  start.day = earliest;
  // Another attempt may have met another unavailability.
  start.certain = earliest == latest && !doubts.any();
  start.basis = earliest == latest ? "as observed" : "at the earliest, after the last failure seen";
  starts.push_back(start);
  if (earliest != latest) {
    start.day = latest;
    start.basis = "at the latest, when it was first seen to work again";
    starts.push_back(std::move(start));
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
