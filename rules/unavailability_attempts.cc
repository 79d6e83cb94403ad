#include "rules/unavailability_attempts.h"

#include <algorithm>

#include "rules/unavailability_words.h"

namespace nightbox {
namespace {

bool Earlier(const WeighedAttempt& a, const WeighedAttempt& b) {
  return a.attempt.not_before != b.attempt.not_before ? a.attempt.not_before < b.attempt.not_before
                                                      : a.attempt.id < b.attempt.id;
}

WeighedAttempt Weigh(const FilingAttempt& attempt, const Observations& seen) {
  WeighedAttempt weighed;
  weighed.attempt = attempt;
  const TimeSpan when{attempt.not_before, attempt.not_after};
  weighed.surely_unavailable = SurelyUnavailableAt(seen, when);
  weighed.possibly_unavailable = PossiblyUnavailableAt(seen, when);
  if (!attempt.failed) {
    weighed.why = "it succeeded";
    return weighed;
  }
  switch (attempt.fault) {
    case AttemptFault::kCaseSystem:
    case AttemptFault::kGateway:
      weighed.weight = AttemptWeight::kFull;
      break;
    case AttemptFault::kNotKnown:
      weighed.weight = AttemptWeight::kPerhaps;
      weighed.why = FaultWords(attempt.fault);
      break;
    default:
      weighed.why = FaultWords(attempt.fault);
      break;
  }
  return weighed;
}

template <class Fits>
const WeighedAttempt* First(const std::vector<WeighedAttempt>& attempts, const Fits& fits) {
  const auto found = std::ranges::find_if(attempts, fits);
  return found == attempts.end() ? nullptr : &*found;
}

}  // namespace

bool WeighedAttempt::IsRefusalOfTheGateway() const {
  return attempt.failed && attempt.fault == AttemptFault::kGateway &&
         attempt.attempt_class == AttemptClass::kObserved;
}

std::vector<WeighedAttempt> WeighAttempts(const Observations& seen) {
  std::vector<WeighedAttempt> weighed;
  weighed.reserve(seen.attempts.size());
  for (const FilingAttempt& attempt : seen.attempts) weighed.push_back(Weigh(attempt, seen));
  std::ranges::sort(weighed, Earlier);
  return weighed;
}

const WeighedAttempt* FirstOfFullWeight(const std::vector<WeighedAttempt>& attempts) {
  return First(attempts,
               [](const WeighedAttempt& each) { return each.weight == AttemptWeight::kFull; });
}

const WeighedAttempt* FirstOfFullWeight(const std::vector<WeighedAttempt>& attempts,
                                        AttemptClass attempt_class) {
  return First(attempts, [&](const WeighedAttempt& each) {
    return each.weight == AttemptWeight::kFull && each.attempt.attempt_class == attempt_class;
  });
}

const WeighedAttempt* FirstPerhaps(const std::vector<WeighedAttempt>& attempts) {
  return First(attempts, [](const WeighedAttempt& each) {
    return each.weight == AttemptWeight::kPerhaps && each.possibly_unavailable;
  });
}

}  // namespace nightbox
