#include "tests/sim/sim_gateway.h"

#include <algorithm>
#include <utility>

#include "store/committer.h"
#include "store/opening.h"

namespace nightbox {
namespace {

// From the first draft that waits to the group it goes in: what others add meanwhile shares it.
constexpr Microseconds kGroupWait = std::chrono::milliseconds(2);

}  // namespace

SimGateway::SimGateway(Parts parts) : parts_(std::move(parts)) {
  for (CaseSystemPort* port : parts_.endpoints) {
    ports_.push_back(std::make_unique<WatchedPort>(ports_.size(), *port, wire));
  }
}

SimGateway::~SimGateway() { Die(); }

Result<void> SimGateway::OpenJournal() {
  JournalFixture& fixture = *parts_.fixture;
  NB_ASSIGN_OR_RETURN(journal_, Journal::Open(fixture.options(), fixture.disk(), fixture.clock(),
                                              fixture.random(), *parts_.signer));
  SimDocuments::Parts parts;
  parts.disk = &fixture.disk();
  parts.directory = JournalPaths(fixture.options().directory).documents;
  parts.loop = parts_.loop;
  parts.view = [this] { return journal_->view(); };
  parts.submit = [this](Draft draft, Done done) { Submit(std::move(draft), std::move(done)); };
  auto documents = SimDocuments::Open(std::move(parts), document_news);
  if (!documents) {
    journal_.reset();
    return documents.error();
  }
  documents_ = *std::move(documents);
  return {};
}

Result<void> SimGateway::StartReplayer() {
  ReplayerParts parts;
  parts.gateway = parts_.fixture->options().gateway;
  for (std::size_t i = 0; i < ports_.size(); ++i) {
    ReplayEndpoint& endpoint = parts.endpoints.emplace_back();
    endpoint.name = "endpoint " + std::to_string(i);
    endpoint.port = ports_[i].get();
    endpoint.serves = [this, i](const CourtId& court) { return serves(i, court); };
  }
  parts.clock = &parts_.loop->clock();
  parts.random = parts_.random;
  parts.view = [this] { return journal_->view(); };
  parts.submit = [this](Draft draft, Done done) { Submit(std::move(draft), std::move(done)); };
  parts.documents = [this](const View& view, const FilingSnapshot& filing) {
    return documents_->Read(view, filing);
  };
  parts.post = [this](std::function<void()> act) {
    parts_.loop->Schedule(Microseconds(0), std::move(act));
  };
  parts.wake_at = [this](BootTime time) {
    if (time == BootTime::max()) return;
    const Microseconds wait = std::max(Microseconds(0), time - parts_.loop->clock().BootNow());
    parts_.loop->Schedule(wait, [this, life = life_, turn = ++wake_turn_] {
      if (life == life_ && turn == wake_turn_ && replayer_) replayer_->Wake();
    });
  };
  replayer_ = std::make_unique<Replayer>(std::move(parts), options);
  return replayer_->Start();
}

void SimGateway::Die() {
  ++life_;
  replayer_.reset();
  waiting_.clear();
  group_scheduled_ = false;
  stopped_ = false;
  documents_.reset();
  journal_.reset();
}

void SimGateway::Submit(Draft draft, Done done) {
  if (stopped_ || queue_full()) {
    documents_->NotTaken(ExtentsOf(draft));
    return done(Error{ErrorCode::kResourceExhausted, "more is waiting than may wait", "QUEUE_FULL",
                      "", std::chrono::milliseconds(500)});
  }
  waiting_.push_back({std::move(draft), std::move(done)});
  CommitGroupSoon();
}

void SimGateway::CommitGroupSoon() {
  if (std::exchange(group_scheduled_, true)) return;
  parts_.loop->Schedule(kGroupWait, [this, life = life_] {
    if (life == life_) CommitGroup();
  });
}

void SimGateway::CommitGroup() {
  group_scheduled_ = false;
  std::stable_sort(waiting_.begin(), waiting_.end(), [](const Waiting& one, const Waiting& other) {
    return LaneOf(one.draft) < LaneOf(other.draft);
  });
  const auto size =
      static_cast<std::ptrdiff_t>(std::min(waiting_.size(), std::max<std::size_t>(1, group_max())));
  std::vector<Waiting> group(std::make_move_iterator(waiting_.begin()),
                             std::make_move_iterator(waiting_.begin() + size));
  waiting_.erase(waiting_.begin(), waiting_.begin() + size);
  std::vector<Draft> drafts;
  drafts.reserve(group.size());
  for (Waiting& each : group) drafts.push_back(std::move(each.draft));
  const auto committed = journal_->Commit(drafts);
  if (!committed) {
    stopped_ = true;
    std::move(waiting_.begin(), waiting_.end(), std::back_inserter(group));
    waiting_.clear();
    for (const Waiting& each : group) {
      each.done(Error{ErrorCode::kUnavailable, "the outcome is unknown", "OUTCOME_UNKNOWN"});
    }
    return on_fail_stop(committed.error());
  }
  Tell(*committed);
  for (std::size_t i = 0; i < group.size(); ++i) {
    const Result<Outcome>& outcome = committed->outcomes[i];
    documents_->NotTaken(outcome ? outcome->not_taken : ExtentsOf(drafts[i]));
    group[i].done(outcome);
  }
  if (!waiting_.empty()) CommitGroupSoon();
}

Result<Outcome> SimGateway::CommitNow(Draft draft) {
  const Draft drafts[] = {std::move(draft)};
  const auto committed = journal_->Commit(drafts);
  if (!committed) return committed.error();
  Tell(*committed);
  return committed->outcomes.at(0);
}

void SimGateway::Tell(const Committed& committed) {
  if (replayer_) replayer_->Published(committed);
  on_published(committed);
}

}  // namespace nightbox
