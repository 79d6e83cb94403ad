// Goal: both disks keep the contract of store/disk.h that everything in store/ leans on, so that
// what the sweeps prove on SimDisk holds on a machine.
// Method: the same questions to PosixDisk, in a directory of its own, and to SimDisk.
#include "store/disk.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "core/check.h"
#include "store/posix_disk.h"
#include "store/sim_disk.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

class PosixPlace {
 public:
  Disk& disk() { return disk_; }
  std::string root() const { return directory_.path().string(); }

 private:
  TemporaryDirectory directory_;
  PosixDisk disk_;
};

class SimPlace {
 public:
  SimPlace() { NB_CHECK(disk_.MakeDirectory("/srv")); }
  Disk& disk() { return disk_; }
  std::string root() const { return "/srv"; }

 private:
  SimDisk disk_;
};

template <class Place>
class DiskTest : public testing::Test {
 protected:
  Disk& disk() { return place_.disk(); }
  std::string At(const std::string& name) const { return place_.root() + "/" + name; }

  std::unique_ptr<DiskFile> Open(const std::string& name, OpenMode mode) {
    return disk().Open(At(name), mode).value();
  }
  static std::string Read(const DiskFile& file, std::uint64_t offset, std::size_t size) {
    std::string bytes(size, '?');
    bytes.resize(file.ReadAt(offset, bytes).value());
    return bytes;
  }

  Place place_;
};

using Places = testing::Types<PosixPlace, SimPlace>;
TYPED_TEST_SUITE(DiskTest, Places);

TYPED_TEST(DiskTest, WhatWasWrittenIsReadAndHolesAreZeros) {
  auto file = this->Open("a", OpenMode::kCreateNew);
  ASSERT_TRUE(file->WriteAt(3, "night"));
  ASSERT_TRUE(file->WriteAt(8, "box"));
  ASSERT_TRUE(file->Sync());
  EXPECT_EQ(this->Read(*file, 0, 100), std::string("\0\0\0nightbox", 11));
  EXPECT_EQ(this->Read(*file, 8, 2), "bo");
  EXPECT_EQ(this->Read(*file, 11, 5), "");
  EXPECT_EQ(this->Read(*file, 5000, 5), "");
  EXPECT_EQ(file->Size().value(), 11u);

  const auto again = this->Open("a", OpenMode::kRead);
  EXPECT_EQ(this->Read(*again, 3, 8), "nightbox");
  EXPECT_EQ(this->disk().Stat(this->At("a")).value().size, 11u);
}

TYPED_TEST(DiskTest, OpenModesSayWhatMustExist) {
  EXPECT_EQ(this->disk().Open(this->At("a"), OpenMode::kRead).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(this->disk().Open(this->At("a"), OpenMode::kWrite).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(this->Open("a", OpenMode::kCreate)->WriteAt(0, "kept"));
  EXPECT_EQ(this->Read(*this->Open("a", OpenMode::kCreate), 0, 9), "kept");
  EXPECT_EQ(this->Read(*this->Open("a", OpenMode::kWrite), 0, 9), "kept");
  EXPECT_EQ(this->disk().Open(this->At("a"), OpenMode::kCreateNew).error().code,
            ErrorCode::kAlreadyExists);
  EXPECT_FALSE(this->Open("a", OpenMode::kRead)->WriteAt(0, "x"));
  EXPECT_EQ(this->disk().Open(this->At("no/a"), OpenMode::kCreate).error().code,
            ErrorCode::kNotFound);
}

TYPED_TEST(DiskTest, AllocateAndPunchKeepTheSize) {
  auto file = this->Open("a", OpenMode::kCreate);
  ASSERT_TRUE(file->Allocate(0, 1 << 20));
  EXPECT_EQ(file->Size().value(), 0u);
  ASSERT_TRUE(file->WriteAt(0, std::string(12288, 'x')));
  ASSERT_TRUE(file->Punch(4096, 4096));
  EXPECT_EQ(file->Size().value(), 12288u);
  EXPECT_EQ(this->Read(*file, 4095, 4098), "x" + std::string(4096, '\0') + "x");
}

TYPED_TEST(DiskTest, TruncateCutsAndExtendsWithZeros) {
  auto file = this->Open("a", OpenMode::kCreate);
  ASSERT_TRUE(file->WriteAt(0, "nightbox"));
  ASSERT_TRUE(file->Truncate(5));
  ASSERT_TRUE(file->Truncate(7));
  EXPECT_EQ(this->Read(*file, 0, 100), std::string("night\0\0", 7));
}

TYPED_TEST(DiskTest, RenameReplacesAndUnlinkLeavesOpenFilesReadable) {
  ASSERT_TRUE(this->Open("a", OpenMode::kCreate)->WriteAt(0, "new"));
  ASSERT_TRUE(this->Open("b", OpenMode::kCreate)->WriteAt(0, "older"));
  ASSERT_TRUE(this->disk().Rename(this->At("a"), this->At("b")));
  EXPECT_EQ(this->disk().Stat(this->At("a")).error().code, ErrorCode::kNotFound);
  const auto file = this->Open("b", OpenMode::kRead);
  ASSERT_TRUE(this->disk().Unlink(this->At("b")));
  EXPECT_EQ(this->Read(*file, 0, 9), "new");
  EXPECT_EQ(this->disk().Unlink(this->At("b")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(this->disk().Rename(this->At("b"), this->At("c")).error().code, ErrorCode::kNotFound);
}

TYPED_TEST(DiskTest, DirectoriesListTheirNamesSorted) {
  ASSERT_TRUE(this->disk().MakeDirectory(this->At("d")));
  EXPECT_EQ(this->disk().MakeDirectory(this->At("d")).error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(this->disk().MakeDirectory(this->At("no/d")).error().code, ErrorCode::kNotFound);
  this->Open("d/b", OpenMode::kCreate);
  this->Open("d/a", OpenMode::kCreate);
  ASSERT_TRUE(this->disk().SyncDirectory(this->At("d")));
  EXPECT_EQ(this->disk().List(this->At("d")).value(), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(this->disk().Stat(this->At("d")).value().is_directory);
  EXPECT_EQ(this->disk().List(this->At("no")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(this->disk().SyncDirectory(this->At("no")).error().code, ErrorCode::kNotFound);

  ASSERT_TRUE(this->disk().Rename(this->At("d"), this->At("e")));
  EXPECT_EQ(this->disk().List(this->At("e")).value().size(), 2u);
}

TYPED_TEST(DiskTest, LockKeepsASecondHolderOutUntilLetGo) {
  auto first = this->disk().Lock(this->At("LOCK"));
  ASSERT_TRUE(first);
  const auto second = this->disk().Lock(this->At("LOCK"));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(second.error().reason, "DISK_LOCKED");
  first.value().reset();
  EXPECT_TRUE(this->disk().Lock(this->At("LOCK")));
}

TYPED_TEST(DiskTest, FreeBytesAnswers) {
  EXPECT_GT(this->disk().FreeBytes(this->At("")).value(), 0u);
}

TEST(DiskErrorTest, NamesTheCallAndTheFileAndNotWhereTheDataIsKept) {
  const Error error = DiskError("pwrite", "/srv/court/documents/segment-1", ENOSPC);
  EXPECT_EQ(error.message, "pwrite documents/segment-1: No space left on device");
  EXPECT_EQ(error.code, ErrorCode::kResourceExhausted);
  EXPECT_EQ(error.reason, "DISK_FULL");
  EXPECT_EQ(DiskError("fdatasync", "/a/b", EIO).code, ErrorCode::kUnavailable);
  EXPECT_EQ(ParentDirectory("/a/b"), "/a");
  EXPECT_EQ(ParentDirectory("/b"), "/");
  EXPECT_EQ(ParentDirectory("b"), ".");
}

}  // namespace
}  // namespace nightbox
