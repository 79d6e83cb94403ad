#include "store/court_observations.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "store/head_file.h"
#include "store/journal.h"
#include "store/keys.h"
#include "store/opening.h"
#include "store/record.h"
#include "store/refusal_fault.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::journal::v1;

// As docs/formats/journal.md has them.
constexpr std::string_view kDelivery = "delivery";
constexpr std::string_view kRestarted = "gateway-restarted";

// More than any clock was ever wrong by; a damaged record may say anything.
constexpr std::int64_t kStepMaxUs = std::int64_t{100} * 366 * 24 * 3600 * 1'000'000;

// Where the entry names no court, trouble of ours may have been met at another one.
AttemptFault FaultAt(const std::string& court, std::string_view reason) {
  const AttemptFault fault = FaultOfRefusal(reason);
  const bool ours = fault == AttemptFault::kGateway || fault == AttemptFault::kCaseSystem;
  return court.empty() && ours ? AttemptFault::kNotKnown : fault;
}

// A receipt that cannot be read decides nothing.
ReceiptAuthority AuthorityOf(const pb::Entry& entry) {
  const auto receipt = ParseReceipt(entry.statement());
  return receipt ? receipt->authority : ReceiptAuthority::kUndecided;
}

bool IsNoFilingYet(const RecordedAttempt& each, ReceiptTakenAs taken_as) {
  if (each.outcome != AttemptOutcome::kReceived) return false;
  switch (each.authority) {
    case ReceiptAuthority::kGateway:
      return false;
    case ReceiptAuthority::kCaseSystem:
      return true;
    case ReceiptAuthority::kUndecided:
      break;
  }
  return taken_as == ReceiptTakenAs::kAttempt;
}

// What of the interval is sure when nothing within the stretch is.
std::vector<UnavailableInterval> Without(const UnavailableInterval& whole, TimeSpan doubt) {
  if (whole.last_bad < doubt.from || doubt.to < whole.first_bad) return {whole};
  std::vector<UnavailableInterval> left;
  if (whole.first_bad < doubt.from) {
    left.push_back(whole);
    left.back().last_bad = doubt.from;
  }
  if (doubt.to < whole.last_bad) {
    left.push_back(whole);
    left.back().first_bad = doubt.to;
  }
  return left;
}

}  // namespace

std::string_view OutcomeWord(AttemptOutcome outcome) {
  switch (outcome) {
    case AttemptOutcome::kReceived:
      return "received";
    case AttemptOutcome::kRefused:
      return "refused";
    case AttemptOutcome::kNotCompleted:
      return "not completed";
    case AttemptOutcome::kCounted:
      break;
  }
  return "counted";
}

Observations ObservationsFor(const CourtObservations& found, ReceiptTakenAs taken_as) {
  Observations seen = found.seen;
  for (const RecordedAttempt& each : found.attempts) {
    FilingAttempt attempt = each.attempt;
    if (IsNoFilingYet(each, taken_as) &&
        PossiblyUnavailableAt(found.seen, {attempt.not_before, attempt.not_after})) {
      attempt.failed = true;
      attempt.fault = AttemptFault::kCaseSystem;
    }
    seen.attempts.push_back(std::move(attempt));
  }
  return seen;
}

bool DependsOnReceipts(const CourtObservations& found) {
  return std::ranges::any_of(found.attempts, [](const RecordedAttempt& each) {
    return each.outcome == AttemptOutcome::kReceived &&
           each.authority == ReceiptAuthority::kUndecided;
  });
}

CourtObserver::CourtObserver(CourtQuestion question) : question_(std::move(question)) {}

void CourtObserver::See(const pb::Entry& entry) {
  if (entry.sequence() > next_sequence_) Missed(entry.sequence() - next_sequence_);
  next_sequence_ = entry.sequence() + 1;
  ++found_.entries;
  switch (entry.kind()) {
    case pb::ENTRY_KIND_AVAILABILITY_CHANGED:
      SeeChange(entry.availability_changed());
      break;
    case pb::ENTRY_KIND_CLOCK_CHANGED:
      SeeClock(entry);
      break;
    case pb::ENTRY_KIND_ATTEMPT_OPENED:
      SeeOpened(entry);
      break;
    case pb::ENTRY_KIND_ATTEMPT_REFUSED:
      SeeRefused(entry);
      break;
    case pb::ENTRY_KIND_ATTEMPTS_SUPPRESSED:
      SeeCounted(entry);
      break;
    case pb::ENTRY_KIND_FILING_RECEIVED:
      SeeFiling(entry);
      break;
    default:
      break;
  }
  last_sign_ = FromMicros(entry.committed_at_us());
}

Result<CourtObservations> CourtObserver::Finish(std::uint64_t entries) {
  if (entries > next_sequence_) Missed(entries - next_sequence_);
  EndObservation();
  if (doubt_from_) EndDoubt(last_sign_.value_or(*doubt_from_));
  TakeOutDoubts();
  for (Attempt& each : attempts_) {
    if (!each.merged) found_.attempts.push_back(std::move(each.recorded));
  }
  if (too_many_) {
    return Error{ErrorCode::kResourceExhausted,
                 "more than " + std::to_string(kObservationsMax) +
                     " observations or attempts of one kind: ask for fewer days",
                 "WINDOW_TOO_LARGE"};
  }
  std::ranges::stable_sort(found_.gaps, {}, [](const CourtGap& gap) { return gap.span.from; });
  for (const CourtGap& gap : found_.gaps) found_.seen.gaps.push_back(gap.span);
  return std::move(found_);
}

bool CourtObserver::IsTheCourt(const std::string& court) {
  const bool is = court == question_.court.str();
  found_.court_named = found_.court_named || is;
  return is;
}

void CourtObserver::SeeChange(const pb::AvailabilityChanged& change) {
  if (change.service() != kDelivery) return;
  if (!change.court_id().empty() && !IsTheCourt(change.court_id())) return;
  State state = State::kNothingKnown;
  if (change.state() == "available") state = State::kAvailable;
  if (change.state() == "unavailable") state = State::kUnavailable;
  if (change.state() == "limited") state = State::kUpAndDown;
  // One entry for all courts changes nothing for those that were in this state before.
  if (state == state_) return;
  WallTime old_seen = FromMicros(change.last_of_old_state_at_us());
  // That was the gateway's last sign of life, and not an observation of the court.
  if (change.cause() == kRestarted) old_seen -= question_.news_hold;
  // Bounds that hold for all courts may lie before what is known of this one.
  old_seen = std::max(old_seen, since_);
  Turn(state, old_seen, std::max(FromMicros(change.first_of_new_state_at_us()), old_seen),
       change.cause());
}

void CourtObserver::Turn(State state, WallTime old_seen, WallTime new_seen,
                         const std::string& cause) {
  if (state_ == State::kAvailable) last_good_ = old_seen;
  if (state_ == State::kUnavailable)
    open_.back().last_bad = std::max(open_.back().first_bad, old_seen);
  // What was unknown is so until the first news; what is up and down, until it holds still.
  const WallTime boundary = state_ == State::kNothingKnown || IsKnown(state) ? new_seen : old_seen;
  CloseGap(boundary);
  if (state != State::kNothingKnown && !found_.seen.observed_from)
    found_.seen.observed_from = new_seen;
  if (!IsKnown(state)) {
    gap_from_ = boundary;
    gap_cause_ = cause;
  }
  if (state == State::kAvailable) {
    for (UnavailableInterval& each : open_) {
      each.first_good = new_seen;
      KeepInterval(each);
    }
    open_.clear();
    last_good_ = new_seen;
  }
  if (state == State::kUnavailable) {
    // Each keeps its own sure part: what lay between them nobody saw.
    too_many_ = too_many_ || open_.size() >= kObservationsMax;
    if (too_many_) open_.clear();
    open_.push_back({last_good_, new_seen, new_seen, std::nullopt});
  }
  state_ = state;
  since_ = state == State::kNothingKnown ? old_seen : new_seen;
}

WallTime CourtObserver::SureUntil() const {
  return last_sign_ ? std::max(since_, *last_sign_ - question_.news_hold) : since_;
}

void CourtObserver::Missed(std::uint64_t count) {
  found_.entries_missing += count;
  if (state_ == State::kNothingKnown) return;
  const WallTime until = SureUntil();
  Turn(State::kNothingKnown, until, until, "entries-missing");
}

void CourtObserver::EndObservation() {
  if (!found_.seen.observed_from) {
    KeepGap(question_.window.from, question_.window.to, "nobody-looked");
    return;
  }
  if (state_ == State::kNothingKnown) {
    found_.seen.observed_until = gap_from_;
  } else {
    const WallTime until = SureUntil();
    if (state_ == State::kUnavailable)
      open_.back().last_bad = std::max(open_.back().first_bad, until);
    CloseGap(until);
    found_.seen.observed_until = until;
  }
  for (const UnavailableInterval& each : open_) KeepInterval(each);
}

void CourtObserver::CloseGap(WallTime at) {
  if (gap_from_) KeepGap(*gap_from_, at, gap_cause_);
  gap_from_.reset();
}

void CourtObserver::KeepGap(WallTime from, WallTime to, const std::string& cause) {
  if (from >= to || to < question_.window.from || from > question_.window.to) return;
  if (found_.gaps.size() >= kObservationsMax) {
    too_many_ = true;
    return;
  }
  found_.gaps.push_back({{from, to}, cause});
}

void CourtObserver::KeepInterval(const UnavailableInterval& interval) {
  if (interval.first_good && *interval.first_good < question_.window.from) return;
  if (interval.last_good.value_or(WallTime::min()) > question_.window.to) return;
  if (found_.seen.unavailable.size() >= kObservationsMax) {
    too_many_ = true;
    return;
  }
  found_.seen.unavailable.push_back(interval);
}

// From a step of the clock on its instants are in doubt, by as much as it was set, until an entry
// says that it can be trusted again. So are those before, as the step may have put it right.
void CourtObserver::SeeClock(const pb::Entry& entry) {
  const pb::ClockChanged& change = entry.clock_changed();
  const WallTime now = FromMicros(entry.committed_at_us());
  const Microseconds step(std::abs(std::clamp(change.step_us(), -kStepMaxUs, kStepMaxUs)));
  if (step.count() != 0) {
    ++found_.clock_steps;
    const WallTime from = std::min(last_sign_.value_or(now), now) - step;
    doubt_from_ = std::min(doubt_from_.value_or(from), from);
    doubt_step_ = std::max(doubt_step_, step);
  }
  if (change.synchronized() && doubt_from_) EndDoubt(std::max(last_sign_.value_or(now), now));
  since_ = std::min(since_, now);
}

void CourtObserver::EndDoubt(WallTime at) {
  if (doubts_.size() >= kObservationsMax) {
    too_many_ = true;
    return;
  }
  doubts_.push_back({*doubt_from_, at + doubt_step_});
  doubt_from_.reset();
  doubt_step_ = Microseconds(0);
}

void CourtObserver::TakeOutDoubts() {
  for (const TimeSpan& doubt : doubts_) {
    KeepGap(doubt.from, doubt.to, "clock-stepped");
    std::vector<UnavailableInterval> left;
    for (const UnavailableInterval& each : std::exchange(found_.seen.unavailable, {})) {
      const auto parts = Without(each, doubt);
      left.insert(left.end(), parts.begin(), parts.end());
      if (parts.empty()) {
        KeepGap(each.last_good.value_or(std::min(doubt.from, question_.window.from)),
                each.first_good.value_or(std::max(doubt.to, question_.window.to)), "clock-stepped");
      }
    }
    found_.seen.unavailable = std::move(left);
  }
}

void CourtObserver::SeeOpened(const pb::Entry& entry) {
  const pb::AttemptOpened& opened = entry.attempt_opened();
  if (!IsTheCourt(opened.court_id()) || question_.user.empty() ||
      opened.registered_user() != question_.user.str())
    return;
  const WallTime at = FromMicros(opened.opened_at_us());
  RecordedAttempt recorded;
  recorded.sequence = entry.sequence();
  recorded.attempt = {
      opened.attempt_id(), AttemptClass::kObserved, true, AttemptFault::kNotKnown, at, at};
  Add(std::move(recorded), opened.delivery_key());
}

void CourtObserver::SeeRefused(const pb::Entry& entry) {
  const pb::AttemptRefused& refused = entry.attempt_refused();
  if (question_.user.empty() || refused.registered_user() != question_.user.str()) return;
  if (!refused.court_id().empty() && refused.court_id() != question_.court.str()) return;
  const WallTime at = FromMicros(refused.refused_at_us());
  RecordedAttempt recorded;
  recorded.sequence = entry.sequence();
  recorded.outcome = AttemptOutcome::kRefused;
  recorded.reason = refused.reason();
  recorded.attempt = {refused.attempt_id(),
                      AttemptClass::kObserved,
                      true,
                      FaultAt(refused.court_id(), refused.reason()),
                      std::min(Merge(refused.delivery_key()).value_or(at), at),
                      at};
  Add(std::move(recorded));
}

// Those between the first and the last were refused, too, but when is not recorded.
void CourtObserver::SeeCounted(const pb::Entry& entry) {
  const pb::AttemptsSuppressed& counted = entry.attempts_suppressed();
  if (question_.user.empty() || counted.registered_user() != question_.user.str()) return;
  const auto add = [&](const char* which, std::int64_t at_us) {
    const WallTime at = FromMicros(at_us);
    RecordedAttempt recorded;
    recorded.sequence = entry.sequence();
    recorded.outcome = AttemptOutcome::kCounted;
    recorded.attempt = {"counted-" + std::to_string(entry.sequence()) + which,
                        AttemptClass::kObserved,
                        true,
                        AttemptFault::kNotKnown,
                        at,
                        at};
    Add(std::move(recorded));
  };
  add("-first", counted.first_at_us());
  if (counted.count() > 1) add("-last", counted.last_at_us());
}

void CourtObserver::SeeFiling(const pb::Entry& entry) {
  const pb::FilingReceived& filing = entry.filing_received();
  if (!IsTheCourt(filing.header().court_id()) || question_.user.empty() ||
      filing.registered_user() != question_.user.str() || filing.header().test())
    return;
  const WallTime at = FromMicros(filing.received_at_us());
  WallTime from = Merge(filing.delivery_key()).value_or(at);
  if (filing.attempt_opened_at_us() != 0)
    from = std::min(from, FromMicros(filing.attempt_opened_at_us()));
  RecordedAttempt recorded;
  recorded.sequence = entry.sequence();
  recorded.outcome = AttemptOutcome::kReceived;
  recorded.authority = AuthorityOf(entry);
  recorded.attempt = {filing.filing_id(),        AttemptClass::kObserved, false,
                      AttemptFault::kCaseSystem, std::min(from, at),      at};
  Add(std::move(recorded));
}

void CourtObserver::Add(RecordedAttempt attempt, const std::string& delivery_key) {
  if (attempt.attempt.not_after < question_.window.from ||
      attempt.attempt.not_before > question_.window.to)
    return;
  if (attempts_.size() >= kObservationsMax) {
    too_many_ = true;
    return;
  }
  if (!delivery_key.empty()) opened_[delivery_key].push_back(attempts_.size());
  attempts_.push_back({std::move(attempt)});
}

std::optional<WallTime> CourtObserver::Merge(const std::string& delivery_key) {
  const auto opened = opened_.find(delivery_key);
  if (opened == opened_.end()) return std::nullopt;
  std::optional<WallTime> first;
  for (const std::size_t index : opened->second) {
    Attempt& each = attempts_[index];
    each.merged = true;
    first = std::min(first.value_or(each.recorded.attempt.not_before),
                     each.recorded.attempt.not_before);
  }
  opened_.erase(opened);
  return first;
}

Result<CourtObservations> ReadCourtObservations(const JournalOptions& options, Disk& disk,
                                                const CourtQuestion& question) {
  const JournalPaths paths(options.directory);
  NB_ASSIGN_OR_RETURN(const HeadReading head, HeadFile::Read(disk, paths.head));
  NB_ASSIGN_OR_RETURN(const auto ledger, ReadOnlyLedger::OpenBesideGateway(options, paths));
  NB_ASSIGN_OR_RETURN(const auto meta_bytes, ledger->Get(std::string(keys::kMeta)));
  pb::LogMeta meta;
  if (!meta_bytes || !meta.ParseFromString(*meta_bytes)) {
    return Error{ErrorCode::kDataLoss, "the ledger does not say whose it is"};
  }
  if (meta.log_id() != head.head.log_id) {
    return Error{ErrorCode::kDataLoss, "the ledger is of log " + meta.log_id() +
                                           ", the head file of log " + head.head.log_id};
  }
  CourtObserver observer(question);
  VisitReadableEntries(*ledger, head.head.sequence,
                       [&](std::uint64_t sequence, std::string_view bytes) {
                         const auto entry = record::ReadEntry(bytes);
                         if (entry && entry->sequence() == sequence) observer.See(*entry);
                       });
  NB_ASSIGN_OR_RETURN(CourtObservations found, observer.Finish(head.head.sequence));
  found.log_id = meta.log_id();
  found.gateway = meta.gateway();
  return found;
}

}  // namespace nightbox
