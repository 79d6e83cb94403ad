#include "gateway/court_reach.h"

namespace nightbox {
namespace {

bool IsReachable(CourtReach::State state) {
  return state == CourtReach::State::kProbing || state == CourtReach::State::kFlowing;
}

}  // namespace

void CourtReachTable::Set(const CourtReach& reach, WallTime checked_at) {
  const std::lock_guard lock(mutex_);
  const auto [row, made] = rows_.try_emplace(reach.court, Row{reach, checked_at, checked_at});
  if (made) return;
  if (IsReachable(row->second.reach.state) != IsReachable(reach.state))
    row->second.since = checked_at;
  row->second.reach = reach;
  row->second.checked_at = checked_at;
}

CourtReach CourtReachTable::Of(const CourtId& court) const {
  const std::lock_guard lock(mutex_);
  const auto row = rows_.find(court);
  return row == rows_.end() ? CourtReach{court, CourtReach::State::kUnknown, std::nullopt}
                            : row->second.reach;
}

std::optional<bool> CourtReachTable::Reachable(const CourtId& court, WallTime now) const {
  const std::lock_guard lock(mutex_);
  const auto row = rows_.find(court);
  if (row == rows_.end() || row->second.reach.state == CourtReach::State::kUnknown ||
      now - row->second.checked_at > kFresh) {
    return std::nullopt;
  }
  return IsReachable(row->second.reach.state);
}

std::optional<WallTime> CourtReachTable::Since(const CourtId& court) const {
  const std::lock_guard lock(mutex_);
  const auto row = rows_.find(court);
  return row == rows_.end() ? std::nullopt : std::optional(row->second.since);
}

std::optional<WallTime> CourtReachTable::LastChecked(const CourtId& court) const {
  const std::lock_guard lock(mutex_);
  const auto row = rows_.find(court);
  return row == rows_.end() ? std::nullopt : std::optional(row->second.checked_at);
}

}  // namespace nightbox
