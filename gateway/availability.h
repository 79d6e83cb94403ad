// AvailabilityRecord: what is known of each court's case system, and which of its changes become
// evidence.
//
// It is told what probes and deliveries have shown, and when; it answers with the entries to be
// journaled. What it promises:
//
//   * Each change is stated with its bounds: when the old state was last seen, and when the new one
//     was first seen. "Unavailable at least from T1, at most from T0" can be said, and no more.
//   * What has not been heard of for `fresh` is unknown, and that is a change like any other:
//     nothing is continued in silence. After a start everything is unknown.
//   * Courts that change together, because the endpoint they share does, are one entry.
//   * A court that goes up and down makes `changes_max` entries in a `changes_window`, then one
//   that
//     says "limited"; after that its changes are counted only, until it has held still for
//     `steady`.
//
// Pure: it reads no clock and does no I/O (gateway/availability_log.h does). One thread at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/ids.h"
#include "store/draft.h"

namespace nightbox {

enum class Availability { kUnknown, kAvailable, kUnavailable, kLimited };

// As journaled: "unknown", "available", "unavailable", "limited".
const char* ToString(Availability state);

struct AvailabilityOptions {
  Microseconds fresh = std::chrono::minutes(11);
  std::size_t changes_max = 4;
  Microseconds changes_window = std::chrono::hours(1);
  Microseconds steady = std::chrono::minutes(15);
};

struct AvailabilityNews {
  CourtId court;
  bool available = false;
  WallTime at;
  // One word of a closed list.
  std::string cause;
};

// What is known of a court now; never kLimited, which is a word about the record, not the court.
struct KnownAvailability {
  Availability state = Availability::kUnknown;
  // When this state was first seen.
  WallTime since;
  // When it was last confirmed; unset while nothing was ever heard.
  std::optional<WallTime> checked_at;
};

class AvailabilityRecord {
 public:
  // All of `courts` are unknown since `now`. Others are added when they are heard of.
  AvailabilityRecord(const std::vector<CourtId>& courts, const AvailabilityOptions& options,
                     WallTime now);

  // News of one event, each of another court.
  std::vector<ChangeAvailability> Heard(const std::vector<AvailabilityNews>& news);
  // Time has gone on: what is not fresh any more, and who has held still.
  std::vector<ChangeAvailability> Passed(WallTime now);
  // From now on nothing is known: the gateway stops, or an entry could not be kept. One entry for
  // all courts; none when nothing was known. `seen_until`: when the old states were last seen, if
  // that is earlier than each court's own last confirmation.
  std::vector<ChangeAvailability> Forget(std::optional<WallTime> seen_until, WallTime now,
                                         const std::string& cause);

  std::map<CourtId, KnownAvailability> Known() const;

 private:
  struct Court {
    Availability actual = Availability::kUnknown;
    Availability journaled = Availability::kUnknown;
    WallTime since;
    // Of `actual`; while that is kUnknown, of what it was before.
    std::optional<WallTime> confirmed_at;
    // When what it was before `actual` was last seen.
    WallTime old_seen_at;
    // Changes journaled within the window, oldest first; at most changes_max.
    std::deque<WallTime> journaled_at;
    std::uint64_t unlisted = 0;
  };
  struct Change {
    CourtId court;
    Availability state;
    WallTime old_seen_at;
    WallTime new_seen_at;
    std::string cause;
  };

  std::optional<Change> Turn(const CourtId& id, Court& court, Availability state, WallTime at,
                             const std::string& cause) const;
  std::optional<Change> SteadyAgain(const CourtId& id, Court& court, WallTime now) const;
  void NoteJournaled(Court& court, WallTime at) const;
  // One entry where all courts are now the same for the same reason, else one a court.
  std::vector<ChangeAvailability> Together(const std::vector<Change>& changes) const;

  const AvailabilityOptions options_;
  std::map<CourtId, Court> courts_;
};

// The last entry of the ledger before this start: the last sign of life of the gateway before.
struct LastEntry {
  WallTime committed_at;
  // It says already that nothing is known of any court.
  bool forgets_all = false;
};

// What a start journals: that nobody was looking between the last sign of life and now. Nothing in
// a new ledger, nor after an entry that says so already. Pure.
std::vector<ChangeAvailability> GapAtStart(const std::optional<LastEntry>& last, WallTime now);

}  // namespace nightbox
