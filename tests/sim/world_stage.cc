#include "tests/sim/world_stage.h"

#include <utility>

#include "tests/sim/world_signer.h"

namespace nightbox {
namespace {

std::vector<CaseSystemPort*> AddPorts(SimCaseSystem& court) {
  std::vector<CaseSystemPort*> ports;
  for (const std::string_view group : kWorldGroups) {
    ports.push_back(&court.AddEndpoint(std::string(group)));
  }
  return ports;
}

}  // namespace

WorldStage::WorldStage(std::uint64_t seed)
    : fixture(seed),
      loop(fixture.clock()),
      random(seed * 3 + 1),
      court_random(seed * 5 + 2),
      replay_random(seed * 7 + 3),
      trace(fixture.clock()),
      court(court_random, fixture.clock(),
            [this](Microseconds after, std::function<void()> act) {
              loop.Schedule(after, std::move(act));
            }),
      ports(AddPorts(court)),
      gateway({&fixture, &loop, &replay_random, &WorldSigner(), ports}),
      judge(fixture.disk(), court, trace) {
  SeedOpenSsl(seed);
  gateway.wire.on_record = [this](std::size_t endpoint, const RecordRequest& request) {
    judge.Sent(std::string(kWorldGroups[endpoint]), request);
  };
  gateway.wire.on_answer = [this](std::size_t, const Digest& key, const RecordAnswer& answer) {
    judge.Answered(key, answer.fate);
  };
  gateway.wire.on_query_answer = [this](std::size_t endpoint, const Digest& key,
                                        const QueryAnswer& answer) {
    judge.AnsweredQuery(std::string(kWorldGroups[endpoint]), key, answer.fate);
  };
  gateway.on_published = [this](const Committed& committed) {
    if (slew_after_commit > Microseconds(0)) {
      tally.Count("clock slewed back");
      fixture.clock().StepWall(-std::exchange(slew_after_commit, Microseconds(0)));
    }
    judge.Published(*gateway.journal().view(), committed.changed_filings);
  };
}

}  // namespace nightbox
