// Goal: an extent that was written, synced and then indexed is read back, byte for byte, after any
// power cut, and never read back wrong; what was not indexed leaves nothing behind.
// Method: real SegmentFiles on PosixDisk and on SimDisk, with segments of a few blocks, cut at
// every operation; a map stands for the index and is filled only after Sync() has succeeded.
#include "store/segment_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <map>
#include <thread>
#include <vector>

#include "core/bytes.h"
#include "core/check.h"
#include "core/crc32c.h"
#include "core/random.h"
#include "store/posix_disk.h"
#include "store/sim_disk.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

constexpr char kDirectory[] = "/documents";
constexpr SegmentOptions kSmall = {.segment_bytes = 16384, .open_files_max = 2};

struct Indexed {
  Extent extent;
  std::uint32_t crc32c = 0;
  std::string bytes;
};

std::string BytesOf(std::uint64_t n, std::size_t size) { return SeededRandom(n).Bytes(size); }

// Reserves, writes and syncs. What it returns may be indexed.
Result<Indexed> Store(SegmentFiles& files, std::string bytes) {
  NB_ASSIGN_OR_RETURN(const Extent extent, files.Reserve(static_cast<std::uint32_t>(bytes.size())));
  const std::size_t half = bytes.size() / 2;
  NB_RETURN_IF_ERROR(files.Write(extent, 0, std::string_view(bytes).substr(0, half)));
  NB_RETURN_IF_ERROR(files.Write(extent, half, std::string_view(bytes).substr(half)));
  NB_RETURN_IF_ERROR(files.Sync(extent.segment));
  return Indexed{.extent = extent, .crc32c = Crc32c(bytes), .bytes = std::move(bytes)};
}

CommittedEnds EndsOf(const std::vector<Indexed>& index) {
  CommittedEnds committed;
  for (const Indexed& indexed : index) {
    std::uint64_t& end = committed.ends[indexed.extent.segment];
    end = std::max(end, indexed.extent.end());
  }
  return committed;
}

void Prepare(SimDisk& disk) {
  NB_CHECK(disk.MakeDirectory(kDirectory));
  NB_CHECK(disk.SyncDirectory("/"));
}

std::unique_ptr<SegmentFiles> OpenSmall(Disk& disk, const std::vector<Indexed>& index = {}) {
  return SegmentFiles::Open(disk, kDirectory, EndsOf(index), kSmall).value();
}

std::string PathOf(std::uint64_t segment) {
  return std::string(kDirectory) + "/segment-" + HexEncode(BigEndian64(segment));
}

TEST(SegmentFilesTest, WhatWasStoredIsReadInThisLifeAndTheNext) {
  const TemporaryDirectory directory;
  PosixDisk disk;
  std::vector<Indexed> index;
  for (int life = 0; life < 3; ++life) {
    const auto files = SegmentFiles::Open(disk, directory.path().string(), EndsOf(index),
                                          {.segment_bytes = 8 << 20})
                           .value();
    for (const std::size_t size : {1u, 4095u, 4096u, 4097u, 100'000u, Extent::kSizeMax}) {
      index.push_back(Store(*files, BytesOf(index.size(), size)).value());
    }
    for (const Indexed& indexed : index) {
      EXPECT_EQ(indexed.extent.offset % Extent::kAlignment, 0u);
      EXPECT_EQ(files->Read(indexed.extent, indexed.crc32c).value(), indexed.bytes);
    }
  }
  EXPECT_EQ(disk.List(directory.path().string()).value(),
            (std::vector<std::string>{"segment-0000000000000001", "segment-0000000000000002",
                                      "segment-0000000000000003"}));
}

TEST(SegmentFilesTest, ExtentsNeverOverlapOrSpanSegments) {
  SimDisk disk;
  Prepare(disk);
  const auto files = OpenSmall(disk);
  std::map<std::uint64_t, std::uint64_t> end;
  SeededRandom random(1);
  for (int i = 0; i < 100; ++i) {
    const Extent extent =
        files->Reserve(static_cast<std::uint32_t>(1 + random.Below(kSmall.segment_bytes))).value();
    EXPECT_GE(extent.offset, end[extent.segment]);
    EXPECT_LE(extent.end(), kSmall.segment_bytes);
    end[extent.segment] = extent.end();
  }
}

TEST(SegmentFilesTest, AStartWithoutUploadsMakesNoFile) {
  SimDisk disk;
  Prepare(disk);
  const std::uint64_t operations = disk.operation_count();
  OpenSmall(disk);
  EXPECT_EQ(disk.operation_count(), operations);
  EXPECT_EQ(SegmentFiles::Open(disk, "/lost-mount", {}).error().code, ErrorCode::kNotFound);
}

TEST(SegmentFilesTest, AStartCutsOffWhatIsNotIndexed) {
  SimDisk disk;
  Prepare(disk);
  std::vector<Indexed> index;
  {
    const auto files = OpenSmall(disk);
    index.push_back(Store(*files, BytesOf(1, 5000)).value());  // Segment 1,
    ASSERT_TRUE(Store(*files, BytesOf(2, 5000)));              // and behind it.
    ASSERT_TRUE(Store(*files, BytesOf(3, 16384)));             // Segment 2.
  }
  ASSERT_TRUE(disk.Open(std::string(kDirectory) + "/notes", OpenMode::kCreate));
  const auto files = OpenSmall(disk, index);
  EXPECT_EQ(disk.Stat(PathOf(1)).value().size, 5000u);
  EXPECT_FALSE(disk.Stat(PathOf(2)));
  EXPECT_EQ(disk.used_bytes(), 8192u);
  EXPECT_TRUE(disk.Stat(std::string(kDirectory) + "/notes"));
  EXPECT_EQ(files->Read(index[0].extent, index[0].crc32c).value(), index[0].bytes);
  // The old segment is never appended to, and no number is used twice.
  EXPECT_EQ(files->Reserve(1).value().segment, 3u);
}

TEST(SegmentFilesTest, SegmentsBeforeTheFirstListedAreLeftAlone) {
  SimDisk disk;
  Prepare(disk);
  {
    const auto files = OpenSmall(disk);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(Store(*files, BytesOf(1, 16384)));
  }
  ASSERT_TRUE(SegmentFiles::Open(disk, kDirectory, {.first = 3, .ends = {{3, 100}}}, kSmall));
  EXPECT_EQ(disk.Stat(PathOf(1)).value().size, 16384u);
  EXPECT_EQ(disk.Stat(PathOf(2)).value().size, 16384u);
  EXPECT_EQ(disk.Stat(PathOf(3)).value().size, 100u);
}

TEST(SegmentFilesTest, AMissingOrShortSegmentIsRefusedAndNothingTouched) {
  SimDisk disk;
  Prepare(disk);
  {
    const auto files = OpenSmall(disk);
    ASSERT_TRUE(Store(*files, BytesOf(1, 5000)));
  }
  const std::uint64_t operations = disk.operation_count();
  for (const CommittedEnds& ends :
       {CommittedEnds{.ends = {{1, 5001}}}, CommittedEnds{.ends = {{1, 100}, {2, 1}}}}) {
    const auto opened = SegmentFiles::Open(disk, kDirectory, ends, kSmall);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::kDataLoss);
    EXPECT_NE(opened.error().message.find("segment-000000000000000"), std::string::npos);
  }
  EXPECT_EQ(disk.operation_count(), operations);
}

TEST(SegmentFilesTest, EveryFlippedByteIsNoticedAndNamed) {
  SimDisk disk;
  Prepare(disk);
  const auto files = OpenSmall(disk);
  ASSERT_TRUE(Store(*files, BytesOf(1, 100)));
  const Indexed indexed = Store(*files, BytesOf(2, 4500)).value();
  for (std::uint64_t at = indexed.extent.offset; at < indexed.extent.end(); ++at) {
    disk.FlipByte(PathOf(1), at);
    const auto read = files->Read(indexed.extent, indexed.crc32c);
    ASSERT_FALSE(read);
    ASSERT_EQ(read.error().code, ErrorCode::kDataLoss);
    ASSERT_EQ(read.error().message,
              "segment-0000000000000001 at 4096: the bytes are not those that were stored");
    disk.FlipByte(PathOf(1), at);
  }
  EXPECT_TRUE(files->Read(indexed.extent, indexed.crc32c));
  EXPECT_EQ(files->Read({.segment = 1, .offset = 8192, .size = 4096}, 0).error().code,
            ErrorCode::kDataLoss);
  EXPECT_EQ(files->Read({.segment = 9, .offset = 0, .size = 1}, 0).error().code,
            ErrorCode::kDataLoss);
}

TEST(SegmentFilesTest, PunchGivesSpaceBackAndSparesTheNeighbours) {
  SimDisk disk;
  Prepare(disk);
  const auto files = OpenSmall(disk);
  const Indexed before = Store(*files, BytesOf(1, 4096)).value();
  const Indexed purged = Store(*files, BytesOf(2, 5000)).value();
  const Indexed after = Store(*files, BytesOf(3, 100)).value();
  const std::uint64_t used = disk.used_bytes();
  ASSERT_TRUE(files->Punch(purged.extent));
  EXPECT_EQ(disk.used_bytes(), used - 8192);
  EXPECT_EQ(files->Read(purged.extent, purged.crc32c).error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(files->Read(before.extent, before.crc32c).value(), before.bytes);
  EXPECT_EQ(files->Read(after.extent, after.crc32c).value(), after.bytes);
}

TEST(SegmentFilesTest, AFullDiskRefusesANewSegmentAndLaterTakesIt) {
  SimDisk disk;
  Prepare(disk);
  disk.SetCapacity(20000);
  const auto files = OpenSmall(disk);
  const Indexed first = Store(*files, BytesOf(1, 16384)).value();
  const auto refused = files->Reserve(1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "DISK_FULL");
  EXPECT_EQ(disk.used_bytes(), 16384u);
  EXPECT_EQ(disk.List(kDirectory).value().size(), 1u);
  EXPECT_EQ(files->Read(first.extent, first.crc32c).value(), first.bytes);
  ASSERT_TRUE(files->Punch(first.extent));
  EXPECT_TRUE(Store(*files, BytesOf(2, 16384)));
}

TEST(SegmentFilesTest, OpenFilesAreBounded) {
  SimDisk disk;
  Prepare(disk);
  const auto files = OpenSmall(disk);
  std::vector<Indexed> index;
  index.reserve(10);
  for (std::uint64_t i = 0; i < 10; ++i) index.push_back(Store(*files, BytesOf(i, 16384)).value());
  for (int round = 0; round < 2; ++round) {
    for (const Indexed& indexed : index) {
      EXPECT_EQ(files->Read(indexed.extent, indexed.crc32c).value(), indexed.bytes);
      EXPECT_LE(files->open_files(), kSmall.open_files_max);
    }
  }
  EXPECT_EQ(files->open_files(), kSmall.open_files_max);
}

TEST(SegmentFilesTest, OfSyncsOnlyTheFailedOnesAreRemembered) {
  SimDisk disk;
  Prepare(disk);
  const auto files = OpenSmall(disk);
  for (std::uint64_t i = 0; i < 10; ++i) ASSERT_TRUE(Store(*files, BytesOf(i, 16384)));
  EXPECT_EQ(files->syncs(), 0u);
  disk.FailNext(DiskOperation::kSync, DiskSubject::kSegment);
  EXPECT_FALSE(Store(*files, BytesOf(10, 100)));
  EXPECT_TRUE(Store(*files, BytesOf(11, 100)));
  EXPECT_EQ(files->syncs(), 1u);
}

TEST(SegmentFilesTest, ASegmentWhoseSyncFailedIsGivenUpAndOthersGoOn) {
  SimDisk disk;
  Prepare(disk);
  const auto files = OpenSmall(disk);
  const Indexed before = Store(*files, BytesOf(1, 100)).value();
  disk.FailNext(DiskOperation::kSync, DiskSubject::kSegment);
  EXPECT_EQ(Store(*files, BytesOf(2, 100)).error().reason, "DISK_ERROR");
  EXPECT_FALSE(files->Sync(before.extent.segment));
  const Indexed after = Store(*files, BytesOf(3, 100)).value();
  EXPECT_NE(after.extent.segment, before.extent.segment);
  EXPECT_EQ(files->Read(before.extent, before.crc32c).value(), before.bytes);
  EXPECT_EQ(files->Read(after.extent, after.crc32c).value(), after.bytes);
}

TEST(SegmentFilesTest, AfterAFailedDirectorySyncNothingIsHandedOut) {
  SimDisk disk;
  Prepare(disk);
  const auto files = OpenSmall(disk);
  disk.FailNext(DiskOperation::kSyncDirectory, DiskSubject::kDirectory);
  EXPECT_EQ(files->Reserve(1).error().reason, "DISK_ERROR");
  EXPECT_EQ(files->Reserve(1).error().reason, "DISK_ERROR");
  EXPECT_TRUE(OpenSmall(disk)->Reserve(1));
}

// What is written while a sync is under way is durable only when a later one says so.
TEST(SegmentFilesTest, ASyncUnderWayDoesNotCountForALaterWrite) {
  for (std::uint64_t seed = 0; seed < 32; ++seed) {
    SimDisk disk;
    Prepare(disk);
    const auto files = OpenSmall(disk);
    const std::string early = BytesOf(1, 4096);
    const std::string late = BytesOf(2, 4096);
    const Extent first = files->Reserve(4096).value();
    const Extent second = files->Reserve(4096).value();
    std::thread other;
    std::atomic<bool> started = false;
    disk.SetDuringSync([&](const std::string&) {
      if (started.exchange(true)) return;
      ASSERT_TRUE(files->Write(second, 0, late));
      other = std::thread([&] { ASSERT_TRUE(files->Sync(second.segment)); });
    });
    ASSERT_TRUE(files->Write(first, 0, early));
    ASSERT_TRUE(files->Sync(first.segment));
    other.join();
    EXPECT_EQ(disk.counts().at("sync of segment"), 2u);
    disk.CutPower(seed);
    const auto after =
        SegmentFiles::Open(disk, kDirectory, {.ends = {{second.segment, second.end()}}}, kSmall);
    ASSERT_TRUE(after);
    EXPECT_TRUE((*after)->Read(first, Crc32c(early)));
    EXPECT_TRUE((*after)->Read(second, Crc32c(late)));
  }
}

template <class Place>
class SegmentFilesInParallelTest : public testing::Test {};

struct OnSimDisk {
  OnSimDisk() { Prepare(disk); }
  SimDisk disk;
  std::string directory = kDirectory;
};

struct OnPosixDisk {
  TemporaryDirectory temporary;
  PosixDisk disk;
  std::string directory = temporary.path().string();
};

using Places = testing::Types<OnSimDisk, OnPosixDisk>;
TYPED_TEST_SUITE(SegmentFilesInParallelTest, Places);

TYPED_TEST(SegmentFilesInParallelTest, EightWritersAndTheirReadersDoNotDisturbEachOther) {
  constexpr int kWriters = 8;
  constexpr int kExtents = 40;
  TypeParam place;
  const auto files = SegmentFiles::Open(place.disk, place.directory, {},
                                        {.segment_bytes = 1 << 20, .open_files_max = 2})
                         .value();
  std::vector<std::vector<Indexed>> indexes(kWriters);
  std::vector<std::thread> writers;
  writers.reserve(kWriters);
  for (std::size_t writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      SeededRandom random(writer);
      for (int i = 0; i < kExtents; ++i) {
        auto stored = Store(*files, random.Bytes(1 + random.Below(30'000)));
        ASSERT_TRUE(stored);
        indexes[writer].push_back(std::move(*stored));
        const Indexed& earlier = indexes[writer][random.Below(indexes[writer].size())];
        EXPECT_EQ(files->Read(earlier.extent, earlier.crc32c).value(), earlier.bytes);
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  std::vector<Indexed> all;
  for (const auto& index : indexes) all.insert(all.end(), index.begin(), index.end());
  const auto again =
      SegmentFiles::Open(place.disk, place.directory, EndsOf(all), {.segment_bytes = 1 << 20})
          .value();
  for (const Indexed& indexed : all) {
    EXPECT_EQ(again->Read(indexed.extent, indexed.crc32c).value(), indexed.bytes);
  }
}

// Two lives with three extents each, over more than one segment, until the power fails. Fills
// `index` with what was promised.
void Live(SimDisk& disk, std::vector<Indexed>& index) {
  for (std::uint64_t life = 0; life < 2; ++life) {
    const auto files = SegmentFiles::Open(disk, kDirectory, EndsOf(index), kSmall);
    if (!files) return;
    for (std::uint64_t i = 0; i < 3; ++i) {
      auto stored = Store(**files, BytesOf(life * 3 + i, 6000));
      if (!stored) return;
      index.push_back(std::move(*stored));
    }
    // Written, and the filer went away: the next life cuts it off.
    const auto unfinished = (*files)->Reserve(6000);
    if (!unfinished || !(*files)->Write(*unfinished, 0, "unfinished")) return;
  }
}

bool Holds(SimDisk& disk, const std::vector<Indexed>& index) {
  const auto files = SegmentFiles::Open(disk, kDirectory, EndsOf(index), kSmall);
  if (!files) return false;
  for (const Indexed& indexed : index) {
    const auto read = (*files)->Read(indexed.extent, indexed.crc32c);
    if (!read || *read != indexed.bytes) return false;
  }
  // And the door is open again.
  return Store(**files, "next").has_value();
}

int Sweep(std::optional<DiskSubject> omitted, std::map<std::string, int>& cut_points) {
  constexpr std::uint64_t kSeeds = 4;
  int broken = 0;
  for (std::uint64_t n = 1;; ++n) {
    bool struck = false;
    for (const CutMode mode : {CutMode::kLost, CutMode::kDoneButUnreported}) {
      for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
        SimDisk disk;
        Prepare(disk);
        disk.SetOmitSync(omitted);
        disk.FailAt(n, mode);
        std::vector<Indexed> index;
        Live(disk, index);
        if (disk.cut_point()) {
          struck = true;
          ++cut_points[*disk.cut_point()];
        }
        disk.CutPower(seed);
        disk.SetOmitSync(std::nullopt);
        if (!Holds(disk, index)) {
          ++broken;
          if (!omitted) ADD_FAILURE() << "cut at " << n << " with seed " << seed;
        }
      }
    }
    if (!struck) return broken;
  }
}

TEST(SegmentFilesTest, NoPowerCutLosesAnIndexedExtent) {
  std::map<std::string, int> cut_points;
  EXPECT_EQ(Sweep(std::nullopt, cut_points), 0);
  for (const auto& [kind, count] : cut_points) std::cout << kind << ": " << count << " cuts\n";
  for (const char* kind : {"create of segment", "allocate of segment", "write of segment",
                           "sync of segment", "truncate of segment", "sync of directory"}) {
    EXPECT_GT(cut_points[kind], 0) << kind;
  }
}

TEST(SegmentFilesTest, TheSweepNoticesEachMissingSync) {
  std::map<std::string, int> cut_points;
  EXPECT_GT(Sweep(DiskSubject::kSegment, cut_points), 0);
  EXPECT_GT(Sweep(DiskSubject::kDirectory, cut_points), 0);
}

}  // namespace
}  // namespace nightbox
