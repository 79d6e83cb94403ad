#include "rules/unavailability_starts.h"

#include <utility>

namespace nightbox {
namespace {

Result<void> AddFirstAttempts(const ConditionInput& in, std::vector<MotionStart>& starts) {
  const WeighedAttempt* observed = FirstOfFullWeight(in.attempts, AttemptClass::kObserved);
  const WeighedAttempt* asserted = FirstOfFullWeight(in.attempts, AttemptClass::kClientAsserted);
  const WeighedAttempt* unclear = FirstPerhaps(in.attempts);
  MotionStart start;
  start.counted_from = MotionCountedFrom::kFirstUnsuccessfulAttempt;
  if (observed == nullptr && asserted == nullptr && unclear == nullptr) {
    start.unknown = "no unsuccessful attempt is recorded";
    starts.push_back(std::move(start));
    return {};
  }
  if (observed != nullptr) {
    NB_ASSIGN_OR_RETURN(start.day, DayIn(observed->attempt.not_before, in.zone()));
    start.basis = "as observed";
    starts.push_back(start);
  }
  if (asserted != nullptr) {
    // The beginning of the bracket: the cautious end.
    NB_ASSIGN_OR_RETURN(const CourtDay day, DayIn(asserted->attempt.not_before, in.zone()));
    if (!start.day || day < *start.day) {
      start.day = day;
      start.basis = "as the filer's software asserts, at the earliest";
      starts.push_back(start);
    }
  }
  if (unclear != nullptr) {
    NB_ASSIGN_OR_RETURN(const CourtDay day, DayIn(unclear->attempt.not_before, in.zone()));
    if (!start.day || day < *start.day) {
      start.day = day;
      start.basis =
          "if attempt " + unclear->attempt.id + " met it: why that failed is not recorded";
      starts.push_back(std::move(start));
    }
  }
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

Result<void> AddEnds(const ConditionInput& in, std::vector<MotionStart>& starts) {
  MotionStart start;
  start.counted_from = MotionCountedFrom::kEndOfUnavailability;
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
  NB_RETURN_IF_ERROR(AddFirstAttempts(in, starts));
  NB_RETURN_IF_ERROR(AddEnds(in, starts));
  return starts;
}

}  // namespace nightbox
