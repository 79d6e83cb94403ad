// Planner: what goes to which court, through which endpoint, and when.
//
// The planner does no I/O, owns no thread and reads no clock. The caller (replay/replayer.h, or a
// test with virtual time) tells it what happened and when, asks Poll() for orders, carries each out
// and reports its end exactly once. What it promises, whatever the courts do:
//
//   * Never two deliveries of one case at a time, and in each case the head the store named.
//   * No attempt limit and no expiry. While a court or the whole case system is away only probes
//     are sent, and no filing pays for it (R2).
//   * An uncertain delivery is asked about, in its consistency group and nowhere else, before
//     anything else of its case; and a filing once started stays in its group.
//   * A filing that fails again and again while others of its court pass is held; its case waits,
//     the others go on (R13).
//   * After an outage the first delivery goes alone; the windows of endpoint and court widen with
//     success, halve on trouble, and obey the case system's wish to slow down (R11).
//   * Courts take turns; live filings keep half of a busy court's slots; one court away stops
//     nobody else.
//   * Memory holds at most `heads_max` filings, beside uncertain ones, which are few
//     (`court_uncertain_max`); the rest stays on disk.
//
// One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/clock.h"
#include "core/ids.h"
#include "core/random.h"
#include "replay/court_queue.h"
#include "replay/fate.h"
#include "replay/throttle.h"

namespace nightbox {

struct PlannerOptions {
  // One name per endpoint of the case system, in order of preference; at most 32.
  std::vector<std::string> endpoints;
  // Which courts an endpoint is asked about.
  std::function<bool(std::size_t endpoint, const CourtId& court)> serves =
      [](std::size_t, const CourtId&) { return true; };
  // Deliveries and queries under way, over all.
  std::size_t in_flight_max = 64;
  std::size_t court_window_max = 8;
  std::size_t endpoint_window_max = 64;
  // Case heads in memory: per court, and over all.
  std::size_t court_heads_max = 1024;
  std::size_t heads_max = 16'384;
  // Heads read from disk at a time.
  std::size_t load_max = 256;
  // Courts asked about in one probe.
  std::size_t probe_courts_max = 256;
  // Between probes of a court or endpoint that is away.
  Backoff probe_backoff{std::chrono::seconds(1), std::chrono::minutes(5)};
  // Between tries of one filing, and between questions about one uncertain delivery.
  Backoff filing_backoff{std::chrono::seconds(1), std::chrono::minutes(15)};
  Backoff query_backoff{std::chrono::seconds(1), std::chrono::minutes(5)};
  // Between checks of an endpoint that is well.
  Microseconds check_interval = std::chrono::seconds(30);
  // How long a filing counts as live.
  Microseconds live_age = std::chrono::minutes(10);
  // A success slower than this does not widen a window.
  Microseconds slow_after = std::chrono::seconds(20);
  Microseconds pushback_max = std::chrono::minutes(15);
  // Uncertain deliveries of a court that stop its new ones, until they are answered for.
  std::size_t court_uncertain_max = 32;
  // Failures, each after another filing of the court has passed, that hold a filing.
  std::uint32_t hold_after = 5;
  // Different filings in a row that a court does not take, that close it.
  std::size_t refusals_max = 3;
};

// The journal already knows it when the planner is told.
struct DeliveryReport {
  DeliveryFate fate;
  // With kPushback.
  Microseconds retry_after{0};
  // With kUndeliverable: why, for the operator.
  std::string reason = {};
};

// ---- Orders. Each is carried out once, and its end is reported once. ----

// Read up to `limit` case heads of the court that may be delivered: those from `from` on,
// ascending, or the newest ones. Report with HeadsLoaded, with no other news of the court in
// between.
struct LoadOrder {
  CourtId court;
  bool newest = false;
  std::uint64_t from = 0;
  std::size_t limit = 0;
};
// Make the start durable (with the group), deliver, make the outcome durable. Report with
// DeliveryDone.
struct DeliverOrder {
  CourtId court;
  std::uint64_t filing_sequence = 0;
  std::size_t endpoint = 0;
  std::string group;
};
// Ask what became of the delivery. Report with QueryDone.
struct QueryOrder {
  CourtId court;
  std::uint64_t filing_sequence = 0;
  std::size_t endpoint = 0;
};
// Ask the endpoint which of these courts can take filings. Report with ProbeDone.
struct ProbeOrder {
  std::size_t endpoint = 0;
  std::vector<CourtId> courts;
};
// Hold the filing, durably, with this reason. Report with HoldDone.
struct HoldOrder {
  CourtId court;
  std::uint64_t filing_sequence = 0;
  std::string reason;
};
using Order = std::variant<LoadOrder, DeliverOrder, QueryOrder, ProbeOrder, HoldOrder>;

// ---- What the status page shows ----

struct CourtSnapshot {
  CourtId court;
  ReachState state = ReachState::kBackingOff;
  std::size_t window = 0;
  std::size_t in_flight = 0;
  std::size_t heads_in_memory = 0;
  std::size_t uncertain = 0;
  bool more_on_disk = false;
  // The next probe, while backing off.
  std::optional<BootTime> next_try;
  std::optional<BootTime> last_success;
};
struct EndpointSnapshot {
  std::string name;
  std::string group;  // Empty: not yet known.
  ReachState state = ReachState::kBackingOff;
  std::size_t window = 0;
  std::size_t in_flight = 0;
  std::optional<BootTime> next_try;
};
struct PlannerSnapshot {
  std::vector<CourtSnapshot> courts;
  std::vector<EndpointSnapshot> endpoints;
  std::size_t in_flight = 0;
  std::size_t heads_in_memory = 0;
  bool paused = false;
};

class Planner {
 public:
  // Endpoints are probed from `now` on; nothing is delivered before an endpoint has answered.
  Planner(PlannerOptions options, Random& random, BootTime now);

  // ---- What happened ----

  // The court exists: it is probed, and its disk may hold heads. Repeating it makes the disk be
  // read again.
  void CourtHasRunnable(const CourtId& court, BootTime now);
  // A case head has just appeared: a new filing, or the next of a case whose head is done. Said
  // after the report that ended the head before it.
  void HeadAppeared(const CourtId& court, const CaseHead& head, BootTime now);
  // The filing is no head any more, by somebody else's act.
  void HeadRemoved(const CourtId& court, std::uint64_t filing_sequence);
  void HeadsLoaded(const LoadOrder& order, const std::vector<CaseHead>& heads, bool exhausted,
                   BootTime now);
  void DeliveryDone(const DeliverOrder& order, const DeliveryReport& report, BootTime now);
  void QueryDone(const QueryOrder& order, QueryFate fate, BootTime now);
  void ProbeDone(const ProbeOrder& order, const ProbeReport& report, BootTime now);
  void HoldDone(const HoldOrder& order);
  // While paused only probes and holds are ordered; what is under way ends as it ends.
  void SetPaused(bool paused) { paused_ = paused; }

  // ---- What to do ----

  // All orders that can be given now. Call after every event and at NextWake().
  std::vector<Order> Poll(BootTime now);
  // When time alone changes what Poll() answers; later than the last Poll(). BootTime::max():
  // never.
  BootTime NextWake(BootTime now) const;

  PlannerSnapshot Snapshot(BootTime now) const;

 private:
  struct Court {
    Court(const CourtId& court, const PlannerOptions& options, BootTime now);

    CourtId id;
    Throttle throttle;
    CourtQueue queue;
    std::uint32_t reachable_by = 0;  // One bit per endpoint: it last said the court is available.
    bool said_away = false;          // The throttle was closed by the case system's own word.
    bool loading = false;
    bool newest_wanted = false;
    bool being_probed = false;
    BootTime load_not_before{};
    std::size_t in_flight = 0;
    std::uint64_t successes = 0;
    std::optional<BootTime> last_success;
    std::set<std::uint64_t> refused_run;  // Different filings not taken since the last success.
  };
  struct Endpoint {
    Endpoint(std::string name, const PlannerOptions& options, BootTime first_try);

    std::string name;
    std::string group;
    Throttle throttle;
    std::size_t in_flight = 0;
    bool being_probed = false;
    bool check_now = false;  // Trouble was met: look before the regular check.
    BootTime next_check{};
    std::size_t next_court = 0;  // Where the next probe goes on, when courts are too many for one.
  };

  Court& CourtOf(const CourtId& court, BootTime now);
  bool Healthy(std::size_t endpoint) const;
  // A healthy endpoint that says the court is available; the court may be delivered to.
  bool Deliverable(const Court& court, BootTime now) const;
  bool HasRoom(const Endpoint& endpoint, BootTime now) const;
  // The endpoint for a delivery of this court that must stay in `group` (empty: any): the first
  // healthy one, or another of the same group when that one is full.
  std::optional<std::size_t> EndpointFor(const Court& court, const std::string& group,
                                         BootTime now) const;
  std::optional<std::size_t> EndpointToAsk(const std::string& group, BootTime now) const;
  // Puts one head of the court that has most of them back to disk. False: nobody has more than
  // `asking` will have with what it is promised, or nothing can be put back.
  bool EvictFor(const Court& asking, std::size_t promised);
  bool WantsHeads(const Court& court) const;

  void PollProbes(BootTime now, std::vector<Order>& orders);
  void PollLoads(BootTime now, std::vector<Order>& orders);
  bool PollQuery(Court& court, BootTime now, std::vector<Order>& orders);
  bool PollDelivery(Court& court, BootTime now, std::vector<Order>& orders);

  void Passed(Court& court, Endpoint& endpoint, BootTime ordered_at, BootTime now);
  // Counts the failure. True: the filing has failed often enough to be held.
  bool Failed(Court& court, std::uint64_t filing_sequence);
  void Retry(Court& court, std::uint64_t filing_sequence, BootTime now);
  void Hold(Court& court, std::uint64_t filing_sequence, std::string reason);
  void EndpointTroubled(Endpoint& endpoint, BootTime now);
  void CourtAwayAt(Court& court, std::size_t endpoint, BootTime now);

  const PlannerOptions options_;
  Random& random_;
  std::map<CourtId, Court> courts_;
  std::vector<Endpoint> endpoints_;
  std::vector<HoldOrder> holds_;  // To be ordered; at most one per head in memory.
  CourtId last_served_;
  std::size_t in_flight_ = 0;
  std::size_t heads_ = 0;  // In memory, over all courts.
  bool paused_ = false;
};

}  // namespace nightbox
