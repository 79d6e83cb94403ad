#include "gateway/court_reach.h"

namespace nightbox {

void CourtReachTable::Set(const CourtReach& reach) {
  const std::lock_guard lock(mutex_);
  reach_.insert_or_assign(reach.court, reach);
}

void CourtReachTable::SetKnown(std::map<CourtId, KnownAvailability> known) {
  const std::lock_guard lock(mutex_);
  known_ = std::move(known);
}

CourtReach CourtReachTable::Of(const CourtId& court, WallTime now) const {
  const std::lock_guard lock(mutex_);
  const auto found = reach_.find(court);
  CourtReach reach = found == reach_.end()
                         ? CourtReach{court, CourtReach::State::kUnknown, std::nullopt}
                         : found->second;
  if (Look(court, now).state == Availability::kUnknown) reach.state = CourtReach::State::kUnknown;
  return reach;
}

std::optional<bool> CourtReachTable::Reachable(const CourtId& court, WallTime now) const {
  const Availability state = Held(court, now).known.state;
  if (state == Availability::kUnknown) return std::nullopt;
  return state == Availability::kAvailable;
}

HeldAvailability CourtReachTable::Held(const CourtId& court, WallTime now) const {
  const std::vector<CourtId> path = directory_.StatusPath(court);
  const std::lock_guard lock(mutex_);
  HeldAvailability own{Look(court, now), court};
  if (apart_.contains(court)) return own;
  for (const CourtId& above : path) {
    if (above == court) continue;
    const KnownAvailability shared = Look(above, now);
    if (shared.state == Availability::kUnknown) continue;
    // Seen in one look they have one time; another is not to be shown as this court's.
    const bool other = own.known.state != Availability::kUnknown &&
                       (own.known.state != shared.state || own.known.since != shared.since);
    return other ? own : HeldAvailability{shared, above};
  }
  return own;
}

KnownAvailability CourtReachTable::Look(const CourtId& court, WallTime now) const {
  const auto found = known_.find(court);
  if (found == known_.end()) return {};
  KnownAvailability known = found->second;
  // Whoever writes here marks old news as such; should it not come to that, they are old all the
  // same.
  if (known.state != Availability::kUnknown && now - *known.checked_at > fresh_) {
    known.state = Availability::kUnknown;
    known.since = *known.checked_at + fresh_;
  }
  return known;
}

}  // namespace nightbox
