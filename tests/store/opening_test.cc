// Goal: opening never destroys evidence and never serves less than was promised; what is missing is
// named exactly.
// Method: a real journal is closed, damaged byte by byte, exchanged or robbed of a file, and opened
// again. The whole directory is compared before and after. On SimDisk, and once on real files.
#include "store/opening.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/keys.h"
#include "store/posix_disk.h"
#include "tests/store/support/disk_contents.h"
#include "tests/store/support/journal_fixture.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kWalBlock = 32768;

// Where a commit's record lies in the log.
struct WalRecord {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

std::string WalOf(Disk& disk, const std::string& directory) {
  return FilesEndingIn(disk, directory + "/ledger", ".log").back();
}

// Commits filings 0 to count - 1, one group each, and says where each came to lie.
std::vector<WalRecord> CommitFilings(Journal& journal, Disk& disk, const std::string& directory,
                                     int count) {
  std::vector<WalRecord> records;
  const std::string wal = WalOf(disk, directory);
  for (int i = 0; i < count; ++i) {
    const std::uint64_t begin = disk.Stat(wal)->size;
    const auto outcome = CommitOne(journal, FilingDraft(i));
    EXPECT_TRUE(outcome) << outcome.error().message;
    records.push_back({begin, disk.Stat(wal)->size});
  }
  return records;
}

// What RocksDB cannot read when a byte of record `hit` is flipped: whatever of the log's 32 KiB
// block lies behind the damage goes with it, because no length in there can be trusted.
std::string ExpectedMissing(const std::vector<WalRecord>& records, std::uint64_t flipped) {
  const std::uint64_t block_end = (flipped / kWalBlock + 1) * kWalBlock;
  std::vector<SequenceRange> missing;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i].end <= flipped || records[i].begin >= block_end) continue;
    if (missing.empty()) missing.emplace_back(i, i);
    missing.back().second = i;
  }
  return NameRanges(missing);
}

void ExpectRefusedUntouched(const std::function<Result<std::unique_ptr<Journal>>()>& open,
                            Disk& disk, const std::string& directory, const std::string& message) {
  const auto before = ContentsOf(disk, directory);
  for (int again = 0; again < 2; ++again) {
    const auto opened = open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::kDataLoss) << opened.error().message;
    EXPECT_EQ(opened.error().reason, "EVIDENCE_CONTRADICTS");
    EXPECT_THAT(opened.error().message, HasSubstr(message));
    EXPECT_EQ(ContentsOf(disk, directory), before);
  }
}

TEST(OpeningTest, AFlippedByteBeforeTheTailIsRefusedUntouchedAndTheMissingEntriesAreNamed) {
  constexpr int kFilings = 20;
  for (int hit = 0; hit < kFilings; ++hit) {
    SCOPED_TRACE("byte flipped in the record of entry " + std::to_string(hit));
    JournalFixture fixture;
    auto journal = fixture.Fresh();
    const auto records = CommitFilings(*journal, fixture.disk(), "/journal", kFilings);
    journal.reset();
    const WalRecord& record = records[static_cast<std::size_t>(hit)];
    const std::uint64_t flipped = (record.begin + record.end) / 2;
    FlipByteOn(fixture.disk(), WalOf(fixture.disk(), "/journal"), flipped);
    ExpectRefusedUntouched([&] { return fixture.Open(); }, fixture.disk(), "/journal",
                           "missing entries: " + ExpectedMissing(records, flipped) + ";");
  }
}

TEST(OpeningTest, OnRealFilesTooNothingIsTouched) {
  const TemporaryDirectory temporary;
  PosixDisk disk;
  SimClock clock(kJuly);
  SeededRandom random(1);
  JournalOptions options;
  options.directory = temporary.path() / "journal";
  options.gateway = "A7";
  const auto open = [&] {
    return Journal::Open(options, disk, clock, random, JournalFixture::Signer());
  };
  ASSERT_TRUE(Journal::Init(options, disk, clock, random));
  auto journal = open();
  ASSERT_TRUE(journal) << journal.error().message;
  const auto records = CommitFilings(**journal, disk, options.directory, 20);
  journal->reset();
  ASSERT_TRUE(CheckLedger(options, JournalPaths(options.directory),
                          HeadFile::Read(disk, options.directory + "/head")->head));
  const std::uint64_t flipped = (records[7].begin + records[7].end) / 2;
  FlipByteOn(disk, WalOf(disk, options.directory), flipped);
  ExpectRefusedUntouched(open, disk, options.directory,
                         "missing entries: " + ExpectedMissing(records, flipped) + ";");
}

StoreExtent ExtentDraft(int number) {
  StoreExtent draft;
  draft.system = SystemName("acme");
  draft.sha256 = Sha256("upload " + std::to_string(number));
  draft.size_bytes = 100;
  draft.extent = {1, 4096 * static_cast<std::uint64_t>(number + 100), 100, 7};
  draft.first_byte_at = kJuly;
  draft.last_byte_at = kJuly;
  draft.lease_until = kJuly;
  draft.completes = true;
  return draft;
}

// A commit of the document index adds no entry. Undone in silence, a document that was dropped, and
// whose bytes are punched, would be there again.
TEST(OpeningTest, AFlippedByteInACommitWithoutEntriesIsRefusedUntouched) {
  for (const bool drop : {true, false}) {
    JournalFixture fixture;
    auto journal = fixture.Fresh();
    CommitFilings(*journal, fixture.disk(), "/journal", 2);
    ASSERT_TRUE(CommitOne(*journal, ExtentDraft(1)));
    const std::string wal = WalOf(fixture.disk(), "/journal");
    const std::uint64_t begin = fixture.disk().Stat(wal)->size;
    ASSERT_TRUE(drop ? CommitOne(*journal, DropDocument{SystemName("acme"), Sha256("upload 1"), {}})
                     : CommitOne(*journal, ExtentDraft(2)));
    const std::uint64_t end = fixture.disk().Stat(wal)->size;
    ASSERT_GT(end, begin);
    ASSERT_EQ(journal->view()->published(), 2u);
    journal.reset();
    const Files whole = ReadFiles(fixture.disk(), "/journal/ledger");
    const std::uint64_t step = (end - begin) / 16;
    for (std::uint64_t flipped = begin; flipped < end; flipped += step) {
      FlipByteOn(fixture.disk(), wal, flipped);
      ExpectRefusedUntouched([&] { return fixture.Open(); }, fixture.disk(), "/journal",
                             "the ledger holds 4 commits; 5 were promised");
      FlipByteOn(fixture.disk(), wal, flipped);
    }
    // The control: the flipped bytes alone were wrong.
    EXPECT_EQ(ReadFiles(fixture.disk(), "/journal/ledger"), whole);
    const auto opened = fixture.Open();
    ASSERT_TRUE(opened) << opened.error().message;
    const auto document =
        FindDocument(*(*opened)->view(), SystemName("acme"), Sha256("upload 1")).value();
    EXPECT_EQ(document.has_value(), !drop);
  }
}

// What an older program wrote counts nothing; from its next commit on all is counted.
TEST(OpeningTest, AJournalFromBeforeCommitsWereCountedOpensAndIsCountedFromThenOn) {
  JournalFixture fixture;
  auto journal = fixture.Fresh();
  CommitFilings(*journal, fixture.disk(), "/journal", 2);
  journal.reset();
  Head head = HeadFile::Read(fixture.disk(), "/journal/head")->head;
  EXPECT_EQ(head.commits, 3u);
  head.commits = 0;
  ASSERT_TRUE(fixture.disk().Unlink("/journal/head"));
  ASSERT_TRUE(HeadFile::Create(fixture.disk(), "/journal/head", head));
  {
    const auto db = OpenLedger(LedgerOptions(fixture.options()), "/journal/ledger");
    ASSERT_TRUE(db);
    ASSERT_TRUE((*db)->Delete(rocksdb::WriteOptions(), std::string(keys::kCommits)).ok());
  }
  journal = fixture.Open().value();
  EXPECT_EQ(HeadFile::Read(fixture.disk(), "/journal/head")->head.commits, 0u);
  ASSERT_TRUE(CommitOne(*journal, ExtentDraft(1)));
  EXPECT_EQ(HeadFile::Read(fixture.disk(), "/journal/head")->head.commits, 1u);
  journal.reset();
  EXPECT_TRUE(fixture.Open());
}

// Entry 3 is synced, the head that would have promised it is not: nobody was told of it.
void CommitThreeAndOneUnpromised(JournalFixture& fixture, std::vector<WalRecord>& records) {
  auto journal = fixture.Fresh();
  records = CommitFilings(*journal, fixture.disk(), "/journal", 3);
  fixture.disk().FailNext(DiskOperation::kSync, DiskSubject::kHead);
  ASSERT_FALSE(CommitOne(*journal, FilingDraft(3)));
  journal.reset();
  records.push_back(
      {records.back().end, fixture.disk().Stat(WalOf(fixture.disk(), "/journal"))->size});
  // The slot the failed sync was about is as it was.
  fixture.disk().CutPower(1);
  ASSERT_EQ(HeadFile::Read(fixture.disk(), "/journal/head")->head.sequence, 3u);
}

TEST(OpeningTest, ATornTailBeyondThePromiseOpens) {
  for (const bool torn : {true, false}) {
    JournalFixture fixture;
    std::vector<WalRecord> records;
    ASSERT_NO_FATAL_FAILURE(CommitThreeAndOneUnpromised(fixture, records));
    const std::string wal = WalOf(fixture.disk(), "/journal");
    const std::uint64_t middle = (records[3].begin + records[3].end) / 2;
    if (torn) {
      ASSERT_TRUE((*fixture.disk().Open(wal, OpenMode::kWrite))->Truncate(middle));
    } else {
      FlipByteOn(fixture.disk(), wal, middle);
    }
    const auto journal = fixture.Open();
    ASSERT_TRUE(journal) << journal.error().message;
    EXPECT_EQ((*journal)->view()->published(), 3u);
    const auto again = CommitOne(**journal, FilingDraft(3));
    ASSERT_TRUE(again);
    EXPECT_FALSE(again->repeated);
    EXPECT_EQ(again->filing->sequence, 3u);
  }
}

TEST(OpeningTest, OneBadHeadSlotWarnsAndOpensAndTheNextCommitMendsIt) {
  for (const std::uint64_t offset : {100u, 4196u}) {
    JournalFixture fixture;
    auto journal = fixture.Fresh();
    CommitFilings(*journal, fixture.disk(), "/journal", 4);
    journal.reset();
    FlipByteOn(fixture.disk(), "/journal/head", offset);
    auto opened = fixture.Open();
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_TRUE((*opened)->head_slot_bad());
    EXPECT_EQ((*opened)->view()->published(), 4u);
    ASSERT_TRUE(CommitOne(**opened, FilingDraft(4)));
    opened->reset();
    opened = fixture.Open();
    ASSERT_TRUE(opened);
    EXPECT_FALSE((*opened)->head_slot_bad());
  }
}

TEST(OpeningTest, WithoutAGoodHeadOrALedgerNothingOpensAndNothingIsMade) {
  JournalFixture fixture;
  auto journal = fixture.Fresh();
  CommitFilings(*journal, fixture.disk(), "/journal", 4);
  journal.reset();
  Disk& disk = fixture.disk();
  const std::string head = ReadFileOn(disk, "/journal/head");
  const auto refused = [&](ErrorCode code) {
    const auto before = ContentsOf(disk, "/journal");
    const auto opened = fixture.Open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, code) << opened.error().message;
    EXPECT_EQ(ContentsOf(disk, "/journal"), before);
  };
  {
    SCOPED_TRACE("both slots bad");
    FlipByteOn(disk, "/journal/head", 100);
    FlipByteOn(disk, "/journal/head", 4196);
    refused(ErrorCode::kDataLoss);
  }
  {
    SCOPED_TRACE("no head");
    ASSERT_TRUE(disk.Unlink("/journal/head"));
    refused(ErrorCode::kNotFound);
    WriteFileOn(disk, "/journal/head", head);
  }
  {
    SCOPED_TRACE("no ledger");
    ASSERT_TRUE(disk.Rename("/journal/ledger", "/journal/elsewhere"));
    refused(ErrorCode::kNotFound);
    ASSERT_TRUE(disk.Rename("/journal/elsewhere", "/journal/ledger"));
  }
  {
    SCOPED_TRACE("a ledger without its files");
    const Files files = ReadFiles(disk, "/journal/ledger");
    PutFiles(disk, "/journal/ledger", {});
    refused(ErrorCode::kDataLoss);
    PutFiles(disk, "/journal/ledger", files);
  }
  EXPECT_TRUE(fixture.Open());
}

// Reads everything there is to read, and holds it against what was promised. Counts what was
// answered with an error; a wrong answer fails the test.
int ReadEverything(const Journal& journal, const std::vector<std::string>& receipts) {
  int errors = 0;
  const auto view = journal.view();
  for (std::size_t i = 0; i < receipts.size(); ++i) {
    const auto filing = ReadFiling(*view, i);
    if (!filing) {
      ++errors;
    } else {
      EXPECT_EQ(filing->receipt_json, receipts[i]) << "served silently: entry " << i;
    }
    const auto proof = view->Prove(i, view->published());
    if (!proof) {
      ++errors;
    } else {
      EXPECT_TRUE(VerifyInclusion(LeafHash(Sha256(receipts[i])), i, proof->size, proof->path,
                                  view->root()));
    }
  }
  const auto balance = ReadBalance(*view, CourtId());
  if (!balance) {
    ++errors;
  } else {
    EXPECT_EQ(balance->received, receipts.size());
  }
  return errors;
}

TEST(OpeningTest, AFlippedByteInASettledTableIsRefusedOrReportedNeverServed) {
  constexpr int kPlaces = 60;
  int refused = 0;
  int reported = 0;
  int harmless = 0;
  for (int place = 0; place < kPlaces; ++place) {
    JournalFixture fixture;
    auto journal = fixture.Fresh();
    std::vector<std::string> receipts;
    receipts.reserve(6);
    for (int i = 0; i < 6; ++i) {
      receipts.push_back(CommitOne(*journal, FilingDraft(i))->filing->receipt_json);
    }
    journal.reset();
    ASSERT_TRUE(fixture.Open());  // Opening writes the log out as a table.
    const auto tables = FilesEndingIn(fixture.disk(), "/journal/ledger", ".sst");
    ASSERT_FALSE(tables.empty());
    const std::string& table = tables.back();
    const std::uint64_t size = fixture.disk().Stat(table)->size;
    FlipByteOn(fixture.disk(), table, static_cast<std::uint64_t>(place) * size / kPlaces);
    auto opened = fixture.Open();
    if (!opened) {
      ++refused;
      EXPECT_NE(opened.error().code, ErrorCode::kNotFound);
    } else if (ReadEverything(**opened, receipts) > 0) {
      ++reported;
    } else {
      ++harmless;  // In a part that nothing above needed.
    }
  }
  std::cout << "flipped bytes: " << refused << " refused, " << reported << " reported, " << harmless
            << " not met\n";
  EXPECT_GT(refused, 0);
  EXPECT_GT(reported, 0);
}

TEST(OpeningTest, ALedgerFromAnOlderBackupIsRefused) {
  JournalFixture fixture;
  auto journal = fixture.Fresh();
  CommitFilings(*journal, fixture.disk(), "/journal", 3);
  journal.reset();
  const Files backup = ReadFiles(fixture.disk(), "/journal/ledger");
  journal = fixture.Open().value();
  for (int i = 3; i < 8; ++i) ASSERT_TRUE(CommitOne(*journal, FilingDraft(i)));
  journal.reset();
  PutFiles(fixture.disk(), "/journal/ledger", backup);
  ExpectRefusedUntouched([&] { return fixture.Open(); }, fixture.disk(), "/journal",
                         "the ledger holds 3 entries; 8 were promised; missing entries: 3-7;");
}

// The ledger of a journal made from `seed` with `count` filings from `first` on.
Files LedgerOf(std::uint64_t seed, int first, int count) {
  JournalFixture fixture(seed);
  auto journal = fixture.Fresh();
  for (int i = 0; i < count; ++i) EXPECT_TRUE(CommitOne(*journal, FilingDraft(first + i)));
  journal.reset();
  return ReadFiles(fixture.disk(), "/journal/ledger");
}

TEST(OpeningTest, AnotherLedgerUnderTheSameHeadIsRefused) {
  const auto refused = [](int count, const Files& other, const std::string& why) {
    SCOPED_TRACE(why);
    JournalFixture fixture(1);
    auto journal = fixture.Fresh();
    CommitFilings(*journal, fixture.disk(), "/journal", count);
    journal.reset();
    PutFiles(fixture.disk(), "/journal/ledger", other);
    ExpectRefusedUntouched([&] { return fixture.Open(); }, fixture.disk(), "/journal", why);
  };
  refused(3, LedgerOf(2, 0, 3), "the head file of log ");
  refused(0, LedgerOf(2, 0, 0), "the head file of log ");
  // Of the same log id: a clone that took other filings.
  refused(3, LedgerOf(1, 10, 3), "the ledger's root at 3 is not the root that was promised");
  refused(3, LedgerOf(1, 10, 5), "the ledger's root at 3 is not the root that was promised");
}

TEST(OpeningTest, AnotherGatewaysJournalIsRefusedBeforeItIsWritten) {
  JournalFixture fixture;
  auto journal = fixture.Fresh();
  CommitFilings(*journal, fixture.disk(), "/journal", 2);
  journal.reset();
  JournalOptions options = fixture.options();
  options.gateway = "B3";
  const auto before = ContentsOf(fixture.disk(), "/journal");
  const auto opened = Journal::Open(options, fixture.disk(), fixture.clock(), fixture.random(),
                                    JournalFixture::Signer());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(ContentsOf(fixture.disk(), "/journal"), before);
}

TEST(OpeningTest, AnUnreadableLedgerIsNotTakenForALostOne) {
  JournalFixture fixture;
  auto journal = fixture.Fresh();
  CommitFilings(*journal, fixture.disk(), "/journal", 2);
  journal.reset();
  fixture.disk().FailNext(DiskOperation::kRead, DiskSubject::kWal);
  const auto opened = fixture.Open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kUnavailable) << opened.error().message;
  EXPECT_TRUE(fixture.Open());
}

}  // namespace
}  // namespace nightbox
