// Observations: what is known about whether a court's electronic filing was available, with its
// bounds.
//
// A probe says something about an instant only. Between the last good one and the first bad one
// nothing is known, so an unavailability is "at least" from first bad to last bad and "at most"
// from last good to first good. Rules are evaluated against both (rules/unavailability.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "rules/court_day.h"

namespace nightbox {

struct UnavailableInterval {
  // Empty: no good observation before it is known.
  std::optional<WallTime> last_good;
  WallTime first_bad;
  WallTime last_bad;
  // Empty: no good observation after it is known.
  std::optional<WallTime> first_good;
};

// From, to: instants between which nothing was observed, for example while the gateway restarted.
struct UnknownGap {
  WallTime from;
  WallTime to;
};

// A stretch during which the system was available, as a record says.
struct AvailableStretch {
  WallTime from;
  WallTime to;
  std::string record;  // "journal entry 7".
};

// A maintenance window, as its notice said.
struct AnnouncedMaintenance {
  std::string notice_id;
  WallTime published_at;
  WallTime from;
  WallTime to;
};

enum class AttemptClass { kObserved, kClientAsserted };

// Whose trouble an attempt met. Only the first two are the electronic filing system's. kNotKnown:
// that is not recorded, so it may have been theirs and nothing may rest on it.
enum class AttemptFault {
  kCaseSystem,
  kGateway,
  kCourtNotEnabled,
  kFilerSide,
  kValidation,
  kNotKnown
};

struct FilingAttempt {
  std::string id;
  AttemptClass attempt_class = AttemptClass::kObserved;
  bool failed = true;
  AttemptFault fault = AttemptFault::kCaseSystem;
  // Observed: its beginning and its end, often one instant. Client-asserted: the bracket within
  // which it lies.
  WallTime not_before;
  WallTime not_after;
  // Attempts of one filing have the same; it means nothing else. Empty: which filing it was of is
  // not recorded.
  std::string filing = {};
  std::string record = {};  // "journal entry 7"; empty: none.
};

// That somebody with the power to do so declared the system offline for a day, or declared that it
// did not.
struct OutageDeclaration {
  std::string by;  // "clerk".
  CourtDay day;
  bool declared = true;
  std::string source;
};

struct Observations {
  // Outside this nothing is known; an empty end is open.
  std::optional<WallTime> observed_from;
  std::optional<WallTime> observed_until;
  std::vector<UnavailableInterval> unavailable;
  std::vector<UnknownGap> gaps;
  // For naming records only: what is in none of the others was available.
  std::vector<AvailableStretch> available;
  // Whether anybody gathered them: where not, that there are none means nothing.
  bool maintenance_gathered = false;
  std::vector<AnnouncedMaintenance> maintenance;
  bool declarations_gathered = false;
  std::vector<OutageDeclaration> declarations;
  std::vector<FilingAttempt> attempts;
  // Attempts before it were not looked at, and there may be some that matter. Empty: none can.
  std::optional<WallTime> attempts_from;
  // Records are missing that may be of attempts.
  bool attempts_missing = false;
};

// A stretch of time, and stretches in order that do not overlap.
struct TimeSpan {
  WallTime from;
  WallTime to;

  Microseconds length() const { return to - from; }
};
using TimeSpans = std::vector<TimeSpan>;

// The time within the window during which the system was surely unavailable, and that during which
// it may have been. What lies inside an announced maintenance is left out when `skip_announced`; a
// notice published after its window began announced nothing.
TimeSpans SurelyUnavailable(const Observations& seen, TimeSpan window, bool skip_announced);
TimeSpans PossiblyUnavailable(const Observations& seen, TimeSpan window, bool skip_announced);

// Whether that was so during all of the stretch (which may be one instant), or may have been during
// some of it.
bool SurelyUnavailableAt(const Observations& seen, TimeSpan when);
bool PossiblyUnavailableAt(const Observations& seen, TimeSpan when);

// What of the first is not in the second.
TimeSpans Difference(TimeSpans spans, const TimeSpans& removed);

Microseconds TotalLength(const TimeSpans& spans);
Microseconds LongestRun(const TimeSpans& spans);
// From the beginning of the first to the end of the last.
Microseconds FullSpan(const TimeSpans& spans);

}  // namespace nightbox
