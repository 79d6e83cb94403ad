// Goal: a job that was taken runs once, to its end; one that was refused never; and nobody who
// posts ever waits.
// Method: threads that are held shut until they are known to be busy, and many that post at once.
#include "store/worker_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <future>
#include <thread>
#include <vector>

namespace nightbox {
namespace {

TEST(WorkerPoolTest, JobsRunInTheOrderTheyCame) {
  std::vector<int> ran;  // By the one thread; read when it has ended.
  {
    WorkerPool pool(1, 100);
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(pool.Post([&ran, i] { ran.push_back(i); }));
  }
  ASSERT_EQ(ran.size(), 100U);
  EXPECT_TRUE(std::is_sorted(ran.begin(), ran.end()));
}

TEST(WorkerPoolTest, WhatIsWaitingRunsBeforeThePoolEnds) {
  std::atomic<int> ran = 0;
  {
    std::promise<void> open;
    const std::shared_future<void> opened = open.get_future();
    WorkerPool pool(2, 10);
    for (int i = 0; i < 10; ++i) {
      EXPECT_TRUE(pool.Post([&ran, opened] {
        opened.wait();
        ++ran;
      }));
    }
    open.set_value();
  }
  EXPECT_EQ(ran, 10);
}

TEST(WorkerPoolTest, AFullQueueRefusesAndTheRefusedNeverRuns) {
  std::promise<void> open;
  const std::shared_future<void> opened = open.get_future();
  std::promise<void> busy;
  std::atomic<int> ran = 0;
  std::atomic<bool> refused_ran = false;
  {
    WorkerPool pool(1, 2);
    EXPECT_TRUE(pool.Post([&] {
      busy.set_value();
      opened.wait();
      ++ran;
    }));
    busy.get_future().wait();
    EXPECT_TRUE(pool.Post([&ran] { ++ran; }));
    EXPECT_TRUE(pool.Post([&ran] { ++ran; }));
    EXPECT_FALSE(pool.Post([&refused_ran] { refused_ran = true; }));
    open.set_value();
  }
  EXPECT_EQ(ran, 3);
  EXPECT_FALSE(refused_ran);
}

TEST(WorkerPoolTest, ManyWhoPostAtOnceLoseNothing) {
  constexpr int kEach = 500;
  std::atomic<int> taken = 0;
  std::atomic<int> ran = 0;
  {
    WorkerPool pool(3, 16);
    std::array<std::thread, 4> posters;
    for (std::thread& poster : posters) {
      poster = std::thread([&] {
        for (int i = 0; i < kEach; ++i) {
          if (pool.Post([&ran] { ++ran; })) ++taken;
        }
      });
    }
    for (std::thread& poster : posters) poster.join();
  }
  EXPECT_GT(taken, 0);
  EXPECT_EQ(ran, taken);
}

}  // namespace
}  // namespace nightbox
