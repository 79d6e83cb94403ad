#include "replay/planner.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/check.h"

namespace nightbox {
namespace {

constexpr char kBreaksOff[] = "its deliveries break off, while others pass";

// The filing's own delay grows with each, up to its cap.
void CountTry(CourtQueue::Entry& entry) {
  entry.tries = std::min<std::uint32_t>(entry.tries + 1, 64);
}

}  // namespace

Planner::Planner(PlannerOptions options, Random& random, BootTime now)
    : options_(std::move(options)),
      random_(random),
      reach_(options_, random_, now),
      memory_(options_, reach_.courts()) {}

// ---- What happened ----

void Planner::CourtHasRunnable(const CourtId& court_id, BootTime now) {
  PlannedCourt& court = reach_.CourtOf(court_id, now);
  court.queue.MayHoldMore();
  court.newest_wanted = true;
}

void Planner::HeadAppeared(const CourtId& court_id, const CaseHead& head, BootTime now) {
  memory_.Appeared(reach_.CourtOf(court_id, now), head, now);
}

void Planner::HeadRemoved(const CourtId& court_id, std::uint64_t filing_sequence) {
  PlannedCourt* court = reach_.Find(court_id);
  if (court == nullptr) return;
  const HeadMemory::Counted counted = memory_.Count(*court);
  court->queue.Removed(filing_sequence);
}

void Planner::HeadsLoaded(const LoadOrder& order, const std::vector<CaseHead>& heads,
                          bool exhausted, BootTime now) {
  memory_.Loaded(reach_.CourtOf(order.court, now), order, heads, exhausted, now);
}

void Planner::DeliveryDone(const DeliverOrder& order, const DeliveryReport& report, BootTime now) {
  PlannedCourt& court = reach_.CourtOf(order.court, now);
  const std::uint64_t sequence = order.filing_sequence;
  NB_CHECK(court.in_flight > 0);
  --court.in_flight;
  Ended(order.endpoint);
  const CourtQueue::Entry& entry = court.queue.At(sequence);
  NB_CHECK(entry.stage == CourtQueue::Stage::kInFlight);
  const bool quick = now - entry.ordered_at <= options_.slow_after;
  const HeadMemory::Counted counted = memory_.Count(court);
  switch (report.fate) {
    case DeliveryFate::kSettled:
      reach_.Passed(court, order.endpoint, /*widen=*/quick, now);
      court.queue.Finished(sequence);
      return;
    case DeliveryFate::kNotRunnable:
      court.queue.Finished(sequence);
      return;
    case DeliveryFate::kNotStarted:
      reach_.EndpointTroubled(order.endpoint, now);
      court.queue.Ready(sequence);
      return;
    case DeliveryFate::kPushback:
      reach_.PushedBack(court, order.endpoint, report.retry_after, now);
      court.queue.Ready(sequence);
      return;
    case DeliveryFate::kCourtAway:
      reach_.CourtAwayAt(court, order.endpoint, now);
      court.queue.Ready(sequence);
      return;
    case DeliveryFate::kUndeliverable:
      Hold(court, sequence, report.reason);
      return;
    case DeliveryFate::kNotRecorded:
      if (Failed(court, sequence)) {
        Hold(court, sequence, "the case system does not take it, while it takes others");
        return;
      }
      Retry(court, sequence, now);
      // One filing's trouble is its own; that of several in a row is the court's.
      court.refused_run.insert(sequence);
      if (court.refused_run.size() >= options_.refusals_max) reach_.CourtRefuses(court, now);
      return;
    case DeliveryFate::kBrokenOff:
    case DeliveryFate::kStalled:
    case DeliveryFate::kUnknownLost:
    case DeliveryFate::kUnknownLate:
      DeliveryBroke(court, order, report.fate, now);
      return;
  }
}

void Planner::DeliveryBroke(PlannedCourt& court, const DeliverOrder& order, DeliveryFate fate,
                            BootTime now) {
  // A connection that broke is the endpoint's trouble. Silence is the court's, until a probe shows
  // that the whole endpoint is silent.
  if (fate == DeliveryFate::kUnknownLost || fate == DeliveryFate::kBrokenOff) {
    reach_.EndpointTroubled(order.endpoint, now);
  } else {
    reach_.CourtTroubled(court, order.endpoint, now);
  }
  const std::uint64_t sequence = order.filing_sequence;
  const bool too_often = Failed(court, sequence);
  const bool known = fate == DeliveryFate::kBrokenOff || fate == DeliveryFate::kStalled;
  if (!known) {
    court.queue.Uncertain(sequence, order.group, now + options_.query_backoff.Wait(0, random_));
  } else if (too_often) {
    Hold(court, sequence, kBreaksOff);
  } else {
    Retry(court, sequence, now);
  }
}

void Planner::QueryDone(const QueryOrder& order, QueryFate fate, BootTime now) {
  PlannedCourt& court = reach_.CourtOf(order.court, now);
  const std::uint64_t sequence = order.filing_sequence;
  Ended(order.endpoint);
  CourtQueue::Entry& entry = court.queue.At(sequence);
  NB_CHECK(entry.stage == CourtQueue::Stage::kAsked);
  const HeadMemory::Counted counted = memory_.Count(court);
  switch (fate) {
    case QueryFate::kSettled:
      reach_.endpoint(order.endpoint).throttle.Succeeded(/*widen=*/true);
      court.queue.Finished(sequence);
      return;
    case QueryFate::kNotFound:
      reach_.endpoint(order.endpoint).throttle.Succeeded(/*widen=*/true);
      // It stays in its group all the same: there the delivery key makes a repetition harmless,
      // even if an earlier try should still creep in.
      if (entry.failures >= options_.hold_after) {
        Hold(court, sequence, kBreaksOff);
      } else {
        Retry(court, sequence, now);
      }
      return;
    case QueryFate::kUnreachable:
      reach_.EndpointTroubled(order.endpoint, now);
      break;
    case QueryFate::kNoAnswer:
      reach_.endpoint(order.endpoint).check_now = true;
      break;
  }
  ++entry.queries;
  court.queue.Uncertain(sequence, entry.head.group,
                        now + options_.query_backoff.Wait(entry.queries, random_));
}

void Planner::ProbeDone(const ProbeOrder& order, const ProbeReport& report, BootTime now) {
  reach_.ProbeDone(order, report, now);
}

void Planner::HoldDone(const HoldOrder& order) {
  PlannedCourt* court = reach_.Find(order.court);
  NB_CHECK(court != nullptr);
  const HeadMemory::Counted counted = memory_.Count(*court);
  if (court->queue.Find(order.filing_sequence) != nullptr) {
    court->queue.Finished(order.filing_sequence);
  }
}

void Planner::HoldFailed(const HoldOrder& order, BootTime now) {
  PlannedCourt* court = reach_.Find(order.court);
  NB_CHECK(court != nullptr);
  const CourtQueue::Entry* entry = court->queue.Find(order.filing_sequence);
  if (entry == nullptr || entry->stage != CourtQueue::Stage::kHolding) return;
  const HeadMemory::Counted counted = memory_.Count(*court);
  CountTry(court->queue.At(order.filing_sequence));
  Retry(*court, order.filing_sequence, now);
}

bool Planner::Failed(PlannedCourt& court, std::uint64_t filing_sequence) {
  CourtQueue::Entry& entry = court.queue.At(filing_sequence);
  // Only a failure since which another filing has passed says something about this one.
  if (entry.failures == 0 || court.successes > entry.success_mark) ++entry.failures;
  entry.success_mark = court.successes;
  CountTry(entry);
  return entry.failures >= options_.hold_after;
}

void Planner::Retry(PlannedCourt& court, std::uint64_t filing_sequence, BootTime now) {
  const std::uint32_t tries = court.queue.At(filing_sequence).tries;
  court.queue.WaitUntil(filing_sequence,
                        now + options_.filing_backoff.Wait(tries > 0 ? tries - 1 : 0, random_));
}

void Planner::Hold(PlannedCourt& court, std::uint64_t filing_sequence, std::string reason) {
  court.queue.Holding(filing_sequence);
  holds_.push_back({court.id, filing_sequence, std::move(reason)});
}

// ---- What to do ----

std::vector<Order> Planner::Poll(BootTime now) {
  std::vector<Order> orders;
  orders.reserve(holds_.size());
  for (HoldOrder& hold : holds_) orders.emplace_back(std::move(hold));
  holds_.clear();
  PlannedCourts& courts = reach_.courts();
  for (auto& [id, court] : courts) {
    const HeadMemory::Counted counted = memory_.Count(court);
    court.queue.Advance(now);
  }
  for (ProbeOrder& probe : reach_.DueProbes(now)) orders.emplace_back(std::move(probe));
  if (paused_) return orders;
  const auto deliverable = [&](const PlannedCourt& court) {
    return reach_.Deliverable(court, now);
  };
  for (LoadOrder& load : memory_.DueLoads(now, deliverable)) orders.emplace_back(std::move(load));
  // One order per court and turn, beginning after the court served last.
  bool given = true;
  while (given && in_flight_ < options_.in_flight_max) {
    given = false;
    auto next = courts.upper_bound(last_served_);
    for (std::size_t i = 0; i < courts.size() && in_flight_ < options_.in_flight_max; ++i) {
      if (next == courts.end()) next = courts.begin();
      PlannedCourt& court = next->second;
      ++next;
      if (PollQuery(court, now, orders) || PollDelivery(court, now, orders)) {
        last_served_ = court.id;
        given = true;
      }
    }
  }
  return orders;
}

bool Planner::PollQuery(PlannedCourt& court, BootTime now, std::vector<Order>& orders) {
  std::optional<std::size_t> endpoint;
  const auto sequence = court.queue.NextUncertain([&](const CourtQueue::Entry& entry) {
    endpoint = reach_.EndpointToAsk(entry.head.group, now);
    return endpoint.has_value();
  });
  if (!sequence) return false;
  court.queue.Asked(*sequence);
  Started(*endpoint);
  orders.emplace_back(QueryOrder{court.id, *sequence, *endpoint});
  return true;
}

bool Planner::PollDelivery(PlannedCourt& court, BootTime now, std::vector<Order>& orders) {
  if (court.in_flight >= court.throttle.Window(now)) return false;
  if (court.queue.uncertain() >= options_.court_uncertain_max) return false;
  if (!reach_.AnyRoom(now)) return false;
  const std::optional<std::size_t> any_group = reach_.EndpointFor(court, "", now);
  std::optional<std::size_t> endpoint;
  const auto sequence = court.queue.Next([&](const CourtQueue::Entry& entry) {
    endpoint =
        entry.head.group.empty() ? any_group : reach_.EndpointFor(court, entry.head.group, now);
    return endpoint.has_value();
  });
  if (!sequence) return false;
  court.queue.InFlight(*sequence, now);
  ++court.in_flight;
  Started(*endpoint);
  orders.emplace_back(
      DeliverOrder{court.id, *sequence, *endpoint, reach_.endpoint(*endpoint).group});
  return true;
}

void Planner::Started(std::size_t endpoint) {
  ++reach_.endpoint(endpoint).in_flight;
  ++in_flight_;
}

void Planner::Ended(std::size_t endpoint) {
  PlannedEndpoint& used = reach_.endpoint(endpoint);
  NB_CHECK(used.in_flight > 0 && in_flight_ > 0);
  --used.in_flight;
  --in_flight_;
}

BootTime Planner::NextWake(BootTime now) const {
  return std::min(reach_.NextWake(now), memory_.NextWake(now));
}

PlannerSnapshot Planner::Snapshot(BootTime now) const {
  PlannerSnapshot snapshot = SnapshotOf(reach_, now);
  snapshot.in_flight = in_flight_;
  snapshot.heads_in_memory = memory_.size();
  snapshot.paused = paused_;
  return snapshot;
}

}  // namespace nightbox
