// Goal: which journal is in use can always be told or is refused, and no cut of the power leaves a
// data directory that neither opens nor can be made.
// Method: the real thing on SimDisk; every disk operation of `init` is cut once, every byte of
// `current` flipped.
#include "store/journal_directory.h"

#include <gtest/gtest.h>

#include "tests/store/support/disk_contents.h"
#include "tests/store/support/journal_fixture.h"

namespace nightbox {
namespace {

Result<JournalDirectory> InitData(JournalFixture& fixture) {
  return InitJournalDirectory(fixture.options(), fixture.disk(), fixture.clock(), fixture.random(),
                              "/data");
}

Result<std::unique_ptr<Journal>> OpenAt(JournalFixture& fixture, const std::string& path) {
  JournalOptions options = fixture.options();
  options.directory = path;
  return Journal::Open(options, fixture.disk(), fixture.clock(), fixture.random(),
                       JournalFixture::Signer());
}

TEST(JournalDirectoryTest, WhatInitMadeIsClaimedByOneOnly) {
  JournalFixture fixture;
  const auto made = InitData(fixture);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->path, "/data/journal-0001");
  auto claimed = ClaimJournalDirectory(fixture.disk(), "/data");
  ASSERT_TRUE(claimed) << claimed.error().message;
  EXPECT_EQ(claimed->directory.path, made->path);
  EXPECT_EQ(claimed->directory.log_id, made->log_id);
  const auto second = ClaimJournalDirectory(fixture.disk(), "/data");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, "DISK_LOCKED");
  const auto journal = OpenAt(fixture, claimed->directory.path);
  ASSERT_TRUE(journal) << journal.error().message;
  EXPECT_EQ((*journal)->identity().log_id, made->log_id);
}

TEST(JournalDirectoryTest, WhereNoJournalWasMadeNothingIsMadeByLooking) {
  JournalFixture fixture;
  ASSERT_TRUE(fixture.disk().MakeDirectory("/data"));
  const auto claimed = ClaimJournalDirectory(fixture.disk(), "/data");
  ASSERT_FALSE(claimed);
  EXPECT_EQ(claimed.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(fixture.disk().List("/data")->size(), 0u);
}

TEST(JournalDirectoryTest, InitNeverStandsInForWhatIsThere) {
  JournalFixture fixture;
  const auto made = InitData(fixture);
  ASSERT_TRUE(made);
  const auto expect_refused = [&] {
    const auto again = InitData(fixture);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::kAlreadyExists);
  };
  expect_refused();
  {
    auto journal = OpenAt(fixture, made->path);
    ASSERT_TRUE(CommitOne(**journal, FilingDraft(1)));
  }
  // Without the file that names it, too.
  ASSERT_TRUE(fixture.disk().Unlink("/data/current"));
  expect_refused();
  const auto resolved = ResolveJournalDirectory(fixture.disk(), "/data");
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().code, ErrorCode::kDataLoss);
}

TEST(JournalDirectoryTest, AnyFlippedByteOfCurrentIsNoticed) {
  JournalFixture fixture;
  ASSERT_TRUE(InitData(fixture));
  const std::string current = ReadFileOn(fixture.disk(), "/data/current");
  for (std::size_t i = 0; i < current.size(); ++i) {
    FlipByteOn(fixture.disk(), "/data/current", i);
    const auto resolved = ResolveJournalDirectory(fixture.disk(), "/data");
    ASSERT_FALSE(resolved) << "byte " << i;
    EXPECT_EQ(resolved.error().code, ErrorCode::kDataLoss);
    EXPECT_EQ(resolved.error().reason, "EVIDENCE_CONTRADICTS");
    WriteFileOn(fixture.disk(), "/data/current", current);
  }
  EXPECT_TRUE(ResolveJournalDirectory(fixture.disk(), "/data"));
}

TEST(JournalDirectoryTest, AJournalPutInTheOthersPlaceIsNoticed) {
  JournalFixture fixture(1);
  JournalFixture other(2);
  ASSERT_TRUE(InitData(fixture));
  ASSERT_TRUE(InitData(other));
  WriteFileOn(fixture.disk(), "/data/journal-0001/head",
              ReadFileOn(other.disk(), "/data/journal-0001/head"));
  const auto resolved = ResolveJournalDirectory(fixture.disk(), "/data");
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().code, ErrorCode::kDataLoss);
}

TEST(JournalDirectoryTest, AnInitCutAnywhereCanBeRepeatedUntilAJournalOpens) {
  int cuts = 0;
  for (std::uint64_t n = 1;; ++n) {
    bool completed = false;
    for (const CutMode mode : {CutMode::kLost, CutMode::kDoneButUnreported}) {
      JournalFixture fixture(n);
      fixture.disk().FailAt(n, mode);
      completed = InitData(fixture).has_value();
      fixture.disk().CutPower(n);
      if (completed) break;
      ++cuts;
      // Either it is whole already, or making it again makes it.
      if (!ResolveJournalDirectory(fixture.disk(), "/data")) {
        const auto again = InitData(fixture);
        ASSERT_TRUE(again) << "cut at operation " << n << ": " << again.error().message;
      }
      const auto resolved = ResolveJournalDirectory(fixture.disk(), "/data");
      ASSERT_TRUE(resolved) << "cut at operation " << n << ": " << resolved.error().message;
      const auto journal = OpenAt(fixture, resolved->path);
      ASSERT_TRUE(journal) << "cut at operation " << n << ": " << journal.error().message;
    }
    if (completed) break;
  }
  EXPECT_GT(cuts, 40);
}

}  // namespace
}  // namespace nightbox
