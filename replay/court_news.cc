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

// Wishes passed on after one probe.
constexpr std::size_t kAtOnce = 16;

// Nothing is wrong with the word: the committer has no room, or the process is about to restart.
bool IsOfTheMoment(const Error& why) {
  return why.code == ErrorCode::kResourceExhausted || why.reason == "OUTCOME_UNKNOWN";
}

// The answer comes when the case system is there again, or from an endpoint that does not lag: the
// case system has the filing, or there would be nothing to pass on.
bool MayStillBeTaken(ErrorCode code) {
  return code == ErrorCode::kUnavailable || code == ErrorCode::kCancelled ||
         code == ErrorCode::kNotFound;
}

}  // namespace

Result<void> CourtNews::Start() {
  on_disk_from_ = 0;
  return ReadWishes(*parts_.view());
}

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
  if (withdrawals_.contains(filing_sequence)) return;
  if (withdrawals_.size() < parts_.withdrawals_max) {
    withdrawals_.insert(filing_sequence);
  } else {
    on_disk_from_ = std::min(on_disk_from_, filing_sequence);
  }
}

Result<void> CourtNews::ReadWishes(const View& view) {
  const std::size_t room = parts_.withdrawals_max - withdrawals_.size();
  if (on_disk_from_ == kNothingOnDisk || room == 0) return {};
  const auto after = on_disk_from_ == 0 ? std::nullopt : std::optional(on_disk_from_ - 1);
  NB_ASSIGN_OR_RETURN(const auto wishes, view.ListWithdrawals(after, room));
  on_disk_from_ = wishes.size() < room ? kNothingOnDisk : wishes.back() + 1;
  withdrawals_.insert(wishes.begin(), wishes.end());
  return {};
}

void CourtNews::PassOn(CaseSystemPort& port, const std::function<bool(const CourtId&)>& serves) {
  const auto view = parts_.view();
  if (const auto read = ReadWishes(*view); !read) {
    Log(LogLevel::kError, "the wishes to withdraw cannot be read", {{"why", read.error().message}});
  }
  std::vector<std::uint64_t> chosen;
  for (auto next = withdrawals_.begin();
       next != withdrawals_.end() && chosen.size() + passing_on_.size() < kAtOnce;) {
    const auto state = FindState(*view, *next);
    if (!state) {  // Not the others' trouble.
      ++next;
      continue;
    }
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
          if (!alive.expired()) PassedOn(filing_sequence, answer);
        });
      });
}

void CourtNews::PassedOn(std::uint64_t filing_sequence, const Result<CourtRecord>& answer) {
  if (answer) {
    passing_on_.erase(filing_sequence);
    withdrawals_.erase(filing_sequence);
    // Without a cursor: a watch may be anywhere.
    parts_.commit(ChangeReview{*answer, "", ""}, [](const Result<Outcome>&) {});
    return;
  }
  if (MayStillBeTaken(answer.error().code)) {
    passing_on_.erase(filing_sequence);
    return;
  }
  Log(LogLevel::kWarning, "the case system does not take a withdrawal",
      {{"filing_sequence", filing_sequence}, {"code", ToString(answer.error().code)}});
  // A filer must not go on reading that the court was asked. Forgotten before and not after the
  // commit: the filer may wish again in the same one.
  withdrawals_.erase(filing_sequence);
  parts_.commit(DropWithdrawal{filing_sequence},
                [this, filing_sequence](const Result<Outcome>& outcome) {
                  passing_on_.erase(filing_sequence);
                  if (outcome || outcome.error().code == ErrorCode::kFailedPrecondition) return;
                  WantsWithdrawal(filing_sequence);  // It is asked again, and this told again.
                });
}

}  // namespace nightbox
