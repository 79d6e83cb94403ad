// Metrics: what Prometheus is told. Names, courts and reasons only; never who filed what.
//
// Label values come from closed lists (the court list, the error catalogue): what is on neither is
// counted under "other", so that no caller can make series.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/ids.h"
#include "gateway/certificate_watch.h"
#include "gateway/connection_table.h"
#include "gateway/pdf_finding.h"
#include "rules/shown_fields.h"

namespace nightbox {

// What holds at this moment; told every few seconds by the loop.
struct GatewayGauges {
  std::uint64_t queue_waiting = 0;
  std::uint64_t uploads_running = 0;
  std::uint64_t watchers = 0;
  std::uint64_t published_sequence = 0;
  std::uint64_t disk_free_bytes = 0;
  // For how long the commit under way has lasted; 0: there is none.
  Microseconds commit_under_way{0};
  bool clock_synchronized = false;
  bool ready = false;
};

struct CourtBacklog {
  CourtId court;
  std::uint64_t pending = 0;
  std::uint64_t held = 0;
  std::uint64_t uncertain = 0;
  // Nothing waits: unset.
  std::optional<Microseconds> oldest_age;
  // Deliveries flow.
  bool flowing = false;
};

// Thread-safe.
class Metrics {
 public:
  Metrics(const std::vector<CourtId>& courts, std::string_view version);

  void FilingReceived(const CourtId& court, bool test);
  void FilingDelivered(const CourtId& court);
  void AttemptRefused(std::string_view reason);
  // A group of which so many drafts became new filings; one without any is not counted.
  void Committed(Microseconds latency, std::size_t filings);
  void DocumentStored(std::int64_t size_bytes);
  void PdfExamined(PdfFinding finding);

  void Set(const GatewayGauges& gauges);
  void Set(const std::vector<CertificateEnd>& certificates,
           std::optional<Microseconds> receipt_key_age);
  void Set(const ConnectionCounts& connections);
  // Of every court in the ledger. Those that take filings no more are one, "other": their counts
  // are added up, and its age is that of the oldest.
  void Set(const std::vector<CourtBacklog>& backlogs);

  // The exposition format, for /metrics, without the metrics and labels of these names: a metric
  // with such a label is left out as a whole, since without it its series would be one. A comment
  // names them.
  std::string Text(const DeniedFields& not_shown = {}) const;

 private:
  using Counters = prometheus::Family<prometheus::Counter>;
  using Gauges = prometheus::Family<prometheus::Gauge>;

  Counters& Counter(const char* name, const char* help);
  Gauges& Gauge(const char* name, const char* help);
  std::string CourtLabel(const CourtId& court) const;

  const std::set<CourtId> courts_;
  prometheus::Registry registry_;
  Counters& received_;
  Counters& received_tests_;
  Counters& delivered_;
  Counters& refused_;
  Counters& documents_;
  Counters& document_bytes_;
  Counters& pdfs_;
  prometheus::Histogram& commit_seconds_;
  prometheus::Histogram& commit_filings_;
  prometheus::Gauge& queue_waiting_;
  prometheus::Gauge& uploads_running_;
  prometheus::Gauge& watchers_;
  prometheus::Gauge& published_sequence_;
  prometheus::Gauge& disk_free_;
  prometheus::Gauge& commit_under_way_;
  prometheus::Gauge& clock_synchronized_;
  prometheus::Gauge& ready_;
  prometheus::Gauge& connections_open_;
  prometheus::Gauge& connections_silent_;
  prometheus::Counter& connections_opened_;
  Counters& connections_refused_;
  prometheus::Counter& connections_ended_silent_;
  Gauges& backlog_;
  Gauges& oldest_age_;
  Gauges& flowing_;
  Gauges& certificate_ends_;
  Gauges& receipt_key_age_;
};

}  // namespace nightbox
