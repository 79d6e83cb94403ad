// CourtObservations: what the ledger holds on whether one court's electronic filing was available,
// and on one user's attempts at it, for rules/unavailability.h to reckon with.
//
// Never more than was seen. An entry says when a state was last and when the next one was first
// seen, and between the two nothing is known; nor is it before the first entry, after the last,
// while the gateway was not running, while its clock was wrong, and where entries are missing. A
// court that went up and down ("limited") was possibly unavailable all that time and surely at no
// instant of it. What is unavailable is the delivery of filings to the case system: what fails on
// the way there looks the same whichever end it is at (docs/formats/journal.md).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/ids.h"
#include "core/result.h"
#include "evidence/receipt.h"
#include "rules/observations.h"
#include "store/disk.h"

namespace nightbox {

struct JournalOptions;
namespace journal::v1 {
class AvailabilityChanged;
class Entry;
}  // namespace journal::v1

// What a gateway of the usual configuration has not heard of for 11 minutes it calls unknown; one
// more to notice and to journal it.
inline constexpr Microseconds kUsualNewsHold = std::chrono::minutes(12);
// Of each kind: whoever needs more asks for a narrower window.
inline constexpr std::size_t kObservationsMax = 10'000;
// How far before the window an unavailability that reaches into it is followed back, for the
// attempts that met it earlier.
inline constexpr Microseconds kLookBackMax = std::chrono::hours(366 * 24);
// How often, as what is found there may begin earlier still.
inline constexpr int kLooksBackMax = 3;

struct CourtQuestion {
  CourtId court;
  // Whose attempts, through whatever system. Empty: nobody's are gathered.
  UserId user = {};
  // What does not reach into it is left out; bounds of what does are given wherever they lie.
  // ReadCourtObservations moves its beginning back to that of an unavailability it begins in.
  TimeSpan window;
  // For how long the gateway took old news to hold. Where the ledger breaks off, its last entry
  // shows no more than that the state was confirmed so long before.
  Microseconds news_hold = kUsualNewsHold;
  // Only attempts at this filing, through whatever system and however early, and those in the
  // window of which no filing is recorded. Empty: at any filing.
  RequestId request = {};
  // The same by the id that the gateway gave the filing; for ReadCourtObservations only.
  FilingId filing = {};
  // Whose changes are looked at, where it shares the state of another court: that one. Empty:
  // its own.
  CourtId state_of = {};
  // Set for a court whose case system is its own: the days asked about, which a look further back
  // does not widen. What an entry says of all courts is then not said of this one until another
  // has named it, and it counts as named only where its state was surely seen in these days.
  std::optional<TimeSpan> alone_within = {};
};

// A stretch of which nothing can be said, and why: the cause as journaled ("gateway-restarted",
// "no-news", "changes-too-often"), or one of ours: "nobody-looked", "entries-missing",
// "clock-stepped".
struct CourtGap {
  UnknownGap span;
  std::string cause;
};

enum class AttemptOutcome {
  kReceived,      // There is a receipt.
  kRefused,       // With a reason.
  kNotCompleted,  // It was opened, and no filing came of it that the ledger holds.
  kCounted  // Refused, of so many that they were only counted: neither why nor at which court.
};
// "received", "refused", "not completed", "counted".
std::string_view OutcomeWord(AttemptOutcome outcome);

struct RecordedAttempt {
  // Of the entry that says how it ended.
  std::uint64_t sequence = 0;
  AttemptOutcome outcome = AttemptOutcome::kNotCompleted;
  // Of a refusal, a word of docs/errors.md.
  std::string reason = {};
  // Of a received filing: whose time counts, as its receipt says.
  ReceiptAuthority authority = ReceiptAuthority::kUndecided;
  // A received filing is a good attempt here; ObservationsFor() reads it otherwise where asked.
  FilingAttempt attempt;
};

struct CourtObservations {
  // Without attempts. Neither notices of maintenance nor declarations are gathered: no entry is
  // one.
  Observations seen;
  // What was looked at.
  TimeSpan window;
  // In order; seen.gaps has the same.
  std::vector<CourtGap> gaps;
  // In the ledger's order, one for each attempt.
  std::vector<RecordedAttempt> attempts;
  std::uint64_t entries = 0;
  // That could not be read: what they said is not known.
  std::uint64_t entries_missing = 0;
  std::uint64_t clock_steps = 0;
  // A change, an attempt it let in or a filing names the court. Where not, the journal speaks only
  // of all courts that the gateway delivers to, and not of whether this is one. Otherwise for
  // CourtQuestion::alone_within.
  bool court_named = false;
  // A change names the court whose state was asked of.
  bool state_named = false;
  std::optional<WallTime> first_entry_at;
  std::string log_id;
  std::string gateway;
};

// How the court may take a receipt of the gateway where its order leaves that open.
enum class ReceiptTakenAs { kFiling, kAttempt };

// With the attempts, for EvaluateUnavailability. A received filing that is no filing yet was an
// unsuccessful attempt at the case system if that may have been unavailable then.
Observations ObservationsFor(const CourtObservations& found, ReceiptTakenAs taken_as);
// Whether the two differ: a receipt among the attempts says that the court has not decided.
bool DependsOnReceipts(const CourtObservations& found);

// Gathers from entries, one after the other. Pure: no I/O. One thread.
class CourtObserver {
 public:
  explicit CourtObserver(CourtQuestion question);

  // In the ledger's order, each once; those that cannot be read are passed over.
  void See(const journal::v1::Entry& entry);
  // `entries`: how many there should have been. Once. kResourceExhausted when there is more in the
  // window than kObservationsMax of a kind.
  Result<CourtObservations> Finish(std::uint64_t entries);

 private:
  enum class State { kNothingKnown, kAvailable, kUnavailable, kUpAndDown };
  struct Attempt {
    RecordedAttempt recorded;
    // An entry behind it says how it ended.
    bool merged = false;
  };

  static bool IsKnown(State state) {
    return state == State::kAvailable || state == State::kUnavailable;
  }
  bool IsTheCourt(const std::string& court);
  bool ChangesIt(const std::string& court);
  bool KnownWithin(TimeSpan span) const;
  // Whether an attempt under this key is at the filing asked about, as far as is recorded.
  bool MayBeTheFiling(const std::string& system, const std::string& delivery_key) const;
  void SeeChange(const journal::v1::Entry& entry);
  void SeeClock(const journal::v1::Entry& entry);
  void SeeOpened(const journal::v1::Entry& entry);
  void SeeRefused(const journal::v1::Entry& entry);
  void SeeCounted(const journal::v1::Entry& entry);
  void SeeFiling(const journal::v1::Entry& entry);

  void Turn(State state, WallTime old_seen, WallTime new_seen, const std::string& cause);
  void Missed(std::uint64_t count);
  // Up to when the present state was confirmed for sure.
  WallTime SureUntil() const;
  void EndObservation();
  void CloseGap(WallTime at);
  void KeepGap(WallTime from, WallTime to, const std::string& cause);
  void KeepInterval(const UnavailableInterval& interval);
  void KeepAvailable(WallTime to);
  void EndDoubt(WallTime at);
  void TakeOutDoubts();
  void SayWhatIsUnseen();
  bool EarlierLeftOut() const;
  void Add(RecordedAttempt attempt, const std::string& delivery_key, bool opened = false);
  void LeaveOut(const RecordedAttempt& attempt, const std::string& delivery_key);
  // Whether the court was available all that time, as far as the entries say up to now.
  bool WasAvailableAt(TimeSpan when) const;
  void MayHaveMetTrouble(const std::string& delivery_key);
  // What was left out there as if the court had been available may have met trouble.
  void MayHaveBeenAway(TimeSpan when);
  // The beginning of what was opened last under this key: it is one attempt with what ended it.
  // What was opened before it, under another header, was not completed.
  std::optional<WallTime> Merge(const std::string& delivery_key);

  const CourtQuestion question_;
  CourtObservations found_;
  bool too_many_ = false;
  std::uint64_t next_sequence_ = 0;
  // When the last entry was committed.
  std::optional<WallTime> last_sign_;

  State state_ = State::kNothingKnown;
  // When it was first seen; when nothing is known, since when.
  WallTime since_ = WallTime::min();
  std::optional<WallTime> last_good_;
  // Of an available one: since when, and by which entry.
  WallTime available_from_;
  std::string available_by_;
  // Unavailabilities behind which nothing good was seen yet, oldest first.
  std::vector<UnavailableInterval> open_;
  std::optional<WallTime> gap_from_;
  std::string gap_cause_;
  // While the clock is not to be trusted, and the largest step of it.
  std::optional<WallTime> doubt_from_;
  Microseconds doubt_step_{0};
  std::vector<TimeSpan> doubts_;

  std::vector<Attempt> attempts_;
  // By delivery key the last one that nothing ended yet.
  std::map<std::string, std::size_t> opened_;
  // By delivery key, numbered in the order in which they occur.
  std::map<std::string, std::string> filings_;
  // Whose attempts before the window may have met trouble, with no receipt yet. Under "" those of
  // which no filing is recorded, or too many.
  std::set<std::string> left_out_;
  // When those were that nobody knows the cause of and that met no trouble, as the court was
  // available; of too many, from the first to the last.
  std::multimap<std::string, TimeSpan> left_out_available_;
  // The end of the last of them.
  WallTime left_out_until_ = WallTime::min();
};

// What to ask next when attempts before what was looked at met what it begins in, or are at the
// filing asked about: the question with an earlier beginning, at most kLookBackMax before its own
// or where the first of these attempts lies. nullopt: `found` has it all.
std::optional<CourtQuestion> FurtherBack(const CourtQuestion& question,
                                         const CourtObservations& found);

// The same from the journal in `options.directory`, and further back where that may matter; no
// other option but env is looked at. Reads only, every promised entry (again for each look further
// back), and may run while a gateway serves from the journal. kNotFound: no filing has that id, or
// the user asked about did not hand it in for that court.
Result<CourtObservations> ReadCourtObservations(const JournalOptions& options, Disk& disk,
                                                const CourtQuestion& question);

}  // namespace nightbox
