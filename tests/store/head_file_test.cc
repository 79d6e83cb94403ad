// Goal: a promise written to the head file is read back after any power cut, and a head file that
// is damaged is either read from its other slot, with a warning, or refused; never misread.
// Method: a real HeadFile on SimDisk, cut at every operation, and every byte flipped.
#include "store/head_file.h"

#include <gtest/gtest.h>

#include <iostream>
#include <map>

#include "core/check.h"
#include "core/crc32c.h"
#include "core/sha256.h"
#include "store/posix_disk.h"
#include "store/sim_disk.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

constexpr char kPath[] = "/head";
constexpr std::uint64_t kAdvances = 5;
constexpr std::uint64_t kSeeds = 16;

Head HeadOf(std::uint64_t sequence, std::size_t frontier = 3) {
  Head head{.log_id = "000102030405060708090a0b0c0d0e0f",
            .sequence = sequence,
            .root = Sha256("root " + std::to_string(sequence)),
            .frontier = {}};
  for (std::size_t i = 0; i < frontier; ++i) {
    head.frontier.push_back(Sha256(std::to_string(sequence) + "/" + std::to_string(i)));
  }
  return head;
}

std::string ReadAll(Disk& disk) {
  const auto file = disk.Open(kPath, OpenMode::kRead).value();
  std::string bytes(file->Size().value(), '?');
  NB_CHECK(file->ReadAt(0, bytes).value() == bytes.size());
  return bytes;
}

void Overwrite(Disk& disk, std::uint64_t offset, std::string_view bytes) {
  NB_CHECK(disk.Open(kPath, OpenMode::kWrite).value()->WriteAt(offset, bytes));
}

TEST(HeadFileTest, WhatWasPromisedIsReadAgain) {
  const TemporaryDirectory directory;
  PosixDisk disk;
  const std::string path = (directory.path() / "head").string();
  ASSERT_TRUE(HeadFile::Create(disk, path, HeadOf(0, 0)));
  for (std::uint64_t n = 1; n <= 5; ++n) {
    const auto file = HeadFile::Open(disk, path).value();
    EXPECT_EQ(file->head().sequence, n == 1 ? 0 : (n - 1) * 10);
    ASSERT_TRUE(file->Advance(HeadOf(n * 10 - 5)));
    ASSERT_TRUE(file->Advance(HeadOf(n * 10, Head::kFrontierMax)));
    EXPECT_EQ(file->head(), HeadOf(n * 10, Head::kFrontierMax));
    const HeadReading reading = HeadFile::Read(disk, path).value();
    EXPECT_EQ(reading.head, file->head());
    EXPECT_FALSE(reading.one_slot_bad);
  }
  EXPECT_EQ(disk.Stat(path).value().size, 8192u);
  EXPECT_EQ(disk.List(directory.path().string()).value(), std::vector<std::string>{"head"});
}

TEST(HeadFileTest, AbsentIsRefusedAndNothingIsMadeByOpening) {
  SimDisk disk;
  EXPECT_EQ(HeadFile::Read(disk, kPath).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(HeadFile::Open(disk, kPath).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(disk.operation_count(), 0u);
}

TEST(HeadFileTest, CreateNeverOverwrites) {
  SimDisk disk;
  ASSERT_TRUE(HeadFile::Create(disk, kPath, HeadOf(7)));
  EXPECT_EQ(HeadFile::Create(disk, kPath, HeadOf(0)).error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(HeadFile::Read(disk, kPath).value().head, HeadOf(7));
}

TEST(HeadFileTest, TheHeadOnlyGrowsWithinItsLog) {
  SimDisk disk;
  ASSERT_TRUE(HeadFile::Create(disk, kPath, HeadOf(7)));
  const auto file = HeadFile::Open(disk, kPath).value();
  EXPECT_EQ(file->Advance(HeadOf(6)).error().code, ErrorCode::kInternal);
  Head other_root = HeadOf(7);
  other_root.root = Sha256("other");
  EXPECT_EQ(file->Advance(other_root).error().code, ErrorCode::kInternal);
  Head other_log = HeadOf(8);
  other_log.log_id = std::string(32, 'f');
  EXPECT_EQ(file->Advance(other_log).error().code, ErrorCode::kInternal);
  EXPECT_TRUE(file->Advance(HeadOf(7)));
  EXPECT_TRUE(file->Advance(HeadOf(8)));
  EXPECT_EQ(HeadFile::Read(disk, kPath).value().head, HeadOf(8));
}

TEST(HeadFileTest, CommitsThatAddNoEntryArePromisedToo) {
  SimDisk disk;
  const auto with_commits = [](std::uint64_t sequence, std::uint64_t commits) {
    Head head = HeadOf(sequence);
    head.commits = commits;
    return head;
  };
  ASSERT_TRUE(HeadFile::Create(disk, kPath, with_commits(7, 3)));
  const auto file = HeadFile::Open(disk, kPath).value();
  EXPECT_TRUE(file->Advance(with_commits(7, 4)));
  EXPECT_EQ(HeadFile::Read(disk, kPath)->head, with_commits(7, 4));
  EXPECT_EQ(file->Advance(with_commits(7, 3)).error().code, ErrorCode::kInternal);
  EXPECT_EQ(file->Advance(with_commits(8, 3)).error().code, ErrorCode::kInternal);
  EXPECT_TRUE(file->Advance(with_commits(8, UINT64_MAX)));
  EXPECT_EQ(HeadFile::Read(disk, kPath)->head, with_commits(8, UINT64_MAX));
}

// As it was written before commits were counted: other magic, zeros for the count.
std::string WithoutCommits(std::string file) {
  for (std::size_t slot = 0; slot < file.size(); slot += 4096) {
    file.replace(slot, 8, "NBHEAD01");
    std::string sum;
    AppendBigEndian32(sum, Crc32c(std::string_view(file).substr(slot, 4092)));
    file.replace(slot + 4092, 4, sum);
  }
  return file;
}

TEST(HeadFileTest, AFileFromBeforeCommitsWereCountedIsReadAndGrows) {
  SimDisk disk;
  ASSERT_TRUE(HeadFile::Create(disk, kPath, HeadOf(7)));
  Overwrite(disk, 0, WithoutCommits(ReadAll(disk)));
  EXPECT_EQ(HeadFile::Read(disk, kPath)->head, HeadOf(7));
  Head counted = HeadOf(7);
  counted.commits = 1;
  const auto file = HeadFile::Open(disk, kPath).value();
  EXPECT_FALSE(file->one_slot_bad());
  ASSERT_TRUE(file->Advance(counted));  // One slot of each kind.
  EXPECT_EQ(HeadFile::Read(disk, kPath)->head, counted);
  EXPECT_FALSE(HeadFile::Read(disk, kPath)->one_slot_bad);

  Overwrite(disk, 0, WithoutCommits(ReadAll(disk)));
  EXPECT_EQ(HeadFile::Read(disk, kPath)->one_slot_bad, true) << "a count where none was written";
}

TEST(HeadFileTest, AfterAFailedSyncNothingIsPromisedAnyMore) {
  SimDisk disk;
  ASSERT_TRUE(HeadFile::Create(disk, kPath, HeadOf(7)));
  const auto file = HeadFile::Open(disk, kPath).value();
  disk.FailNext(DiskOperation::kSync, DiskSubject::kHead);
  EXPECT_EQ(file->Advance(HeadOf(8)).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(file->Advance(HeadOf(9)).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(file->head(), HeadOf(7));
}

TEST(HeadFileTest, OneUnreadableSlotCostsOnlyAWarning) {
  SimDisk disk;
  ASSERT_TRUE(HeadFile::Create(disk, kPath, HeadOf(7)));
  disk.FailNext(DiskOperation::kRead, DiskSubject::kHead);
  const HeadReading reading = HeadFile::Read(disk, kPath).value();
  EXPECT_TRUE(reading.one_slot_bad);
  EXPECT_EQ(reading.head, HeadOf(7));
  disk.FailNext(DiskOperation::kRead, DiskSubject::kHead);
  disk.FailNext(DiskOperation::kRead, DiskSubject::kHead);
  EXPECT_EQ(HeadFile::Read(disk, kPath).error().code, ErrorCode::kUnavailable);
}

TEST(HeadFileTest, EveryFlippedByteOfASlotIsNoticedAndTheOtherSlotUsed) {
  SimDisk disk;
  ASSERT_TRUE(HeadFile::Create(disk, kPath, HeadOf(1)));
  {
    const auto file = HeadFile::Open(disk, kPath).value();
    ASSERT_TRUE(file->Advance(HeadOf(2)));  // Slot 0.
    ASSERT_TRUE(file->Advance(HeadOf(3)));  // Slot 1.
  }
  for (std::uint64_t offset = 0; offset < 8192; ++offset) {
    disk.FlipByte(kPath, offset);
    const auto reading = HeadFile::Read(disk, kPath);
    ASSERT_TRUE(reading) << offset;
    ASSERT_TRUE(reading->one_slot_bad) << offset;
    ASSERT_EQ(reading->head, HeadOf(offset < 4096 ? 3 : 2)) << offset;
    disk.FlipByte(kPath, offset);
  }
  EXPECT_FALSE(HeadFile::Read(disk, kPath)->one_slot_bad);
}

TEST(HeadFileTest, TheBadSlotIsTheOneWrittenNext) {
  for (const std::uint64_t bad : {0u, 4096u}) {
    SimDisk disk;
    ASSERT_TRUE(HeadFile::Create(disk, kPath, HeadOf(1)));
    disk.FlipByte(kPath, bad);
    const auto file = HeadFile::Open(disk, kPath).value();
    EXPECT_TRUE(file->one_slot_bad());
    ASSERT_TRUE(file->Advance(HeadOf(2)));
    const HeadReading reading = HeadFile::Read(disk, kPath).value();
    EXPECT_FALSE(reading.one_slot_bad);
    EXPECT_EQ(reading.head, HeadOf(2));
  }
}

TEST(HeadFileTest, BothSlotsBadIsRefusedAndNothingIsWritten) {
  SimDisk disk;
  ASSERT_TRUE(HeadFile::Create(disk, kPath, HeadOf(1)));
  disk.FlipByte(kPath, 40);
  disk.FlipByte(kPath, 4096 + 4095);
  const std::string before = ReadAll(disk);
  const std::uint64_t operations = disk.operation_count();
  EXPECT_EQ(HeadFile::Open(disk, kPath).error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(disk.operation_count(), operations);
  EXPECT_EQ(ReadAll(disk), before);

  Overwrite(disk, 0, std::string(8192, '\0'));
  EXPECT_EQ(HeadFile::Read(disk, kPath).error().code, ErrorCode::kDataLoss);
  ASSERT_TRUE(disk.Open(kPath, OpenMode::kWrite).value()->Truncate(0));
  EXPECT_EQ(HeadFile::Read(disk, kPath).error().code, ErrorCode::kDataLoss);
}

TEST(HeadFileTest, AFileCutShortIsReadFromItsWholeSlot) {
  SimDisk disk;
  ASSERT_TRUE(HeadFile::Create(disk, kPath, HeadOf(1)));
  ASSERT_TRUE(disk.Open(kPath, OpenMode::kWrite).value()->Truncate(8000));
  EXPECT_TRUE(HeadFile::Read(disk, kPath).value().one_slot_bad);
}

TEST(HeadFileTest, SlotsThatContradictEachOtherAreRefused) {
  const auto slot_of = [](const Head& head, int advances) {
    SimDisk disk;
    NB_CHECK(HeadFile::Create(disk, kPath, HeadOf(0)));
    const auto file = HeadFile::Open(disk, kPath).value();
    for (int i = 0; i < advances; ++i)
      NB_CHECK(file->Advance(HeadOf(1 + static_cast<unsigned>(i))));
    NB_CHECK(file->Advance(head));
    return ReadAll(disk).substr(advances % 2 == 0 ? 0 : 4096, 4096);
  };
  // Slot 1 stays as it was made: generation 2, promising 5.
  const auto read_with_slot_0 = [](const std::string& slot) {
    SimDisk disk;
    NB_CHECK(HeadFile::Create(disk, kPath, HeadOf(5)));
    Overwrite(disk, 0, slot);
    return HeadFile::Read(disk, kPath);
  };
  EXPECT_TRUE(read_with_slot_0(slot_of(HeadOf(6), 0)));
  EXPECT_EQ(read_with_slot_0(slot_of(HeadOf(4), 0)).error().code, ErrorCode::kDataLoss);
  Head other_root = HeadOf(5);
  other_root.root = Sha256("other");
  EXPECT_EQ(read_with_slot_0(slot_of(other_root, 0)).error().code, ErrorCode::kDataLoss);
  SimDisk other;
  Head other_log = HeadOf(6);
  other_log.log_id = std::string(32, 'a');
  ASSERT_TRUE(HeadFile::Create(other, kPath, other_log));
  EXPECT_EQ(read_with_slot_0(ReadAll(other).substr(0, 4096)).error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(read_with_slot_0(ReadAll(other).substr(4096)).error().code, ErrorCode::kDataLoss);
}

// One life of a head file, until it ends or the power fails. Returns the highest sequence that was
// acknowledged.
std::optional<std::uint64_t> Live(SimDisk& disk) {
  if (!HeadFile::Create(disk, kPath, HeadOf(0))) return std::nullopt;
  std::uint64_t acknowledged = 0;
  const auto file = HeadFile::Open(disk, kPath);
  if (!file) return acknowledged;
  for (std::uint64_t n = 1; n <= kAdvances; ++n) {
    if (!(*file)->Advance(HeadOf(n, Head::kFrontierMax))) break;
    acknowledged = n;
  }
  return acknowledged;
}

// How many runs broke a promise, cut at every operation, both ways, with several seeds.
int Sweep(std::optional<DiskSubject> omitted, std::map<std::string, int>& cut_points) {
  int broken = 0;
  for (std::uint64_t n = 1;; ++n) {
    bool struck = false;
    for (const CutMode mode : {CutMode::kLost, CutMode::kDoneButUnreported}) {
      for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
        SimDisk disk;
        disk.SetOmitSync(omitted);
        disk.FailAt(n, mode);
        const std::optional<std::uint64_t> acknowledged = Live(disk);
        if (disk.cut_point()) {
          struck = true;
          ++cut_points[*disk.cut_point()];
        }
        disk.CutPower(seed);
        const auto reading = HeadFile::Read(disk, kPath);
        if (!reading) {
          // Before the making was acknowledged there may be nothing, never a damaged file.
          const bool fine = !acknowledged && reading.error().code == ErrorCode::kNotFound &&
                            HeadFile::Create(disk, kPath, HeadOf(0)).has_value();
          broken += fine ? 0 : 1;
          continue;
        }
        const std::uint64_t least = acknowledged.value_or(0);
        const std::uint64_t sequence = reading->head.sequence;
        if (sequence < least || sequence > least + 1) ++broken;
        if (reading->head != HeadOf(sequence, sequence == 0 ? 3 : Head::kFrontierMax)) ++broken;
      }
    }
    if (!struck) return broken;
  }
}

TEST(HeadFileTest, NoPowerCutLosesAnAcknowledgedPromise) {
  std::map<std::string, int> cut_points;
  EXPECT_EQ(Sweep(std::nullopt, cut_points), 0);
  for (const auto& [kind, count] : cut_points) std::cout << kind << ": " << count << " cuts\n";
  for (const char* kind :
       {"create of head", "write of head", "sync of head", "rename of head", "sync of directory"}) {
    EXPECT_GT(cut_points[kind], 0) << kind;
  }
}

TEST(HeadFileTest, TheSweepNoticesEachMissingSync) {
  std::map<std::string, int> cut_points;
  EXPECT_GT(Sweep(DiskSubject::kHead, cut_points), 0);
  EXPECT_GT(Sweep(DiskSubject::kDirectory, cut_points), 0);
}

// SIGKILL leaves a head that only the page cache holds; it is served from then on, so opening must
// make it durable first.
TEST(HeadFileTest, OpeningMakesDurableWhatItRead) {
  for (std::uint64_t seed = 0; seed < 64; ++seed) {
    SimDisk disk;
    ASSERT_TRUE(HeadFile::Create(disk, kPath, HeadOf(0)));
    disk.SetOmitSync(DiskSubject::kHead);
    ASSERT_TRUE(HeadFile::Open(disk, kPath).value()->Advance(HeadOf(1)));
    disk.SetOmitSync(std::nullopt);
    ASSERT_EQ(HeadFile::Open(disk, kPath).value()->head(), HeadOf(1));
    disk.CutPower(seed);
    ASSERT_EQ(HeadFile::Read(disk, kPath).value().head, HeadOf(1));
  }
}

}  // namespace
}  // namespace nightbox
