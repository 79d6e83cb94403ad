#include <algorithm>
#include <utility>

#include "core/fingerprint.h"
#include "nightbox/journal/v1/journal.pb.h"
#include "store/court_observations.h"
#include "store/refusal_fault.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::journal::v1;

// Where the entry names no court, trouble of ours may have been met at another one.
AttemptFault FaultAt(const std::string& court, std::string_view reason) {
  const AttemptFault fault = FaultOfRefusal(reason);
  const bool ours = fault == AttemptFault::kGateway || fault == AttemptFault::kCaseSystem;
  return court.empty() && ours ? AttemptFault::kNotKnown : fault;
}

// A receipt that cannot be read decides nothing, and nor does a decision that nobody has confirmed,
// either way.
ReceiptAuthority AuthorityOf(const pb::Entry& entry) {
  const auto receipt = ParseReceipt(entry.statement());
  if (!receipt ||
      receipt->authority_standing.value_or(Standing::kConfirmed) != Standing::kConfirmed)
    return ReceiptAuthority::kUndecided;
  return CountedAuthority(*receipt);
}

// Whether the rule may count from it. A receipt is looked at by itself.
bool MayBeFirst(const RecordedAttempt& each) {
  const AttemptFault fault = each.attempt.fault;
  return each.attempt.failed &&
         (fault == AttemptFault::kCaseSystem || fault == AttemptFault::kGateway ||
          fault == AttemptFault::kNotKnown);
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

void CourtObserver::SeeOpened(const pb::Entry& entry) {
  const pb::AttemptOpened& opened = entry.attempt_opened();
  if (!IsTheCourt(opened.court_id()) || question_.user.empty() ||
      opened.registered_user() != question_.user.str() ||
      !MayBeTheFiling(opened.submitting_system(), opened.delivery_key()))
    return;
  const WallTime at = FromMicros(opened.opened_at_us());
  RecordedAttempt recorded;
  recorded.sequence = entry.sequence();
  recorded.attempt = {
      opened.attempt_id(), AttemptClass::kObserved, true, AttemptFault::kNotKnown, at, at};
  Add(std::move(recorded), opened.delivery_key(), true);
}

void CourtObserver::SeeRefused(const pb::Entry& entry) {
  const pb::AttemptRefused& refused = entry.attempt_refused();
  if (question_.user.empty() || refused.registered_user() != question_.user.str()) return;
  if (!refused.court_id().empty() && refused.court_id() != question_.court.str()) return;
  if (!MayBeTheFiling(refused.submitting_system(), refused.delivery_key())) return;
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
  Add(std::move(recorded), refused.delivery_key());
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
    Add(std::move(recorded), "");
  };
  add("-first", counted.first_at_us());
  if (counted.count() > 1) add("-last", counted.last_at_us());
}

void CourtObserver::SeeFiling(const pb::Entry& entry) {
  const pb::FilingReceived& filing = entry.filing_received();
  if (!IsTheCourt(filing.header().court_id()) || question_.user.empty() ||
      filing.registered_user() != question_.user.str() || filing.header().test() ||
      !MayBeTheFiling(filing.submitting_system(), filing.delivery_key()))
    return;
  const WallTime at = FromMicros(filing.received_at_us());
  const auto opened = Merge(filing.delivery_key());
  WallTime from = opened.value_or(at);
  // That of the first attempt, where no entry says when this one was opened.
  if (!opened && filing.attempt_opened_at_us() != 0)
    from = FromMicros(filing.attempt_opened_at_us());
  RecordedAttempt recorded;
  recorded.sequence = entry.sequence();
  recorded.outcome = AttemptOutcome::kReceived;
  recorded.authority = AuthorityOf(entry);
  recorded.attempt = {filing.filing_id(),        AttemptClass::kObserved, false,
                      AttemptFault::kCaseSystem, std::min(from, at),      at};
  Add(std::move(recorded), filing.delivery_key());
}

void CourtObserver::Add(RecordedAttempt attempt, const std::string& delivery_key, bool opened) {
  const bool at_the_filing = !question_.request.empty() && !delivery_key.empty();
  if (attempt.attempt.not_before > question_.window.to) return;
  if (attempt.attempt.not_after < question_.window.from && !at_the_filing) {
    LeaveOut(attempt, delivery_key);
    return;
  }
  if (attempts_.size() >= kObservationsMax) {
    too_many_ = true;
    return;
  }
  attempt.attempt.record = "journal entry " + std::to_string(attempt.sequence);
  if (!delivery_key.empty()) {
    // Through whatever system, those at the filing asked about are of one.
    const std::string& key = at_the_filing ? question_.request.str() : delivery_key;
    attempt.attempt.filing =
        filings_.emplace(key, std::to_string(filings_.size() + 1)).first->second;
    if (opened) opened_[delivery_key] = attempts_.size();
  }
  attempts_.push_back({std::move(attempt)});
}

// As for those in the window (WeighedAttempt::MayHaveMetTrouble): why one failed does not matter
// where the court was available.
void CourtObserver::LeaveOut(const RecordedAttempt& attempt, const std::string& delivery_key) {
  // What was received is not tried again.
  if (attempt.outcome == AttemptOutcome::kReceived) {
    if (delivery_key.empty()) return;
    left_out_.erase(delivery_key);
    left_out_available_.erase(delivery_key);
    return;
  }
  if (!MayBeFirst(attempt)) return;
  const TimeSpan when{attempt.attempt.not_before, attempt.attempt.not_after};
  const auto same = left_out_available_.find(delivery_key);
  const bool is_full = left_out_available_.size() >= kObservationsMax;
  if (attempt.attempt.fault != AttemptFault::kNotKnown || !WasAvailableAt(when) ||
      (is_full && same == left_out_available_.end())) {
    MayHaveMetTrouble(delivery_key);
    return;
  }
  left_out_until_ = std::max(left_out_until_, when.to);
  if (is_full) {
    same->second = {std::min(same->second.from, when.from), std::max(same->second.to, when.to)};
  } else {
    left_out_available_.emplace(delivery_key, when);
  }
}

// Of a stretch that goes on KeepAvailable looks again when it ends.
bool CourtObserver::WasAvailableAt(TimeSpan when) const {
  if (state_ == State::kAvailable) return available_from_ <= when.from;
  return last_good_ && available_from_ <= when.from && when.to <= *last_good_;
}

void CourtObserver::MayHaveMetTrouble(const std::string& delivery_key) {
  const bool has_room = left_out_.size() < kObservationsMax || left_out_.contains(delivery_key);
  left_out_.insert(has_room ? delivery_key : std::string());
}

void CourtObserver::MayHaveBeenAway(TimeSpan when) {
  for (auto each = left_out_available_.begin(); each != left_out_available_.end();) {
    if (when.from < each->second.to && each->second.from < when.to) {
      MayHaveMetTrouble(each->first);
      each = left_out_available_.erase(each);
    } else {
      ++each;
    }
  }
}

bool CourtObserver::MayBeTheFiling(const std::string& system,
                                   const std::string& delivery_key) const {
  return question_.request.empty() || delivery_key.empty() ||
         delivery_key == DeliveryKey(SystemName(system), question_.request).view();
}

std::optional<WallTime> CourtObserver::Merge(const std::string& delivery_key) {
  const auto opened = opened_.find(delivery_key);
  if (opened == opened_.end()) return std::nullopt;
  Attempt& last = attempts_[opened->second];
  last.merged = true;
  opened_.erase(opened);
  return last.recorded.attempt.not_before;
}

}  // namespace nightbox
