// Goal: a gateway over NullDisk does all that one over a real disk does, in memory that does not
// grow. Method: the calls the store makes, far beyond the bound.
#include "store/null_disk.h"

#include <gtest/gtest.h>

#include "store/segment_file.h"

namespace nightbox {
namespace {

std::string Read(const DiskFile& file, std::uint64_t offset, std::size_t size) {
  std::string bytes(size, '?');
  bytes.resize(file.ReadAt(offset, bytes).value());
  return bytes;
}

TEST(NullDiskTest, SmallFilesAreKeptWhole) {
  NullDisk disk;
  ASSERT_TRUE(disk.MakeDirectory("/d"));
  {
    const auto file = disk.Open("/d/a", OpenMode::kCreate).value();
    ASSERT_TRUE(file->WriteAt(100'000, "night"));
    ASSERT_TRUE(file->Truncate(100'003));
    ASSERT_TRUE(file->Truncate(100'005));
    ASSERT_TRUE(file->Sync());
  }
  EXPECT_EQ(Read(*disk.Open("/d/a", OpenMode::kRead).value(), 99'998, 100),
            std::string("\0\0nig\0\0", 7));
  ASSERT_TRUE(disk.Rename("/d/a", "/d/b"));
  EXPECT_EQ(disk.List("/d").value(), std::vector<std::string>{"b"});
  EXPECT_EQ(disk.Stat("/d/a").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(disk.Open("/d/b", OpenMode::kWrite).value()->WriteAt(1 << 20, "x").error().reason,
            "DISK_FULL");
}

TEST(NullDiskTest, OfSegmentsOnlyTheLatestBytesAreKept) {
  NullDisk disk;
  ASSERT_TRUE(disk.MakeDirectory("/d"));
  const auto segments = SegmentFiles::Open(disk, "/d", {}).value();
  const std::string bytes(Extent::kSizeMax, 'n');
  Extent first;
  Extent last;
  for (int i = 0; i < 100; ++i) {  // 400 MiB, in two segments.
    last = segments->Reserve(Extent::kSizeMax).value();
    if (i == 0) first = last;
    ASSERT_TRUE(segments->Write(last, 0, bytes));
    ASSERT_TRUE(segments->Sync(last.segment));
  }
  EXPECT_LE(disk.recent_bytes(), NullDisk::kRecentBytes);
  const auto file = disk.Open("/d/segment-" + std::string(15, '0') + "2", OpenMode::kRead);
  ASSERT_TRUE(file);
  EXPECT_EQ(Read(**file, last.offset, bytes.size()), bytes);
  EXPECT_EQ(last.segment, 2u);
  EXPECT_EQ(segments->Read(first, 0).error().code, ErrorCode::kDataLoss);
}

TEST(NullDiskTest, LockKeepsASecondHolderOut) {
  NullDisk disk;
  auto first = disk.Lock("/lock");
  ASSERT_TRUE(first);
  EXPECT_EQ(disk.Lock("/lock").error().reason, "DISK_LOCKED");
  first.value().reset();
  EXPECT_TRUE(disk.Lock("/lock"));
}

}  // namespace
}  // namespace nightbox
