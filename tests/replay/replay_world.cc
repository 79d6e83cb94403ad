#include "tests/replay/replay_world.h"

#include <map>
#include <utility>

#include "store/opening.h"
#include "store/record.h"
#include "tests/store/support/spoil_key.h"

namespace nightbox {

ReplayWorld::ReplayWorld(std::uint64_t seed, const std::vector<std::string>& groups)
    : fixture_(seed),
      loop_(fixture_.clock()),
      random_(seed * 3 + 1),
      court_random_(seed * 5 + 2),
      replay_random_(seed * 7 + 3) {
  court_ = std::make_unique<SimCaseSystem>(court_random_, fixture_.clock(),
                                           [this](Microseconds after, std::function<void()> act) {
                                             loop_.Schedule(after, std::move(act));
                                           });
  SimGateway::Parts parts{&fixture_, &loop_, &replay_random_, &JournalFixture::Signer(), {}};
  for (const std::string& group : groups) parts.endpoints.push_back(&court_->AddEndpoint(group));
  gateway_ = std::make_unique<SimGateway>(std::move(parts));
  gateway_->wire.on_record = [this](std::size_t, const RecordRequest& request) {
    on_record(request);
  };
  gateway_->on_fail_stop = [](const Error& why) { ADD_FAILURE() << why.message; };
  EXPECT_TRUE(fixture_.Init());
  const auto opened = gateway_->OpenJournal();
  EXPECT_TRUE(opened) << opened.error().message;
}

void ReplayWorld::StartReplayer() {
  gateway_->options = options;
  const auto started = gateway_->StartReplayer();
  EXPECT_TRUE(started) << started.error().message;
}

std::uint64_t ReplayWorld::File(CaseReference in_case, std::string_view court) {
  ReceiveFiling draft = FilingDraft(next_filing_, std::move(in_case), court);
  draft.received_at = clock().Now();
  auto along = gateway_->documents().StoreAlong({TextOf(next_filing_)});
  EXPECT_TRUE(along) << along.error().message;
  draft.inline_documents = *std::move(along);
  ++next_filing_;
  const auto outcome = Commit(std::move(draft));
  EXPECT_TRUE(outcome) << outcome.error().message;
  return outcome->filing->sequence;
}

void ReplayWorld::Rot(std::uint64_t sequence) {
  const FilingRecord received = Filing(sequence).record;
  const auto document = FindDocument(*gateway_->journal().view(), received.system,
                                     received.header.documents.at(0).sha256);
  const StoredExtent extent = record::ReadExtent(document.value().value().extents(0));
  const std::string directory = JournalPaths(fixture_.options().directory).documents;
  fixture_.disk().FlipByte(SimDocuments::SegmentPath(directory, extent.segment), extent.offset);
}

void ReplayWorld::At(Microseconds after, std::function<void()> act) {
  ++acts_;
  loop_.Schedule(after, [this, act = std::move(act)] {
    --acts_;
    act();
  });
}

bool ReplayWorld::RunUntilSettled(Microseconds longest) {
  const BootTime until = clock().BootNow() + longest;
  while ((acts_ > 0 || Open() > 0) && clock().BootNow() < until) RunFor(std::chrono::seconds(10));
  return Open() == 0;
}

void ReplayWorld::Spoil(const std::string& key) {
  Die();
  SpoilKey(fixture_, key);
  Reopen();
}

void ReplayWorld::Crash() {
  Die();
  Reopen();
}

void ReplayWorld::Die() {
  gateway_->Die();
  court_->GatewayCrashed();
}

void ReplayWorld::Reopen() {
  const auto opened = gateway_->OpenJournal();
  ASSERT_TRUE(opened) << opened.error().message;
  StartReplayer();
}

FilingState ReplayWorld::State(std::uint64_t sequence) const {
  return FindState(*gateway_->journal().view(), sequence).value().value();
}

FilingSnapshot ReplayWorld::Filing(std::uint64_t sequence) const {
  return ReadFiling(*gateway_->journal().view(), sequence).value();
}

std::uint64_t ReplayWorld::Count(BalanceClass which) const {
  return ReadBalance(*gateway_->journal().view(), CourtId()).value().Of(which);
}

std::uint64_t ReplayWorld::Open() const {
  return Count(BalanceClass::kPending) + Count(BalanceClass::kUncertain);
}

std::vector<std::string> ReplayWorld::DocketFaults() const {
  std::vector<std::string> faults;
  std::map<Digest, int> rows;
  std::map<Digest, std::uint64_t> last_of_case;
  const auto view = gateway_->journal().view();
  for (const auto& row : court_->docket()) {
    if (++rows[row.delivery_key] > 1) faults.emplace_back("docketed twice");
    const auto filing = view->FindFilingByKey(row.delivery_key).value();
    if (!filing) {
      faults.emplace_back("docketed without a filing");
      continue;
    }
    const auto [last, first] = last_of_case.try_emplace(filing->state.case_key, filing->sequence);
    if (!first && last->second > filing->sequence) faults.emplace_back("out of order");
    last->second = std::max(last->second, filing->sequence);
  }
  return faults;
}

}  // namespace nightbox
