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
// Whom it can reach is kept in replay/reach.h, what of the backlog is in memory in
// replay/head_memory.h; here is what becomes of each filing.
//
// One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/ids.h"
#include "core/random.h"
#include "replay/court_queue.h"
#include "replay/fate.h"
#include "replay/head_memory.h"
#include "replay/planner_options.h"
#include "replay/planner_orders.h"
#include "replay/planner_snapshot.h"
#include "replay/reach.h"

namespace nightbox {

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
  // It is held, or need not be any more: the filing is no head.
  void HoldDone(const HoldOrder& order);
  // It is tried again after the filing's own delay, beginning with a delivery: what was wrong with
  // it may have passed.
  void HoldFailed(const HoldOrder& order, BootTime now);
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
  bool PollQuery(PlannedCourt& court, BootTime now, std::vector<Order>& orders);
  bool PollDelivery(PlannedCourt& court, BootTime now, std::vector<Order>& orders);
  void Started(std::size_t endpoint);
  void Ended(std::size_t endpoint);

  void DeliveryBroke(PlannedCourt& court, const DeliverOrder& order, DeliveryFate fate,
                     BootTime now);
  // Counts the failure. True: the filing has failed often enough to be held.
  bool Failed(PlannedCourt& court, std::uint64_t filing_sequence);
  void Retry(PlannedCourt& court, std::uint64_t filing_sequence, BootTime now);
  void Hold(PlannedCourt& court, std::uint64_t filing_sequence, std::string reason);

  const PlannerOptions options_;
  Random& random_;
  Reach reach_;
  HeadMemory memory_;
  std::vector<HoldOrder> holds_;  // To be ordered; at most one per head in memory.
  CourtId last_served_;
  std::size_t in_flight_ = 0;
  bool paused_ = false;
};

}  // namespace nightbox
