// Goal: World would notice. A program that never complains proves nothing about what it runs.
// Method: each program planted_NAME is World with tests/sim/planted/NAME.patch applied to a copy of
// one product source; within the seeds that CI runs it must find a violation. The control is
// world_test: the same seeds without the bug find none.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/sim/world_seeds.h"

namespace nightbox {
namespace {

TEST(PlantedBugTest, IsFoundWithinTheSeeds) {
  const std::vector<std::uint64_t> seeds = WorldSeeds();
  for (const std::uint64_t seed : seeds) {
    const WorldResult result = World(seed).Run();
    if (!result.violation) continue;
    std::cout << "found by seed " << seed << " after " << result.steps
              << " steps: " << *result.violation << "\n";
    return;
  }
  FAIL() << "not found by " << seeds.size() << " seeds";
}

}  // namespace
}  // namespace nightbox
