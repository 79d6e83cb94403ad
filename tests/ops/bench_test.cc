// Goal: what ops/bench measures with is what it says it is: sound and distinct documents, honest
// quantiles, lines that a program can read. Method: each part alone; nothing is timed.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "core/sha256.h"
#include "ops/bench_tool/filings.h"
#include "ops/bench_tool/measurement.h"
#include "ops/bench_tool/process_cost.h"

namespace nightbox::bench {
namespace {

TEST(BenchTest, AQuantileIsAValueThatWasSeen) {
  std::vector<double> values;
  for (int i = 100; i >= 1; --i) values.push_back(i);
  EXPECT_EQ(Quantile(values, 0.5), 50);
  EXPECT_EQ(Quantile(values, 0.99), 99);
  EXPECT_EQ(Quantile(values, 1), 100);
  std::vector<double> one = {7};
  EXPECT_EQ(Quantile(one, 0.01), 7);
  std::vector<double> none;
  EXPECT_EQ(Quantile(none, 0.5), 0);
}

TEST(BenchTest, AMeasurementIsOneLineOfJson) {
  const auto line = boost::json::parse(ToJson({"intake.64.rate", 1234.56789, "filings/s"}));
  EXPECT_EQ(line.at("name").as_string(), "intake.64.rate");
  EXPECT_DOUBLE_EQ(line.at("value").as_double(), 1234.568);
  EXPECT_EQ(line.at("unit").as_string(), "filings/s");
}

TEST(BenchTest, EveryFilingHasItsOwnRequestCaseAndDocument) {
  SeededRandom random(1);
  Filings filings({.court = "mo.cir.21.st-louis", .document_bytes = 100'000}, random);
  std::set<std::string> requests;
  std::set<std::string> cases;
  std::set<std::string> digests;
  for (int i = 0; i < 200; ++i) {
    filings.Next();
    requests.insert(filings.request_id());
    cases.insert(filings.header().case_number());
    const auto& document = filings.header().documents(0);
    EXPECT_EQ(document.size_bytes(), 100'000);
    EXPECT_EQ(filings.document().size(), 100'000u);
    EXPECT_EQ(document.sha256(), Sha256(filings.document()).view());
    digests.insert(document.sha256());
  }
  EXPECT_EQ(requests.size(), 200u);
  EXPECT_EQ(cases.size(), 200u);
  EXPECT_EQ(digests.size(), 200u);
}

TEST(BenchTest, ADocumentIsAPdfOfExactlyTheSizeAskedFor) {
  for (const std::size_t bytes :
       {std::size_t{1000}, std::size_t{100'000}, std::size_t{1'234'567}}) {
    std::size_t mark = 0;
    const std::string pdf = MakePdf(bytes, "night box ", mark);
    EXPECT_EQ(pdf.size(), bytes);
    EXPECT_TRUE(pdf.starts_with("%PDF-1.4\n"));
    EXPECT_TRUE(pdf.ends_with("%%EOF\n"));
    EXPECT_EQ(pdf.substr(mark, 32), std::string(32, '0'));
  }
}

TEST(BenchTest, AProcessThatIsNotThereCostsAnError) {
  EXPECT_TRUE(CostOf(::getpid()));
  EXPECT_FALSE(CostOf(0));
}

}  // namespace
}  // namespace nightbox::bench
