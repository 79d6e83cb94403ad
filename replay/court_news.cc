#include "replay/court_news.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "core/log.h"
#include "store/key_reader.h"
#include "store/keys.h"

namespace nightbox {
namespace {

// Nothing is wrong with the word: the committer has no room, or the process is about to restart.
bool IsOfTheMoment(const Error& why) {
  return why.code == ErrorCode::kResourceExhausted || why.reason == "OUTCOME_UNKNOWN";
}

// Only the case system itself can refuse for good, and these are its words for it. That a call is
// not allowed or not known is also what a proxy or a firewall on the way says, or an endpoint whose
// certificates or version are being changed; and what is away, or lags behind, will be there again.
bool RefusesForGood(ErrorCode code) {
  return code == ErrorCode::kFailedPrecondition || code == ErrorCode::kInvalidArgument;
}

// The lowest is the oldest, and most likely to have been decided.
bool Remember(std::set<std::uint64_t>& wishes, std::size_t max, std::uint64_t wish) {
  if (wishes.contains(wish)) return false;
  if (wishes.size() >= max) wishes.erase(wishes.begin());
  return wishes.insert(wish).second;
}

}  // namespace

void CourtNews::Reached(CaseSystemPort& port, const std::string& group,
                        const std::function<bool(const CourtId&)>& serves) {
  if (!watched_.contains(group)) {
    if (const auto cursor = parts_.view()->ReadCursor(group)) {
      Watch(port, group, *cursor);
    } else {
      Log(LogLevel::kError, "the cursor of the courts' news cannot be read", {{"group", group}});
    }
  }
  PassOn(port, serves);
}

// ---- News ----

void CourtNews::Watch(CaseSystemPort& port, const std::string& group, const std::string& cursor) {
  watched_.insert(group);
  const std::weak_ptr<bool> alive = alive_;
  const auto post = parts_.post;
  port.Watch(
      cursor,
      [this, alive, post, group](CourtRecord record, std::string next,
                                 CaseSystemPort::Resume resume) {
        post([this, alive, group, record = std::move(record), next = std::move(next),
              resume = std::move(resume)]() mutable {
          if (!alive.expired()) Keep(group, std::move(record), next, resume);
        });
      },
      [this, alive, post, &port, group, cursor](const Error& error) {
        post([this, alive, &port, group, cursor, code = error.code] {
          if (!alive.expired()) Ended(port, group, cursor, code);
        });
      });
}

void CourtNews::Ended(CaseSystemPort& port, const std::string& group, const std::string& cursor,
                      ErrorCode code) {
  watched_.erase(group);
  if (code == ErrorCode::kUnavailable || code == ErrorCode::kCancelled) return;
  if (code == ErrorCode::kInvalidArgument && !cursor.empty()) {
    Log(LogLevel::kWarning,
        "the case system does not know how far its news were heard: again from the start",
        {{"group", group}});
    // What it has lost may be wishes that it had taken.
    taken_.clear();
    return Watch(port, group, "");
  }
  Log(LogLevel::kError, "the case system refuses to tell its news",
      {{"group", group}, {"code", ToString(code)}});
}

void CourtNews::Keep(const std::string& group, CourtRecord record, const std::string& next,
                     const CaseSystemPort::Resume& resume) {
  const Digest delivery_key = record.delivery_key;
  parts_.commit(ChangeReview{std::move(record), group, next},
                [this, group, delivery_key, next, resume](const Result<Outcome>& outcome) {
                  if (!outcome) return Refused(group, delivery_key, next, outcome.error(), resume);
                  not_taken_.erase(group);
                  resume();
                });
}

// Whoever does not call resume() ends the watch; the next begins at the same word.
void CourtNews::Refused(const std::string& group, const Digest& delivery_key,
                        const std::string& next, const Error& why,
                        const CaseSystemPort::Resume& resume) {
  if (IsOfTheMoment(why)) return;
  NotTaken& word = not_taken_[group];
  if (word.cursor != next) word = {next, 0};
  ++word.times;
  const auto filing = FindSequence(*parts_.view(), keys::FilingByDeliveryKey(delivery_key));
  const LogField sequence = filing && *filing ? LogField("filing_sequence", **filing)
                                              : LogField("filing_sequence", "unknown");
  if (word.times < kTriesOfOneWord) {
    return Log(LogLevel::kWarning, "a court's word on a filing could not be journaled",
               {{"group", group}, sequence, {"code", ToString(why.code)}});
  }
  Log(LogLevel::kError, "a court's word on a filing is left out: it cannot be journaled",
      {{"group", group}, sequence, {"code", ToString(why.code)}});
  parts_.commit(ChangeReview{{}, group, next}, [this, group, resume](const Result<Outcome>& moved) {
    if (!moved) return;
    not_taken_.erase(group);
    resume();
  });
}

// ---- Wishes ----

void CourtNews::PassOn(CaseSystemPort& port, const std::function<bool(const CourtId&)>& serves) {
  const auto view = parts_.view();
  Round& round = rounds_[&port];
  const auto after = round.next == 0 ? std::nullopt : std::optional(round.next - 1);
  const auto wishes = view->ListWithdrawals(after, parts_.wishes_looked_at);
  if (!wishes) {
    return Log(LogLevel::kError, "the wishes to withdraw cannot be read",
               {{"why", wishes.error().message}});
  }
  auto wish = wishes->begin();
  for (; wish != wishes->end() && round.under_way < kWishesAtOnce; ++wish) {
    if (taken_.contains(*wish) || passing_on_.contains(*wish)) continue;
    const auto state = FindState(*view, *wish);
    if (!state || !*state) continue;  // Not the others' trouble.
    const FilingState& filing = **state;
    const bool here = serves(filing.court);
    if (here || not_known_.contains(*wish) || !parts_.served(filing.court)) {
      PassOn(port, round, {*wish, filing.delivery_key, filing.reason}, here);
    }
  }
  if (wish != wishes->end()) {
    round.next = *wish;
  } else {
    round.next = wishes->size() < parts_.wishes_looked_at ? 0 : wishes->back() + 1;
  }
}

void CourtNews::PassOn(CaseSystemPort& port, Round& round, const Wish& wish, bool serves) {
  passing_on_.insert(wish.filing_sequence);
  ++round.under_way;
  if (serves) return Request(port, round, wish);
  NotKnown(wish.filing_sequence);
  Ask(port, wish.delivery_key, [this, &port, &round, wish](QueryFate fate) {
    if (fate == QueryFate::kSettled) return Request(port, round, wish);
    --round.under_way;
    passing_on_.erase(wish.filing_sequence);
  });
}

void CourtNews::Request(CaseSystemPort& port, Round& round, const Wish& wish) {
  const std::weak_ptr<bool> alive = alive_;
  port.RequestWithdrawal(
      wish.delivery_key, wish.reason,
      [this, alive, post = parts_.post, &port, &round, wish](Result<CourtRecord> answer) {
        post([this, alive, &port, &round, wish, answer = std::move(answer)] {
          if (!alive.expired()) PassedOn(port, round, wish, answer);
        });
      });
}

void CourtNews::Ask(CaseSystemPort& port, const Digest& delivery_key,
                    std::function<void(QueryFate)> then) {
  const std::weak_ptr<bool> alive = alive_;
  port.Query(delivery_key,
             [alive, post = parts_.post, then = std::move(then)](const QueryAnswer& answer) {
               post([alive, then, fate = answer.fate] {
                 if (!alive.expired()) then(fate);
               });
             });
}

void CourtNews::PassedOn(CaseSystemPort& port, Round& round, const Wish& wish,
                         const Result<CourtRecord>& answer) {
  if (!answer && RefusesForGood(answer.error().code)) {
    return Ask(port, wish.delivery_key,
               [this, &round, sequence = wish.filing_sequence, code = answer.error().code](
                   QueryFate fate) { RefusedForGood(round, sequence, code, fate); });
  }
  --round.under_way;
  passing_on_.erase(wish.filing_sequence);
  if (answer) {
    round.said = false;
    not_known_.erase(wish.filing_sequence);
    Remember(taken_, parts_.wishes_remembered, wish.filing_sequence);
    // Without a cursor: a watch may be anywhere.
    return parts_.commit(ChangeReview{*answer, "", ""}, [](const Result<Outcome>&) {});
  }
  if (answer.error().code == ErrorCode::kNotFound) return NotKnown(wish.filing_sequence);
  if (answer.error().code != ErrorCode::kPermissionDenied || round.said) return;
  round.said = true;
  Log(LogLevel::kWarning, "wishes to withdraw are denied on their way; they are passed on again",
      {{"filing_sequence", wish.filing_sequence}, {"why", answer.error().message}});
}

// A case system that has never had the filing may well say that it cannot be withdrawn.
void CourtNews::RefusedForGood(Round& round, std::uint64_t filing_sequence, ErrorCode code,
                               QueryFate fate) {
  --round.under_way;
  if (fate == QueryFate::kSettled) {
    Log(LogLevel::kWarning, "the case system does not take a withdrawal",
        {{"filing_sequence", filing_sequence}, {"code", ToString(code)}});
    return Drop(filing_sequence);
  }
  passing_on_.erase(filing_sequence);
  if (fate == QueryFate::kNotFound) return NotKnown(filing_sequence);
  if (round.said) return;
  round.said = true;
  Log(LogLevel::kWarning,
      "a withdrawal is refused, and not by one that is known to have the filing; it is passed on "
      "again",
      {{"filing_sequence", filing_sequence}, {"code", ToString(code)}});
}

void CourtNews::NotKnown(std::uint64_t filing_sequence) {
  if (!Remember(not_known_, parts_.wishes_remembered, filing_sequence)) return;
  Log(LogLevel::kWarning,
      "no case system that serves its court knows a filing that is to be withdrawn: all are asked",
      {{"filing_sequence", filing_sequence}});
}

// A filer must not go on reading that the court was asked. What cannot be journaled stays on disk
// as a wish: it is asked again, and this told again.
void CourtNews::Drop(std::uint64_t filing_sequence) {
  taken_.erase(filing_sequence);
  not_known_.erase(filing_sequence);
  parts_.commit(DropWithdrawal{filing_sequence}, [this, filing_sequence](const Result<Outcome>&) {
    passing_on_.erase(filing_sequence);
  });
}

}  // namespace nightbox
