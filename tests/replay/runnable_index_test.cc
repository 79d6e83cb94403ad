// Goal: a start costs what is under way, not what waits (docs/architecture.md): a hundred thousand
// waiting filings are neither read nor counted. Method: the runnable index in a real RocksDB in
// memory, and the very reads that a start and its first loads make; RocksDB counts what it touched.
#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/perf_context.h>

#include <memory>
#include <string>

#include "core/sha256.h"
#include "store/keys.h"
#include "store/view.h"

namespace nightbox {
namespace {

constexpr std::uint64_t kWaiting = 100'000;
constexpr std::size_t kAtATime = 256;
// Of blocks read from the table, its own index among them; the whole is several megabytes.
constexpr std::uint64_t kHandfulBytes = 250'000;

class RunnableIndexTest : public testing::Test {
 protected:
  RunnableIndexTest() {
    rocksdb::Options options;
    options.create_if_missing = true;
    options.env = memory_.get();
    options.compression = rocksdb::kNoCompression;
    rocksdb::DB* db = nullptr;
    EXPECT_TRUE(rocksdb::DB::Open(options, "/index", &db).ok());
    db_.reset(db);
    rocksdb::WriteBatch batch;
    for (std::uint64_t sequence = 0; sequence < kWaiting; ++sequence) {
      // As the journal writes it: the case's key, and no group to stay in.
      EXPECT_TRUE(
          batch.Put(keys::Runnable(court_, sequence), Sha256(std::to_string(sequence)).view())
              .ok());
    }
    EXPECT_TRUE(db_->Write({}, &batch).ok());
    EXPECT_TRUE(db_->Flush({}).ok());
    view_ = std::make_unique<View>(db_, kWaiting, Digest{});
  }
  ~RunnableIndexTest() override {
    rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable);
    view_.reset();
  }

  static void StartCounting() {
    rocksdb::SetPerfLevel(rocksdb::PerfLevel::kEnableCount);
    rocksdb::get_perf_context()->Reset();
  }

  const std::unique_ptr<rocksdb::Env> memory_{rocksdb::NewMemEnv(rocksdb::Env::Default())};
  std::shared_ptr<rocksdb::DB> db_;
  std::unique_ptr<View> view_;
  const CourtId court_{"mo.cir.21.st-louis"};
};

TEST_F(RunnableIndexTest, AStartReadsAHandfulHoweverManyWait) {
  StartCounting();
  const auto uncertain = view_->ListUncertain(std::nullopt, 1'000);
  const auto withdrawals = view_->ListWithdrawals(std::nullopt, 1'000);
  const auto balances = view_->ListBalances();
  const auto newest = view_->ListRunnableNewest(court_, UINT64_MAX, kAtATime / 2);
  const auto oldest = view_->ListRunnable(court_, 0, kAtATime);
  ASSERT_TRUE(uncertain && withdrawals && balances && newest && oldest);
  EXPECT_EQ(oldest->size(), kAtATime);
  EXPECT_EQ(oldest->front().filing_sequence, 0U);
  EXPECT_EQ(newest->size(), kAtATime / 2);
  EXPECT_EQ(newest->front().filing_sequence, kWaiting - 1);
  EXPECT_LT(rocksdb::get_perf_context()->block_read_byte, kHandfulBytes);
}

TEST_F(RunnableIndexTest, TheControlALookAtEverythingWouldBeSeen) {
  StartCounting();
  const auto all = view_->ListRunnable(court_, 0, kWaiting);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->size(), kWaiting);
  EXPECT_GT(rocksdb::get_perf_context()->block_read_byte, 10 * kHandfulBytes);
}

TEST_F(RunnableIndexTest, WhatIsDeliveredIsNotReadAgainBehindTheCursor) {
  // The front half has been delivered; reading goes on where it ended.
  rocksdb::WriteBatch batch;
  for (std::uint64_t sequence = 0; sequence < kWaiting / 2; ++sequence) {
    EXPECT_TRUE(batch.Delete(keys::Runnable(court_, sequence)).ok());
  }
  ASSERT_TRUE(db_->Write({}, &batch).ok());
  const View later(db_, kWaiting, Digest{});
  StartCounting();
  const auto next = later.ListRunnable(court_, kWaiting / 2, kAtATime);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->front().filing_sequence, kWaiting / 2);
  EXPECT_LT(rocksdb::get_perf_context()->internal_delete_skipped_count, kAtATime);
}

}  // namespace
}  // namespace nightbox
