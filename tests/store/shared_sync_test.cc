// Goal: nobody is told "synced" by a sync that began before his write, and a crowd costs two syncs,
// not one each.
// Method: a sync that is held shut until the others are known to wait; and eight threads at once.
#include "store/shared_sync.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace nightbox {
namespace {

void AwaitWaiting(const SharedSync& sync, std::size_t count) {
  while (sync.waiting() < count) std::this_thread::yield();
}

TEST(SharedSyncTest, ASyncUnderWayDoesNotCountForThoseWhoComeLater) {
  constexpr int kLate = 7;
  int syncs = 0;
  std::vector<std::thread> late;
  SharedSync* self = nullptr;
  SharedSync sync([&]() -> Result<void> {
    if (++syncs == 1) {
      for (int i = 0; i < kLate; ++i) late.emplace_back([&] { EXPECT_TRUE(self->Sync()); });
      AwaitWaiting(*self, kLate);
    }
    return {};
  });
  self = &sync;
  EXPECT_TRUE(sync.Sync());
  for (std::thread& thread : late) thread.join();
  // One for the first, and one that all the late ones share.
  EXPECT_EQ(syncs, 2);
  EXPECT_TRUE(sync.Sync());
  EXPECT_EQ(syncs, 3);
}

TEST(SharedSyncTest, AFailureIsForAllWhoWaitAndForEver) {
  int syncs = 0;
  std::thread late;
  SharedSync* self = nullptr;
  SharedSync sync([&]() -> Result<void> {
    ++syncs;
    late = std::thread([&] { EXPECT_FALSE(self->Sync()); });
    AwaitWaiting(*self, 1);
    return Error{.code = ErrorCode::kUnavailable, .message = "fdatasync: Input/output error"};
  });
  self = &sync;
  EXPECT_FALSE(sync.failed());
  EXPECT_FALSE(sync.Sync());
  late.join();
  EXPECT_FALSE(sync.Sync());
  EXPECT_TRUE(sync.failed());
  EXPECT_EQ(syncs, 1);
}

TEST(SharedSyncTest, WhatWasWrittenBeforeTheCallIsSyncedForEightThreads) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 500;
  std::atomic<int> written = 0;
  std::atomic<int> synced = 0;
  std::atomic<int> inside = 0;
  SharedSync sync([&]() -> Result<void> {
    EXPECT_EQ(inside.fetch_add(1), 0) << "two syncs at once";
    const int seen = written;
    std::this_thread::yield();
    synced = seen;
    inside.fetch_sub(1);
    return {};
  });
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) {
        const int mine = written.fetch_add(1) + 1;
        EXPECT_TRUE(sync.Sync());
        EXPECT_GE(synced, mine);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(synced, kThreads * kRounds);
}

}  // namespace
}  // namespace nightbox
