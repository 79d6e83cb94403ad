#include "tests/sim/world.h"

namespace nightbox {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Microseconds kStorm = minutes(60);
constexpr Microseconds kCalm = hours(72);
constexpr Microseconds kRound = minutes(5);

// Small rooms, so that what is full is met often.
PlannerOptions SmallPlanner(Random& random) {
  PlannerOptions options;
  options.court_heads_max = 8;
  options.heads_max = 16;
  options.load_max = 8;
  options.in_flight_max = 6;
  options.hold_after = 2 + static_cast<std::uint32_t>(random.Below(4));
  return options;
}

}  // namespace

World::World(std::uint64_t seed)
    : seed_(seed), stage_(seed), lives_(stage_), filers_(stage_), faults_(stage_, lives_) {
  stage_.gateway.options = SmallPlanner(stage_.random);
  stage_.gateway.group_max = [this] { return 1 + stage_.random.Below(8); };
  lives_.on_down = [this](std::string_view how) { filers_.documents.GatewayDied(how); };
  filers_.documents.on_stream = [this](Microseconds lasts) { faults_.UploadBegun(lasts); };
}

void World::RunUntil(BootTime until) {
  while (!stage_.judge.violation() && stage_.loop.StepUntil(until)) {
    ++steps_;
    lives_.NoticePowerCut();
    stage_.judge.LookAtDocket();
  }
}

bool World::Settled() {
  const Balance balance = stage_.judge.model().CountAll();
  return filers_.content() && filers_.documents.AllWhole() &&
         balance.Of(BalanceClass::kPending) == 0 && balance.Of(BalanceClass::kUncertain) == 0 &&
         balance.Of(BalanceClass::kHeld) == 0;
}

WorldResult World::Run() {
  lives_.Begin();
  filers_.Plan(40 + stage_.random.Below(40), kStorm);
  faults_.Plan(10 + stage_.random.Below(30), kStorm);
  SimClock& clock = stage_.fixture.clock();
  RunUntil(clock.BootNow() + kStorm);

  stage_.trace.Note("all heals");
  filers_.Retire();
  faults_.Heal();
  lives_.Heal();
  const BootTime end = clock.BootNow() + kCalm;
  while (!stage_.judge.violation() && !Settled() && clock.BootNow() < end) {
    filers_.CloseWhatIsHeld();
    RunUntil(clock.BootNow() + kRound);
  }
  if (!stage_.judge.violation()) {
    if (!stage_.gateway.open()) stage_.judge.Fail("the gateway does not come back");
    if (!filers_.content()) stage_.judge.Fail("a filer never got a receipt");
  }
  if (!stage_.judge.violation()) stage_.judge.Finished(*stage_.gateway.journal().view());
  CountTheEnds();

  WorldResult result;
  result.seed = seed_;
  result.violation = stage_.judge.violation();
  result.steps = steps_;
  result.last_steps = stage_.trace.last();
  stage_.trace.Note("operations of the disk: " +
                    std::to_string(stage_.fixture.disk().operation_count()));
  result.trace_hash = stage_.trace.Finish();
  result.tally = stage_.tally;
  return result;
}

void World::CountTheEnds() {
  const Balance balance = stage_.judge.model().CountAll();
  stage_.tally.Count("docketed", balance.Of(BalanceClass::kDocketed));
  stage_.tally.Count("returned", balance.Of(BalanceClass::kReturned));
  stage_.tally.Count("withdrawn", balance.Of(BalanceClass::kWithdrawn));
  stage_.tally.Count("duplicates", balance.Of(BalanceClass::kDuplicateOf));
  stage_.tally.Count("terminated", balance.Of(BalanceClass::kTerminated));
  faults_.CountTheCourts();
}

}  // namespace nightbox
