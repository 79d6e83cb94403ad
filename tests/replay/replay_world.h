// ReplayWorld: the real journal on a simulated disk, the replayer, and a simulated case system, in
// one thread and virtual time.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "replay/replayer.h"
#include "store/key_reader.h"
#include "tests/sim/sim_case_system.h"
#include "tests/store/support/journal_fixture.h"

namespace nightbox {

class ReplayWorld {
 public:
  explicit ReplayWorld(std::uint64_t seed, const std::vector<std::string>& groups = {"main"});
  ~ReplayWorld();

  // Commits a filing; answers its sequence.
  std::uint64_t File(CaseReference in_case, std::string_view court = "mo.cir.42.dent");
  Result<Outcome> Commit(Draft draft);

  void At(Microseconds after, std::function<void()> act);
  void RunFor(Microseconds time);
  // Until nothing is pending or uncertain. False: it took longer.
  bool RunUntilSettled(Microseconds longest);
  // The gateway dies, with all that was not committed, and starts again.
  void Crash();

  FilingState State(std::uint64_t sequence) const;
  FilingSnapshot Filing(std::uint64_t sequence) const;
  std::uint64_t Count(BalanceClass which) const;
  // Received filings that are in none of the final classes, as far as replay is concerned.
  std::uint64_t Open() const;
  // In the words of a test's failure: docket rows beyond one a delivery key, and pairs of one case
  // against journal order.
  std::vector<std::string> DocketFaults() const;

  SimCaseSystem& court() { return *court_; }
  Replayer& replayer() { return *replayer_; }
  Journal& journal() { return *journal_; }
  SimClock& clock() { return fixture_.clock(); }
  Random& random() { return random_; }
  // Called with each delivery before the case system is.
  std::function<void(const RecordRequest&)> on_record = [](const RecordRequest&) {};
  // Read before bytes: a test may make documents unreadable.
  std::function<bool(const Digest&)> readable = [](const Digest&) { return true; };
  PlannerOptions options;

  void StartReplayer();

 private:
  class Endpoint;
  class Documents;
  struct Waiting {
    Draft draft;
    std::function<void(const Result<Outcome>&)> done;
  };

  void Schedule(Microseconds after, std::function<void()> act);
  void CommitWaiting();

  JournalFixture fixture_;
  SeededRandom random_;
  SeededRandom court_random_;
  SeededRandom replay_random_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<SimCaseSystem> court_;
  std::vector<std::unique_ptr<Endpoint>> endpoints_;
  std::unique_ptr<Replayer> replayer_;
  std::multimap<BootTime, std::function<void()>> events_;
  std::vector<Waiting> waiting_;
  std::uint64_t life_ = 0;
  std::uint64_t wake_turn_ = 0;
  int next_filing_ = 1;
  std::map<Digest, std::string> texts_;
  std::size_t acts_ = 0;
};

}  // namespace nightbox
