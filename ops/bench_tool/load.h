// Load: clients that file without pause, each over a connection of its own, and what they saw.
//
// A filing is FindMissingDocuments, WriteDocument in chunks of 256 KB, CreateFiling: what
// `nightbox file` says on a good day, and nothing else. It is counted when its receipt is there.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/random.h"
#include "core/result.h"
#include "ops/bench_tool/filings.h"

namespace nightbox::bench {

struct LoadOptions {
  std::string server;  // "127.0.0.1:8443".
  std::filesystem::path ca;
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::string server_name = "localhost";
  int clients = 1;
  FilingShape shape;
  // What happens before is not counted; then everything for so long.
  Microseconds warm_up = std::chrono::seconds(1);
  Microseconds duration = std::chrono::seconds(3);
  // Whose processor time is counted; 0: nobody's.
  pid_t gateway = 0;
};

struct LoadReport {
  double seconds = 0;
  std::vector<double> filing_ms;  // One for each filing that was counted, as are these,
  std::vector<double> find_ms;    // its three steps.
  std::vector<double> write_ms;
  std::vector<double> create_ms;
  // All receipts, counted or not.
  std::int64_t receipts = 0;
  Microseconds client_cost{0};
  Microseconds gateway_cost{0};
  Microseconds children_cost{0};
};

// The first call that fails ends it: a bench of refusals measures nothing.
Result<LoadReport> RunLoad(const LoadOptions& options, const Clock& clock, Random& random);

}  // namespace nightbox::bench
