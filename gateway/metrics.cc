#include "gateway/metrics.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <map>

#include "gateway/error_catalogue.h"

namespace nightbox {
namespace {

constexpr const char* kOther = "other";

// Brings a counter up to a total that somebody else counts.
void RaiseTo(prometheus::Counter& counter, std::uint64_t total) {
  const double behind = static_cast<double>(total) - counter.Value();
  if (behind > 0) counter.Increment(behind);
}

double Seconds(Microseconds duration) { return static_cast<double>(duration.count()) / 1e6; }

const char* Word(PdfFinding finding) {
  switch (finding) {
    case PdfFinding::kGood:
      return "good";
    case PdfFinding::kNeedsPassword:
      return "needs_password";
    case PdfFinding::kDamaged:
      return "damaged";
    case PdfFinding::kTooComplex:
      return "too_complex";
    case PdfFinding::kNotChecked:
      return "not_checked";
  }
  return kOther;
}

bool IsDenied(const prometheus::MetricFamily& family, const DeniedFields& denied) {
  // The label that the text gives to a histogram's buckets.
  if (family.type == prometheus::MetricType::Histogram && denied.contains("le")) return true;
  return denied.contains(family.name) ||
         std::ranges::any_of(family.metric, [&](const prometheus::ClientMetric& metric) {
           return std::ranges::any_of(
               metric.label, [&](const auto& label) { return denied.contains(label.name); });
         });
}

}  // namespace

Metrics::Counters& Metrics::Counter(const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry_);
}

Metrics::Gauges& Metrics::Gauge(const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry_);
}

Metrics::Metrics(const std::vector<CourtId>& courts, std::string_view version)
    : courts_(courts.begin(), courts.end()),
      received_(Counter("nightbox_filings_received_total", "Filings receipted, without tests.")),
      received_tests_(Counter("nightbox_test_filings_received_total", "Test filings receipted.")),
      delivered_(Counter("nightbox_filings_delivered_total",
                         "Filings the case system acknowledged with its own identifier.")),
      refused_(Counter("nightbox_attempts_refused_total",
                       "Attempts to file, and uploads, refused, by reason.")),
      documents_(Counter("nightbox_documents_stored_total",
                         "Documents received whole: uploaded, or sent along.")),
      document_bytes_(
          Counter("nightbox_document_bytes_stored_total", "Bytes of documents received whole.")),
      pdfs_(Counter("nightbox_pdfs_examined_total", "PDFs examined, by finding.")),
      commit_seconds_(
          prometheus::BuildHistogram()
              .Name("nightbox_commit_seconds")
              .Help("From taking a group with new filings in it to its being published.")
              .Register(registry_)
              .Add({},
                   prometheus::Histogram::BucketBoundaries{0.0005, 0.001, 0.002, 0.005, 0.01, 0.02,
                                                           0.05, 0.1, 0.2, 0.5, 1, 2, 5})),
      commit_filings_(prometheus::BuildHistogram()
                          .Name("nightbox_commit_group_filings")
                          .Help("New filings committed together with one sync.")
                          .Register(registry_)
                          .Add({}, prometheus::Histogram::BucketBoundaries{1, 2, 4, 8, 16, 32, 64,
                                                                           128, 256, 512})),
      queue_waiting_(
          Gauge("nightbox_commit_queue_waiting", "Drafts waiting to be journaled.").Add({})),
      uploads_running_(Gauge("nightbox_uploads_running", "Uploads under way.").Add({})),
      watchers_(Gauge("nightbox_watches_open", "WatchFiling calls open.").Add({})),
      published_sequence_(
          Gauge("nightbox_journal_published_sequence", "The last position promised to anybody.")
              .Add({})),
      disk_free_(Gauge("nightbox_disk_free_bytes", "Free bytes under the data directory.").Add({})),
      commit_under_way_(Gauge("nightbox_commit_under_way_seconds",
                              "How long the commit under way has lasted; 0: none is.")
                            .Add({})),
      clock_synchronized_(
          Gauge("nightbox_clock_synchronized", "1: receipts call the clock synchronized.").Add({})),
      ready_(Gauge("nightbox_ready", "1: filings are taken.").Add({})),
      connections_open_(Gauge("nightbox_connections_open", "Intake connections open.").Add({})),
      connections_silent_(
          Gauge("nightbox_connections_silent", "Open connections that have made no call yet.")
              .Add({})),
      connections_opened_(
          Counter("nightbox_connections_opened_total", "Intake connections taken.").Add({})),
      connections_refused_(Counter("nightbox_connections_refused_total",
                                   "Connections turned away because a bound was reached.")),
      connections_ended_silent_(
          Counter("nightbox_connections_ended_silent_total",
                  "Connections that ended without a call: failed TLS, mostly.")
              .Add({})),
      backlog_(Gauge("nightbox_backlog_filings", "Filings not settled, by court and state.")),
      oldest_age_(Gauge("nightbox_backlog_oldest_age_seconds",
                        "Age of a court's oldest unsettled filing.")),
      flowing_(Gauge("nightbox_delivery_flowing", "1: deliveries to the court flow.")),
      certificate_ends_(Gauge("nightbox_certificate_ends_timestamp_seconds",
                              "When a certificate that is in use runs out.")),
      receipt_key_age_(Gauge("nightbox_receipt_key_age_seconds",
                             "For how long the key in use has signed receipts.")) {
  Gauge("nightbox_build_info", "Always 1; the version is the label.")
      .Add({{"version", std::string(version)}})
      .Set(1);
}

std::string Metrics::CourtLabel(const CourtId& court) const {
  return courts_.contains(court) ? court.str() : kOther;
}

void Metrics::FilingReceived(const CourtId& court, bool test) {
  (test ? received_tests_ : received_).Add({{"court", CourtLabel(court)}}).Increment();
}

void Metrics::FilingDelivered(const CourtId& court) {
  delivered_.Add({{"court", CourtLabel(court)}}).Increment();
}

void Metrics::AttemptRefused(std::string_view reason) {
  const bool known = FindReason(reason) != nullptr;
  refused_.Add({{"reason", known ? std::string(reason) : kOther}}).Increment();
}

void Metrics::Committed(Microseconds latency, std::size_t filings) {
  if (filings == 0) return;
  commit_seconds_.Observe(Seconds(latency));
  commit_filings_.Observe(static_cast<double>(filings));
}

void Metrics::DocumentStored(std::int64_t size_bytes) {
  documents_.Add({}).Increment();
  document_bytes_.Add({}).Increment(static_cast<double>(size_bytes));
}

void Metrics::PdfExamined(PdfFinding finding) {
  pdfs_.Add({{"finding", Word(finding)}}).Increment();
}

void Metrics::Set(const GatewayGauges& gauges) {
  queue_waiting_.Set(static_cast<double>(gauges.queue_waiting));
  uploads_running_.Set(static_cast<double>(gauges.uploads_running));
  watchers_.Set(static_cast<double>(gauges.watchers));
  published_sequence_.Set(static_cast<double>(gauges.published_sequence));
  disk_free_.Set(static_cast<double>(gauges.disk_free_bytes));
  commit_under_way_.Set(Seconds(gauges.commit_under_way));
  clock_synchronized_.Set(gauges.clock_synchronized ? 1 : 0);
  ready_.Set(gauges.ready ? 1 : 0);
}

void Metrics::Set(const std::vector<CertificateEnd>& certificates,
                  std::optional<Microseconds> receipt_key_age) {
  for (const CertificateEnd& each : certificates) {
    certificate_ends_.Add({{"certificate", each.certificate}})
        .Set(Seconds(each.ends.time_since_epoch()));
  }
  if (receipt_key_age) receipt_key_age_.Add({}).Set(Seconds(*receipt_key_age));
}

void Metrics::Set(const ConnectionCounts& connections) {
  connections_open_.Set(static_cast<double>(connections.open));
  connections_silent_.Set(static_cast<double>(connections.silent));
  RaiseTo(connections_opened_, connections.opened);
  RaiseTo(connections_refused_.Add({{"bound", "total"}}), connections.refused_total);
  RaiseTo(connections_refused_.Add({{"bound", "address"}}), connections.refused_address);
  RaiseTo(connections_refused_.Add({{"bound", "silent"}}), connections.refused_silent);
  RaiseTo(connections_ended_silent_, connections.ended_silent);
}

void Metrics::Set(const std::vector<CourtBacklog>& backlogs) {
  std::map<std::string, CourtBacklog> by_label;
  for (const CourtBacklog& backlog : backlogs) {
    CourtBacklog& sum = by_label[CourtLabel(backlog.court)];
    sum.pending += backlog.pending;
    sum.held += backlog.held;
    sum.uncertain += backlog.uncertain;
    sum.oldest_age = std::max(sum.oldest_age, backlog.oldest_age);
    sum.flowing = sum.flowing || backlog.flowing;
  }
  for (const auto& [court, sum] : by_label) {
    const auto set = [&, label = court](const char* state, std::uint64_t count) {
      backlog_.Add({{"court", label}, {"state", state}}).Set(static_cast<double>(count));
    };
    set("pending", sum.pending);
    set("held", sum.held);
    set("uncertain", sum.uncertain);
    oldest_age_.Add({{"court", court}}).Set(sum.oldest_age ? Seconds(*sum.oldest_age) : 0);
    flowing_.Add({{"court", court}}).Set(sum.flowing ? 1 : 0);
  }
}

std::string Metrics::Text(const DeniedFields& not_shown) const {
  std::vector<prometheus::MetricFamily> families = registry_.Collect();
  if (not_shown.empty()) return prometheus::TextSerializer().Serialize(families);
  std::erase_if(families, [&](const auto& family) { return IsDenied(family, not_shown); });
  return prometheus::TextSerializer().Serialize(families) + "# Not shown: " + InWords(not_shown) +
         '\n';
}

}  // namespace nightbox
