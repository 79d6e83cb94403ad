#include "tests/sim/world_faults.h"

namespace nightbox {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

}  // namespace

void WorldFaults::Plan(std::size_t faults, Microseconds until) {
  stage_.gateway.queue_full = [this] {
    if (!queue_full_ || !stage_.random.OneIn(2)) return false;
    stage_.tally.Count("queue full");
    return true;
  };
  if (stage_.random.OneIn(2)) stage_.court.SetLag(stage_.Between(minutes(1), minutes(20)));
  OtherWeather();
  for (std::size_t i = 0; i < faults; ++i) {
    stage_.At(stage_.Between(seconds(10), until), [this] {
      if (!healed_) Strike();
    });
  }
}

void WorldFaults::Strike() {
  switch (stage_.random.Below(21)) {
    case 0:
    case 1:
      return lives_.Kill();
    case 2:
    case 3:
    case 4:
    case 5:
      return lives_.CutPowerSoon(40);
    case 6:
      return lives_.FailSync(DiskSubject::kWal);
    case 7:
      return lives_.FailSync(DiskSubject::kHead);
    case 8:
      return lives_.FillDisk();
    case 9:
    case 10:
      return EndpointAway();
    case 11:
      return CourtAway();
    case 12:
      stage_.tally.Count("case system crashed");
      stage_.trace.Note("the case system crashes");
      return stage_.court.Crash();
    case 13:
    case 14:
      return ClockGoesWrong();
    case 15:
      return QueueFull();
    case 16:
      return lives_.FailSegmentSync();
    case 17:
    case 18:
    case 19:
      return lives_.RotADocument();
    default:
      return OtherWeather();
  }
}

void WorldFaults::UploadBegun(Microseconds lasts) {
  if (healed_ || !stage_.random.OneIn(12)) return;
  stage_.At(stage_.Between(lasts / 3, lasts), [this] {
    if (!healed_) StrikeUpload();
  });
}

void WorldFaults::StrikeUpload() {
  switch (stage_.random.Below(5)) {
    case 0:
      return lives_.Kill();
    case 1:
      return lives_.CutPowerSoon(12);
    case 2:
      return lives_.FillDisk();
    case 3:
      // The log's: the gateway does not know what became of the extent, and stops.
      return lives_.FailSync(DiskSubject::kWal);
    default:
      return lives_.FailSegmentSync();
  }
}

void WorldFaults::EndpointAway() {
  const std::size_t endpoint = stage_.random.Below(std::size(kWorldGroups));
  stage_.tally.Count("endpoint away");
  stage_.trace.Note("endpoint " + std::to_string(endpoint) + " is away");
  stage_.court.SetReachable(endpoint, false);
  stage_.At(stage_.Between(seconds(5), minutes(15)),
            [this, endpoint] { stage_.court.SetReachable(endpoint, true); });
}

void WorldFaults::CourtAway() {
  const CourtId court{std::string(kWorldCourts[stage_.random.Below(std::size(kWorldCourts))])};
  stage_.tally.Count("court away");
  stage_.trace.Note("court " + court.str() + " is away");
  stage_.court.SetAway(court, true);
  stage_.At(stage_.Between(seconds(5), minutes(15)),
            [this, court] { stage_.court.SetAway(court, false); });
}

void WorldFaults::ClockGoesWrong() {
  SimClock& clock = stage_.fixture.clock();
  switch (stage_.random.Below(5)) {
    case 0:
      stage_.tally.Count("clock stepped forward");
      return clock.StepWall(stage_.Between(seconds(3), hours(2)));
    case 1:
      stage_.tally.Count("clock stepped back");
      return clock.StepWall(-stage_.Between(seconds(3), hours(2)));
    case 2:
    case 3:
      // Just after a commit: the next one may come before the clock has caught up.
      stage_.slew_after_commit = stage_.Between(milliseconds(100), milliseconds(1900));
      return;
    default:
      stage_.tally.Count("clock not synchronised");
      clock.SetQuality({false, Microseconds(0)});
      stage_.At(stage_.Between(minutes(1), minutes(20)), [this] {
        stage_.fixture.clock().SetQuality({true, Microseconds(500)});
      });
  }
}

void WorldFaults::QueueFull() {
  queue_full_ = true;
  stage_.At(stage_.Between(seconds(5), minutes(2)), [this] { queue_full_ = false; });
}

void WorldFaults::OtherWeather() {
  Random& random = stage_.random;
  const auto sometimes = [&](std::uint64_t often, std::uint64_t seldom) -> std::uint64_t {
    return random.OneIn(3) ? 0 : often + random.Below(seldom - often);
  };
  SimFaults faults;
  faults.lose_start = sometimes(4, 30);
  faults.lose_answer = sometimes(3, 20);
  faults.late_commit = sometimes(5, 30);
  faults.push_back = sometimes(6, 40);
  faults.refuse = sometimes(3, 40);
  faults.lose_query = sometimes(2, 8);
  faults.return_filing = sometimes(6, 20);
  faults.review_later = sometimes(2, 6);
  faults.several_cases = sometimes(4, 10);
  faults.review_after = stage_.Between(seconds(30), minutes(20));
  stage_.court.SetFaults(faults);
}

void WorldFaults::Heal() {
  healed_ = true;
  queue_full_ = false;
  SimFaults faults;
  stage_.court.SetFaults(faults);
  for (std::size_t i = 0; i < std::size(kWorldGroups); ++i) stage_.court.SetReachable(i, true);
  for (const std::string_view court : kWorldCourts) {
    stage_.court.SetAway(CourtId(std::string(court)), false);
  }
}

void WorldFaults::CountTheCourts() {
  const SimCaseSystem::Counts& counts = stage_.court.counts();
  WorldTally& tally = stage_.tally;
  tally.Count("start lost", counts.starts_lost);
  tally.Count("answer lost", counts.answers_lost);
  tally.Count("committed late", counts.late_commits);
  tally.Count("pushed back", counts.pushed_back);
  tally.Count("refused by the case system", counts.refused);
  tally.Count("question unanswered", counts.queries_lost);
  tally.Count("answered: not found", counts.not_found);
  tally.Count("recorded before", counts.repeated);
  tally.Count("returned by the clerk", counts.returned);
  tally.Count("reviewed later", counts.reviewed_later);
  tally.Count("several cases opened", counts.several_cases);
  tally.Count("documents read by the court", counts.documents);
}

}  // namespace nightbox
