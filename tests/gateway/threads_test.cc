// Goal: what gRPC's threads share in the gateway keeps its bounds and its counts while all of them
// use it at once.
// Method: four threads in each; what matters most is the thread sanitizer's opinion.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "core/sha256.h"
#include "gateway/attempt_limiter.h"
#include "gateway/connection_table.h"
#include "gateway/rate_limiter.h"
#include "gateway/terminations.h"
#include "gateway/upload_registry.h"
#include "gateway/watchers.h"

namespace nightbox {
namespace {

constexpr int kThreads = 4;
constexpr int kTurns = 300;

// Calls act(thread, turn) on all threads at once.
void AtOnce(const std::function<void(int, int)>& act) {
  std::array<std::thread, kThreads> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads[static_cast<std::size_t>(thread)] = std::thread([&act, thread] {
      for (int turn = 0; turn < kTurns; ++turn) act(thread, turn);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

UserId UserOf(int number) { return UserId("user-" + std::to_string(number)); }

TEST(ThreadsTest, ABurstIsGivenOutOnceHoweverManyAskForIt) {
  RateLimiter limiter({.per_minute = 1, .burst = 50, .users_max = 3});
  std::atomic<int> taken = 0;
  AtOnce([&](int, int turn) {
    if (limiter.Take(SystemName("acme"), UserOf(0), BootTime(Microseconds(1)))) ++taken;
    EXPECT_LE(limiter.remembered(), 3U);
    if (turn % 64 == 0) (void)limiter.remembered();
  });
  EXPECT_EQ(taken, 50);
}

TEST(ThreadsTest, EveryRefusedAttemptIsJournaledOrCounted) {
  AttemptLimiter limiter({.per_minute = 5, .users_max = 2});
  std::atomic<std::uint64_t> admitted = 0;
  std::atomic<std::uint64_t> counted = 0;
  const auto take = [&](bool all) {
    for (const SuppressAttempts& due : limiter.TakeDue(BootTime(Microseconds(1)), all)) {
      counted += due.count;
    }
  };
  AtOnce([&](int thread, int turn) {
    // Four users where two are remembered: forgetting one must not lose its count.
    if (limiter.Admit(SystemName("acme"), UserOf(thread), WallTime(), BootTime(Microseconds(1)))) {
      ++admitted;
    }
    if (turn % 32 == 0) take(false);
  });
  take(true);
  EXPECT_EQ(admitted + counted, std::uint64_t{kThreads} * kTurns);
}

TEST(ThreadsTest, UploadsKeepTheirBoundAndGiveTheirPlacesBack) {
  UploadRegistry registry(6, 3);
  std::atomic<int> overtaken = 0;
  AtOnce([&](int thread, int turn) {
    const SystemName system(thread % 2 == 0 ? "acme" : "other");
    const auto place =
        registry.Enter(system, Sha256(std::to_string(turn % 3)), 10, [&overtaken] { ++overtaken; });
    EXPECT_LE(registry.count(), 6U);
    if (turn % 100 == 0) registry.TellAll();
  });
  EXPECT_EQ(registry.count(), 0U);
}

TEST(ThreadsTest, OneOfManyOperatorsIsTheFirstPersonAndNoBoundIsPassed) {
  constexpr int kFilings = 7;
  Terminations terminations(5);
  std::array<std::atomic<int>, kFilings> firsts{};
  std::atomic<int> ends = 0;
  AtOnce([&](int thread, int turn) {
    const FilingId filing(std::to_string(turn % kFilings));
    const std::string person = "operator-" + std::to_string(thread);
    const auto asked =
        terminations.Ask(filing, person, "order", BootTime(Microseconds(turn)), WallTime());
    if (asked && asked->step == Terminations::Step::kJournal) {
      ++firsts[static_cast<std::size_t>(turn % kFilings)];
      terminations.Journaled(filing, person);
    }
    if (asked && asked->step == Terminations::Step::kCarryOut) {
      EXPECT_NE(asked->first_person, person);
      ++ends;
    }
    EXPECT_LE(terminations.standing(), 5U);
  });
  int proposed = 0;
  for (const auto& each : firsts) {
    EXPECT_LE(each, 1);
    proposed += each;
  }
  EXPECT_EQ(proposed, 5);
  EXPECT_GT(ends, 0);
}

TEST(ThreadsTest, WatchersComeAndGoWhileNewsAreTold) {
  Watchers watchers(3);
  std::atomic<int> told = 0;
  AtOnce([&](int thread, int turn) {
    if (thread == 0) {
      watchers.Tell({1, 2});
    } else {
      const auto watching =
          watchers.Watch(static_cast<std::uint64_t>(turn % 3), [&told](Watchers::Told) { ++told; });
      EXPECT_LE(watchers.count(), 3U);
    }
  });
  EXPECT_EQ(watchers.count(), 0U);
}

TEST(ThreadsTest, ConnectionsAreCountedWhileCallsArriveOnThem) {
  ConnectionTable table({.total = 20, .per_address = 20, .silent_per_address = 20});
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_GE(socket, 0);
  AtOnce([&](int thread, int turn) {
    const std::string peer = "127.0.0.1:" + std::to_string(1000 * (thread + 1) + turn % 8);
    if (thread == 0) {
      table.Sweep();
    } else if (turn % 3 != 0) {
      (void)table.Open("127.0.0.1", peer, socket);
    } else {
      table.NoteCall("ipv4:" + peer);
    }
    EXPECT_LE(table.counts().open, 20U);
  });
  EXPECT_GT(table.counts().opened, 0U);
  ::close(socket);
  table.Sweep();
  EXPECT_EQ(table.counts().open, 0U);
  EXPECT_EQ(table.counts().silent, 0U);
}

}  // namespace
}  // namespace nightbox
