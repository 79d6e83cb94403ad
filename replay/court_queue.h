// CourtQueue: the part of one court's backlog that is in memory.
//
// The store gives case heads: for each case the one filing that may go next. This class holds a
// bounded window of them and knows, by one cursor, where the rest begins on disk: every head below
// the cursor is in memory, whatever is at it or above may be on disk. So a million waiting filings
// cost what `capacity` cost, and nothing put aside for want of room is ever forgotten.
//
// Filings that came a short while ago are "live"; the others are backlog. Next() takes them in
// turn, each kind in order of receipt, so that live filings keep half of a court's slots while
// there is backlog, and all when there is none.
//
// At most one entry per case is in memory, so never two of one case are under way. A filing whose
// outcome is uncertain stays the head of its case until the case system, or an operator, has said
// what became of it.
//
// Pure; one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"

namespace nightbox {

// One entry of the store's runnable index.
struct CaseHead {
  Digest case_key;
  std::uint64_t filing_sequence = 0;
  // How long ago the filing was received, when this was said.
  Microseconds age{0};
  // The consistency group the filing must stay in. Empty: any.
  std::string group = {};
  // A delivery was started and its outcome is not known; group says who knows.
  bool uncertain = false;

  bool operator==(const CaseHead&) const = default;
};

class CourtQueue {
 public:
  enum class Stage {
    kReady,      // May be delivered.
    kWaiting,    // May be delivered after its own delay.
    kInFlight,   // A delivery is ordered.
    kUncertain,  // Must be asked about, at once or after its own delay.
    kAsked,      // A query is ordered.
    kHolding,    // The order to hold it is given.
  };

  struct Entry {
    CaseHead head;
    Stage stage = Stage::kReady;
    // BootTime::min(): it is backlog.
    BootTime live_until = BootTime::min();
    // When the order under way was given.
    BootTime ordered_at{};
    // Failures that count towards being held: after each, another filing of the court had passed.
    std::uint32_t failures = 0;
    // All failures: the exponent of the filing's own delay.
    std::uint32_t tries = 0;
    std::uint32_t queries = 0;
    // The court's successes when this filing failed last.
    std::uint64_t success_mark = 0;
  };

  static constexpr std::uint64_t kNothingOnDisk = std::numeric_limits<std::uint64_t>::max();

  CourtQueue(std::size_t capacity, Microseconds live_age)
      : capacity_(capacity), live_age_(live_age) {}

  // ---- News from the store ----

  // There may be heads on disk that were never announced one by one (a start).
  void MayHoldMore() { cursor_ = 0; }
  // A head that has just appeared. When memory is full, it displaces what would be served later.
  // An uncertain one is always kept: it is not among what Loaded() brings.
  void Appeared(const CaseHead& head, BootTime now);
  // There is no room for this head now; it is read from disk later.
  void LeaveOnDisk(std::uint64_t filing_sequence);
  // Heads read from disk from `from` on, ascending; exhausted: there are no more above them.
  // Returns how many were new.
  std::size_t Loaded(std::uint64_t from, const std::vector<CaseHead>& heads, bool exhausted,
                     BootTime now);
  // The newest heads on disk.
  void LoadedNewest(const std::vector<CaseHead>& heads, BootTime now);
  // The filing is no longer a head: withdrawn, held by an operator, terminated. Ignored while an
  // order for it is under way: its outcome is still to come.
  void Removed(std::uint64_t filing_sequence);

  // ---- Choosing ----

  // Delays that have passed end; live filings that have aged become backlog. Call before choosing.
  void Advance(BootTime now);
  // Calls allowed(entry) in the order described above, and answers the first allowed one.
  template <class Allowed>
  std::optional<std::uint64_t> Next(const Allowed& allowed) const {
    const bool live_first = !last_was_live_;
    if (auto found = First(live_first ? live_ : backlog_, allowed)) return found;
    return First(live_first ? backlog_ : live_, allowed);
  }
  // The same for filings to be asked about.
  template <class Allowed>
  std::optional<std::uint64_t> NextUncertain(const Allowed& allowed) const {
    return First(uncertain_, allowed);
  }

  // ---- What becomes of an entry. The filing must be in memory. ----

  Entry& At(std::uint64_t filing_sequence);
  const Entry* Find(std::uint64_t filing_sequence) const;
  void InFlight(std::uint64_t filing_sequence, BootTime now);
  void Asked(std::uint64_t filing_sequence);
  void Holding(std::uint64_t filing_sequence);
  void Ready(std::uint64_t filing_sequence);
  void WaitUntil(std::uint64_t filing_sequence, BootTime until);
  // To be asked about in this group, not before `until`.
  void Uncertain(std::uint64_t filing_sequence, std::string group, BootTime until);
  void Finished(std::uint64_t filing_sequence);

  // Gives one place back, keeping what it knows on disk. False: nothing can be put aside.
  bool EvictOne();

  // ---- Looking ----

  std::size_t size() const { return entries_.size(); }
  std::size_t capacity() const { return capacity_; }
  std::size_t ready() const { return live_.size() + backlog_.size(); }
  std::size_t ready_backlog() const { return backlog_.size(); }
  // Uncertain ones, asked about or to be.
  std::size_t uncertain() const { return uncertain_count_; }
  std::uint64_t cursor() const { return cursor_; }
  bool more_on_disk() const { return cursor_ != kNothingOnDisk; }
  // When the next delay of an entry ends; BootTime::max(): none runs.
  BootTime next_due() const;

 private:
  using Sequences = std::set<std::uint64_t>;

  template <class Allowed>
  std::optional<std::uint64_t> First(const Sequences& sequences, const Allowed& allowed) const {
    for (const std::uint64_t sequence : sequences) {
      if (allowed(entries_.at(sequence))) return sequence;
    }
    return std::nullopt;
  }

  bool Place(const CaseHead& head, BootTime now, bool displace);
  void BecomeBacklog(std::uint64_t filing_sequence);
  // Takes the entry out of the set or timer it stands in.
  void Unlink(std::uint64_t filing_sequence);
  void LinkReady(std::uint64_t filing_sequence, const Entry& entry);
  void LinkTimer(std::uint64_t filing_sequence, BootTime until);
  void SetStage(Entry& entry, Stage stage);
  void Erase(std::uint64_t filing_sequence);

  const std::size_t capacity_;
  const Microseconds live_age_;
  std::map<std::uint64_t, Entry> entries_;
  std::unordered_map<Digest, std::uint64_t> cases_;
  Sequences live_;       // Ready and live.
  Sequences backlog_;    // Ready and not live.
  Sequences uncertain_;  // To be asked now.
  std::set<std::pair<BootTime, std::uint64_t>> timers_;
  std::unordered_map<std::uint64_t, BootTime> timer_of_;
  std::size_t uncertain_count_ = 0;
  bool last_was_live_ = false;
  std::uint64_t cursor_ = kNothingOnDisk;
};

}  // namespace nightbox
