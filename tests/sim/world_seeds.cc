#include "tests/sim/world_seeds.h"

#include <cstdlib>
#include <numeric>
#include <sstream>

#include "tests/sim/world_log.h"

// clang says it in its own way.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define NIGHTBOX_CLANG_SANITIZES
#endif
#endif

namespace nightbox {
namespace {

// What one core does in some twenty seconds; under the sanitizers, a part of it.
#if defined(__SANITIZE_ADDRESS__) || defined(NIGHTBOX_CLANG_SANITIZES)
constexpr std::uint64_t kSeeds = 12;
#else
constexpr std::uint64_t kSeeds = 50;
#endif
constexpr std::uint64_t kSeedsLong = 3000;

const char* SeedAsked() { return std::getenv("NIGHTBOX_SEED"); }

}  // namespace

bool OneSeedAsked() { return SeedAsked() != nullptr; }

std::vector<std::uint64_t> WorldSeeds() {
  if (OneSeedAsked()) return {std::strtoull(SeedAsked(), nullptr, 10)};
  const char* longer = std::getenv("NIGHTBOX_LONG");
  const bool is_long = longer != nullptr && std::string(longer) == "1";
  std::vector<std::uint64_t> seeds(is_long ? kSeedsLong : kSeeds);
  std::iota(seeds.begin(), seeds.end(), 1);
  return seeds;
}

std::string Story(const WorldResult& result) {
  std::ostringstream story;
  story << "seed " << result.seed << ": " << result.violation.value_or("nothing was found")
        << "\nNIGHTBOX_SEED=" << result.seed << " runs it again. The last steps:\n";
  for (const std::string& step : result.last_steps) story << "  " << step << "\n";
  story << "The log's last words:\n";
  for (const std::string& line : TakeLog()) story << "  " << line << "\n";
  return story.str();
}

}  // namespace nightbox
