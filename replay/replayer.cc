#include "replay/replayer.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/log.h"
#include "store/key_reader.h"
#include "store/keys.h"

namespace nightbox {
namespace {

constexpr std::size_t kChangedMax = 65'536;
constexpr std::size_t kPage = 1'000;
constexpr int kTurnsMax = 64;
// Of a head read from the old end of the index: it is backlog, whatever its age.
constexpr Microseconds kOld = std::chrono::hours(24 * 365);
// When the committer's queue is full.
constexpr Microseconds kQueueFull = std::chrono::seconds(1);

PlannerOptions WithEndpoints(PlannerOptions options, const std::vector<ReplayEndpoint>& endpoints) {
  std::vector<std::function<bool(const CourtId&)>> serves;
  options.endpoints.clear();
  for (const ReplayEndpoint& endpoint : endpoints) {
    NB_CHECK(endpoint.port != nullptr);
    options.endpoints.push_back(endpoint.name);
    serves.push_back(endpoint.serves);
  }
  options.serves = [serves](std::size_t endpoint, const CourtId& court) {
    return serves[endpoint](court);
  };
  return options;
}

bool IsKnownNotRecorded(DeliveryFate fate) {
  switch (fate) {
    case DeliveryFate::kNotStarted:
    case DeliveryFate::kPushback:
    case DeliveryFate::kCourtAway:
    case DeliveryFate::kNotRecorded:
    case DeliveryFate::kBrokenOff:
    case DeliveryFate::kStalled:
    case DeliveryFate::kUndeliverable:
      return true;
    default:
      return false;
  }
}

// The filing does not stand any more where the draft needs it: withdrawn, held or settled
// meanwhile.
bool HasMovedOn(const Error& error) {
  return error.code == ErrorCode::kFailedPrecondition || error.code == ErrorCode::kNotFound;
}

}  // namespace

Replayer::Replayer(ReplayerParts parts, PlannerOptions options)
    : parts_(std::move(parts)),
      planner_(WithEndpoints(std::move(options), parts_.endpoints), *parts_.random,
               parts_.clock->BootNow()),
      news_({parts_.view,
             [this](Draft draft, std::function<void(const Result<Outcome>&)> then) {
               Commit(std::move(draft), std::move(then));
             },
             parts_.post,
             [this](const CourtId& court) {
               return std::ranges::any_of(parts_.endpoints, [&](const ReplayEndpoint& each) {
                 return each.serves(court);
               });
             }}) {}

Replayer::~Replayer() = default;

Result<void> Replayer::Start() {
  const auto view = parts_.view();
  const BootTime now = parts_.clock->BootNow();
  for (const CourtId& court : parts_.courts) planner_.CourtHasRunnable(court, now);
  NB_ASSIGN_OR_RETURN(const auto balances, view->ListBalances());
  for (const CourtBalance& each : balances) {
    if (!each.court.empty()) planner_.CourtHasRunnable(each.court, now);
  }
  // Started and without an outcome: few, since few are under way at a time.
  std::optional<std::uint64_t> after;
  while (true) {
    NB_ASSIGN_OR_RETURN(const auto uncertain, view->ListUncertain(after, kPage));
    // One that cannot be read stays where it is, and its case behind it: the others go on.
    for (const std::uint64_t sequence : uncertain) Look(sequence);
    if (uncertain.size() < kPage) break;
    after = uncertain.back();
  }
  Turn();
  return {};
}

// ---- News from the committer ----

void Replayer::Published(const Committed& committed) {
  const std::lock_guard lock(mutex_);
  if (changed_.size() + committed.changed_filings.size() <= kChangedMax) {
    changed_.insert(committed.changed_filings.begin(), committed.changed_filings.end());
  } else {
    // The loop is far behind: it shall read these courts' indexes instead.
    changed_courts_.insert(committed.changed_courts.begin(), committed.changed_courts.end());
  }
  if (std::exchange(posted_, true)) return;
  parts_.post([this, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) TakeNews();
  });
}

void Replayer::TakeNews() {
  std::set<std::uint64_t> changed;
  std::set<CourtId> courts;
  {
    const std::lock_guard lock(mutex_);
    changed.swap(changed_);
    courts.swap(changed_courts_);
    posted_ = false;
  }
  for (const CourtId& court : courts) {
    planner_.CourtHasRunnable(court, parts_.clock->BootNow());
  }
  for (const std::uint64_t sequence : changed) {
    if (!active_.contains(sequence)) Look(sequence);
  }
  Turn();
}

void Replayer::Look(std::uint64_t filing_sequence) {
  if (const auto looked = LookThrough(*parts_.view(), filing_sequence); !looked) {
    Log(LogLevel::kError, "a filing's state cannot be read",
        {{"filing_sequence", filing_sequence}, {"why", looked.error().message}});
  }
}

Result<void> Replayer::LookThrough(const View& view, std::uint64_t filing_sequence) {
  NB_ASSIGN_OR_RETURN(const auto state, FindState(view, filing_sequence));
  if (!state || state->delivery == Delivery::kTest) return {};
  const BootTime now = parts_.clock->BootNow();
  if (state->delivery == Delivery::kUncertain) {
    CaseHead head{state->case_key, filing_sequence, parts_.clock->Now() - state->received_at};
    head.group = state->consistency_group;
    head.uncertain = true;
    planner_.HeadAppeared(state->court, head, now);
    return {};
  }
  if (state->delivery != Delivery::kPending) planner_.HeadRemoved(state->court, filing_sequence);
  TellHead(view, state->case_key);
  return {};
}

void Replayer::TellHead(const View& view, const Digest& case_key) {
  const auto key = view.Get(keys::CaseHead(case_key));
  if (!key || !*key || (*key)->empty()) return;
  const std::uint64_t sequence = keys::TrailingNumber(**key);
  const auto state = FindState(view, sequence);
  const auto stays_in = ReadCaseGroup(view, case_key);
  if (!state || !*state || !stays_in || active_.contains(sequence)) return;
  planner_.HeadAppeared(
      (*state)->court, {case_key, sequence, parts_.clock->Now() - (*state)->received_at, *stays_in},
      parts_.clock->BootNow());
}

// ---- Orders ----

void Replayer::Wake() { Turn(); }

void Replayer::SetPaused(bool paused) {
  planner_.SetPaused(paused);
  Turn();
}

void Replayer::WhenIdle(std::function<void()> act) {
  when_idle_ = std::move(act);
  TellIdle();
}

void Replayer::TellIdle() {
  if (!idle() || !when_idle_) return;
  std::exchange(when_idle_, nullptr)();
}

void Replayer::Turn() {
  if (turning_) return;  // An order that ends at once: the loop below goes on.
  turning_ = true;
  for (int turn = 0; turn < kTurnsMax; ++turn) {
    const std::vector<Order> orders = planner_.Poll(parts_.clock->BootNow());
    for (const Order& order : orders) {
      std::visit([this](const auto& each) { Carry(each); }, order);
    }
    if (!orders.empty()) continue;
    turning_ = false;
    TellLooked(/*at_once=*/false);
    TellIdle();
    parts_.wake_at(planner_.NextWake(parts_.clock->BootNow()));
    return;
  }
  // Others want the loop as well.
  turning_ = false;
  parts_.post([this, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) Turn();
  });
}

void Replayer::TellChecked(const ProbeOrder& order, const ProbeReport& report) {
  asked_.insert(order.endpoint);
  parts_.checked(ChecksOf(order, report, Snapshot(), [this](const CourtId& court) {
    for (std::size_t i = 0; i < parts_.endpoints.size(); ++i) {
      if (parts_.endpoints[i].serves(court) && !asked_.contains(i)) return false;
    }
    return true;
  }));
}

void Replayer::TellLooked(bool at_once) {
  const BootTime now = parts_.clock->BootNow();
  if (!at_once && now - last_looked_ < std::chrono::seconds(1)) return;
  last_looked_ = now;
  parts_.looked(planner_.Snapshot(now));
}

void Replayer::Commit(Draft draft, std::function<void(const Result<Outcome>&)> then) {
  parts_.submit(std::move(draft), OnLoop<const Result<Outcome>&>(std::move(then)));
}

// ---- Operators ----

void Replayer::Act(std::uint64_t filing_sequence, Draft draft,
                   std::function<void(const Result<Outcome>&)> done) {
  parts_.post([this, alive = std::weak_ptr<bool>(alive_), filing_sequence, draft = std::move(draft),
               done = std::move(done)] {
    if (alive.expired()) {
      return done(Error{ErrorCode::kUnavailable, "the gateway is stopping", "SHUTTING_DOWN"});
    }
    ActNow(filing_sequence, draft, done);
  });
}

void Replayer::ActNow(std::uint64_t filing_sequence, Draft draft,
                      std::function<void(const Result<Outcome>&)> done) {
  if (active_.contains(filing_sequence)) {
    return done(Error{ErrorCode::kFailedPrecondition,
                      "a delivery of the filing, or a question about it, is under way",
                      "DELIVERY_UNDER_WAY"});
  }
  const auto state = FindState(*parts_.view(), filing_sequence);
  if (!state) return done(state.error());
  if (!*state) return done(Error{ErrorCode::kNotFound, "no such filing", "FILING_NOT_FOUND"});
  active_.insert(filing_sequence);
  ++under_way_;
  // As the disk says afterwards, it comes back.
  planner_.HeadRemoved((*state)->court, filing_sequence);
  auto afterwards = OnLoop<const Result<Outcome>&>([this, filing_sequence](const Result<Outcome>&) {
    active_.erase(filing_sequence);
    --under_way_;
    Look(filing_sequence);
    Turn();
  });
  parts_.submit(std::move(draft), [done = std::move(done), afterwards = std::move(afterwards)](
                                      const Result<Outcome>& outcome) {
    // Answered from here: whoever waits must be told, also when the replayer is gone by then.
    done(outcome);
    afterwards(outcome);
  });
}

void Replayer::Carry(const LoadOrder& order) {
  const auto view = parts_.view();
  const auto runnable = order.newest
                            ? view->ListRunnableNewest(order.court, UINT64_MAX, order.limit)
                            : view->ListRunnable(order.court, order.from, order.limit);
  const BootTime now = parts_.clock->BootNow();
  if (!runnable) {
    Log(LogLevel::kError, "the runnable index cannot be read",
        {{"court", order.court.str()}, {"why", runnable.error().message}});
    return planner_.HeadsLoaded(order, {}, false, now);
  }
  std::vector<CaseHead> heads;
  for (const RunnableFiling& each : *runnable) {
    if (active_.contains(each.filing_sequence)) continue;
    CaseHead head{each.case_key, each.filing_sequence, kOld, each.group};
    if (order.newest) {
      const auto state = FindState(*view, each.filing_sequence);
      if (state && *state) head.age = parts_.clock->Now() - (*state)->received_at;
    }
    heads.push_back(std::move(head));
  }
  planner_.HeadsLoaded(order, heads, runnable->size() < order.limit, now);
}

void Replayer::Carry(const DeliverOrder& order) {
  active_.insert(order.filing_sequence);
  ++under_way_;
  const auto view = parts_.view();
  const auto filing = ReadFiling(*view, order.filing_sequence);
  if (!filing) {
    return Ended(order, {DeliveryFate::kUndeliverable, {}, "the filing cannot be read back"});
  }
  if (filing->state.delivery != Delivery::kPending) {
    return Ended(order, {DeliveryFate::kNotRunnable});
  }
  auto request = RequestFor(*view, *filing);
  auto documents = parts_.documents(*view, *filing);
  if (!request) return Ended(order, {DeliveryFate::kUndeliverable, {}, request.error().message});
  if (!documents) {
    return Ended(order, {DeliveryFate::kUndeliverable, {}, documents.error().message});
  }
  Commit(StartDelivery{order.filing_sequence, order.group, parts_.clock->Now()},
         [this, order, request = *std::move(request),
          documents = *std::move(documents)](const Result<Outcome>& started) {
           if (!started) {
             return Ended(order, HasMovedOn(started.error())
                                     ? DeliveryReport{DeliveryFate::kNotRunnable}
                                     : DeliveryReport{DeliveryFate::kPushback, kQueueFull});
           }
           parts_.endpoints[order.endpoint].port->Record(
               request, documents, OnLoop<RecordAnswer>([this, order](const RecordAnswer& answer) {
                 Answered(order, answer);
               }));
         });
}

Result<RecordRequest> Replayer::RequestFor(const View& view, const FilingSnapshot& filing) const {
  RecordRequest request;
  request.delivery_key = filing.record.delivery_key;
  request.fingerprint = filing.record.fingerprint;
  request.filing_id = filing.record.filing_id;
  request.gateway = parts_.gateway;
  request.received_at = filing.record.received_at;
  request.submitting_system = filing.record.system;
  request.registered_user = filing.record.user;
  request.header = filing.record.header;
  request.receipt_json = filing.receipt_json;
  request.receipt_p7s = filing.receipt_p7s;
  if (std::holds_alternative<OpenedBy>(filing.record.header.case_reference)) {
    NB_ASSIGN_OR_RETURN(const auto numbers, ReadCaseNumbers(view, filing.state.case_key));
    if (numbers.size() != 1) {
      return Error{ErrorCode::kFailedPrecondition, "the case it belongs to has no one number"};
    }
    request.resolved_case_number = numbers.front().number;
  }
  return request;
}

void Replayer::Answered(const DeliverOrder& order, const RecordAnswer& answer) {
  if (answer.fate != DeliveryFate::kSettled) {
    Log(LogLevel::kWarning, "a delivery did not go through",
        {{"filing_sequence", order.filing_sequence},
         {"court", order.court.str()},
         {"endpoint", parts_.endpoints[order.endpoint].name},
         {"fate", ToString(answer.fate)},
         {"detail", answer.detail}});
  }
  const DeliveryReport report{answer.fate, answer.retry_after, answer.detail};
  SettleDelivery settle;
  settle.filing_sequence = order.filing_sequence;
  if (answer.fate == DeliveryFate::kSettled) {
    settle.outcome = SettleDelivery::Outcome::kSubmitted;
    settle.record = *answer.record;
  } else if (IsKnownNotRecorded(answer.fate)) {
    settle.outcome = SettleDelivery::Outcome::kNotDelivered;
  } else {
    return Ended(order, report);  // It is uncertain on disk since it was started.
  }
  Commit(std::move(settle), [this, order, report](const Result<Outcome>& outcome) {
    if (outcome) return Ended(order, report);
    if (outcome.error().code == ErrorCode::kFailedPrecondition) {
      // The watch brought the court's word first.
      return Ended(order, {DeliveryFate::kSettled});
    }
    // What was answered could not be kept: it is asked for again.
    Ended(order, {DeliveryFate::kUnknownLate});
  });
}

void Replayer::Ended(const DeliverOrder& order, const DeliveryReport& report) {
  active_.erase(order.filing_sequence);
  --under_way_;
  planner_.DeliveryDone(order, report, parts_.clock->BootNow());
  // The news of it that were left aside, and the next of its case.
  const bool gone = report.fate == DeliveryFate::kSettled ||  //
                    report.fate == DeliveryFate::kNotRunnable;
  if (gone) Look(order.filing_sequence);
  Turn();
}

void Replayer::Carry(const QueryOrder& order) {
  active_.insert(order.filing_sequence);
  ++under_way_;
  const auto state = FindState(*parts_.view(), order.filing_sequence);
  if (!state || !*state) return EndedQuery(order, QueryFate::kNoAnswer);
  if ((*state)->delivery != Delivery::kUncertain) return EndedQuery(order, QueryFate::kSettled);
  parts_.endpoints[order.endpoint].port->Query(
      (*state)->delivery_key,
      OnLoop<QueryAnswer>([this, order](const QueryAnswer& answer) { Asked(order, answer); }));
}

void Replayer::Asked(const QueryOrder& order, const QueryAnswer& answer) {
  SettleDelivery settle;
  settle.filing_sequence = order.filing_sequence;
  settle.asked = true;
  if (answer.fate == QueryFate::kSettled) {
    settle.outcome = SettleDelivery::Outcome::kSubmitted;
    settle.record = *answer.record;
  } else if (answer.fate == QueryFate::kNotFound) {
    settle.outcome = SettleDelivery::Outcome::kNotDelivered;
  } else {
    return EndedQuery(order, answer.fate);
  }
  Log(LogLevel::kInfo, "an uncertain delivery is cleared up",
      {{"filing_sequence", order.filing_sequence}, {"fate", ToString(answer.fate)}});
  Commit(std::move(settle), [this, order, fate = answer.fate](const Result<Outcome>& outcome) {
    if (outcome) return EndedQuery(order, fate);
    const bool decided = outcome.error().code == ErrorCode::kFailedPrecondition;
    EndedQuery(order, decided ? QueryFate::kSettled : QueryFate::kNoAnswer);
  });
}

void Replayer::EndedQuery(const QueryOrder& order, QueryFate fate) {
  active_.erase(order.filing_sequence);
  --under_way_;
  planner_.QueryDone(order, fate, parts_.clock->BootNow());
  if (fate == QueryFate::kSettled) Look(order.filing_sequence);
  Turn();
}

void Replayer::Carry(const ProbeOrder& order) {
  const ReplayEndpoint& endpoint = parts_.endpoints[order.endpoint];
  endpoint.port->Check(order.courts, OnLoop<ProbeReport>([this, order](const ProbeReport& report) {
                         planner_.ProbeDone(order, report, parts_.clock->BootNow());
                         const ReplayEndpoint& asked = parts_.endpoints[order.endpoint];
                         if (report.reachable)
                           news_.Reached(*asked.port, report.consistency_group, asked.serves);
                         TellChecked(order, report);
                         Turn();
                         TellLooked(/*at_once=*/true);
                       }));
}

void Replayer::Carry(const HoldOrder& order) {
  active_.insert(order.filing_sequence);
  ++under_way_;
  Commit(HoldFiling{order.filing_sequence, "nightbox", order.reason},
         [this, order](const Result<Outcome>& outcome) { EndedHold(order, outcome); });
}

void Replayer::EndedHold(const HoldOrder& order, const Result<Outcome>& outcome) {
  active_.erase(order.filing_sequence);
  --under_way_;
  if (outcome) {
    Log(LogLevel::kWarning, "a filing is held",
        {{"filing_sequence", order.filing_sequence},
         {"filing_id", outcome->filing->state.filing_id.str()},
         {"court", order.court.str()},
         {"why", order.reason}});
    planner_.HoldDone(order);
  } else if (HasMovedOn(outcome.error())) {
    planner_.HoldDone(order);
  } else {
    Log(LogLevel::kError, "a filing that cannot be delivered could not be held; it is tried again",
        {{"filing_sequence", order.filing_sequence},
         {"court", order.court.str()},
         {"why", order.reason},
         {"code", ToString(outcome.error().code)}});
    planner_.HoldFailed(order, parts_.clock->BootNow());
  }
  // It is as the disk says.
  Look(order.filing_sequence);
  Turn();
}

}  // namespace nightbox
