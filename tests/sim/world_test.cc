// Goal: whatever fails, and in whatever order, every promise holds: receipts, the tree, the order
// of cases, one docket entry a filing, and in the end nothing is left over.
// Method: World, by seed: the real journal, decisions, replayer and planner on a simulated disk,
// clock and court system, judged after every step. NIGHTBOX_SEED=n runs one world again,
// NIGHTBOX_LONG=1 thousands.
#include "tests/sim/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>

#include "tests/sim/world_seeds.h"

namespace nightbox {
namespace {

TEST(WorldTest, EveryPromiseHoldsWhateverFails) {
  WorldTally tally;
  std::uint64_t steps = 0;
  std::size_t found = 0;
  const std::vector<std::uint64_t> seeds = WorldSeeds();
  for (const std::uint64_t seed : seeds) {
    const WorldResult result = World(seed).Run();
    tally.Add(result.tally);
    steps += result.steps;
    if (!result.violation) continue;
    ADD_FAILURE() << Story(result);
    if (++found == 3) break;
  }
  std::cout << seeds.size() << " worlds, " << steps << " steps\n" << tally.Table();
  if (OneSeedAsked() || found > 0) return;
  EXPECT_THAT(tally.Missing(), testing::IsEmpty()) << "what never happens proves nothing";
}

TEST(WorldTest, TheSameSeedIsTheSameRun) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const WorldResult once = World(seed).Run();
    const WorldResult again = World(seed).Run();
    EXPECT_EQ(once.trace_hash.Hex(), again.trace_hash.Hex()) << "seed " << seed;
    EXPECT_EQ(once.steps, again.steps) << "seed " << seed;
    EXPECT_NE(once.trace_hash, World(seed + 100).Run().trace_hash);
  }
}

}  // namespace
}  // namespace nightbox
