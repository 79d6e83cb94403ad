#include "tests/replay/replay_world.h"

namespace nightbox {

class ReplayWorld::Endpoint final : public CaseSystemPort {
 public:
  Endpoint(ReplayWorld& world, CaseSystemPort& port) : world_(world), port_(port) {}
  void Record(RecordRequest request, std::shared_ptr<DocumentSource> documents,
              std::function<void(RecordAnswer)> done) override {
    world_.on_record(request);
    port_.Record(std::move(request), std::move(documents), std::move(done));
  }
  void Query(const Digest& key, std::function<void(QueryAnswer)> done) override {
    port_.Query(key, std::move(done));
  }
  void Check(std::vector<CourtId> courts, std::function<void(ProbeReport)> done) override {
    port_.Check(std::move(courts), std::move(done));
  }
  void RequestWithdrawal(const Digest& key, const std::string& reason,
                         std::function<void(Result<CourtRecord>)> done) override {
    port_.RequestWithdrawal(key, reason, std::move(done));
  }
  void Watch(const std::string& cursor,
             std::function<void(CourtRecord, std::string, Resume)> on_record,
             std::function<void(Error)> on_end) override {
    port_.Watch(cursor, std::move(on_record), std::move(on_end));
  }
  void Stop() override { port_.Stop(); }

 private:
  ReplayWorld& world_;
  CaseSystemPort& port_;
};

class ReplayWorld::Documents final : public DocumentSource {
 public:
  Documents(const ReplayWorld& world, const FilingHeader& header)
      : world_(world), header_(header) {}
  Result<std::string> Read(std::size_t document, std::int64_t offset, std::size_t max) override {
    const Digest& digest = header_.documents.at(document).sha256;
    if (!world_.readable(digest)) return Error{ErrorCode::kDataLoss, "the bytes are gone"};
    return world_.texts_.at(digest).substr(static_cast<std::size_t>(offset), max);
  }

 private:
  const ReplayWorld& world_;
  const FilingHeader header_;
};

ReplayWorld::ReplayWorld(std::uint64_t seed, const std::vector<std::string>& groups)
    : fixture_(seed),
      random_(seed * 3 + 1),
      court_random_(seed * 5 + 2),
      replay_random_(seed * 7 + 3),
      journal_(fixture_.Fresh()) {
  court_ = std::make_unique<SimCaseSystem>(
      court_random_, fixture_.clock(),
      [this](Microseconds after, std::function<void()> act) { Schedule(after, std::move(act)); });
  for (const std::string& group : groups) {
    endpoints_.push_back(std::make_unique<Endpoint>(*this, court_->AddEndpoint(group)));
  }
}

ReplayWorld::~ReplayWorld() = default;

void ReplayWorld::StartReplayer() {
  ++life_;
  ReplayerParts parts;
  parts.gateway = fixture_.options().gateway;
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    ReplayEndpoint endpoint;
    endpoint.name = "endpoint " + std::to_string(i);
    endpoint.port = endpoints_[i].get();
    parts.endpoints.push_back(std::move(endpoint));
  }
  parts.clock = &fixture_.clock();
  parts.random = &replay_random_;
  parts.view = [this] { return journal_->view(); };
  parts.submit = [this](Draft draft, std::function<void(const Result<Outcome>&)> done) {
    waiting_.push_back({std::move(draft), std::move(done)});
    if (waiting_.size() == 1) {
      Schedule(std::chrono::milliseconds(2), [this, life = life_] {
        if (life == life_) CommitWaiting();
      });
    }
  };
  parts.documents = [this](const View&, const FilingSnapshot& filing) {
    return Result<std::shared_ptr<DocumentSource>>(
        std::make_shared<Documents>(*this, filing.record.header));
  };
  parts.post = [this](std::function<void()> act) { Schedule(Microseconds(0), std::move(act)); };
  parts.wake_at = [this](BootTime time) {
    if (time == BootTime::max()) return;
    const Microseconds wait = std::max(Microseconds(0), time - clock().BootNow());
    Schedule(wait, [this, life = life_, turn = ++wake_turn_] {
      if (life == life_ && turn == wake_turn_) replayer_->Wake();
    });
  };
  replayer_ = std::make_unique<Replayer>(std::move(parts), options);
  const auto started = replayer_->Start();
  EXPECT_TRUE(started) << started.error().message;
}

std::uint64_t ReplayWorld::File(CaseReference in_case, std::string_view court) {
  ReceiveFiling draft = FilingDraft(next_filing_, std::move(in_case), court);
  draft.received_at = clock().Now();
  texts_[draft.header.documents[0].sha256] = "%PDF-1.7 pleading " + std::to_string(next_filing_);
  ++next_filing_;
  const auto outcome = Commit(std::move(draft));
  EXPECT_TRUE(outcome) << outcome.error().message;
  return outcome->filing->sequence;
}

Result<Outcome> ReplayWorld::Commit(Draft draft) {
  const Draft drafts[] = {std::move(draft)};
  auto committed = journal_->Commit(drafts);
  if (!committed) return committed.error();
  if (replayer_) replayer_->Published(*committed);
  return committed->outcomes.at(0);
}

void ReplayWorld::CommitWaiting() {
  std::vector<Waiting> group;
  group.swap(waiting_);
  std::vector<Draft> drafts;
  drafts.reserve(group.size());
  for (Waiting& each : group) drafts.push_back(std::move(each.draft));
  const auto committed = journal_->Commit(drafts);
  ASSERT_TRUE(committed) << committed.error().message;
  replayer_->Published(*committed);
  for (std::size_t i = 0; i < group.size(); ++i) group[i].done(committed->outcomes[i]);
}

void ReplayWorld::Schedule(Microseconds after, std::function<void()> act) {
  events_.emplace(clock().BootNow() + after, std::move(act));
}

void ReplayWorld::At(Microseconds after, std::function<void()> act) {
  ++acts_;
  Schedule(after, [this, act = std::move(act)] {
    --acts_;
    act();
  });
}

void ReplayWorld::RunFor(Microseconds time) {
  const BootTime until = clock().BootNow() + time;
  while (!events_.empty() && events_.begin()->first <= until) {
    const auto next = events_.begin();
    const auto act = std::move(next->second);
    if (next->first > clock().BootNow()) clock().Advance(next->first - clock().BootNow());
    events_.erase(next);
    act();
  }
  if (until > clock().BootNow()) clock().Advance(until - clock().BootNow());
}

bool ReplayWorld::RunUntilSettled(Microseconds longest) {
  const BootTime until = clock().BootNow() + longest;
  while ((acts_ > 0 || Open() > 0) && clock().BootNow() < until) RunFor(std::chrono::seconds(10));
  return Open() == 0;
}

void ReplayWorld::Crash() {
  replayer_.reset();
  waiting_.clear();
  court_->GatewayCrashed();
  journal_.reset();
  auto opened = fixture_.Open();
  ASSERT_TRUE(opened) << opened.error().message;
  journal_ = std::move(*opened);
  StartReplayer();
}

FilingState ReplayWorld::State(std::uint64_t sequence) const {
  return FindState(*journal_->view(), sequence).value().value();
}

FilingSnapshot ReplayWorld::Filing(std::uint64_t sequence) const {
  return ReadFiling(*journal_->view(), sequence).value();
}

std::uint64_t ReplayWorld::Count(BalanceClass which) const {
  return ReadBalance(*journal_->view(), CourtId()).value().Of(which);
}

std::uint64_t ReplayWorld::Open() const {
  const Balance balance = ReadBalance(*journal_->view(), CourtId()).value();
  return balance.Of(BalanceClass::kPending) + balance.Of(BalanceClass::kUncertain);
}

std::vector<std::string> ReplayWorld::DocketFaults() const {
  std::vector<std::string> faults;
  std::map<Digest, int> rows;
  std::map<Digest, std::uint64_t> last_of_case;
  for (const auto& row : court_->docket()) {
    if (++rows[row.delivery_key] > 1) faults.push_back("docketed twice");
    const auto filing = journal_->view()->FindFilingByKey(row.delivery_key).value();
    if (!filing) {
      faults.push_back("docketed without a filing");
      continue;
    }
    const auto [last, first] = last_of_case.try_emplace(filing->state.case_key, filing->sequence);
    if (!first && last->second > filing->sequence) faults.push_back("out of order");
    last->second = std::max(last->second, filing->sequence);
  }
  return faults;
}

}  // namespace nightbox
