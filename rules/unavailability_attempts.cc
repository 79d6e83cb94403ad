#include "rules/unavailability_attempts.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "rules/unavailability_words.h"

namespace nightbox {
namespace {

bool Earlier(const WeighedAttempt& a, const WeighedAttempt& b) {
  return a.attempt.not_before != b.attempt.not_before ? a.attempt.not_before < b.attempt.not_before
                                                      : a.attempt.id < b.attempt.id;
}

// What says that the system was available at that time.
std::string AvailableBy(const Observations& seen, TimeSpan when, const std::string& zone) {
  for (const AvailableStretch& each : seen.available) {
    if (each.from <= when.from && when.to <= each.to) {
      return each.record + " says that it was available from " + InstantWords(each.from, zone) +
             " to " + InstantWords(each.to, zone);
    }
  }
  return "by the observations around it the system was available then";
}

void MayCount(std::string why, std::string missing, WeighedAttempt& weighed) {
  weighed.weight = AttemptWeight::kPerhaps;
  weighed.why = std::move(why);
  weighed.missing = std::move(missing);
}

WeighedAttempt Weigh(const FilingAttempt& attempt, const Observations& seen, bool one_filing,
                     const std::string& zone) {
  WeighedAttempt weighed;
  weighed.attempt = attempt;
  const TimeSpan when{attempt.not_before, attempt.not_after};
  weighed.surely_unavailable = SurelyUnavailableAt(seen, when);
  weighed.possibly_unavailable = PossiblyUnavailableAt(seen, when);
  const bool of_the_system =
      attempt.fault == AttemptFault::kCaseSystem || attempt.fault == AttemptFault::kGateway;
  weighed.contradicted = attempt.failed && attempt.attempt_class == AttemptClass::kObserved &&
                         attempt.fault == AttemptFault::kCaseSystem &&
                         !weighed.possibly_unavailable;
  if (!attempt.failed) {
    weighed.why = "it succeeded";
  } else if (attempt.fault == AttemptFault::kNotKnown) {
    MayCount(std::string(FaultWords(attempt.fault)), "why it failed", weighed);
  } else if (!of_the_system) {
    weighed.why = FaultWords(attempt.fault);
  } else if (weighed.contradicted) {
    MayCount("it was refused because the case system was not available" +
                 (attempt.record.empty() ? "" : " (" + attempt.record + ")") + ", and " +
                 AvailableBy(seen, when, zone) + ": the two contradict each other",
             "which of two records that contradict each other holds", weighed);
  } else if (one_filing && attempt.filing.empty()) {
    MayCount("of which filing it was is not recorded", "of which filing it was", weighed);
  } else {
    weighed.weight = AttemptWeight::kFull;
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

bool WeighedAttempt::MayHaveMetTrouble() const {
  return weight == AttemptWeight::kFull ||
         (weight == AttemptWeight::kPerhaps &&
          (possibly_unavailable || contradicted || IsRefusalOfTheGateway()));
}

std::vector<WeighedAttempt> WeighAttempts(const Observations& seen, bool one_filing,
                                          const std::string& zone) {
  std::vector<WeighedAttempt> weighed;
  weighed.reserve(seen.attempts.size());
  for (const FilingAttempt& attempt : seen.attempts)
    weighed.push_back(Weigh(attempt, seen, one_filing, zone));
  std::ranges::sort(weighed, Earlier);
  return weighed;
}

AttemptsByFiling ByFiling(const std::vector<WeighedAttempt>& attempts, bool one_filing) {
  AttemptsByFiling sorted;
  std::map<std::string_view, std::size_t> places;
  for (const WeighedAttempt& each : attempts) {
    if (!one_filing && each.attempt.filing.empty()) {
      sorted.of_any.push_back(&each);
      continue;
    }
    const std::string_view filing = one_filing ? std::string_view() : each.attempt.filing;
    const auto place = places.emplace(filing, sorted.filings.size());
    if (place.second) sorted.filings.emplace_back();
    sorted.filings[place.first->second].push_back(&each);
  }
  if (sorted.filings.empty()) sorted.filings.push_back(std::exchange(sorted.of_any, {}));
  return sorted;
}

bool AreOfSeveralFilings(const std::vector<WeighedAttempt>& attempts) {
  std::set<std::string_view> known;
  std::size_t unknown = 0;
  for (const WeighedAttempt& each : attempts) {
    if (!each.MayHaveMetTrouble()) continue;
    if (each.attempt.filing.empty()) {
      ++unknown;
    } else {
      known.insert(each.attempt.filing);
    }
  }
  return known.size() + unknown > 1;
}

std::string WhyMoreAttempts(std::optional<WallTime> attempts_from, bool attempts_missing,
                            const std::string& zone) {
  std::string why;
  if (attempts_from) {
    why = "attempts before " + InstantWords(*attempts_from, zone) + " were not looked at";
  }
  if (attempts_missing) {
    why += std::string(why.empty() ? "" : "; ") +
           "records cannot be read, and an attempt may be among them";
  }
  return why;
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
    return each.weight == AttemptWeight::kPerhaps && each.MayHaveMetTrouble();
  });
}

}  // namespace nightbox
