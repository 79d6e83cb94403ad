#include "replay/planner.h"

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace nightbox {
namespace {

ThrottleOptions ThrottleFor(const PlannerOptions& options, std::size_t window_max) {
  ThrottleOptions throttle;
  throttle.backoff = options.probe_backoff;
  throttle.window_max = window_max;
  throttle.pushback_max = options.pushback_max;
  return throttle;
}

std::uint32_t Bit(std::size_t endpoint) { return std::uint32_t{1} << endpoint; }

// Keeps the count over all courts right, whatever the queue does in between.
class Counted {
 public:
  Counted(std::size_t& total, const CourtQueue& queue)
      : total_(total), queue_(queue), before_(queue.size()) {}
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { total_ = total_ - before_ + queue_.size(); }

 private:
  std::size_t& total_;
  const CourtQueue& queue_;
  const std::size_t before_;
};

constexpr char kBreaksOff[] = "its deliveries break off, while others pass";
// Between two reads of one court's heads, so that no quarrel over memory can keep the loop busy;
// and after one that brought nothing.
constexpr Microseconds kLoadEvery = std::chrono::milliseconds(10);
constexpr Microseconds kLoadPause = std::chrono::seconds(1);
constexpr std::size_t kFewHeads = 16;

}  // namespace

Planner::Court::Court(const CourtId& court, const PlannerOptions& options, BootTime now)
    : id(court),
      throttle(ThrottleFor(options, options.court_window_max), now),
      queue(options.court_heads_max, options.live_age) {}

Planner::Endpoint::Endpoint(std::string endpoint_name, const PlannerOptions& options,
                            BootTime first_try)
    : name(std::move(endpoint_name)),
      throttle(ThrottleFor(options, options.endpoint_window_max), first_try) {}

Planner::Planner(PlannerOptions options, Random& random, BootTime now)
    : options_(std::move(options)), random_(random) {
  NB_CHECK(!options_.endpoints.empty() && options_.endpoints.size() <= 32);
  NB_CHECK(options_.court_heads_max >= 2 && options_.heads_max >= options_.court_heads_max);
  for (const std::string& name : options_.endpoints) {
    // A fleet that starts together after a power cut should not knock together.
    const Microseconds wait = options_.probe_backoff.Wait(0, random_) / 4;
    endpoints_.emplace_back(name, options_, now + wait);
  }
}

// ---- What happened ----

Planner::Court& Planner::CourtOf(const CourtId& court, BootTime now) {
  return courts_.try_emplace(court, court, options_, now).first->second;
}

void Planner::CourtHasRunnable(const CourtId& court_id, BootTime now) {
  Court& court = CourtOf(court_id, now);
  court.queue.MayHoldMore();
  court.newest_wanted = true;
}

void Planner::HeadAppeared(const CourtId& court_id, const CaseHead& head, BootTime now) {
  Court& court = CourtOf(court_id, now);
  if (!head.uncertain && heads_ >= options_.heads_max && !EvictFor(court, 0)) {
    // A live one may still take the place of another of its own court.
    const Counted counted(heads_, court.queue);
    if (head.age >= options_.live_age || !court.queue.EvictOne()) {
      return court.queue.LeaveOnDisk(head.filing_sequence);
    }
  }
  const Counted counted(heads_, court.queue);
  court.queue.Appeared(head, now);
}

void Planner::HeadRemoved(const CourtId& court_id, std::uint64_t filing_sequence) {
  const auto court = courts_.find(court_id);
  if (court == courts_.end()) return;
  const Counted counted(heads_, court->second.queue);
  court->second.queue.Removed(filing_sequence);
}

void Planner::HeadsLoaded(const LoadOrder& order, const std::vector<CaseHead>& heads,
                          bool exhausted, BootTime now) {
  Court& court = CourtOf(order.court, now);
  court.loading = false;
  court.load_not_before = now + kLoadEvery;
  const Counted counted(heads_, court.queue);
  if (order.newest) {
    court.queue.LoadedNewest(heads, now);
    return;
  }
  const std::size_t placed = court.queue.Loaded(order.from, heads, exhausted, now);
  // What is on disk belongs to busy cases, or memory is full: reading it again at once is no use.
  if (placed == 0 && court.queue.more_on_disk()) court.load_not_before = now + kLoadPause;
}

void Planner::DeliveryDone(const DeliverOrder& order, const DeliveryReport& report, BootTime now) {
  Court& court = CourtOf(order.court, now);
  Endpoint& endpoint = endpoints_.at(order.endpoint);
  const std::uint64_t sequence = order.filing_sequence;
  NB_CHECK(court.in_flight > 0 && endpoint.in_flight > 0 && in_flight_ > 0);
  --court.in_flight;
  --endpoint.in_flight;
  --in_flight_;
  const CourtQueue::Entry& entry = court.queue.At(sequence);
  NB_CHECK(entry.stage == CourtQueue::Stage::kInFlight);
  const BootTime ordered_at = entry.ordered_at;
  const Counted counted(heads_, court.queue);
  switch (report.fate) {
    case DeliveryFate::kSettled:
      Passed(court, endpoint, ordered_at, now);
      court.queue.Finished(sequence);
      return;
    case DeliveryFate::kNotRunnable:
      court.queue.Finished(sequence);
      return;
    case DeliveryFate::kNotStarted:
      EndpointTroubled(endpoint, now);
      court.queue.Ready(sequence);
      return;
    case DeliveryFate::kPushback:
      court.throttle.PushedBack(now, report.retry_after);
      endpoint.throttle.Slowed();
      court.queue.Ready(sequence);
      return;
    case DeliveryFate::kCourtAway:
      CourtAwayAt(court, order.endpoint, now);
      court.queue.Ready(sequence);
      return;
    case DeliveryFate::kUndeliverable:
      Hold(court, sequence, report.reason);
      return;
    case DeliveryFate::kNotRecorded: {
      if (Failed(court, sequence)) {
        Hold(court, sequence, "the case system does not take it, while it takes others");
        return;
      }
      Retry(court, sequence, now);
      // One filing's trouble is its own; that of several in a row is the court's.
      court.refused_run.insert(sequence);
      if (court.refused_run.size() >= options_.refusals_max) {
        court.refused_run.clear();
        court.said_away = false;
        court.throttle.Closed(now, random_);
      }
      return;
    }
    case DeliveryFate::kBrokenOff:
    case DeliveryFate::kStalled:
    case DeliveryFate::kUnknownLost:
    case DeliveryFate::kUnknownLate: {
      // A connection that broke is the endpoint's trouble. Silence is the court's, until a probe
      // shows that the whole endpoint is silent: one court that hangs must not stop the others.
      if (report.fate == DeliveryFate::kUnknownLost || report.fate == DeliveryFate::kBrokenOff) {
        EndpointTroubled(endpoint, now);
      } else {
        court.said_away = false;
        court.throttle.Troubled(now, random_);
        endpoint.check_now = true;
      }
      const bool too_often = Failed(court, sequence);
      const bool known = report.fate == DeliveryFate::kBrokenOff ||  //
                         report.fate == DeliveryFate::kStalled;
      if (!known) {
        court.queue.Uncertain(sequence, order.group, now + options_.query_backoff.Wait(0, random_));
      } else if (too_often) {
        Hold(court, sequence, kBreaksOff);
      } else {
        Retry(court, sequence, now);
      }
      return;
    }
  }
}

void Planner::QueryDone(const QueryOrder& order, QueryFate fate, BootTime now) {
  Court& court = CourtOf(order.court, now);
  Endpoint& endpoint = endpoints_.at(order.endpoint);
  const std::uint64_t sequence = order.filing_sequence;
  NB_CHECK(endpoint.in_flight > 0 && in_flight_ > 0);
  --endpoint.in_flight;
  --in_flight_;
  CourtQueue::Entry& entry = court.queue.At(sequence);
  NB_CHECK(entry.stage == CourtQueue::Stage::kAsked);
  const Counted counted(heads_, court.queue);
  switch (fate) {
    case QueryFate::kSettled:
      endpoint.throttle.Succeeded(/*widen=*/true);
      court.queue.Finished(sequence);
      return;
    case QueryFate::kNotFound:
      endpoint.throttle.Succeeded(/*widen=*/true);
      // It stays in its group all the same: there the delivery key makes a repetition harmless,
      // even if an earlier try should still creep in.
      if (entry.failures >= options_.hold_after) {
        Hold(court, sequence, kBreaksOff);
      } else {
        Retry(court, sequence, now);
      }
      return;
    case QueryFate::kUnreachable:
      EndpointTroubled(endpoint, now);
      break;
    case QueryFate::kNoAnswer:
      endpoint.check_now = true;
      break;
  }
  ++entry.queries;
  court.queue.Uncertain(sequence, entry.head.group,
                        now + options_.query_backoff.Wait(entry.queries, random_));
}

void Planner::ProbeDone(const ProbeOrder& order, const ProbeReport& report, BootTime now) {
  Endpoint& endpoint = endpoints_.at(order.endpoint);
  endpoint.being_probed = false;
  // Spread, so that gateways that started together drift apart.
  endpoint.next_check =
      now + options_.check_interval / 2 +
      Microseconds(static_cast<std::int64_t>(random_.Below(
          static_cast<std::uint64_t>(std::max<std::int64_t>(1, options_.check_interval.count())))));
  for (const CourtId& id : order.courts) {
    if (const auto court = courts_.find(id); court != courts_.end()) {
      court->second.being_probed = false;
    }
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
    const auto found = courts_.find(id);
    if (found == courts_.end()) continue;
    Court& court = found->second;
    if (!available.contains(id)) {
      CourtAwayAt(court, order.endpoint, now);
      continue;
    }
    court.reachable_by |= Bit(order.endpoint);
    // A court that said itself that it was away may say itself that it is back. One that failed
    // while it called itself available waits for its turn.
    if (court.said_away || court.throttle.ProbeDue(now)) {
      court.said_away = false;
      court.throttle.Opened();
    }
  }
}

void Planner::HoldDone(const HoldOrder& order) {
  const auto court = courts_.find(order.court);
  NB_CHECK(court != courts_.end());
  const Counted counted(heads_, court->second.queue);
  if (court->second.queue.Find(order.filing_sequence) != nullptr) {
    court->second.queue.Finished(order.filing_sequence);
  }
}

void Planner::Passed(Court& court, Endpoint& endpoint, BootTime ordered_at, BootTime now) {
  const bool widen = now - ordered_at <= options_.slow_after;
  endpoint.throttle.Succeeded(widen);
  court.throttle.Succeeded(widen);
  ++court.successes;
  court.last_success = now;
  court.refused_run.clear();
}

bool Planner::Failed(Court& court, std::uint64_t filing_sequence) {
  CourtQueue::Entry& entry = court.queue.At(filing_sequence);
  // Only a failure since which another filing has passed says something about this one.
  if (entry.failures == 0 || court.successes > entry.success_mark) ++entry.failures;
  entry.success_mark = court.successes;
  entry.tries = std::min<std::uint32_t>(entry.tries + 1, 64);
  return entry.failures >= options_.hold_after;
}

void Planner::Retry(Court& court, std::uint64_t filing_sequence, BootTime now) {
  const std::uint32_t tries = court.queue.At(filing_sequence).tries;
  court.queue.WaitUntil(filing_sequence,
                        now + options_.filing_backoff.Wait(tries > 0 ? tries - 1 : 0, random_));
}

void Planner::Hold(Court& court, std::uint64_t filing_sequence, std::string reason) {
  court.queue.Holding(filing_sequence);
  holds_.push_back({court.id, filing_sequence, std::move(reason)});
}

void Planner::EndpointTroubled(Endpoint& endpoint, BootTime now) {
  endpoint.throttle.Troubled(now, random_);
  endpoint.check_now = true;
}

void Planner::CourtAwayAt(Court& court, std::size_t endpoint, BootTime now) {
  court.reachable_by &= ~Bit(endpoint);
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    if (!Healthy(i) || (court.reachable_by & Bit(i)) == 0) continue;
    if (court.throttle.ProbeDue(now)) court.throttle.Opened();  // Another endpoint serves it.
    return;
  }
  const bool first_word = court.throttle.state() != ReachState::kBackingOff;
  court.said_away = true;
  if (first_word || court.throttle.ProbeDue(now)) court.throttle.Closed(now, random_);
}

// ---- What to do ----

bool Planner::Healthy(std::size_t endpoint) const {
  return endpoints_[endpoint].throttle.state() != ReachState::kBackingOff;
}

bool Planner::Deliverable(const Court& court, BootTime now) const {
  if (court.throttle.Window(now) == 0) return false;
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    if (Healthy(i) && (court.reachable_by & Bit(i)) != 0) return true;
  }
  return false;
}

bool Planner::HasRoom(const Endpoint& endpoint, BootTime now) const {
  return endpoint.in_flight < endpoint.throttle.Window(now);
}

std::optional<std::size_t> Planner::EndpointFor(const Court& court, const std::string& group,
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

std::optional<std::size_t> Planner::EndpointToAsk(const std::string& group, BootTime now) const {
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    if (Healthy(i) && endpoints_[i].group == group && HasRoom(endpoints_[i], now)) return i;
  }
  return std::nullopt;
}

bool Planner::EvictFor(const Court& asking, std::size_t promised) {
  // The court that takes the most memory gives, so that a court that is away with a large backlog
  // cannot keep the others out.
  Court* largest = nullptr;
  for (auto& [id, court] : courts_) {
    if (largest == nullptr || court.queue.size() > largest->queue.size()) largest = &court;
  }
  // Down to equal parts: else two courts would take the same place from each other for ever.
  if (largest == nullptr || largest == &asking) return false;
  if (largest->queue.size() <= asking.queue.size() + promised + 1) return false;
  const Counted counted(heads_, largest->queue);
  return largest->queue.EvictOne();
}

std::vector<Order> Planner::Poll(BootTime now) {
  std::vector<Order> orders;
  orders.reserve(holds_.size());
  for (HoldOrder& hold : holds_) orders.emplace_back(std::move(hold));
  holds_.clear();
  for (auto& [id, court] : courts_) {
    const Counted counted(heads_, court.queue);
    court.queue.Advance(now);
  }
  PollProbes(now, orders);
  if (paused_) return orders;
  PollLoads(now, orders);
  // One order per court and turn, beginning after the court served last.
  bool given = true;
  while (given && in_flight_ < options_.in_flight_max) {
    given = false;
    auto next = courts_.upper_bound(last_served_);
    for (std::size_t i = 0; i < courts_.size() && in_flight_ < options_.in_flight_max; ++i) {
      if (next == courts_.end()) next = courts_.begin();
      Court& court = next->second;
      ++next;
      if (PollQuery(court, now, orders) || PollDelivery(court, now, orders)) {
        last_served_ = court.id;
        given = true;
      }
    }
  }
  return orders;
}

void Planner::PollProbes(BootTime now, std::vector<Order>& orders) {
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    Endpoint& endpoint = endpoints_[i];
    if (endpoint.being_probed) continue;
    const bool healthy = Healthy(i);
    const bool all = healthy ? endpoint.check_now || endpoint.next_check <= now
                             : endpoint.throttle.ProbeDue(now);
    ProbeOrder probe{i, {}};
    if (all) {
      // More courts than one probe may name take turns.
      const std::size_t count = std::min(courts_.size(), options_.probe_courts_max);
      auto next = courts_.begin();
      if (count < courts_.size()) std::advance(next, endpoint.next_court % courts_.size());
      for (std::size_t n = 0; n < count; ++n) {
        if (next == courts_.end()) next = courts_.begin();
        if (options_.serves(i, next->first)) probe.courts.push_back(next->first);
        ++next;
      }
      endpoint.next_court += count;
    } else if (healthy) {
      for (auto& [id, court] : courts_) {
        if (!court.throttle.ProbeDue(now) || court.being_probed) continue;
        if (!options_.serves(i, id)) continue;
        if (probe.courts.size() == options_.probe_courts_max) break;
        probe.courts.push_back(id);
      }
    }
    if (!all && probe.courts.empty()) continue;
    for (const CourtId& id : probe.courts) courts_.at(id).being_probed = true;
    endpoint.being_probed = true;
    endpoint.check_now = false;
    orders.emplace_back(std::move(probe));
  }
}

bool Planner::WantsHeads(const Court& court) const {
  if (court.loading || court.queue.size() >= court.queue.capacity()) return false;
  return court.newest_wanted ||
         (court.queue.more_on_disk() && court.queue.ready_backlog() < options_.load_max / 2);
}

void Planner::PollLoads(BootTime now, std::vector<Order>& orders) {
  std::size_t promised = 0;  // Room given to the orders of this turn.
  for (auto& [id, court] : courts_) {
    if (!WantsHeads(court) || now < court.load_not_before || !Deliverable(court, now)) continue;
    // A court with hardly any heads gets some, even if others must give.
    std::size_t freed = 0;
    while (court.queue.ready() == 0 && heads_ + promised + kFewHeads > options_.heads_max &&
           EvictFor(court, freed)) {
      ++freed;
    }
    const std::size_t used = std::min(options_.heads_max, heads_ + promised);
    std::size_t limit = std::min({options_.load_max, options_.heads_max - used,
                                  court.queue.capacity() - court.queue.size()});
    if (limit == 0) continue;
    LoadOrder load{id, court.newest_wanted, court.queue.cursor(), limit};
    // The filings of the last minutes before a start are live, and stand behind the backlog.
    if (load.newest) load.limit = std::max<std::size_t>(1, limit / 2);
    court.newest_wanted = false;
    court.loading = true;
    promised += load.limit;
    orders.emplace_back(std::move(load));
  }
}

bool Planner::PollQuery(Court& court, BootTime now, std::vector<Order>& orders) {
  std::optional<std::size_t> endpoint;
  const auto sequence = court.queue.NextUncertain([&](const CourtQueue::Entry& entry) {
    endpoint = EndpointToAsk(entry.head.group, now);
    return endpoint.has_value();
  });
  if (!sequence) return false;
  court.queue.Asked(*sequence);
  ++endpoints_[*endpoint].in_flight;
  ++in_flight_;
  orders.emplace_back(QueryOrder{court.id, *sequence, *endpoint});
  return true;
}

bool Planner::PollDelivery(Court& court, BootTime now, std::vector<Order>& orders) {
  if (court.in_flight >= court.throttle.Window(now)) return false;
  if (court.queue.uncertain() >= options_.court_uncertain_max) return false;
  const bool room = std::any_of(endpoints_.begin(), endpoints_.end(),
                                [&](const Endpoint& each) { return HasRoom(each, now); });
  if (!room) return false;
  const std::optional<std::size_t> any_group = EndpointFor(court, "", now);
  std::optional<std::size_t> endpoint;
  const auto sequence = court.queue.Next([&](const CourtQueue::Entry& entry) {
    endpoint = entry.head.group.empty() ? any_group : EndpointFor(court, entry.head.group, now);
    return endpoint.has_value();
  });
  if (!sequence) return false;
  court.queue.InFlight(*sequence, now);
  ++court.in_flight;
  ++endpoints_[*endpoint].in_flight;
  ++in_flight_;
  orders.emplace_back(DeliverOrder{court.id, *sequence, *endpoint, endpoints_[*endpoint].group});
  return true;
}

BootTime Planner::NextWake(BootTime now) const {
  BootTime wake = BootTime::max();
  const auto at = [&](BootTime time) {
    // What is due already and yet not ordered waits for an event, not for time.
    if (time > now) wake = std::min(wake, time);
  };
  for (const Endpoint& endpoint : endpoints_) {
    at(endpoint.throttle.pushed_back_until());
    if (endpoint.being_probed) continue;
    const bool away = endpoint.throttle.state() == ReachState::kBackingOff;
    at(away ? endpoint.throttle.next_try() : endpoint.next_check);
  }
  for (const auto& [id, court] : courts_) {
    at(court.throttle.pushed_back_until());
    if (court.throttle.state() == ReachState::kBackingOff) at(court.throttle.next_try());
    at(court.queue.next_due());
    if (WantsHeads(court)) at(court.load_not_before);
  }
  return wake;
}

PlannerSnapshot Planner::Snapshot(BootTime now) const {
  PlannerSnapshot snapshot;
  snapshot.in_flight = in_flight_;
  snapshot.heads_in_memory = heads_;
  snapshot.paused = paused_;
  BootTime soonest = BootTime::max();
  for (const Endpoint& endpoint : endpoints_) {
    EndpointSnapshot& shown = snapshot.endpoints.emplace_back();
    shown.name = endpoint.name;
    shown.group = endpoint.group;
    shown.state = endpoint.throttle.state();
    shown.window = endpoint.throttle.Window(now);
    shown.in_flight = endpoint.in_flight;
    if (shown.state == ReachState::kBackingOff) {
      shown.next_try = endpoint.throttle.next_try();
      soonest = std::min(soonest, endpoint.throttle.next_try());
    }
  }
  for (const auto& [id, court] : courts_) {
    CourtSnapshot& shown = snapshot.courts.emplace_back();
    shown.court = id;
    shown.state = court.throttle.state();
    shown.window = court.throttle.Window(now);
    shown.in_flight = court.in_flight;
    shown.heads_in_memory = court.queue.size();
    shown.uncertain = court.queue.uncertain();
    shown.more_on_disk = court.queue.more_on_disk();
    shown.last_success = court.last_success;
    if (shown.state == ReachState::kBackingOff) shown.next_try = court.throttle.next_try();
    bool reached = false;
    for (std::size_t i = 0; i < endpoints_.size(); ++i) {
      reached = reached || (Healthy(i) && (court.reachable_by & Bit(i)) != 0);
    }
    if (!reached) {
      // The court's own throttle may be open; without an endpoint that leads to it nothing moves.
      shown.state = ReachState::kBackingOff;
      shown.window = 0;
      if (!shown.next_try && soonest != BootTime::max()) shown.next_try = soonest;
    }
  }
  return snapshot;
}

}  // namespace nightbox
