// ReplayWorld: one gateway's inside (tests/sim/sim_gateway.h) and a simulated case system, led step
// by step by a test of the replayer. What happens by itself and by seed: tests/sim/world.h.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "store/key_reader.h"
#include "tests/sim/sim_case_system.h"
#include "tests/sim/sim_gateway.h"

namespace nightbox {

class ReplayWorld {
 public:
  explicit ReplayWorld(std::uint64_t seed, const std::vector<std::string>& groups = {"main"});

  void StartReplayer();

  // Commits a filing; answers its sequence.
  std::uint64_t File(CaseReference in_case, std::string_view court = "mo.cir.42.dent");
  // One byte of its first document is not what it was.
  void Rot(std::uint64_t sequence);
  // What the journal holds under the key is not what it was; the gateway starts again on it.
  void Spoil(const std::string& key);
  Result<Outcome> Commit(Draft draft) { return gateway_->CommitNow(std::move(draft)); }

  void At(Microseconds after, std::function<void()> act);
  void RunFor(Microseconds time) { loop_.RunFor(time); }
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
  SimGateway& gateway() { return *gateway_; }
  Replayer& replayer() { return gateway_->replayer(); }
  Journal& journal() { return gateway_->journal(); }
  SimClock& clock() { return fixture_.clock(); }
  Random& random() { return random_; }
  // Called with each delivery before the case system is.
  std::function<void(const RecordRequest&)> on_record = [](const RecordRequest&) {};
  PlannerOptions options;

 private:
  void Die();
  void Reopen();

  JournalFixture fixture_;
  SimLoop loop_;
  SeededRandom random_;
  SeededRandom court_random_;
  SeededRandom replay_random_;
  std::unique_ptr<SimCaseSystem> court_;
  std::unique_ptr<SimGateway> gateway_;
  int next_filing_ = 1;
  std::size_t acts_ = 0;
};

}  // namespace nightbox
