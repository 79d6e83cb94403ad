// Report: how the gateway is doing, as the status page and Prometheus are told.
#pragma once

#include <functional>
#include <string>

#include "core/clock.h"
#include "gateway/connection_table.h"
#include "gateway/court_policy.h"
#include "gateway/court_reach.h"
#include "gateway/desk.h"
#include "gateway/disk_watch.h"
#include "gateway/metrics.h"
#include "gateway/opened_store.h"
#include "gateway/status_page.h"

namespace nightbox {

// Empty: filings are taken and kept. Otherwise why not, in a few words; what is worst comes first.
// Pure.
std::string WhyNoFilings(Durability durability, bool stopping, DiskState disk,
                         Microseconds commit_under_way = Microseconds(0));

// A commit takes milliseconds: one that takes longer than this waits for a disk that hangs.
inline constexpr Microseconds kCommitPatience = std::chrono::seconds(5);

struct ReportParts {
  const Desk& desk;
  const Durability durability;
  const CourtReachTable& reach;
  const DiskWatch& disk;
  Metrics& metrics;
  std::function<ConnectionCounts()> connections;
};

// On the loop; what it reads outlives it.
class Report {
 public:
  explicit Report(ReportParts parts);

  StatusSnapshot Status() const;
  // The exposition format, of this moment.
  std::string MetricsText() const;

 private:
  std::string NotReady() const;
  Microseconds CommitUnderWay() const;
  CourtBacklog BacklogOf(const View& view, const CourtBalance& court) const;

  const ReportParts parts_;
  const std::vector<CircuitGroup> circuits_;
};

}  // namespace nightbox
