// The attempts to file, in order of time, and what a rule on unavailability may rest on each.
//
// One counts when it failed for the filing system's trouble. One of which something that decides
// this is not recorded may count, and nothing rests on it alone.
#pragma once

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
  // Whether the system was unavailable during all of it, or may have been during some of it.
  bool surely_unavailable = false;
  bool possibly_unavailable = false;

  // The gateway saw itself refuse: nothing else need have been looked at.
  bool IsRefusalOfTheGateway() const;
};

std::vector<WeighedAttempt> WeighAttempts(const Observations& seen);

// The first one of full weight; `observed_only` leaves out what only the filer's software says.
// nullptr: there is none. The pointers live as long as the attempts.
const WeighedAttempt* FirstOfFullWeight(const std::vector<WeighedAttempt>& attempts);
const WeighedAttempt* FirstOfFullWeight(const std::vector<WeighedAttempt>& attempts,
                                        AttemptClass attempt_class);
// The first one that may have met the system's trouble and on which nothing rests alone.
const WeighedAttempt* FirstPerhaps(const std::vector<WeighedAttempt>& attempts);

}  // namespace nightbox
