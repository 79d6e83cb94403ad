// Goal: SIGKILL or power cut at any moment, and no acknowledged filing is lost, doubled or changed.
// Method: fail disk operation N for N = 1, 2, 3 … until a run completes, twice per N (lost / done
// but unreported); after each cut open again and check every promise. The journal and RocksDB both
// run on SimDisk. Permanent controls: each sync in turn is left out, and the same sweep must find a
// broken promise; a sweep that cannot fail proves nothing.
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <optional>

#include "evidence/merkle.h"
#include "tests/store/support/journal_fixture.h"

namespace nightbox {
namespace {

constexpr std::uint64_t kSeeds = 2;  // Ways in which unsynced sectors survive, per cut.

struct Promise {
  int number;
  std::string receipt_json;
  std::string receipt_p7s;
};

struct Run {
  std::vector<Promise> promises;
  std::uint64_t published = 0;
  Digest root = EmptyRoot();
  bool completed = false;
};

// Two lives of the gateway: init, filings in groups, a delivery, a settlement, then a restart and
// more. Stops at the first error, as the process would.
Run Live(JournalFixture& fixture) {
  Run run;
  const auto keep = [&](const Journal& journal) {
    run.published = journal.view()->published();
    run.root = journal.view()->root();
  };
  if (!fixture.Init()) return run;
  for (int life = 0; life < 2; ++life) {
    auto journal = fixture.Open();
    if (!journal) return run;
    keep(**journal);
    for (int group = 0; group < 2; ++group) {
      const int first = life * 10 + group * 2;
      const Draft drafts[] = {FilingDraft(first, ANewCase()), FilingDraft(first + 1)};
      const auto committed = (*journal)->Commit(drafts);
      if (!committed) return run;
      for (int i = 0; i < 2; ++i) {
        const FilingSnapshot& filing = *committed->outcomes[static_cast<std::size_t>(i)]->filing;
        run.promises.push_back({first + i, filing.receipt_json, filing.receipt_p7s});
      }
      keep(**journal);
      const FilingState& opener = committed->outcomes[0]->filing->state;
      const Draft start[] = {StartDelivery{opener.filing_sequence, "one", fixture.clock().Now()}};
      if (!(*journal)->Commit(start)) return run;
      keep(**journal);
      SettleDelivery settle;
      settle.filing_sequence = opener.filing_sequence;
      settle.record = DocketedRecord(opener, "24DN-CC0100" + std::to_string(first));
      const Draft settled[] = {settle};
      if (!(*journal)->Commit(settled)) return run;
      keep(**journal);
    }
  }
  run.completed = true;
  return run;
}

// What is broken after the power came back, or nullopt. `run` is what the world was told before.
std::optional<std::string> Broken(JournalFixture& fixture, const Run& run) {
  auto journal = fixture.Open();
  if (!journal) {
    if (run.published == 0 && run.promises.empty() && journal.error().code == ErrorCode::kNotFound)
      return std::nullopt;
    return "does not open: " + journal.error().message;
  }
  const auto view = (*journal)->view();
  if (view->published() < run.published) return "promised entries are gone";
  const NodeReader read = [&](std::uint32_t level, std::uint64_t index) {
    return view->ReadNode(level, index);
  };
  const auto root = RootAt(run.published, read);
  if (!root || *root != run.root) return "the tree is another one";
  const auto balance = ReadBalance(*view, CourtId());
  if (!balance || !balance->Holds()) return "the balance does not hold";
  for (const Promise& promise : run.promises) {
    ReceiveFiling draft = FilingDraft(
        promise.number, promise.number % 2 == 0 ? CaseReference(ANewCase())
                                                : CaseReference(ExistingCase{"24DN-CC00001"}));
    const auto repeated = CommitOne(**journal, draft);
    if (!repeated) return "a receipted filing cannot be repeated: " + repeated.error().message;
    if (!repeated->repeated) return "a receipted filing was forgotten and received again";
    if (repeated->filing->receipt_json != promise.receipt_json ||
        repeated->filing->receipt_p7s != promise.receipt_p7s) {
      return "a receipt changed";
    }
    const auto proof = view->Prove(repeated->filing->sequence, view->published());
    if (!proof || !VerifyInclusion(LeafHash(Sha256(promise.receipt_json)), proof->index,
                                   proof->size, proof->path, view->root())) {
      return "a receipt is not in the tree";
    }
  }
  return std::nullopt;
}

struct Sweep {
  std::map<std::string, int> cuts;
  int broken = 0;
  std::string first_broken;
};

Sweep RunSweep(std::optional<DiskSubject> omit, bool stop_at_first) {
  Sweep sweep;
  for (std::uint64_t n = 1;; ++n) {
    bool completed = false;
    for (const CutMode mode : {CutMode::kLost, CutMode::kDoneButUnreported}) {
      for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
        JournalFixture fixture(17);
        fixture.disk().SetOmitSync(omit);
        fixture.disk().FailAt(n, mode);
        const Run run = Live(fixture);
        completed = run.completed;
        if (!completed || omit) ++sweep.cuts[fixture.disk().cut_point().value_or("after the run")];
        fixture.disk().CutPower(n * 1000 + seed);
        fixture.disk().SetOmitSync(std::nullopt);
        if (const auto broken = Broken(fixture, run)) {
          ++sweep.broken;
          if (sweep.first_broken.empty()) {
            sweep.first_broken = "operation " + std::to_string(n) + ", seed " +
                                 std::to_string(seed) + ": " + *broken;
          }
          if (stop_at_first) return sweep;
        }
      }
    }
    if (completed) return sweep;
  }
}

TEST(PowerCutTest, NoCutBreaksAPromise) {
  const Sweep sweep = RunSweep(std::nullopt, false);
  int total = 0;
  for (const auto& [point, count] : sweep.cuts) {
    std::cout << "cut points: " << count << " at " << point << "\n";
    total += count;
  }
  std::cout << "cut points: " << total << " in all\n";
  EXPECT_GT(total, 200) << "a sweep without cuts proves nothing";
  EXPECT_EQ(sweep.broken, 0) << sweep.first_broken;
}

TEST(PowerCutTest, ControlALogThatIsNotSyncedIsNoticed) {
  EXPECT_GT(RunSweep(DiskSubject::kWal, true).broken, 0);
}

TEST(PowerCutTest, ControlADirectoryThatIsNotSyncedIsNoticed) {
  EXPECT_GT(RunSweep(DiskSubject::kDirectory, true).broken, 0);
}

// A lost log is caught by the head; a head that was never synced promises less, so the same loss
// goes unnoticed. The control therefore takes both away, and demands that with the head in place
// the loss is refused, and without is not.
TEST(PowerCutTest, ControlAHeadThatIsNotSyncedIsNoticed) {
  for (const bool head_synced : {true, false}) {
    int refused = 0;
    int silent = 0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      JournalFixture fixture(seed);
      auto journal = fixture.Fresh();
      if (!head_synced) fixture.disk().SetOmitSync(DiskSubject::kHead);
      for (int i = 0; i < 4; ++i) ASSERT_TRUE(CommitOne(*journal, FilingDraft(i)));
      journal.reset();
      fixture.disk().CutPower(seed);
      fixture.disk().SetOmitSync(std::nullopt);
      const auto names = fixture.disk().List("/journal/ledger");
      ASSERT_TRUE(names);
      for (const std::string& name : *names) {
        if (name.size() > 4 && name.substr(name.size() - 4) == ".log") {
          // In the middle of the last filings: promised, and now rotten.
          const std::string path = "/journal/ledger/" + name;
          const auto size = fixture.disk().Stat(path)->size;
          if (size > 0) fixture.disk().FlipByte(path, size / 2);
        }
      }
      const auto opened = fixture.Open();
      if (!opened && opened.error().code == ErrorCode::kDataLoss) ++refused;
      if (opened && (*opened)->view()->published() < 4) ++silent;
    }
    if (head_synced) {
      EXPECT_EQ(refused, 20);
      EXPECT_EQ(silent, 0);
    } else {
      EXPECT_GT(silent, 0) << "without a synced head a rotten log must go unnoticed, or the head "
                              "is not what notices it";
    }
  }
}

}  // namespace
}  // namespace nightbox
