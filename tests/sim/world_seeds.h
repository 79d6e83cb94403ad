// Which worlds are run: CI's seeds by default, many more with NIGHTBOX_LONG=1, one with
// NIGHTBOX_SEED=n.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/sim/world.h"

namespace nightbox {

std::vector<std::uint64_t> WorldSeeds();
// One was asked for.
bool OneSeedAsked();

// The seed, what was found and what led to it, for whoever must mend it.
std::string Story(const WorldResult& result);

}  // namespace nightbox
