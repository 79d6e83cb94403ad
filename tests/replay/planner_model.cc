#include "tests/replay/planner_model.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "core/check.h"

namespace nightbox {

PlannerModel::PlannerModel(PlannerOptions options, std::vector<std::string> courts,
                           std::uint64_t seed)
    : options_(std::move(options)),
      courts_(std::move(courts)),
      random_(seed),
      planner_random_(seed ^ 0x9e3779b97f4a7c15),
      runnable_(courts_.size()) {
  deliver = [](const Filing&, std::size_t, BootTime) {
    return Answer{{DeliveryFate::kSettled}, std::chrono::milliseconds(50), true};
  };
  query = [](const Filing& filing, std::size_t, BootTime) {
    return filing.recorded ? QueryFate::kSettled : QueryFate::kNotFound;
  };
  reachable = [](std::size_t, BootTime) { return true; };
  available = [](const CourtId&, std::size_t, BootTime) { return true; };
  group_of = [](std::size_t) { return std::string("main"); };
  Restart();
}

void PlannerModel::Restart() {
  ++life_;
  in_flight = 0;
  planner_ = std::make_unique<Planner>(options_, planner_random_, now_);
  for (const std::string& court : courts_) planner_->CourtHasRunnable(CourtId(court), now_);
  for (Filing& filing : filings_) {
    filing.in_flight = false;
    if (filing.state != State::kUncertain) continue;
    planner_->HeadAppeared(CourtId(courts_[filing.court]), HeadOf(filing), now_);
  }
}

CaseHead PlannerModel::HeadOf(const Filing& filing) const {
  CaseHead head;
  std::memcpy(head.case_key.bytes.data(), &filing.case_number, sizeof(filing.case_number));
  head.case_key.bytes[31] = static_cast<std::uint8_t>(filing.court);
  head.filing_sequence = filing.sequence;
  head.age = now_ - filing.received;
  head.uncertain = filing.state == State::kUncertain;
  if (head.uncertain) head.group = filing.group;
  return head;
}

std::uint64_t PlannerModel::FileQuietly(std::size_t court, std::uint64_t case_number) {
  const std::uint64_t sequence = filings_.size();
  Filing& filing = filings_.emplace_back();
  filing.sequence = sequence;
  filing.court = court;
  filing.case_number = case_number != 0 ? case_number * 1024 + court : (1ULL << 60) + sequence;
  filing.received = now_;
  ++unsettled_;
  if (case_number == 0) {
    runnable_[court].insert(runnable_[court].end(), sequence);
    return sequence;
  }
  const auto [tail, first] = tail_of_case_.try_emplace(filing.case_number, sequence);
  Filing* last = first ? nullptr : &filings_[tail->second];
  if (last == nullptr || last->state == State::kSettled) {
    runnable_[court].insert(sequence);
  } else {
    last->next_of_case = sequence;
  }
  tail->second = sequence;
  return sequence;
}

std::uint64_t PlannerModel::File(std::size_t court, std::uint64_t case_number) {
  const std::uint64_t sequence = FileQuietly(court, case_number);
  if (runnable_[court].contains(sequence)) {
    planner_->HeadAppeared(CourtId(courts_[court]), HeadOf(filings_[sequence]), now_);
  }
  return sequence;
}

void PlannerModel::At(BootTime time, std::function<void()> act) {
  ++acts_;
  events_.emplace(time, [this, act = std::move(act)] {
    --acts_;
    act();
  });
}

void PlannerModel::RunUntil(BootTime until) {
  while (true) {
    Turn();
    const BootTime wake = planner_->NextWake(now_);
    if (wake <= now_) Break("the planner wants to be woken in the past");
    const BootTime event = events_.empty() ? BootTime::max() : events_.begin()->first;
    const BootTime next = std::min(wake, event);
    if (next > until || !broken.empty()) break;
    now_ = std::max(now_, next);
    if (event <= now_) {
      const auto act = std::move(events_.begin()->second);
      events_.erase(events_.begin());
      act();
    }
  }
  now_ = std::max(now_, until);
}

bool PlannerModel::RunUntilEmpty(BootTime latest) {
  while ((acts_ > 0 || unsettled_ > 0) && now_ < latest && broken.empty()) {
    RunUntil(std::min(latest, now_ + std::chrono::minutes(1)));
  }
  return acts_ == 0 && unsettled_ == 0 && broken.empty();
}

void PlannerModel::Turn() {
  for (int turns = 0;; ++turns) {
    ++polls;
    const std::vector<Order> orders = planner_->Poll(now_);
    if (orders.empty()) return;
    if (turns > 10'000) return Break("orders without end while time stands still");
    for (const Order& order : orders) Carry(order);
    const PlannerSnapshot snapshot = planner_->Snapshot(now_);
    heads_peak = std::max(heads_peak, snapshot.heads_in_memory);
    in_flight_peak = std::max(in_flight_peak, in_flight);
    if (snapshot.in_flight != in_flight) Break("the planner miscounts what is under way");
    if (in_flight > options_.in_flight_max) Break("more under way than allowed");
    std::size_t sum = 0;
    std::size_t uncertain = 0;
    for (const CourtSnapshot& court : snapshot.courts) {
      sum += court.heads_in_memory;
      uncertain += court.uncertain;
    }
    if (sum != snapshot.heads_in_memory) Break("the planner miscounts its heads");
    if (sum > options_.heads_max + uncertain) Break("more heads in memory than allowed");
  }
}

void PlannerModel::Carry(const Order& order) {
  if (const auto* load = std::get_if<LoadOrder>(&order)) return Load(*load);
  if (const auto* delivery = std::get_if<DeliverOrder>(&order)) return Deliver(*delivery);
  if (const auto* question = std::get_if<QueryOrder>(&order)) return Query(*question);
  if (const auto* probe = std::get_if<ProbeOrder>(&order)) return Probe(*probe);
  Hold(std::get<HoldOrder>(order));
}

void PlannerModel::Load(const LoadOrder& order) {
  const auto court = std::find(courts_.begin(), courts_.end(), order.court.str());
  const auto& index = runnable_[static_cast<std::size_t>(court - courts_.begin())];
  std::vector<CaseHead> heads;
  if (order.newest) {
    for (auto it = index.rbegin(); it != index.rend() && heads.size() < order.limit; ++it) {
      heads.push_back(HeadOf(filings_[*it]));
    }
    return planner_->HeadsLoaded(order, heads, false, now_);
  }
  auto it = index.lower_bound(order.from);
  for (; it != index.end() && heads.size() < order.limit; ++it) {
    heads.push_back(HeadOf(filings_[*it]));
  }
  planner_->HeadsLoaded(order, heads, it == index.end(), now_);
}

void PlannerModel::Deliver(const DeliverOrder& order) {
  Filing& filing = filings_[order.filing_sequence];
  if (filing.state != State::kPending) Break("delivered though not pending");
  if (!runnable_[filing.court].contains(filing.sequence)) Break("delivered before its turn");
  if (order.group != group_of(order.endpoint)) Break("the group is not the endpoint's");
  if (started_stays_in_group && !filing.group.empty() && filing.group != order.group) {
    Break("a started filing changed group");
  }
  if (courts_[filing.court] != order.court.str()) Break("delivered to another court");
  runnable_[filing.court].erase(filing.sequence);
  filing.state = State::kUncertain;  // Started, durably.
  filing.in_flight = true;
  filing.group = order.group;
  ++filing.starts;
  ++deliveries;
  ++in_flight;
  const Answer answer = deliver(filing, order.endpoint, now_);
  if (answer.recorded && filing.recorded) Break("recorded twice");
  filing.recorded = filing.recorded || answer.recorded;
  events_.emplace(now_ + answer.after, [this, order, answer, life = life_] {
    if (life != life_) return;
    Filing& done = filings_[order.filing_sequence];
    done.in_flight = false;
    --in_flight;
    const DeliveryFate fate = answer.report.fate;
    if (fate == DeliveryFate::kSettled) {
      // As the replayer does: what follows of the case is announced after the report.
      planner_->DeliveryDone(order, answer.report, now_);
      return Leave(done, State::kSettled);
    }
    if (fate != DeliveryFate::kUnknownLost && fate != DeliveryFate::kUnknownLate) {
      done.state = State::kPending;
      if (fate == DeliveryFate::kNotStarted) done.group.clear();
      runnable_[done.court].insert(done.sequence);
    }
    planner_->DeliveryDone(order, answer.report, now_);
  });
}

void PlannerModel::Query(const QueryOrder& order) {
  Filing& filing = filings_[order.filing_sequence];
  if (filing.state != State::kUncertain || filing.in_flight) Break("asked without need");
  if (filing.group != group_of(order.endpoint)) Break("asked a group that cannot know");
  ++queries;
  ++in_flight;
  const QueryFate fate = query(filing, order.endpoint, now_);
  events_.emplace(now_ + std::chrono::milliseconds(20), [this, order, fate, life = life_] {
    if (life != life_) return;
    --in_flight;
    Filing& asked = filings_[order.filing_sequence];
    if (fate == QueryFate::kNotFound) {
      asked.state = State::kPending;
      runnable_[asked.court].insert(asked.sequence);
    }
    planner_->QueryDone(order, fate, now_);
    if (fate == QueryFate::kSettled) Leave(asked, State::kSettled);
  });
}

void PlannerModel::Probe(const ProbeOrder& order) {
  ++probes;
  probes_of_courts += order.courts.size();
  probe_times.push_back(now_);
  ProbeReport report;
  report.reachable = reachable(order.endpoint, now_);
  if (report.reachable) {
    report.consistency_group = group_of(order.endpoint);
    for (const CourtId& court : order.courts) {
      if (available(court, order.endpoint, now_)) report.available.push_back(court);
    }
  }
  const Microseconds after =
      report.reachable ? std::chrono::milliseconds(5) : std::chrono::seconds(2);
  events_.emplace(now_ + after, [this, order, report, life = life_] {
    if (life == life_) planner_->ProbeDone(order, report, now_);
  });
}

void PlannerModel::Hold(const HoldOrder& order) {
  Filing& filing = filings_[order.filing_sequence];
  if (filing.state != State::kPending) Break("held though not pending");
  if (order.reason.empty()) Break("held without a reason");
  runnable_[filing.court].erase(filing.sequence);
  filing.state = State::kHeld;
  --unsettled_;
  planner_->HoldDone(order);
  // Its case waits: the followers are not announced.
  for (std::uint64_t next = filing.next_of_case; next != kNone;
       next = filings_[next].next_of_case) {
    --unsettled_;
  }
}

void PlannerModel::Leave(Filing& filing, State state) {
  filing.state = state;
  filing.settled = now_;
  --unsettled_;
  docketed.push_back(filing.sequence);
  if (filing.next_of_case == kNone) return;
  const Filing& next = filings_[filing.next_of_case];
  runnable_[next.court].insert(next.sequence);
  planner_->HeadAppeared(CourtId(courts_[next.court]), HeadOf(next), now_);
}

std::size_t PlannerModel::CountIn(State state) const {
  return static_cast<std::size_t>(
      std::count_if(filings_.begin(), filings_.end(),
                    [&](const Filing& filing) { return filing.state == state; }));
}

}  // namespace nightbox
