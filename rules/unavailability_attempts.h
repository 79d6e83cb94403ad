// The attempts to file, in order of time, and what a rule on unavailability may rest on each.
//
// One counts when it failed for the filing system's trouble. One may count, and nothing rests on it
// alone, when what decides this is not recorded or two records contradict each other.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/observations.h"

namespace nightbox {

enum class AttemptWeight { kNone, kPerhaps, kFull };

struct WeighedAttempt {
  FilingAttempt attempt;
  AttemptWeight weight = AttemptWeight::kNone;
  // Why not more: "it succeeded".
  std::string why;
  // Of one that may count: what would have to be known, "why it failed".
  std::string missing;
  // A refusal for the case system's trouble at a time at which another record says it was there.
  bool contradicted = false;
  // Whether the system was unavailable during all of it, or may have been during some of it.
  bool surely_unavailable = false;
  bool possibly_unavailable = false;

  // The gateway saw itself refuse: nothing else need have been looked at.
  bool IsRefusalOfTheGateway() const;
  // It counts, or may count and nothing shows that it met no trouble.
  bool MayHaveMetTrouble() const;
};

// With `one_filing` an attempt of which it is not recorded to which filing it belongs may count.
std::vector<WeighedAttempt> WeighAttempts(const Observations& seen, bool one_filing,
                                          const std::string& zone);

// Those of each filing. Without `one_filing` those of which that is not recorded are in `of_any`,
// unless they are all there are.
struct AttemptsByFiling {
  std::vector<std::vector<const WeighedAttempt*>> filings;
  std::vector<const WeighedAttempt*> of_any;
};
AttemptsByFiling ByFiling(const std::vector<WeighedAttempt>& attempts, bool one_filing);

// Whether those that may have met trouble are, or may be, of more than one filing.
bool AreOfSeveralFilings(const std::vector<WeighedAttempt>& attempts);

// Why there may be attempts that were not seen, of what Observations calls so: "attempts before …
// were not looked at". Empty: there can be none.
std::string WhyMoreAttempts(std::optional<WallTime> attempts_from, bool attempts_missing,
                            const std::string& zone);

// The first one of full weight; `observed_only` leaves out what only the filer's software says.
// nullptr: there is none. The pointers live as long as the attempts.
const WeighedAttempt* FirstOfFullWeight(const std::vector<WeighedAttempt>& attempts);
const WeighedAttempt* FirstOfFullWeight(const std::vector<WeighedAttempt>& attempts,
                                        AttemptClass attempt_class);
// The first one that may have met the system's trouble and on which nothing rests alone.
const WeighedAttempt* FirstPerhaps(const std::vector<WeighedAttempt>& attempts);

}  // namespace nightbox
