// Goal: what is published is under a signed checkpoint soon, whatever hinders one of them: without
// it a filer waits in vain for the evidence package. Method: the real committer on a simulated
// disk, with its queue full at the moment of the checkpoint, and nothing published after it.
#include "gateway/checkpointer.h"

#include <gtest/gtest.h>

#include <future>

#include "store/keys.h"
#include "tests/store/support/journal_fixture.h"
#include "tests/support/test_pki.h"

namespace nightbox {
namespace {

class CheckpointerTest : public testing::Test {
 protected:
  CheckpointerTest() : journal_(fixture_.Fresh()) {
    CommitterOptions options;
    options.lane_max[static_cast<std::size_t>(Lane::kSettlement)] = 1;
    Committer::Events events;
    events.fail_stop = [](const Error& why) { ADD_FAILURE() << why.message; };
    committer_ = std::make_unique<Committer>(*journal_, fixture_.clock(), options, events);
  }

  // Until all that has been submitted so far is answered. Publishes nothing.
  void AwaitCommitter() {
    std::promise<void> answered;
    committer_->Submit(RenewLease{}, [&](const Result<Outcome>&) { answered.set_value(); });
    answered.get_future().wait();
  }

  // How many entries the kept checkpoint covers; 0: none is kept.
  std::uint64_t Covered() const {
    const auto kept = journal_->view()->Get(keys::Checkpoint());
    if (!kept || !*kept) return 0;
    return ReadBigEndian64(std::string_view(**kept).substr(0, 8));
  }

  TestPki pki_;
  JournalFixture fixture_;
  std::unique_ptr<Journal> journal_;
  const LogSigner signer_ = LogSigner::Load(pki_.log_key(), "nightbox.example/A7").value();
  std::unique_ptr<Committer> committer_;
};

TEST_F(CheckpointerTest, OneThatFoundTheQueueFullIsSignedAgain) {
  Checkpointer checkpointer(*journal_, *committer_, signer_);
  // An answer that waits holds the thread, and one draft fills the lane.
  std::promise<void> reached;
  std::promise<void> go_on;
  committer_->Submit(FilingDraft(1), [&](const Result<Outcome>& outcome) {
    EXPECT_TRUE(outcome);
    reached.set_value();
    go_on.get_future().wait();
  });
  reached.get_future().wait();
  committer_->Submit(HoldFiling{9999, "operator-1", "nobody's"}, [](const Result<Outcome>&) {});
  checkpointer.Tick();
  go_on.set_value();
  AwaitCommitter();
  EXPECT_EQ(journal_->view()->published(), 1U);
  EXPECT_EQ(Covered(), 0U);

  checkpointer.Tick();
  AwaitCommitter();
  EXPECT_EQ(journal_->view()->published(), 1U);
  EXPECT_EQ(Covered(), 1U);
  // And one is enough.
  const std::uint64_t drafts = committer_->counts().drafts;
  checkpointer.Tick();
  EXPECT_EQ(committer_->counts().drafts, drafts);
  AwaitCommitter();
  EXPECT_EQ(committer_->counts().drafts, drafts + 1);
}

}  // namespace
}  // namespace nightbox
