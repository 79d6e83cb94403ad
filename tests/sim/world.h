// World: one run of everything that must not go wrong, by seed.
//
// The real journal and document segments on a disk whose power can be cut, the real decisions,
// replayer and planner, and a simulated court system with two consistency groups, in one thread and
// virtual time; filers and operators who do what such people do, and everything that can fail
// failing. After every step the judge looks. Then all heals, and what was received must have come
// to its end.
//
// The same seed makes the same run.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "tests/sim/world_faults.h"
#include "tests/sim/world_filers.h"
#include "tests/sim/world_lives.h"
#include "tests/sim/world_stage.h"

namespace nightbox {

struct WorldResult {
  std::uint64_t seed = 0;
  // What was found. nullopt: all held.
  std::optional<std::string> violation;
  std::uint64_t steps = 0;
  // Equal runs, equal hashes.
  Digest trace_hash;
  std::deque<std::string> last_steps;
  WorldTally tally;
};

class World {
 public:
  explicit World(std::uint64_t seed);
  // To the end, or to the first violation. Once.
  WorldResult Run();

 private:
  void RunUntil(BootTime until);
  bool Settled();
  void CountTheEnds();

  const std::uint64_t seed_;
  WorldStage stage_;
  WorldLives lives_;
  WorldFilers filers_;
  WorldFaults faults_;
  std::uint64_t steps_ = 0;
};

}  // namespace nightbox
