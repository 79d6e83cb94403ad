// Goal: SimDisk is as hostile as store/sim_disk.h says, and never more: what was synced stays, what
// was not may go in any mixture, and every fault fires where it was asked for.
// Method: small writes, cuts with many seeds, and the set of outcomes that came about.
#include "store/sim_disk.h"

#include <gtest/gtest.h>

#include <set>

#include "core/check.h"

namespace nightbox {
namespace {

constexpr std::uint64_t kSeeds = 64;

std::string ReadAll(SimDisk& disk, const std::string& path) {
  auto file = disk.Open(path, OpenMode::kRead);
  if (!file) return "(no such file)";
  std::string bytes(file.value()->Size().value(), '?');
  bytes.resize(file.value()->ReadAt(0, bytes).value());
  return bytes;
}

// A file whose name is durable.
std::unique_ptr<DiskFile> MakeFile(SimDisk& disk, const std::string& path) {
  auto file = disk.Open(path, OpenMode::kCreateNew).value();
  NB_CHECK(disk.SyncDirectory(ParentDirectory(path)));
  return file;
}

TEST(SimDiskTest, SyncedBytesSurviveEveryCut) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    SimDisk disk;
    const auto file = MakeFile(disk, "/a");
    ASSERT_TRUE(file->WriteAt(0, std::string(2000, 'x')));
    ASSERT_TRUE(file->Sync());
    disk.CutPower(seed);
    ASSERT_EQ(ReadAll(disk, "/a"), std::string(2000, 'x'));
    disk.CutPower(seed);
    ASSERT_EQ(ReadAll(disk, "/a"), std::string(2000, 'x'));
  }
}

TEST(SimDiskTest, EachUnsyncedSectorIsKeptOrLostByItself) {
  std::set<std::string> outcomes;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    SimDisk disk;
    const auto file = MakeFile(disk, "/a");
    ASSERT_TRUE(file->WriteAt(0, std::string(1024, 'o')));
    ASSERT_TRUE(file->Sync());
    ASSERT_TRUE(file->WriteAt(100, std::string(800, 'n')));
    disk.CutPower(seed);
    std::string left = ReadAll(disk, "/a");
    ASSERT_EQ(left.size(), 1024u);
    outcomes.insert({left[100], left[511], left[512], left[899]});
    EXPECT_EQ(left[99], 'o');
    EXPECT_EQ(left[900], 'o');
  }
  EXPECT_EQ(outcomes, (std::set<std::string>{"oooo", "nnoo", "oonn", "nnnn"}));
}

TEST(SimDiskTest, AnUnsyncedSizeEndsSomewhereBetween) {
  std::set<std::size_t> sizes;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    SimDisk disk;
    const auto file = MakeFile(disk, "/a");
    ASSERT_TRUE(file->WriteAt(0, std::string(512, 'x')));
    ASSERT_TRUE(file->Sync());
    ASSERT_TRUE(file->WriteAt(512, std::string(1000, 'y')));
    disk.CutPower(seed);
    sizes.insert(ReadAll(disk, "/a").size());
  }
  EXPECT_EQ(sizes, (std::set<std::size_t>{512, 1024, 1512}));
}

TEST(SimDiskTest, AnUnsyncedTruncationMayBeForgotten) {
  std::set<std::size_t> sizes;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    SimDisk disk;
    const auto file = MakeFile(disk, "/a");
    ASSERT_TRUE(file->WriteAt(0, std::string(512, 'x')));
    ASSERT_TRUE(file->Sync());
    ASSERT_TRUE(file->Truncate(10));
    disk.CutPower(seed);
    sizes.insert(ReadAll(disk, "/a").size());
  }
  EXPECT_EQ(sizes, (std::set<std::size_t>{10, 512}));
}

TEST(SimDiskTest, NamesSurviveAsAnOrderedPrefixSinceTheDirectorySync) {
  std::set<std::vector<std::string>> outcomes;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    SimDisk disk;
    MakeFile(disk, "/a");
    ASSERT_TRUE(disk.Open("/b", OpenMode::kCreate));
    ASSERT_TRUE(disk.Rename("/a", "/c"));
    ASSERT_TRUE(disk.Unlink("/b"));
    disk.CutPower(seed);
    outcomes.insert(disk.List("/").value());
  }
  EXPECT_EQ(outcomes, (std::set<std::vector<std::string>>{{"a"}, {"a", "b"}, {"b", "c"}, {"c"}}));
}

TEST(SimDiskTest, SyncingAFileDoesNotSyncItsName) {
  std::set<bool> there;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    SimDisk disk;
    const auto file = disk.Open("/a", OpenMode::kCreate).value();
    ASSERT_TRUE(file->WriteAt(0, "x"));
    ASSERT_TRUE(file->Sync());
    disk.CutPower(seed);
    there.insert(disk.Stat("/a").has_value());
  }
  EXPECT_EQ(there.size(), 2u);
}

TEST(SimDiskTest, TheSameSeedLeavesTheSameDisk) {
  const auto left = [] {
    SimDisk disk;
    const auto file = MakeFile(disk, "/a");
    NB_CHECK(file->WriteAt(0, std::string(100'000, 'x')));
    disk.CutPower(7);
    return ReadAll(disk, "/a");
  };
  EXPECT_EQ(left(), left());
}

TEST(SimDiskTest, FromTheCutOnEverythingFailsAndAfterItOldHandlesAreDead) {
  for (const CutMode mode : {CutMode::kLost, CutMode::kDoneButUnreported}) {
    SimDisk disk;
    const auto file = MakeFile(disk, "/segment-1");
    ASSERT_TRUE(file->WriteAt(0, "x"));
    const auto lock = disk.Lock("/LOCK");
    disk.FailAt(2, mode);
    ASSERT_TRUE(file->WriteAt(0, "y"));
    EXPECT_FALSE(disk.cut_point());
    EXPECT_EQ(file->Sync().error().reason, "DISK_ERROR");
    EXPECT_EQ(disk.cut_point(), "sync of segment");
    char byte = 0;
    EXPECT_FALSE(file->ReadAt(0, {&byte, 1}));
    EXPECT_FALSE(disk.Stat("/segment-1"));
    EXPECT_FALSE(disk.Open("/b", OpenMode::kCreate));

    disk.CutPower(/*seed=*/1);
    EXPECT_FALSE(file->ReadAt(0, {&byte, 1}));
    EXPECT_FALSE(file->WriteAt(0, "z"));
    EXPECT_TRUE(disk.Lock("/LOCK"));
    if (mode == CutMode::kDoneButUnreported) {
      EXPECT_EQ(ReadAll(disk, "/segment-1"), "y");
    }
  }
}

TEST(SimDiskTest, WhatIsWrittenDuringASyncIsNotPartOfIt) {
  std::set<char> outcomes;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    SimDisk disk;
    const auto file = MakeFile(disk, "/a");
    ASSERT_TRUE(file->WriteAt(0, "o"));
    disk.SetDuringSync([&](const std::string&) { ASSERT_TRUE(file->WriteAt(0, "n")); });
    ASSERT_TRUE(file->Sync());
    disk.CutPower(seed);
    outcomes.insert(ReadAll(disk, "/a").at(0));
  }
  EXPECT_EQ(outcomes, (std::set<char>{'n', 'o'}));
}

TEST(SimDiskTest, AfterAFailedSyncALaterOneProvesNothing) {
  std::set<std::string> outcomes;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    SimDisk disk;
    const auto file = MakeFile(disk, "/head");
    ASSERT_TRUE(file->WriteAt(0, "x"));
    disk.FailNext(DiskOperation::kSync, DiskSubject::kHead);
    EXPECT_FALSE(file->Sync());
    EXPECT_TRUE(file->Sync());
    disk.CutPower(seed);
    outcomes.insert(ReadAll(disk, "/head"));
  }
  EXPECT_TRUE(outcomes.contains("x"));
  EXPECT_GT(outcomes.size(), 1u);
}

TEST(SimDiskTest, OmittedSyncsSucceedAndKeepNothing) {
  struct Case {
    DiskSubject subject;
    std::string path;
  };
  for (const Case& c :
       {Case{DiskSubject::kWal, "/d/000004.log"}, Case{DiskSubject::kHead, "/d/head"},
        Case{DiskSubject::kSegment, "/d/segment-1"}, Case{DiskSubject::kDirectory, "/d/x"}}) {
    std::set<std::string> outcomes;
    for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
      SimDisk disk;
      ASSERT_TRUE(disk.MakeDirectory("/d"));
      ASSERT_TRUE(disk.SyncDirectory("/"));
      disk.SetOmitSync(c.subject);
      const auto file = MakeFile(disk, c.path);
      ASSERT_TRUE(file->WriteAt(0, "x"));
      ASSERT_TRUE(file->Sync());
      disk.CutPower(seed);
      outcomes.insert(ReadAll(disk, c.path));
    }
    EXPECT_GT(outcomes.size(), 1u) << c.path;
  }
}

TEST(SimDiskTest, AFullDiskRefusesAndGivesSpaceBack) {
  SimDisk disk;
  disk.SetCapacity(8192);
  const auto file = disk.Open("/a", OpenMode::kCreate).value();
  ASSERT_TRUE(file->Allocate(0, 8192));
  EXPECT_EQ(disk.FreeBytes("/").value(), 0u);
  EXPECT_TRUE(file->WriteAt(0, std::string(8192, 'x')));
  const auto more = file->WriteAt(8192, "x");
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().reason, "DISK_FULL");
  ASSERT_TRUE(file->Punch(0, 4096));
  EXPECT_TRUE(file->WriteAt(8192, "x"));
  ASSERT_TRUE(file->Truncate(0));
  EXPECT_EQ(disk.used_bytes(), 0u);
  ASSERT_TRUE(file->WriteAt(0, "x"));
  ASSERT_TRUE(disk.Unlink("/a"));
  EXPECT_EQ(disk.used_bytes(), 0u);
}

TEST(SimDiskTest, FaultsFireOnceWhereAskedAndCountsSayWhatHappened) {
  SimDisk disk;
  const auto file = MakeFile(disk, "/head");
  const auto other = MakeFile(disk, "/b");
  disk.FailNext(DiskOperation::kWrite, DiskSubject::kHead);
  EXPECT_TRUE(other->WriteAt(0, "x"));
  EXPECT_FALSE(file->WriteAt(0, "x"));
  EXPECT_TRUE(file->WriteAt(0, "x"));
  disk.FailNext(DiskOperation::kRead, DiskSubject::kHead);
  char byte = 0;
  EXPECT_FALSE(file->ReadAt(0, {&byte, 1}));
  EXPECT_TRUE(file->ReadAt(0, {&byte, 1}));
  disk.FlipByte("/head", 0);
  EXPECT_NE(ReadAll(disk, "/head"), "x");
  EXPECT_EQ(disk.operation_count(), 7u);
  EXPECT_EQ(disk.counts().at("write of head"), 2u);
  EXPECT_EQ(disk.counts().at("sync of directory"), 2u);
}

}  // namespace
}  // namespace nightbox
