// PlannerOptions: every number the planner goes by, with its default.
//
// All of them are bounds or delays; none is a limit on how often or how long a filing is tried.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/ids.h"
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

}  // namespace nightbox
