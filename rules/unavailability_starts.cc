#include "rules/unavailability_starts.h"

#include <algorithm>
#include <set>
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

// An attempt that may be the first and on which nothing rests alone.
struct DoubtfulFirst {
  const WeighedAttempt* attempt = nullptr;
  MetInterval met;
  // Another that may be the first is earlier.
  bool behind_another = false;

  // When it is the first.
  std::string Condition() const {
    return "attempt " + attempt->attempt.id + " counts" +
           (behind_another ? " and none before it does: " : ": ") + attempt->why;
  }
};

// All before the first one that was observed and counts, in order of time.
std::vector<DoubtfulFirst> DoubtfulFirsts(const ConditionInput& in, TimeSpan due) {
  const WeighedAttempt* observed = FirstOfFullWeight(in.attempts, AttemptClass::kObserved);
  std::vector<DoubtfulFirst> doubtful;
  bool behind_another = false;
  for (const WeighedAttempt& each : in.attempts) {
    if (&each == observed) break;
    if (!each.MayHaveMetTrouble()) continue;
    if (each.weight == AttemptWeight::kPerhaps)
      doubtful.push_back({&each, MetBy(in, &each, due), behind_another});
    behind_another = true;
  }
  return doubtful;
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

// Each once, and none that was given before.
Result<void> AddDoubtfulEnds(const ConditionInput& in, const std::vector<DoubtfulFirst>& doubtful,
                             std::set<const UnavailableInterval*> given,
                             std::vector<MotionStart>& starts) {
  std::size_t added = 0;
  for (const DoubtfulFirst& each : doubtful) {
    if (!each.met.possibly() || !given.insert(each.met.interval).second) continue;
    if (added == kDoubtfulEndsMax) {
      MotionStart more;
      more.counted_from = MotionCountedFrom::kEndOfUnavailability;
      more.unknown = "there are more that may be it: other attempts may have met others";
      more.certain = false;
      starts.push_back(std::move(more));
      return {};
    }
    NB_RETURN_IF_ERROR(AddEnd(in, each.met.interval, false, "if " + each.Condition(), starts));
    ++added;
  }
  return {};
}

// That of the first attempt that counts, and those that others met which may be the first.
Result<void> AddEnds(const ConditionInput& in, const Doubts& doubts,
                     std::vector<MotionStart>& starts) {
  NB_ASSIGN_OR_RETURN(const TimeSpan due, DueDay(in));
  const WeighedAttempt* first = FirstOfFullWeight(in.attempts);
  const WeighedAttempt* observed = FirstOfFullWeight(in.attempts, AttemptClass::kObserved);
  const MetInterval met = MetBy(in, first, due);
  const MetInterval met_observed = MetBy(in, observed, due);
  const auto is_same = [&](const MetInterval& other) {
    return other.surely() && other.interval == met.interval;
  };
  const std::vector<DoubtfulFirst> doubtful = DoubtfulFirsts(in, due);
  const auto otherwise = std::ranges::find_if_not(doubtful, is_same, &DoubtfulFirst::met);
  std::string note;
  if (!met.surely()) {
    note = "whether an attempt met this one is not known";
  } else if (!is_same(met_observed)) {
    note = "only the filer's software asserts an attempt that met this one";
  } else if (otherwise != doubtful.end()) {
    note = "unless " + otherwise->Condition();
  }
  // Another attempt may have met another unavailability.
  std::set<const UnavailableInterval*> given{met.interval};
  NB_RETURN_IF_ERROR(AddEnd(in, met.interval, note.empty() && !doubts.any(), note, starts));
  if (observed != nullptr && met_observed.possibly() && met_observed.interval != met.interval) {
    NB_RETURN_IF_ERROR(
        AddEnd(in, met_observed.interval, false,
               "if the attempt that only the filer's software asserts does not count", starts));
    given.insert(met_observed.interval);
  }
  return AddDoubtfulEnds(in, doubtful, std::move(given), starts);
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
