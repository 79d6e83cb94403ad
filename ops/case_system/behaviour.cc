#include "ops/case_system/behaviour.h"

#include <fnmatch.h>

#include <algorithm>
#include <boost/json/array.hpp>

namespace nightbox {
namespace {

constexpr std::size_t kReturnsMax = 100;

bool TakeOne(int& count) {
  if (count == 0) return false;
  --count;
  return true;
}

}  // namespace

Result<std::vector<CourtId>> Behaviour::Match(std::string_view pattern) const {
  const std::string text(pattern);
  const Court* named = courts_.Find(CourtId(text));
  const bool circuit = named != nullptr && !named->IsDestination();
  std::vector<CourtId> matched;
  for (const Court& court : courts_.courts()) {
    if (!court.IsDestination()) continue;
    // A circuit's courts are those of the table: an id may name the circuit its county has left.
    if (circuit ? court.circuit == named->circuit && !court.own_system
                : fnmatch(text.c_str(), court.id.str().c_str(), 0) == 0) {
      matched.push_back(court.id);
    }
  }
  if (!matched.empty()) return matched;
  std::string message = "no court matches";
  for (const CourtId& near : courts_.Suggest(CourtId(text))) message += "; is it " + near.str();
  return Error{ErrorCode::kInvalidArgument, message, "COURT_UNKNOWN"};
}

Result<int> Behaviour::SetAway(std::string_view pattern, bool away) {
  NB_ASSIGN_OR_RETURN(const auto matched, Match(pattern));
  const std::lock_guard lock(mutex_);
  for (const CourtId& court : matched) {
    if (away) {
      away_.insert(court);
    } else {
      away_.erase(court);
    }
  }
  return static_cast<int>(matched.size());
}

bool Behaviour::IsAway(const CourtId& court) const {
  const std::vector<CourtId> path = courts_.StatusPath(court);
  const std::lock_guard lock(mutex_);
  return std::ranges::any_of(path, [this](const CourtId& each) { return away_.contains(each); });
}

Result<int> Behaviour::SetReview(std::string_view pattern, ReviewMode mode) {
  NB_ASSIGN_OR_RETURN(const auto matched, Match(pattern));
  const std::lock_guard lock(mutex_);
  for (const CourtId& court : matched) review_[court] = mode;
  return static_cast<int>(matched.size());
}

Result<int> Behaviour::ReturnNext(std::string_view pattern, std::string_view reason) {
  if (reason.empty()) {
    return Error{ErrorCode::kInvalidArgument, "a return needs a reason", "COMMAND"};
  }
  NB_ASSIGN_OR_RETURN(const auto matched, Match(pattern));
  const std::lock_guard lock(mutex_);
  for (const CourtId& court : matched) {
    if (returns_[court].size() >= kReturnsMax) {
      return Error{ErrorCode::kResourceExhausted, "100 returns are waiting already", "COMMAND"};
    }
    returns_[court].emplace_back(reason);
  }
  return static_cast<int>(matched.size());
}

Disposition Behaviour::Take(const CourtId& court, WallTime now) {
  const std::lock_guard lock(mutex_);
  if (const auto ordered = returns_.find(court);
      ordered != returns_.end() && !ordered->second.empty()) {
    Disposition disposition{Disposition::Kind::kReturn, std::nullopt, ordered->second.front()};
    ordered->second.erase(ordered->second.begin());
    return disposition;
  }
  const auto mode = review_.find(court);
  if (mode == review_.end() || mode->second.kind == ReviewMode::Kind::kDocketAtOnce) return {};
  Disposition disposition{Disposition::Kind::kReview, std::nullopt, {}};
  if (mode->second.kind == ReviewMode::Kind::kReviewAfter) {
    disposition.review_due = now + mode->second.after;
  }
  return disposition;
}

void Behaviour::GiveBack(const CourtId& court, const Disposition& disposition) {
  if (disposition.kind != Disposition::Kind::kReturn) return;
  const std::lock_guard lock(mutex_);
  auto& waiting = returns_[court];
  waiting.insert(waiting.begin(), disposition.reason);
}

void Behaviour::SetDelay(std::chrono::milliseconds delay) {
  const std::lock_guard lock(mutex_);
  delay_ = delay;
}

std::chrono::milliseconds Behaviour::Delay() const {
  const std::lock_guard lock(mutex_);
  return delay_;
}

void Behaviour::SetErrors(int count) {
  const std::lock_guard lock(mutex_);
  errors_ = count;
}

bool Behaviour::TakeError() {
  const std::lock_guard lock(mutex_);
  return TakeOne(errors_);
}

void Behaviour::SetLostAnswers(int count) {
  const std::lock_guard lock(mutex_);
  lost_answers_ = count;
}

bool Behaviour::TakeLostAnswer() {
  const std::lock_guard lock(mutex_);
  return TakeOne(lost_answers_);
}

void Behaviour::SetCrashAfterCommit() {
  const std::lock_guard lock(mutex_);
  crash_after_commit_ = true;
}

bool Behaviour::TakeCrashAfterCommit() {
  const std::lock_guard lock(mutex_);
  return std::exchange(crash_after_commit_, false);
}

boost::json::object Behaviour::Describe() const {
  const std::lock_guard lock(mutex_);
  boost::json::object described;
  boost::json::array away;
  for (const CourtId& court : away_) away.emplace_back(court.str());
  described["away"] = std::move(away);
  std::int64_t returns = 0;
  for (const auto& [court, reasons] : returns_) {
    returns += static_cast<std::int64_t>(reasons.size());
  }
  described["returns_ordered"] = returns;
  described["slow_ms"] = delay_.count();
  described["errors"] = errors_;
  described["lost_answers"] = lost_answers_;
  described["crash_after_commit"] = crash_after_commit_;
  return described;
}

}  // namespace nightbox
