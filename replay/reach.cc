#include "replay/reach.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/check.h"

namespace nightbox {
namespace {

std::uint32_t Bit(std::size_t endpoint) { return std::uint32_t{1} << endpoint; }

}  // namespace

Reach::Reach(const PlannerOptions& options, Random& random, BootTime now)
    : options_(options), random_(random) {
  NB_CHECK(!options_.endpoints.empty() && options_.endpoints.size() <= 32);
  for (const std::string& name : options_.endpoints) {
    // A fleet that starts together after a power cut should not knock together.
    const Microseconds wait = options_.probe_backoff.Wait(0, random_) / 4;
    endpoints_.emplace_back(name, options_, now + wait);
  }
}

PlannedCourt& Reach::CourtOf(const CourtId& court, BootTime now) {
  return courts_.try_emplace(court, court, options_, now).first->second;
}

PlannedCourt* Reach::Find(const CourtId& court) {
  const auto found = courts_.find(court);
  return found == courts_.end() ? nullptr : &found->second;
}

// ---- What can be done ----

bool Reach::Healthy(std::size_t endpoint) const {
  return endpoints_[endpoint].throttle.state() != ReachState::kBackingOff;
}

bool Reach::Reached(const PlannedCourt& court) const {
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    if (Healthy(i) && (court.reachable_by & Bit(i)) != 0) return true;
  }
  return false;
}

bool Reach::Deliverable(const PlannedCourt& court, BootTime now) const {
  return court.throttle.Window(now) > 0 && Reached(court);
}

bool Reach::HasRoom(const PlannedEndpoint& endpoint, BootTime now) const {
  return endpoint.in_flight < endpoint.throttle.Window(now);
}

bool Reach::AnyRoom(BootTime now) const {
  return std::any_of(endpoints_.begin(), endpoints_.end(),
                     [&](const PlannedEndpoint& each) { return HasRoom(each, now); });
}

std::optional<std::size_t> Reach::EndpointFor(const PlannedCourt& court, const std::string& group,
                                              BootTime now) const {
  std::string wanted = group;
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    if (!Healthy(i) || (court.reachable_by & Bit(i)) == 0) continue;
    // A full endpoint is no reason to change the group: only an unreachable one is.
    if (wanted.empty()) wanted = endpoints_[i].group;
    if (endpoints_[i].group == wanted && HasRoom(endpoints_[i], now)) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> Reach::EndpointToAsk(const std::string& group, BootTime now) const {
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    if (Healthy(i) && endpoints_[i].group == group && HasRoom(endpoints_[i], now)) return i;
  }
  return std::nullopt;
}

// ---- What deliveries and questions met ----

void Reach::Passed(PlannedCourt& court, std::size_t endpoint, bool widen, BootTime now) {
  endpoints_.at(endpoint).throttle.Succeeded(widen);
  court.throttle.Succeeded(widen);
  ++court.successes;
  court.last_success = now;
  court.refused_run.clear();
}

void Reach::PushedBack(PlannedCourt& court, std::size_t endpoint, Microseconds retry_after,
                       BootTime now) {
  court.throttle.PushedBack(now, retry_after);
  endpoints_.at(endpoint).throttle.Slowed();
}

void Reach::CourtAwayAt(PlannedCourt& court, std::size_t endpoint, BootTime now) {
  court.reachable_by &= ~Bit(endpoint);
  if (Reached(court)) {
    if (court.throttle.ProbeDue(now)) court.throttle.Opened();  // Another endpoint serves it.
    return;
  }
  const bool first_word = court.throttle.state() != ReachState::kBackingOff;
  court.said_away = true;
  if (first_word || court.throttle.ProbeDue(now)) court.throttle.Closed(now, random_);
}

void Reach::CourtTroubled(PlannedCourt& court, std::size_t endpoint, BootTime now) {
  court.said_away = false;
  court.throttle.Troubled(now, random_);
  endpoints_.at(endpoint).check_now = true;
}

void Reach::CourtRefuses(PlannedCourt& court, BootTime now) {
  court.refused_run.clear();
  court.said_away = false;
  court.throttle.Closed(now, random_);
}

void Reach::EndpointTroubled(std::size_t endpoint, BootTime now) {
  endpoints_.at(endpoint).throttle.Troubled(now, random_);
  endpoints_.at(endpoint).check_now = true;
}

// ---- Probes ----

std::vector<ProbeOrder> Reach::DueProbes(BootTime now) {
  std::vector<ProbeOrder> probes;
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    PlannedEndpoint& endpoint = endpoints_[i];
    if (endpoint.being_probed) continue;
    const bool healthy = Healthy(i);
    const bool all = healthy ? endpoint.check_now || endpoint.next_check <= now
                             : endpoint.throttle.ProbeDue(now);
    if (!all && !healthy) continue;
    ProbeOrder probe{i, all ? CourtsInTurn(i) : CourtsDue(i, now)};
    if (!all && probe.courts.empty()) continue;
    for (const CourtId& id : probe.courts) courts_.at(id).being_probed = true;
    endpoint.being_probed = true;
    endpoint.check_now = false;
    probes.push_back(std::move(probe));
  }
  return probes;
}

std::vector<CourtId> Reach::CourtsInTurn(std::size_t endpoint) {
  std::vector<CourtId> named;
  std::size_t& next_court = endpoints_[endpoint].next_court;
  const std::size_t count = std::min(courts_.size(), options_.probe_courts_max);
  auto next = courts_.begin();
  if (count < courts_.size()) {
    std::advance(next, static_cast<std::ptrdiff_t>(next_court % courts_.size()));
  }
  for (std::size_t n = 0; n < count; ++n) {
    if (next == courts_.end()) next = courts_.begin();
    if (options_.serves(endpoint, next->first)) named.push_back(next->first);
    ++next;
  }
  next_court += count;
  return named;
}

std::vector<CourtId> Reach::CourtsDue(std::size_t endpoint, BootTime now) const {
  std::vector<CourtId> due;
  for (const auto& [id, court] : courts_) {
    if (!court.throttle.ProbeDue(now) || court.being_probed) continue;
    if (!options_.serves(endpoint, id)) continue;
    if (due.size() == options_.probe_courts_max) break;
    due.push_back(id);
  }
  return due;
}

void Reach::ProbeDone(const ProbeOrder& order, const ProbeReport& report, BootTime now) {
  PlannedEndpoint& endpoint = endpoints_.at(order.endpoint);
  endpoint.being_probed = false;
  // Spread, so that gateways that started together drift apart.
  endpoint.next_check =
      now + options_.check_interval / 2 +
      Microseconds(static_cast<std::int64_t>(random_.Below(
          static_cast<std::uint64_t>(std::max<std::int64_t>(1, options_.check_interval.count())))));
  for (const CourtId& id : order.courts) {
    if (PlannedCourt* court = Find(id)) court->being_probed = false;
  }
  if (!report.reachable) {
    endpoint.throttle.Closed(now, random_);
    return;
  }
  // An endpoint that names no group speaks for itself only.
  endpoint.group =
      report.consistency_group.empty() ? "endpoint " + endpoint.name : report.consistency_group;
  endpoint.throttle.Opened();
  const std::set<CourtId> available(report.available.begin(), report.available.end());
  for (const CourtId& id : order.courts) {
    PlannedCourt* court = Find(id);
    if (court == nullptr) continue;
    if (!available.contains(id)) {
      CourtAwayAt(*court, order.endpoint, now);
      continue;
    }
    court->reachable_by |= Bit(order.endpoint);
    // A court that said itself that it was away may say itself that it is back. One that failed
    // while it called itself available waits for its turn.
    if (court->said_away || court->throttle.ProbeDue(now)) {
      court->said_away = false;
      court->throttle.Opened();
    }
  }
}

BootTime Reach::NextWake(BootTime now) const {
  BootTime wake = BootTime::max();
  const auto at = [&](BootTime time) {
    // What is due already and yet not ordered waits for an event, not for time.
    if (time > now) wake = std::min(wake, time);
  };
  for (const PlannedEndpoint& endpoint : endpoints_) {
    at(endpoint.throttle.pushed_back_until());
    if (endpoint.being_probed) continue;
    const bool away = endpoint.throttle.state() == ReachState::kBackingOff;
    at(away ? endpoint.throttle.next_try() : endpoint.next_check);
  }
  for (const auto& [id, court] : courts_) {
    at(court.throttle.pushed_back_until());
    if (court.throttle.state() == ReachState::kBackingOff) at(court.throttle.next_try());
  }
  return wake;
}

}  // namespace nightbox
