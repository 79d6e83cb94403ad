#include "replay/court_news.h"

#include <utility>
#include <vector>

#include "core/log.h"
#include "store/key_reader.h"

namespace nightbox {
namespace {

// Wishes passed on after one probe.
constexpr std::size_t kAtOnce = 16;

}  // namespace

void CourtNews::Reached(CaseSystemPort& port, const std::string& group,
                        const std::function<bool(const CourtId&)>& serves) {
  if (!watched_.contains(group)) Watch(port, group);
  PassOn(port, serves);
}

void CourtNews::Watch(CaseSystemPort& port, const std::string& group) {
  const auto cursor = parts_.view()->ReadCursor(group);
  if (!cursor) {
    Log(LogLevel::kError, "the cursor of the courts' news cannot be read", {{"group", group}});
    return;
  }
  watched_.insert(group);
  const std::weak_ptr<bool> alive = alive_;
  const auto post = parts_.post;
  port.Watch(
      *cursor,
      [this, alive, post, group](CourtRecord record, std::string next,
                                 CaseSystemPort::Resume resume) {
        post([this, alive, group, record = std::move(record), next = std::move(next),
              resume = std::move(resume)]() mutable {
          if (alive.expired()) return;
          parts_.commit(ChangeReview{std::move(record), group, std::move(next)},
                        [resume = std::move(resume)](const Result<Outcome>& outcome) {
                          // Not taken: without resume the watch ends, and begins again here.
                          if (outcome) resume();
                        });
        });
      },
      [this, alive, post, group](const Error& error) {
        post([this, alive, group, code = error.code] {
          if (alive.expired()) return;
          watched_.erase(group);
          if (code == ErrorCode::kUnavailable || code == ErrorCode::kCancelled) return;
          Log(LogLevel::kError, "the case system refuses to tell its news",
              {{"group", group}, {"code", ToString(code)}});
        });
      });
}

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
