// Goal: what Prometheus is told is well formed, bounded, and about no person.
// Method: tell everything once, read the text; promtool's own judgement.
#include "gateway/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/rules/made_up_policies.h"

namespace nightbox {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Everything(const DeniedFields& not_shown = {}) {
  Metrics metrics({CourtId("mo.sup"), CourtId("mo.cir.42.dent")}, "0.1.0");
  metrics.FilingReceived(CourtId("mo.sup"), false);
  metrics.FilingReceived(CourtId("mo.sup"), true);
  metrics.FilingReceived(CourtId("chosen by a stranger"), false);
  metrics.FilingDelivered(CourtId("mo.sup"));
  metrics.AttemptRefused("QUEUE_FULL");
  metrics.AttemptRefused("chosen by a stranger");
  metrics.Committed(Microseconds(1500), 7);
  metrics.Committed(Microseconds(9500), 0);  // A checkpoint, a lease.
  metrics.DocumentStored(1000);
  for (const auto finding : {PdfFinding::kGood, PdfFinding::kNeedsPassword, PdfFinding::kDamaged,
                             PdfFinding::kTooComplex, PdfFinding::kNotChecked}) {
    metrics.PdfExamined(finding);
  }
  metrics.Set(GatewayGauges{.queue_waiting = 3,
                            .disk_free_bytes = 5,
                            .commit_under_way = std::chrono::milliseconds(7500),
                            .ready = true});
  ConnectionCounts connections;
  connections.opened = 9;
  connections.ended_silent = 2;
  metrics.Set(connections);
  metrics.Set(connections);  // Totals are not added twice.
  metrics.Set({{"intake.certificate", FromMicros(1'800'000'000'000'000)}}, std::chrono::hours(1));
  metrics.Set({CourtBacklog{CourtId("mo.cir.42.dent"), 4, 1, 0, std::chrono::seconds(90), false},
               CourtBacklog{CourtId("mo.app.east"), 2, 0, 1, std::chrono::seconds(700), false},
               CourtBacklog{CourtId("mo.app.west"), 5, 0, 0, std::nullopt, false}});
  return metrics.Text(not_shown);
}

// The names of all metrics, and of the labels of their series.
std::set<std::string> NamesIn(const std::string& text) {
  std::set<std::string> names;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    constexpr std::string_view kType = "# TYPE ";
    if (line.starts_with(kType)) {
      names.insert(line.substr(kType.size(), line.find(' ', kType.size()) - kType.size()));
    }
    if (line.starts_with('#')) continue;
    for (std::size_t at = line.find('{'); at != std::string::npos && at < line.find('}');) {
      const std::size_t equals = line.find('=', at);
      names.insert(line.substr(at + 1, equals - at - 1));
      at = line.find(',', equals);
    }
  }
  return names;
}

TEST(MetricsTest, SaysWhatItWasTold) {
  const std::string text = Everything();
  for (const char* line :
       {"nightbox_filings_received_total{court=\"mo.sup\"} 1",
        "nightbox_test_filings_received_total{court=\"mo.sup\"} 1",
        "nightbox_attempts_refused_total{reason=\"QUEUE_FULL\"} 1",
        "nightbox_commit_seconds_count 1", "nightbox_commit_queue_waiting 3", "nightbox_ready 1",
        "nightbox_commit_under_way_seconds 7.5", "nightbox_receipt_key_age_seconds 3600",
        "nightbox_certificate_ends_timestamp_seconds{certificate=\"intake.certificate\"} 18000000",
        "nightbox_connections_opened_total 9", "nightbox_connections_ended_silent_total 2",
        "nightbox_backlog_filings{court=\"mo.cir.42.dent\",state=\"pending\"} 4",
        "nightbox_backlog_oldest_age_seconds{court=\"mo.cir.42.dent\"} 90",
        "nightbox_commit_group_filings_count 1",
        "nightbox_pdfs_examined_total{finding=\"needs_password\"} 1"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

// The courts that take filings no more still have some to deliver.
TEST(MetricsTest, NoBacklogDisappearsBehindAnother) {
  const std::string text = Everything();
  for (const char* line : {"nightbox_backlog_filings{court=\"other\",state=\"pending\"} 7",
                           "nightbox_backlog_filings{court=\"other\",state=\"uncertain\"} 1",
                           "nightbox_backlog_oldest_age_seconds{court=\"other\"} 700"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(MetricsTest, NoCallerCanMakeASeries) {
  const std::string text = Everything();
  EXPECT_THAT(text, Not(HasSubstr("stranger")));
  EXPECT_THAT(text, HasSubstr("nightbox_filings_received_total{court=\"other\"} 1"));
  EXPECT_THAT(text, HasSubstr("nightbox_attempts_refused_total{reason=\"other\"} 1"));
}

TEST(MetricsTest, EveryMetricAndLabelIsDeclared) {
  std::set<std::string> declared;
  for (const RenderedField& field : Renderings()) {
    if (field.rendering == "metrics") declared.insert(field.field);
  }
  EXPECT_EQ(NamesIn(Everything()), declared)
      << "declare what is counted, by its data element, in rules/data/access_renderings.csv";
}

TEST(MetricsTest, WhatThePolicyOfTheMomentDeniesIsLeftOutAndSaid) {
  const AccessPolicies policies =
      PoliciesAnd({{"2027-01-01", "monitoring,operation,*,court_id;journal_position;duration,"}});
  const ShownFields shown(policies, Renderings(), "America/Chicago", "");
  const WallTime midnight = FromMicros(1'798'783'200'000'000);
  EXPECT_EQ(Everything(shown.Denied("metrics", midnight - Microseconds(1))), Everything());
  const std::string text = Everything(shown.Denied("metrics", midnight));
  for (const char* gone :
       {"court=", "nightbox_filings_received_total", "_bucket",
        "\nnightbox_journal_published_sequence ", "nightbox_commit_seconds_sum"}) {
    EXPECT_THAT(text, Not(HasSubstr(gone)));
  }
  EXPECT_THAT(text, HasSubstr("nightbox_commit_queue_waiting 3"));
  EXPECT_THAT(text, HasSubstr("nightbox_attempts_refused_total{reason=\"QUEUE_FULL\"} 1"));
  EXPECT_THAT(text, HasSubstr("\n# Not shown: court (Test rule 9), le (Test rule 9), "));
}

TEST(MetricsTest, PromtoolIsContent) {
  const std::string file =
      testing::TempDir() + "nightbox-metrics-" + std::to_string(getpid()) + ".txt";
  std::ofstream(file) << Everything();
  EXPECT_EQ(std::system(("/usr/bin/promtool check metrics < " + file).c_str()), 0);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace nightbox
