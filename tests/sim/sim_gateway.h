// SimGateway: the inside of one gateway in one thread and virtual time: the real journal and the
// real document segments on a simulated disk, the real replayer, and the committer's part between
// them.
//
// It lives from Open() to Die(), and again; what was not committed dies with it, and nobody is
// answered any more. As in the committer, drafts wait for a group, settlements go before filings,
// answers are given after the commit and nowhere else, and after a commit that failed nothing is
// committed any more.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "replay/replayer.h"
#include "store/journal.h"
#include "tests/sim/sim_documents.h"
#include "tests/sim/sim_loop.h"
#include "tests/sim/watched_port.h"
#include "tests/store/support/journal_fixture.h"

namespace nightbox {

class SimGateway {
 public:
  using Done = std::function<void(const Result<Outcome>&)>;
  // All outlive it. The journal has been made.
  struct Parts {
    JournalFixture* fixture = nullptr;
    SimLoop* loop = nullptr;
    Random* random = nullptr;
    const CmsSigner* signer = nullptr;
    std::vector<CaseSystemPort*> endpoints;
  };

  explicit SimGateway(Parts parts);
  ~SimGateway();

  // And the documents beside it.
  Result<void> OpenJournal();
  Result<void> StartReplayer();
  void Die();

  bool open() const { return journal_ != nullptr; }
  // Fail-stop: the process is about to end.
  bool stopped() const { return stopped_; }
  Journal& journal() { return *journal_; }
  const Journal& journal() const { return *journal_; }
  Replayer& replayer() { return *replayer_; }
  SimDocuments& documents() { return *documents_; }

  // `done` is called with the commit, or at once when the queue is full; not after Die().
  void Submit(Draft draft, Done done);
  // In a group of its own, at once.
  Result<Outcome> CommitNow(Draft draft);

  // ---- What a test may choose; read when used ----

  PlannerOptions options;
  Wire wire;
  SimDocuments::News document_news;
  // Whether the endpoint serves the court, as the settings say.
  std::function<bool(std::size_t endpoint, const CourtId&)> serves =
      [](std::size_t, const CourtId&) { return true; };
  std::function<bool()> queue_full = [] { return false; };
  std::function<std::size_t()> group_max = [] { return std::size_t{512}; };
  // After a group was published, before anybody is answered.
  std::function<void(const Committed&)> on_published = [](const Committed&) {};
  // After everybody who waited was told that the outcome is unknown.
  std::function<void(const Error&)> on_fail_stop = [](const Error&) {};

 private:
  struct Waiting {
    Draft draft;
    Done done;
  };

  void CommitGroupSoon();
  void CommitGroup();
  void Tell(const Committed& committed);

  const Parts parts_;
  std::vector<std::unique_ptr<WatchedPort>> ports_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<SimDocuments> documents_;
  std::unique_ptr<Replayer> replayer_;
  std::vector<Waiting> waiting_;
  bool group_scheduled_ = false;
  bool stopped_ = false;
  std::uint64_t life_ = 0;
  std::uint64_t wake_turn_ = 0;
};

}  // namespace nightbox
