// Goal: whatever /metrics promises to count is counted, as it happened, in a form that Prometheus
// reads without a complaint. Method: the real gateway and case system; refusals, an upload, a
// delivery and a test filing, and then the gateway's own page.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/patience.h"
#include "rules/access_renderings.h"
#include "tests/process/case_system_process.h"
#include "tests/process/gateway_process.h"
#include "tests/process/intake_caller.h"

namespace nightbox {
namespace {

using testing::HasSubstr;

TEST(MetricsPageTest, CountsWhatHappenedAndPromtoolIsContent) {
  GatewayProcess gateway;
  CaseSystemProcess court(gateway.pki());
  const CertificateFiles acme = gateway.pki().IssueClient("system", "acme");
  gateway.settings().case_system_port = court.port();
  gateway.Start();
  const IntakeCaller anna(gateway.pki(), acme, gateway.port(), "user-anna");
  const std::string motion = SmallPdf("motion");
  const std::string exhibit = SmallPdf("an exhibit that rides along");

  auto filing = FilingWithout(RequestIdFor("motion"), kDent, "24DN-CC00001", {motion});
  EXPECT_EQ(anna.Create(filing).reason(), "DOCUMENT_MISSING");
  UploadStream nothing(anna, Digest{}, 0, 0);
  EXPECT_EQ(nothing.Finish().reason(), "DOCUMENT_TOO_LARGE");
  ASSERT_TRUE(anna.Upload(motion).ok());
  ASSERT_TRUE(anna.Create(filing).ok());
  EXPECT_TRUE(anna.Create(filing).ok()) << "the same again, which counts no more";
  auto trial = FilingWith(RequestIdFor("trial"), kDent, "24DN-CC00001", {exhibit});
  trial.mutable_header()->set_test(true);
  ASSERT_TRUE(anna.Create(trial).ok());

  const std::string delivered = "nightbox_filings_delivered_total{court=\"mo.cir.42.dent\"} 1\n";
  const auto deadline = SteadyNow() + std::chrono::seconds(30);
  std::string page;
  while (page.find(delivered) == std::string::npos && SteadyNow() < deadline) {
    page = gateway.Get("/metrics").body;
  }
  const std::string bytes = std::to_string(motion.size() + exhibit.size());
  for (const std::string& line :
       {delivered, std::string("nightbox_filings_received_total{court=\"mo.cir.42.dent\"} 1\n"),
        std::string("nightbox_test_filings_received_total{court=\"mo.cir.42.dent\"} 1\n"),
        std::string("nightbox_attempts_refused_total{reason=\"DOCUMENT_MISSING\"} 1\n"),
        std::string("nightbox_attempts_refused_total{reason=\"DOCUMENT_TOO_LARGE\"} 1\n"),
        std::string("nightbox_documents_stored_total 2\n"),
        "nightbox_document_bytes_stored_total " + bytes + "\n",
        std::string("nightbox_commit_group_filings_count 2\n"),
        std::string("nightbox_certificate_ends_timestamp_seconds{certificate=\"intake.cert")}) {
    EXPECT_THAT(page, HasSubstr(line));
  }
  // What is declared and never counted would only be noticed by whoever needs it.
  for (const RenderedField& field : Renderings()) {
    if (field.rendering != "metrics" || !field.field.starts_with("nightbox_")) continue;
    const auto has = [&, name = '\n' + field.field](const char* end) {
      return page.find(name + end) != std::string::npos;
    };
    EXPECT_TRUE(has("{") || has(" ") || has("_bucket{")) << field.field << " has no sample";
  }

  const TemporaryDirectory directory;
  const auto file = directory.Write("metrics.txt", page);
  const auto judged =
      RunCommand({"sh", "-c", "/usr/bin/promtool check metrics < \"$1\"", "sh", file.string()});
  EXPECT_EQ(judged.exit_code, 0) << judged.output;
}

}  // namespace
}  // namespace nightbox
