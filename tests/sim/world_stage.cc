#include "tests/sim/world_stage.h"

#include <utility>

#include "rules/court_time.h"
#include "tests/sim/world_signer.h"

namespace nightbox {
namespace {

// When the storm begins: an evening in Missouri, most of them twenty minutes before midnight, and
// ten days later something a calendar must know.
constexpr std::string_view kEvenings[] = {
    "2024-07-02T04:41:07.000000Z",  // Monday 1 July: an ordinary Thursday.
    "2022-06-11T04:41:07.000000Z",  // Friday: Juneteenth as courts observed it, no holiday yet.
    "2024-06-25T04:41:07.000000Z",  // Monday: Independence Day.
    "2025-06-26T04:41:07.000000Z",  // Wednesday: a Saturday.
    "2026-06-24T04:41:07.000000Z",  // Tuesday: the Friday before a holiday on a Saturday.
    "2024-11-03T06:41:07.000000Z",  // The night in which an hour comes twice.
    "2025-12-15T05:41:07.000000Z",  // Sunday: from midnight on, Christmas.
    "2025-01-01T05:41:07.000000Z",  // New Year's Eve: from midnight on, a Saturday.
};

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
      judge(fixture.disk(), kWorldDocuments, court, trace, tally) {
  SeedOpenSsl(seed);
  const std::string_view evening = kEvenings[seed % std::size(kEvenings)];
  fixture.clock().StepWall(ParseUtc(evening).value() - fixture.clock().Now());
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
    const auto view = gateway.journal().view();
    beyond_the_head_ = view->published() == promised_;
    promised_ = view->published();
    judge.Published(*view, committed.changed_filings);
  };
}

}  // namespace nightbox
