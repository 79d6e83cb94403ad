// Terminations: the filings that one operator wants to end, until another one agrees.
//
// Ending a filing takes two named persons. What the first of them said is journaled before it
// counts, and is kept here, in memory: it lapses after a while, and with a restart, and is then
// said again. The same person twice is one person. Bounded: when so many proposals stand, another
// waits until one lapses.
//
// Any thread.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#include "core/clock.h"
#include "core/ids.h"
#include "core/result.h"

namespace nightbox {

class Terminations {
 public:
  static constexpr std::size_t kStandingMax = 100;
  static constexpr Microseconds kLapsesAfter = std::chrono::hours(24);

  explicit Terminations(std::size_t standing_max = kStandingMax) : standing_max_(standing_max) {}

  enum class Step {
    // The first person's word. Have it journaled; then Journaled(), or Forget() if that fails.
    kJournal,
    // It was said before, by the same person.
    kWait,
    // Another person said it before. End the filing; then Forget().
    kCarryOut
  };
  struct Answer {
    Step step = Step::kWait;
    std::string first_person;
    // Until when the first person's word stands, as it looked when they said it: what is kept by is
    // the boot clock, which nobody sets.
    WallTime until;
  };

  // `person` wants the filing ended on this authority. Another authority of the same person takes
  // the place of what they said before. AUTHORITY_DIFFERS when another person gave another one;
  // TOO_MANY_PROPOSALS at the bound; kAborted while the first person's word is being journaled.
  Result<Answer> Ask(const FilingId& filing, const std::string& person,
                     const std::string& authority, BootTime now, WallTime wall);
  void Journaled(const FilingId& filing, const std::string& person);
  // What this person said of the filing does not stand any more.
  void Forget(const FilingId& filing, const std::string& person);
  // Those that have lapsed count until the next Ask().
  std::size_t standing() const;

 private:
  struct Proposal {
    std::string person;
    std::string authority;
    BootTime lapses_at;
    WallTime until;
    bool journaled = false;
  };

  const std::size_t standing_max_;
  mutable std::mutex
      mutex_;  // Guards the proposals; held for no longer than one look through them.
  std::map<FilingId, Proposal> proposals_;
};

}  // namespace nightbox
