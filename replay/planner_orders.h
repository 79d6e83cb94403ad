// What the planner orders, and what it wants to hear when an order has been carried out.
//
// Each order is carried out once, and its end is reported to the planner exactly once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/clock.h"
#include "core/ids.h"
#include "replay/fate.h"

namespace nightbox {

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
// Hold the filing, durably, with this reason. Report with HoldDone, or with HoldFailed when that
// could not be kept.
struct HoldOrder {
  CourtId court;
  std::uint64_t filing_sequence = 0;
  std::string reason;
};
using Order = std::variant<LoadOrder, DeliverOrder, QueryOrder, ProbeOrder, HoldOrder>;

// ---- What is reported ----

// How a DeliverOrder ended. The journal already knows it when the planner is told.
struct DeliveryReport {
  DeliveryFate fate;
  // With kPushback.
  Microseconds retry_after{0};
  // With kUndeliverable: why, for the operator.
  std::string reason = {};
};

}  // namespace nightbox
