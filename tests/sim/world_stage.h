// WorldStage: what everybody in a World stands on: one loop, one disk, one gateway, one court
// system, one judge, and chance from one seed.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/random.h"
#include "tests/sim/sim_case_system.h"
#include "tests/sim/sim_gateway.h"
#include "tests/sim/sim_loop.h"
#include "tests/sim/world_judge.h"
#include "tests/sim/world_tally.h"
#include "tests/sim/world_trace.h"
#include "tests/store/support/journal_fixture.h"

namespace nightbox {

inline constexpr std::string_view kWorldCourts[] = {"mo.cir.42.dent", "mo.cir.21.st-louis",
                                                    "mo.sc"};
// Two endpoints of one group, and one of a group that hears late what the first has recorded.
inline constexpr std::string_view kWorldGroups[] = {"main", "main", "spare"};

// Where the document segments are (store/opening.h).
inline constexpr char kWorldDocuments[] = "/journal/documents";

struct WorldStage {
  explicit WorldStage(std::uint64_t seed);

  // Evenly in [from, to).
  Microseconds Between(Microseconds from, Microseconds to) {
    return from + Microseconds(static_cast<std::int64_t>(
                      random.Below(static_cast<std::uint64_t>((to - from).count()))));
  }
  void At(Microseconds after, std::function<void()> act) { loop.Schedule(after, std::move(act)); }

  // Since the last entry the document index alone has changed, which no head promises.
  bool beyond_the_head() const { return beyond_the_head_; }
  // The journal was opened, and what it holds written out of the log.
  void Opened(std::uint64_t published) {
    promised_ = published;
    beyond_the_head_ = false;
  }

  JournalFixture fixture;
  SimLoop loop;
  // How far the clock goes back once the next group is published, less than a step. Zero: it does
  // not.
  Microseconds slew_after_commit{0};
  SeededRandom random;
  SeededRandom court_random;
  SeededRandom replay_random;
  WorldTally tally;
  WorldTrace trace;
  SimCaseSystem court;
  std::vector<CaseSystemPort*> ports;
  SimGateway gateway;
  WorldJudge judge;

 private:
  std::uint64_t promised_ = 0;
  bool beyond_the_head_ = false;
};

}  // namespace nightbox
