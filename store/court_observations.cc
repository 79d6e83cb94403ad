#include "store/court_observations.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "nightbox/journal/v1/journal.pb.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::journal::v1;

// As docs/formats/journal.md has them.
constexpr std::string_view kDelivery = "delivery";
constexpr std::string_view kRestarted = "gateway-restarted";

// More than any clock was ever wrong by; a damaged record may say anything.
constexpr std::int64_t kStepMaxUs = std::int64_t{100} * 366 * 24 * 3600 * 1'000'000;

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

// Where the unavailability that the instant lies in, or may lie in, begins, as far as was seen; the
// instant itself where there is none.
WallTime BeginningOf(const Observations& seen, WallTime at) {
  if (!seen.observed_from || at < *seen.observed_from) return WallTime::min();
  WallTime beginning = at;
  for (const UnavailableInterval& each : seen.unavailable) {
    if (each.first_good && *each.first_good <= at) continue;
    beginning = std::min(beginning, each.last_good.value_or(WallTime::min()));
  }
  for (const UnknownGap& gap : seen.gaps) {
    if (gap.to > at) beginning = std::min(beginning, gap.from);
  }
  return beginning;
}

}  // namespace

std::optional<CourtQuestion> FurtherBack(const CourtQuestion& question,
                                         const CourtObservations& found) {
  if (question.user.empty()) return std::nullopt;
  const WallTime begins = found.window.from;
  WallTime from = std::max(BeginningOf(found.seen, begins), question.window.from - kLookBackMax);
  // There is nothing before the first entry.
  from = std::max(from, found.first_entry_at.value_or(begins));
  for (const RecordedAttempt& each : found.attempts) from = std::min(from, each.attempt.not_before);
  if (from >= begins) return std::nullopt;
  CourtQuestion further = question;
  further.window.from = from;
  return further;
}

CourtObserver::CourtObserver(CourtQuestion question) : question_(std::move(question)) {}

void CourtObserver::See(const pb::Entry& entry) {
  if (entry.sequence() > next_sequence_) Missed(entry.sequence() - next_sequence_);
  next_sequence_ = entry.sequence() + 1;
  ++found_.entries;
  if (!found_.first_entry_at) found_.first_entry_at = FromMicros(entry.committed_at_us());
  switch (entry.kind()) {
    case pb::ENTRY_KIND_AVAILABILITY_CHANGED:
      SeeChange(entry);
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
  if (question_.alone_within) found_.court_named = KnownWithin(*question_.alone_within);
  found_.window = question_.window;
  if (!question_.user.empty()) SayWhatIsUnseen();
  return std::move(found_);
}

void CourtObserver::SayWhatIsUnseen() {
  found_.seen.attempts_missing = found_.entries_missing > 0;
  // What the window begins in may have been met before, by an attempt that was left out.
  const bool begins_before =
      found_.first_entry_at && *found_.first_entry_at < question_.window.from &&
      BeginningOf(found_.seen, question_.window.from) < question_.window.from;
  // Of those known to be at the filing asked about none is left out.
  const bool left_out = question_.request.empty() ? EarlierLeftOut() : left_out_.contains("");
  if (begins_before || left_out) found_.seen.attempts_from = question_.window.from;
}

// Whether one that was left out may be of a filing of which one was not.
bool CourtObserver::EarlierLeftOut() const {
  if (left_out_.empty() || found_.attempts.empty()) return false;
  const auto of_none = [](const RecordedAttempt& each) { return each.attempt.filing.empty(); };
  return left_out_.contains("") || std::ranges::any_of(found_.attempts, of_none) ||
         std::ranges::any_of(filings_,
                             [&](const auto& filing) { return left_out_.contains(filing.first); });
}

bool CourtObserver::IsTheCourt(const std::string& court) {
  const bool is = court == question_.court.str();
  found_.court_named = found_.court_named || is;
  return is;
}

// Whether a state of it was surely seen there.
bool CourtObserver::KnownWithin(TimeSpan span) const {
  const auto available = [&](const AvailableStretch& each) {
    return each.from <= span.to && span.from <= each.to;
  };
  const auto unavailable = [&](const UnavailableInterval& each) {
    return each.first_bad <= span.to && span.from <= each.last_bad;
  };
  return std::ranges::any_of(found_.seen.available, available) ||
         std::ranges::any_of(found_.seen.unavailable, unavailable);
}

// A change that names no court is of all that are delivered to. Whether one with a case system of
// its own is among them only a change that names it shows, and only until nothing is known of it:
// the next start may be with another configuration.
bool CourtObserver::ChangesIt(const std::string& court) {
  const bool is_the_court = IsTheCourt(court);
  const bool is = question_.state_of.empty() ? is_the_court : court == question_.state_of.str();
  found_.state_named = found_.state_named || is;
  const bool of_all = !question_.alone_within || state_ != State::kNothingKnown;
  return is || (court.empty() && of_all);
}

void CourtObserver::SeeChange(const pb::Entry& entry) {
  const pb::AvailabilityChanged& change = entry.availability_changed();
  if (change.service() != kDelivery) return;
  if (!ChangesIt(change.court_id())) return;
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
  available_by_ = "journal entry " + std::to_string(entry.sequence());
}

void CourtObserver::Turn(State state, WallTime old_seen, WallTime new_seen,
                         const std::string& cause) {
  if (state_ == State::kAvailable) {
    last_good_ = old_seen;
    KeepAvailable(old_seen);
  }
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
    available_from_ = new_seen;
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
    if (state_ == State::kAvailable) KeepAvailable(until);
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

// The stretches are for naming records only: what is too much is left out.
void CourtObserver::KeepAvailable(WallTime to) {
  if (left_out_until_ > to) MayHaveBeenAway({to, WallTime::max()});
  if (to < question_.window.from || available_from_ > question_.window.to ||
      found_.seen.available.size() >= kObservationsMax)
    return;
  found_.seen.available.push_back({available_from_, std::max(available_from_, to), available_by_});
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
    MayHaveBeenAway(doubt);
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

}  // namespace nightbox
