// Reach: which courts can be delivered to at this moment, and through which endpoint.
//
// It keeps the throttles of all courts and endpoints, decides when each is probed, and learns from
// the probes' answers and from what deliveries met. It knows no filing: replay/planner.h does.
//
// Pure: time and chance are arguments. One thread at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/ids.h"
#include "core/random.h"
#include "replay/fate.h"
#include "replay/planner_court.h"
#include "replay/planner_options.h"
#include "replay/planner_orders.h"

namespace nightbox {

class Reach {
 public:
  // Endpoints are probed from `now` on. Options and random outlive it.
  Reach(const PlannerOptions& options, Random& random, BootTime now);
  Reach(const Reach&) = delete;
  Reach& operator=(const Reach&) = delete;

  // A court not heard of before begins as away, with its probe due.
  PlannedCourt& CourtOf(const CourtId& court, BootTime now);
  PlannedCourt* Find(const CourtId& court);
  PlannedCourts& courts() { return courts_; }
  const PlannedCourts& courts() const { return courts_; }
  PlannedEndpoint& endpoint(std::size_t endpoint) { return endpoints_.at(endpoint); }
  const std::vector<PlannedEndpoint>& endpoints() const { return endpoints_; }

  // ---- What can be done ----

  bool Healthy(std::size_t endpoint) const;
  // A healthy endpoint says that the court is available.
  bool Reached(const PlannedCourt& court) const;
  // It is reached, and its own window is open.
  bool Deliverable(const PlannedCourt& court, BootTime now) const;
  // Some endpoint could take one more delivery.
  bool AnyRoom(BootTime now) const;
  // The endpoint for a delivery of this court that must stay in `group` (empty: any): the first
  // healthy one, or another of the same group when that one is full.
  std::optional<std::size_t> EndpointFor(const PlannedCourt& court, const std::string& group,
                                         BootTime now) const;
  // A healthy endpoint of the group, whatever it says of the courts.
  std::optional<std::size_t> EndpointToAsk(const std::string& group, BootTime now) const;

  // ---- What deliveries and questions met ----

  void Passed(PlannedCourt& court, std::size_t endpoint, bool widen, BootTime now);
  void PushedBack(PlannedCourt& court, std::size_t endpoint, Microseconds retry_after,
                  BootTime now);
  // The endpoint answered that the court is away.
  void CourtAwayAt(PlannedCourt& court, std::size_t endpoint, BootTime now);
  // The court fell silent. Whether the whole endpoint is silent, a probe shows soon: one court that
  // hangs must not stop the others.
  void CourtTroubled(PlannedCourt& court, std::size_t endpoint, BootTime now);
  // It does not take one filing after another: it is left alone for a while.
  void CourtRefuses(PlannedCourt& court, BootTime now);
  void EndpointTroubled(std::size_t endpoint, BootTime now);

  // ---- Probes ----

  // The probes to be sent now. Each is ended by ProbeDone.
  std::vector<ProbeOrder> DueProbes(BootTime now);
  void ProbeDone(const ProbeOrder& order, const ProbeReport& report, BootTime now);
  // When a probe falls due or a pushback ends; later than `now`. BootTime::max(): never.
  BootTime NextWake(BootTime now) const;

 private:
  bool HasRoom(const PlannedEndpoint& endpoint, BootTime now) const;
  // As many courts as one probe may name, the next ones in turn.
  std::vector<CourtId> CourtsInTurn(std::size_t endpoint);
  // The courts that are away and whose next probe is due.
  std::vector<CourtId> CourtsDue(std::size_t endpoint, BootTime now) const;

  const PlannerOptions& options_;
  Random& random_;
  PlannedCourts courts_;
  std::vector<PlannedEndpoint> endpoints_;
};

}  // namespace nightbox
