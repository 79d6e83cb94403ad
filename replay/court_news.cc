#include "replay/court_news.h"

#include <utility>
#include <vector>

#include "core/log.h"
#include "store/key_reader.h"
#include "store/keys.h"

namespace nightbox {
namespace {

// Wishes passed on after one probe.
constexpr std::size_t kAtOnce = 16;

// Nothing is wrong with the word: the committer has no room, or the process is about to restart.
bool IsOfTheMoment(const Error& why) {
  return why.code == ErrorCode::kResourceExhausted || why.reason == "OUTCOME_UNKNOWN";
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

void CourtNews::WantsWithdrawal(std::uint64_t filing_sequence) {
  if (withdrawals_.size() < kWithdrawalsMax) withdrawals_.insert(filing_sequence);
}

void CourtNews::PassOn(CaseSystemPort& port, const std::function<bool(const CourtId&)>& serves) {
  if (withdrawals_.empty()) return;
  const auto view = parts_.view();
  std::vector<std::uint64_t> chosen;
  for (auto next = withdrawals_.begin();
       next != withdrawals_.end() && chosen.size() + passing_on_.size() < kAtOnce;) {
    const auto state = FindState(*view, *next);
    if (!state) return;
    if (!*state || !(*state)->withdrawal_requested || ClassOf(**state) != BalanceClass::kPending) {
      next = withdrawals_.erase(next);  // The court has decided.
      continue;
    }
    if (serves((*state)->court) && !passing_on_.contains(*next)) chosen.push_back(*next);
    ++next;
  }
  for (const std::uint64_t sequence : chosen) PassOn(port, sequence);
}

void CourtNews::PassOn(CaseSystemPort& port, std::uint64_t filing_sequence) {
  const auto state = FindState(*parts_.view(), filing_sequence);
  if (!state || !*state) return;
  passing_on_.insert(filing_sequence);
  const std::weak_ptr<bool> alive = alive_;
  port.RequestWithdrawal(
      (*state)->delivery_key, (*state)->reason,
      [this, alive, post = parts_.post, filing_sequence](Result<CourtRecord> answer) {
        post([this, alive, filing_sequence, answer = std::move(answer)] {
          if (alive.expired()) return;
          passing_on_.erase(filing_sequence);
          if (answer) {
            withdrawals_.erase(filing_sequence);
            // Without a cursor: a watch may be anywhere.
            parts_.commit(ChangeReview{*answer, "", ""}, [](const Result<Outcome>&) {});
            return;
          }
          const ErrorCode code = answer.error().code;
          // "Not found" comes from a group that lags: the case system has it, or there would be
          // nothing to pass on.
          if (code == ErrorCode::kUnavailable || code == ErrorCode::kCancelled ||
              code == ErrorCode::kNotFound) {
            return;
          }
          withdrawals_.erase(filing_sequence);
          Log(LogLevel::kWarning, "the case system does not take a withdrawal",
              {{"filing_sequence", filing_sequence}, {"code", ToString(code)}});
        });
      });
}

}  // namespace nightbox
