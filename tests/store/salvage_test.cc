// Goal: of a damaged journal everything that can be read is listed, what cannot is named, and an
// audit finds any change; neither touches a byte.
// Method: journals damaged in their log or their tables on SimDisk, and entries exchanged behind
// RocksDB's back.
#include "store/salvage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "store/audit.h"
#include "store/keys.h"
#include "store/record.h"
#include "tests/store/support/disk_contents.h"
#include "tests/store/support/journal_fixture.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

struct Salvaged {
  SalvageReport report;
  std::map<std::uint64_t, SalvagedFiling> filings;
};

Salvaged SalvageAll(JournalFixture& fixture) {
  Salvaged salvaged;
  const auto before = ContentsOf(fixture.disk(), "/journal");
  const auto report = SalvageJournal(
      fixture.options(), fixture.disk(),
      [&](const SalvagedFiling& filing) { salvaged.filings[filing.sequence] = filing; });
  EXPECT_TRUE(report) << report.error().message;
  EXPECT_EQ(ContentsOf(fixture.disk(), "/journal"), before);
  if (report) salvaged.report = *report;
  return salvaged;
}

AuditReport AuditAll(JournalFixture& fixture) {
  const auto before = ContentsOf(fixture.disk(), "/journal");
  const auto report = AuditJournal(fixture.options(), fixture.disk(), std::nullopt);
  EXPECT_TRUE(report) << report.error().message;
  EXPECT_EQ(ContentsOf(fixture.disk(), "/journal"), before);
  return report ? *report : AuditReport();
}

// Filings 0 to count - 1 in one journal; filing 1 is docketed at the end.
std::vector<FilingSnapshot> Fill(JournalFixture& fixture, int count) {
  auto journal = fixture.Fresh();
  std::vector<FilingSnapshot> filings;
  filings.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    filings.push_back(*CommitOne(*journal, FilingDraft(i, ANewCase()))->filing);
  }
  EXPECT_TRUE(CommitOne(*journal, StartDelivery{1, "one", kJuly}));
  SettleDelivery settle;
  settle.filing_sequence = 1;
  settle.record = DocketedRecord(filings[1].state);
  EXPECT_TRUE(CommitOne(*journal, settle));
  return filings;
}

TEST(SalvageTest, AWholeJournalIsListedAsItIs) {
  JournalFixture fixture;
  const auto filings = Fill(fixture, 5);
  const Salvaged salvaged = SalvageAll(fixture);
  EXPECT_EQ(salvaged.report.entries, 7u);
  EXPECT_EQ(salvaged.report.readable_entries, 7u);
  EXPECT_EQ(salvaged.report.readable_filings, 5u);
  EXPECT_THAT(salvaged.report.missing, IsEmpty());
  EXPECT_EQ(salvaged.report.log_id, salvaged.report.head->log_id);
  for (const FilingSnapshot& filing : filings) {
    const SalvagedFiling& found = salvaged.filings.at(filing.sequence);
    EXPECT_EQ(found.filing_id, filing.record.filing_id);
    EXPECT_EQ(found.delivery_key, filing.record.delivery_key);
    EXPECT_EQ(found.court, CourtId("mo.cir.42.dent"));
    EXPECT_EQ(found.leaf_fits, true);
    EXPECT_EQ(found.last_known, filing.sequence == 1 ? "docketed" : "pending");
  }
}

TEST(SalvageTest, WhatAFlippedByteInTheLogCostIsNamedAndTheRestIsListed) {
  JournalFixture fixture;
  const auto filings = Fill(fixture, 20);
  const std::string wal = FilesEndingIn(fixture.disk(), "/journal/ledger", ".log").back();
  FlipByteOn(fixture.disk(), wal, fixture.disk().Stat(wal)->size / 2);
  const auto opened = fixture.Open();
  ASSERT_FALSE(opened);
  const Salvaged salvaged = SalvageAll(fixture);
  ASSERT_FALSE(salvaged.report.missing.empty());
  EXPECT_THAT(opened.error().message,
              HasSubstr("missing entries: " + NameRanges(salvaged.report.missing) + ";"));
  std::uint64_t missing = 0;
  for (const auto& [first, last] : salvaged.report.missing) missing += last - first + 1;
  EXPECT_EQ(salvaged.report.readable_entries + missing, 22u);
  EXPECT_EQ(salvaged.filings.size() + missing, 20u);
  for (const auto& [sequence, filing] : salvaged.filings) {
    EXPECT_EQ(filing.filing_id, filings[sequence].record.filing_id);
  }
}

TEST(SalvageTest, WithoutAHeadTheLedgerItselfSaysHowFarItReached) {
  JournalFixture fixture;
  Fill(fixture, 3);
  ASSERT_TRUE(fixture.disk().Unlink("/journal/head"));
  const Salvaged salvaged = SalvageAll(fixture);
  EXPECT_FALSE(salvaged.report.head);
  EXPECT_EQ(salvaged.report.entries, 5u);
  EXPECT_EQ(salvaged.filings.size(), 3u);
}

TEST(SalvageTest, ADamagedTableCostsOnlyWhatLiesInTheDamage) {
  int lost_filings = 0;
  for (int place = 0; place < 20; ++place) {
    JournalFixture fixture;
    const auto filings = Fill(fixture, 8);
    ASSERT_TRUE(fixture.Open());  // Opening writes the log out as a table.
    const std::string table = FilesEndingIn(fixture.disk(), "/journal/ledger", ".sst").back();
    // The front half holds blocks of entries and projections, the end what describes them.
    const std::uint64_t size = fixture.disk().Stat(table)->size;
    FlipByteOn(fixture.disk(), table, size * static_cast<std::uint64_t>(place) / 40);
    const Salvaged salvaged = SalvageAll(fixture);
    std::uint64_t missing = 0;
    for (const auto& [first, last] : salvaged.report.missing) missing += last - first + 1;
    EXPECT_EQ(salvaged.report.readable_entries + missing, 10u);
    EXPECT_LE(missing, 3u);
    for (const auto& [sequence, filing] : salvaged.filings) {
      EXPECT_EQ(filing.filing_id, filings[sequence].record.filing_id);
      EXPECT_EQ(filing.leaf_fits.value_or(true), true);
    }
    for (const LostFiling& lost : salvaged.report.lost_filings) {
      ++lost_filings;
      EXPECT_EQ(lost.filing_id, filings[lost.sequence].record.filing_id);
      EXPECT_EQ(lost.delivery_key, filings[lost.sequence].record.delivery_key);
    }
  }
  EXPECT_GT(lost_filings, 0);
}

// Opens the ledger as nobody should and changes it.
void Tamper(JournalFixture& fixture, const std::string& key,
            const std::function<std::string(std::string)>& change) {
  const auto db = OpenLedger(LedgerOptions(fixture.options()), "/journal/ledger");
  ASSERT_TRUE(db);
  std::string value;
  ASSERT_TRUE((*db)->Get(rocksdb::ReadOptions(), key, &value).ok());
  ASSERT_TRUE((*db)->Put(rocksdb::WriteOptions(), key, change(value)).ok());
}

TEST(AuditTest, ASoundJournalIsFoundSound) {
  JournalFixture fixture;
  Fill(fixture, 5);
  const AuditReport report = AuditAll(fixture);
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_TRUE(report.sound());
  EXPECT_EQ(report.entries, 7u);
  EXPECT_EQ(report.filings, 5u);
  EXPECT_EQ(report.root, report.head.root);
}

TEST(AuditTest, AChangedStatementIsFoundThoughTheTreeStillFits) {
  JournalFixture fixture;
  Fill(fixture, 5);
  Tamper(fixture, keys::Entry(2), [](std::string value) {
    const std::size_t at = value.find("Dent");
    EXPECT_NE(at, std::string::npos);
    value[at] = 'B';
    return value;
  });
  // Opening costs no read of the archive, and so does not see it.
  EXPECT_TRUE(fixture.Open());
  const AuditReport report = AuditAll(fixture);
  EXPECT_FALSE(report.sound());
  EXPECT_THAT(report.problems, testing::Contains(HasSubstr("entry 2 does not fit the tree")));
  EXPECT_THAT(report.problems, testing::Contains(HasSubstr("entry 2 has a bad signature")));
  EXPECT_NE(report.root, report.head.root);
}

TEST(AuditTest, AChangedNodeAndAnExchangedRecordAreFound) {
  JournalFixture fixture;
  Fill(fixture, 5);
  Tamper(fixture, keys::TreeNode(0, 3), [](std::string value) {
    value[5] = static_cast<char>(value[5] ^ 1);
    return value;
  });
  Tamper(fixture, keys::Entry(4), [](const std::string& value) {
    auto entry = record::ReadEntry(value).value();
    entry.mutable_filing_received()->set_filing_id("another");
    return entry.SerializeAsString();
  });
  const AuditReport report = AuditAll(fixture);
  EXPECT_EQ(report.problem_count, 2u);
  EXPECT_THAT(report.problems, testing::Contains(HasSubstr("entry 3 does not fit")));
  EXPECT_THAT(report.problems,
              testing::Contains(HasSubstr("entry 4 has a receipt that its record contradicts")));
  EXPECT_EQ(report.root, report.head.root);
}

// What says how far a court's news were heard is kept beside the entries: tree and root still fit.
TEST(AuditTest, ALostCommitThatAddedNoEntryIsFoundAsOpeningFindsIt) {
  JournalFixture fixture;
  Fill(fixture, 2);
  auto journal = fixture.Open().value();
  ASSERT_TRUE(CommitOne(*journal, ChangeReview{{}, "one", "500"}));
  journal.reset();
  EXPECT_TRUE(AuditAll(fixture).sound());
  const std::string wal = FilesEndingIn(fixture.disk(), "/journal/ledger", ".log").back();
  FlipByteOn(fixture.disk(), wal, fixture.disk().Stat(wal)->size / 2);
  const auto opened = fixture.Open();
  ASSERT_FALSE(opened);
  const std::string commits =
      std::to_string(HeadFile::Read(fixture.disk(), "/journal/head")->head.commits);
  EXPECT_THAT(opened.error().message, HasSubstr(commits + " were promised"));
  const AuditReport report = AuditAll(fixture);
  EXPECT_EQ(report.entries, report.head.sequence);
  EXPECT_EQ(report.root, report.head.root);
  EXPECT_THAT(report.problems, testing::ElementsAre(HasSubstr(commits + " were promised")));
}

TEST(AuditTest, SignaturesAreCheckedToTheRootThatIsGiven) {
  JournalFixture fixture;
  Fill(fixture, 2);
  TestPki stranger;
  const auto report =
      AuditJournal(fixture.options(), fixture.disk(), ReadWholeFile(stranger.receipt_root()));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->problem_count, 2u);
}

}  // namespace
}  // namespace nightbox
