// nightbox-bench: measures; ops/bench says what and draws the sums (docs/bench.md).
//
//   nightbox-bench load     files for some seconds and says what the clients and the gateway took
//   nightbox-bench device   says what appending and syncing alone can do
//
// Prints lines of JSON, each {"name":...,"value":...,"unit":...}. Exit 1, and the reason on
// standard error, when something could not be measured.
#include <CLI/CLI.hpp>
#include <iostream>

#include "ops/bench_tool/device_limit.h"
#include "ops/bench_tool/load.h"
#include "ops/bench_tool/measurement.h"

namespace nightbox::bench {
namespace {

struct Options {
  std::string name;
  LoadOptions load;
  DeviceLoad device;
  double warm_up_s = 1;
  double duration_s = 3;
};

Microseconds FromSeconds(double seconds) {
  return Microseconds(static_cast<std::int64_t>(seconds * 1e6));
}

void Print(const std::string& name, double value, const char* unit) {
  std::cout << ToJson({name, value, unit}) << "\n";
}

int Fail(const Error& why) {
  std::cerr << "nightbox-bench: " << why.message << "\n";
  return 1;
}

void AddLoad(CLI::App& app, Options& options) {
  CLI::App& load = *app.add_subcommand("load", "File for some seconds");
  load.add_option("--name", options.name, "What the measurements' names begin with")->required();
  load.add_option("--server", options.load.server, "HOST:PORT of the gateway")->required();
  load.add_option("--ca", options.load.ca, "Root of the gateway's certificate")->required();
  load.add_option("--certificate", options.load.certificate, "A system's certificate")->required();
  load.add_option("--key", options.load.key, "Its key")->required();
  load.add_option("--clients", options.load.clients, "How many at once")
      ->check(CLI::Range(1, 1000));
  load.add_option("--court", options.load.shape.court, "Where to file")->required();
  load.add_option("--document-bytes", options.load.shape.document_bytes, "Size of each document")
      ->check(CLI::Range(std::size_t{1000}, std::size_t{100'000'000}));
  load.add_option("--media-type", options.load.shape.media_type, "What documents say they are");
  load.add_option("--warm-up", options.warm_up_s, "Seconds that are not counted");
  load.add_option("--seconds", options.duration_s, "Seconds that are");
  load.add_option("--gateway-pid", options.load.gateway, "Whose processor time is counted");
}

void AddDevice(CLI::App& app, Options& options) {
  CLI::App& device = *app.add_subcommand("device", "Append and sync alone");
  device.add_option("--name", options.name, "The measurement's name")->required();
  device.add_option("--directory", options.device.directory, "Where")->required();
  device.add_option("--bytes", options.device.piece_bytes, "Size of a piece")
      ->check(CLI::Range(1, 4 << 20));
  device.add_option("--group", options.device.group, "Pieces that share a sync")
      ->check(CLI::Range(1, 1000));
  device.add_option("--seconds", options.duration_s, "For how long");
}

int Load(Options& options) {
  options.load.warm_up = FromSeconds(options.warm_up_s);
  options.load.duration = FromSeconds(options.duration_s);
  const SystemClock clock;
  SystemRandom random;
  auto report = RunLoad(options.load, clock, random);
  if (!report) return Fail(report.error());
  const auto filings = static_cast<double>(report->filing_ms.size());
  if (filings == 0) return Fail({ErrorCode::kUnavailable, "no filing ended in that time"});
  const auto each = [&](Microseconds cost) { return static_cast<double>(cost.count()) / filings; };
  Print(options.name + ".rate", filings / report->seconds, "filings/s");
  Print(options.name + ".p50_ms", Quantile(report->filing_ms, 0.5), "ms");
  Print(options.name + ".p99_ms", Quantile(report->filing_ms, 0.99), "ms");
  Print(options.name + ".find_p50_ms", Quantile(report->find_ms, 0.5), "ms");
  Print(options.name + ".write_p50_ms", Quantile(report->write_ms, 0.5), "ms");
  Print(options.name + ".create_p50_ms", Quantile(report->create_ms, 0.5), "ms");
  Print(options.name + ".client_cpu_us", each(report->client_cost), "us/filing");
  Print(options.name + ".receipts", static_cast<double>(report->receipts), "filings");
  if (options.load.gateway == 0) return 0;
  Print(options.name + ".gateway_cpu_us", each(report->gateway_cost), "us/filing");
  Print(options.name + ".examiner_cpu_us", each(report->children_cost), "us/filing");
  return 0;
}

int Device(Options& options) {
  options.device.duration = FromSeconds(options.duration_s);
  const auto rate = MeasureDevice(options.device, SystemClock());
  if (!rate) return Fail(rate.error());
  Print(options.name, *rate, "pieces/s");
  return 0;
}

}  // namespace
}  // namespace nightbox::bench

int main(int argc, char** argv) {
  nightbox::bench::Options options;
  CLI::App app("Measures what a gateway takes, and what the disk could take.");
  app.require_subcommand(1);
  AddLoad(app, options);
  AddDevice(app, options);
  CLI11_PARSE(app, argc, argv);
  return app.got_subcommand("load") ? nightbox::bench::Load(options)
                                    : nightbox::bench::Device(options);
}
