// Goal: a journal is called damaged only if it is: what a gateway that serves takes away between
// two steps of the examination is looked for again, and what is really gone is said to be.
// Method: a journal on real files, read through a file system that has lost its log for the first
// so many times that it is asked.
#include "gateway/start_files.h"

#include <gtest/gtest.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include "core/random.h"
#include "store/journal_directory.h"
#include "store/posix_disk.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

class LogIsGone : public rocksdb::FileSystemWrapper {
 public:
  explicit LogIsGone(int times)
      : FileSystemWrapper(rocksdb::Env::Default()->GetFileSystem()), times_(times) {}
  const char* Name() const override { return "LogIsGone"; }

  rocksdb::IOStatus NewSequentialFile(const std::string& name, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                      rocksdb::IODebugContext* debug) override {
    if (name.ends_with(".log") && asked_++ < times_) return rocksdb::IOStatus::PathNotFound(name);
    return FileSystemWrapper::NewSequentialFile(name, options, file, debug);
  }

  int asked() const { return asked_; }

 private:
  const int times_;
  int asked_ = 0;
};

class ExamineJournalTest : public testing::Test {
 protected:
  ExamineJournalTest() {
    config_.name = "A7";
    config_.data_directory = temporary_.path() / "data";
    PosixDisk disk;
    const SystemClock clock;
    SystemRandom random;
    JournalOptions options;
    options.gateway = config_.name;
    const auto made =
        InitJournalDirectory(options, disk, clock, random, config_.data_directory.string());
    EXPECT_TRUE(made) << made.error().message;
  }

  Result<void> ExamineWhenTheLogIsGone(int times) {
    const auto file_system = std::make_shared<LogIsGone>(times);
    const auto env = rocksdb::NewCompositeEnv(file_system);
    Result<void> examined = ExamineJournal(config_, env.get());
    EXPECT_GT(file_system->asked(), 0);
    return examined;
  }

  const TemporaryDirectory temporary_;
  GatewayConfig config_;
};

TEST_F(ExamineJournalTest, WhatIsThereAtALaterReadingIsNotLost) {
  for (int times = 0; times < kJournalReadings; ++times) {
    const auto examined = ExamineWhenTheLogIsGone(times);
    EXPECT_TRUE(examined) << times << ": " << examined.error().message;
  }
}

TEST_F(ExamineJournalTest, WhatIsGoneAtEveryReadingIsLost) {
  const auto examined = ExamineWhenTheLogIsGone(1'000);
  ASSERT_FALSE(examined);
  EXPECT_EQ(examined.error().code, ErrorCode::kDataLoss);
}

}  // namespace
}  // namespace nightbox
