// Goal: one flipped bit does not close the door: a new log is open in well under ten seconds, the
// old directory is what it was, byte for byte, and what was receipted before still verifies.
// Method: journals damaged on SimDisk, with the power cut at every step of setting aside, and once
// on real files against the machine's clock.
#include "store/set_aside.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/checkpoint.h"
#include "evidence/inclusion.h"
#include "evidence/verify.h"
#include "store/journal_directory.h"
#include "store/opening.h"
#include "store/posix_disk.h"
#include "tests/store/support/disk_contents.h"
#include "tests/store/support/journal_fixture.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

using testing::HasSubstr;

const SetAsideRequest kRequest{"/data", "jane.roe", "the gateway refuses to start", false};

// A data directory with a journal of four filings, closed.
class SetAsideTest : public testing::Test {
 protected:
  SetAsideTest() { Fill(fixture_); }

  static void Fill(JournalFixture& fixture) {
    const auto made = InitJournalDirectory(fixture.options(), fixture.disk(), fixture.clock(),
                                           fixture.random(), "/data");
    ASSERT_TRUE(made) << made.error().message;
    const auto journal = OpenInUse(fixture);
    ASSERT_TRUE(journal) << journal.error().message;
    for (int i = 0; i < 4; ++i) ASSERT_TRUE(CommitOne(**journal, FilingDraft(i)));
  }

  static Result<std::unique_ptr<Journal>> OpenInUse(JournalFixture& fixture) {
    NB_ASSIGN_OR_RETURN(const auto directory, ResolveJournalDirectory(fixture.disk(), "/data"));
    JournalOptions options = fixture.options();
    options.directory = directory.path;
    return Journal::Open(options, fixture.disk(), fixture.clock(), fixture.random(),
                         JournalFixture::Signer());
  }

  static void Damage(Disk& disk, const std::string& journal) {
    const std::string wal = FilesEndingIn(disk, journal + "/ledger", ".log").back();
    FlipByteOn(disk, wal, disk.Stat(wal)->size / 2);
  }

  static Result<SetAsideReport> SetAsideOn(JournalFixture& fixture,
                                           const SetAsideRequest& request = kRequest) {
    return SetAside(request, fixture.options(), fixture.disk(), fixture.clock(), fixture.random());
  }

  JournalFixture fixture_;
};

TEST_F(SetAsideTest, TheNewLogOpensAndItsFirstEntrySaysWhatWasSetAside) {
  Damage(fixture_.disk(), "/data/journal-0001");
  ASSERT_FALSE(OpenInUse(fixture_));
  const Head head = HeadFile::Read(fixture_.disk(), "/data/journal-0001/head")->head;
  const auto before = ContentsOf(fixture_.disk(), "/data/journal-0001");

  const auto report = SetAsideOn(fixture_);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->old_directory, "/data/journal-0001");
  EXPECT_EQ(report->new_directory, "/data/journal-0002");
  EXPECT_EQ(report->old_head, head);
  EXPECT_NE(report->new_log_id, head.log_id);

  const auto journal = OpenInUse(fixture_);
  ASSERT_TRUE(journal) << journal.error().message;
  EXPECT_EQ((*journal)->identity().log_id, report->new_log_id);
  const auto first = ReadEntry(*(*journal)->view(), 0);
  ASSERT_TRUE(first);
  const auto& act = first->operator_acted();
  EXPECT_EQ(act.operator_(), "jane.roe");
  EXPECT_EQ(act.reason(), "the gateway refuses to start");
  EXPECT_EQ(act.act(), "journal.set_aside journal-0001 log_id=" + head.log_id +
                           " sequence=4 root=" + head.root.Hex());
  EXPECT_THAT(first->statement(), HasSubstr(act.act()));
  const auto filed = CommitOne(**journal, FilingDraft(9));
  ASSERT_TRUE(filed);
  EXPECT_EQ(filed->filing->sequence, 1u);
  EXPECT_EQ(ContentsOf(fixture_.disk(), "/data/journal-0001"), before);
}

TEST_F(SetAsideTest, ASoundJournalIsNotSetAsideUnlessItMustBe) {
  const auto refused = SetAsideOn(fixture_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "JOURNAL_SOUND");
  EXPECT_TRUE(OpenInUse(fixture_));
  SetAsideRequest request = kRequest;
  request.even_if_sound = true;
  EXPECT_TRUE(SetAsideOn(fixture_, request));
}

TEST_F(SetAsideTest, WhoAndWhyMustBeSaid) {
  Damage(fixture_.disk(), "/data/journal-0001");
  for (const bool who : {true, false}) {
    SetAsideRequest request = kRequest;
    (who ? request.who : request.reason).clear();
    const auto refused = SetAsideOn(fixture_, request);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
    // As a terminal that is not set to UTF-8 sends it: the new journal's first entry holds it.
    (who ? request.who : request.reason) = "Jos\xe9";
    const auto unreadable = SetAsideOn(fixture_, request);
    ASSERT_FALSE(unreadable);
    EXPECT_EQ(unreadable.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST_F(SetAsideTest, AnotherGatewaysNameIsAMistakeAndNoDamage) {
  JournalOptions options = fixture_.options();
  options.gateway = "B3";
  const auto refused =
      SetAside(kRequest, options, fixture_.disk(), fixture_.clock(), fixture_.random());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(*CurrentJournalPath(fixture_.disk(), "/data"), "/data/journal-0001");
}

TEST_F(SetAsideTest, WhileAGatewayRunsNothingIsSetAside) {
  const auto claimed = ClaimJournalDirectory(fixture_.disk(), "/data");
  ASSERT_TRUE(claimed);
  SetAsideRequest request = kRequest;
  request.even_if_sound = true;
  const auto refused = SetAsideOn(fixture_, request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "DISK_LOCKED");
}

TEST_F(SetAsideTest, WhoeverHoldsTheJournalItselfIsRespectedToo) {
  const auto journal = OpenInUse(fixture_);
  ASSERT_TRUE(journal);
  SetAsideRequest request = kRequest;
  request.even_if_sound = true;
  const auto refused = SetAsideOn(fixture_, request);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "DISK_LOCKED");
}

TEST_F(SetAsideTest, LostHeadLostLedgerAndLostCurrentAreNoObstacle) {
  const auto expect_opens = [](const std::function<void(Disk&)>& lose, bool head_known) {
    JournalFixture fixture;
    ASSERT_NO_FATAL_FAILURE(Fill(fixture));
    lose(fixture.disk());
    ASSERT_FALSE(OpenInUse(fixture));
    const auto report = SetAsideOn(fixture);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->old_directory, "/data/journal-0001");
    EXPECT_EQ(report->old_head.has_value(), head_known);
    EXPECT_TRUE(OpenInUse(fixture));
  };
  const std::string journal = "/data/journal-0001";
  expect_opens([&](Disk& disk) { ASSERT_TRUE(disk.Unlink(journal + "/head")); }, false);
  expect_opens(
      [&](Disk& disk) { ASSERT_TRUE(disk.Rename(journal + "/ledger", journal + "/gone")); }, true);
  expect_opens([&](Disk& disk) { ASSERT_TRUE(disk.Unlink("/data/current")); }, true);
  expect_opens([&](Disk& disk) { FlipByteOn(disk, "/data/current", 30); }, true);
}

TEST_F(SetAsideTest, ACutAnywhereLeavesTheOldOrTheNewJournalInUse) {
  int cuts = 0;
  for (std::uint64_t n = 1;; ++n) {
    bool completed = false;
    for (const CutMode mode : {CutMode::kLost, CutMode::kDoneButUnreported}) {
      JournalFixture fixture;
      ASSERT_NO_FATAL_FAILURE(Fill(fixture));
      Damage(fixture.disk(), "/data/journal-0001");
      const auto before = ContentsOf(fixture.disk(), "/data/journal-0001");
      fixture.disk().FailAt(n, mode);
      completed = SetAsideOn(fixture).has_value();
      fixture.disk().CutPower(n);
      EXPECT_EQ(ContentsOf(fixture.disk(), "/data/journal-0001"), before) << "operation " << n;
      cuts += completed ? 0 : 1;
      const auto current = CurrentJournalPath(fixture.disk(), "/data");
      ASSERT_TRUE(current) << current.error().message;
      if (*current == "/data/journal-0001") {
        ASSERT_FALSE(completed);
        ASSERT_TRUE(SetAsideOn(fixture)) << "operation " << n;
      }
      const auto journal = OpenInUse(fixture);
      ASSERT_TRUE(journal) << "operation " << n << ": " << journal.error().message;
    }
    if (completed) break;
  }
  EXPECT_GT(cuts, 40);
}

// A receipt with all that proves it, as a filer would have downloaded it before the damage.
ReceiptFiles ProvedReceipt(const Journal& journal, const FilingSnapshot& filing,
                           const LogSigner& log) {
  const auto view = journal.view();
  const auto proof = view->Prove(filing.sequence, view->published());
  EXPECT_TRUE(proof);
  Inclusion inclusion;
  inclusion.origin = log.origin();
  inclusion.leaf_index = proof->index;
  inclusion.tree_size = proof->size;
  inclusion.leaf_data = Sha256(filing.receipt_json);
  inclusion.root = proof->root;
  inclusion.path = proof->path;
  ReceiptFiles files;
  files.receipt_json = filing.receipt_json;
  files.signature = filing.receipt_p7s;
  files.inclusion_json = RenderInclusion(inclusion);
  files.checkpoint = log.Sign(proof->size, proof->root).value();
  return files;
}

TEST_F(SetAsideTest, OnRealFilesTheDoorIsOpenInSecondsAndOldReceiptsVerify) {
  TestPki pki;
  const auto signer =
      CmsSigner::Load(pki.receipt_signer().certificate, pki.receipt_signer().key).value();
  const TemporaryDirectory temporary;
  const std::string data = temporary.path() / "data";
  PosixDisk disk;
  SystemClock clock;
  SystemRandom random;
  JournalOptions options;
  options.gateway = "A7";
  const auto made = InitJournalDirectory(options, disk, clock, random, data);
  ASSERT_TRUE(made) << made.error().message;
  const auto log = LogSigner::Load(pki.log_key(), "nightbox/A7/" + made->log_id.substr(0, 8));
  ASSERT_TRUE(log);
  options.directory = made->path;
  options.origin = log->origin();
  options.log_key = log->verifier_key();
  auto journal = Journal::Open(options, disk, clock, random, signer);
  ASSERT_TRUE(journal) << journal.error().message;
  std::optional<ReceiptFiles> held;
  for (int i = 0; i < 20; ++i) {
    ReceiveFiling draft = FilingDraft(i);
    draft.received_at = clock.Now();
    const auto outcome = CommitOne(**journal, draft);
    ASSERT_TRUE(outcome);
    if (i == 7) held = ProvedReceipt(**journal, *outcome->filing, *log);
  }
  journal->reset();
  Damage(disk, made->path);
  ASSERT_FALSE(Journal::Open(options, disk, clock, random, signer));
  const auto before = ContentsOf(disk, made->path);

  const BootTime start = clock.BootNow();
  const auto report =
      SetAside({data, "jane.roe", "refuses to start", false}, options, disk, clock, random);
  ASSERT_TRUE(report) << report.error().message;
  JournalOptions new_options = options;
  new_options.directory = ResolveJournalDirectory(disk, data)->path;
  const auto reopened = Journal::Open(new_options, disk, clock, random, signer);
  ASSERT_TRUE(reopened) << reopened.error().message;
  EXPECT_LT(clock.BootNow() - start, std::chrono::seconds(10));
  EXPECT_EQ(new_options.directory, report->new_directory);
  EXPECT_EQ(ContentsOf(disk, made->path), before);
  EXPECT_TRUE(CommitOne(**reopened, FilingDraft(30)));

  Trust trust;
  trust.roots_pem = ReadWholeFile(pki.receipt_root());
  const Verification verification = VerifyReceiptFiles(*held, {}, trust, clock.Now());
  EXPECT_EQ(verification.verdict, Verdict::kVerified) << verification.reason;
  EXPECT_TRUE(verification.in_log);
}

}  // namespace
}  // namespace nightbox
