// Goal: memory holds a bounded window of a court's backlog, nothing put aside is forgotten, and a
// case has one entry at most.
// Method: the queue alone against a set of heads standing in for the disk.
#include "replay/court_queue.h"

#include <gtest/gtest.h>

#include <cstring>

#include "core/sha256.h"

namespace nightbox {
namespace {

constexpr BootTime kStart{Microseconds(1'000'000)};
constexpr Microseconds kLive = std::chrono::minutes(10);
const auto kAny = [](const CourtQueue::Entry&) { return true; };

CaseHead Head(std::uint64_t sequence, Microseconds age = Microseconds(0)) {
  CaseHead head;
  std::memcpy(head.case_key.bytes.data(), &sequence, sizeof(sequence));
  head.filing_sequence = sequence;
  head.age = age;
  return head;
}

CaseHead HeadOfCase(const std::string& name, std::uint64_t sequence) {
  return {Sha256(name), sequence};
}

// What the disk answers to "up to limit heads from here on".
std::pair<std::vector<CaseHead>, bool> Read(const std::set<std::uint64_t>& disk, std::uint64_t from,
                                            std::size_t limit) {
  std::vector<CaseHead> heads;
  auto next = disk.lower_bound(from);
  for (; next != disk.end() && heads.size() < limit; ++next) {
    heads.push_back(Head(*next, std::chrono::hours(1)));
  }
  return {heads, next == disk.end()};
}

TEST(CourtQueueTest, AHugeBacklogCostsWhatTheCapacityCosts) {
  CourtQueue queue(64, kLive);
  std::set<std::uint64_t> disk;
  for (std::uint64_t sequence = 1; sequence <= 200'000; ++sequence) {
    disk.insert(disk.end(), sequence);
    queue.Appeared(Head(sequence), kStart);
    ASSERT_LE(queue.size(), 64U);
  }
  ASSERT_TRUE(queue.more_on_disk());
  // All of them come by, each once, in a court that takes one after another.
  std::size_t delivered = 0;
  BootTime now = kStart + kLive;
  while (!disk.empty()) {
    queue.Advance(now);
    if (queue.ready() < 16 && queue.more_on_disk()) {
      const auto [heads, exhausted] = Read(disk, queue.cursor(), 32);
      queue.Loaded(queue.cursor(), heads, exhausted, now);
      ASSERT_LE(queue.size(), 64U);
    }
    const auto next = queue.Next(kAny);
    ASSERT_TRUE(next.has_value()) << delivered;
    queue.InFlight(*next, now);
    ASSERT_EQ(disk.erase(*next), 1U);
    queue.Finished(*next);
    ++delivered;
  }
  EXPECT_EQ(delivered, 200'000U);
  EXPECT_EQ(queue.size(), 0U);
}

TEST(CourtQueueTest, LiveFilingsAndBacklogTakeTurns) {
  CourtQueue queue(64, kLive);
  for (std::uint64_t i = 1; i <= 20; ++i) queue.Appeared(Head(i, std::chrono::hours(3)), kStart);
  for (std::uint64_t i = 101; i <= 110; ++i) queue.Appeared(Head(i), kStart);
  std::vector<std::uint64_t> order;
  while (const auto next = queue.Next(kAny)) {
    order.push_back(*next);
    queue.InFlight(*next, kStart);
    queue.Finished(*next);
  }
  const std::vector<std::uint64_t> expected{101, 1,  102, 2,  103, 3,  104, 4,  105, 5,
                                            106, 6,  107, 7,  108, 8,  109, 9,  110, 10,
                                            11,  12, 13,  14, 15,  16, 17,  18, 19,  20};
  EXPECT_EQ(order, expected);
}

TEST(CourtQueueTest, AFilingIsLiveForAWhileOnly) {
  CourtQueue queue(64, kLive);
  queue.Appeared(Head(1), kStart);
  queue.Appeared(Head(2), kStart + std::chrono::minutes(9));
  queue.Advance(kStart + kLive);
  // Number one has become backlog, number two is live: they take turns, live first.
  EXPECT_EQ(queue.Next(kAny), 2U);
}

TEST(CourtQueueTest, ALiveFilingFindsRoomInAFullMemory) {
  CourtQueue queue(16, kLive);
  for (std::uint64_t i = 1; i <= 16; ++i) queue.Appeared(Head(i, std::chrono::hours(3)), kStart);
  EXPECT_FALSE(queue.more_on_disk());
  queue.Appeared(Head(17), kStart);
  EXPECT_EQ(queue.size(), 16U);
  EXPECT_NE(queue.Find(17), nullptr);
  EXPECT_EQ(queue.Find(16), nullptr);
  EXPECT_EQ(queue.cursor(), 16U);  // Number 16 is read again when there is room.
}

TEST(CourtQueueTest, MemoryFullOfFailingFilingsStillTakesALiveOne) {
  CourtQueue queue(16, kLive);
  for (std::uint64_t i = 1; i <= 16; ++i) {
    queue.Appeared(Head(i, std::chrono::hours(3)), kStart);
    queue.WaitUntil(i, kStart + std::chrono::hours(i));
  }
  queue.Appeared(Head(17), kStart);
  EXPECT_NE(queue.Find(17), nullptr);
  EXPECT_EQ(queue.Find(16), nullptr);  // The one that waits longest made way.
  EXPECT_EQ(queue.size(), 16U);
}

TEST(CourtQueueTest, WhatIsUnderWayIsNeverPutAside) {
  CourtQueue queue(2, kLive);
  for (std::uint64_t i = 1; i <= 2; ++i) {
    queue.Appeared(Head(i), kStart);
    queue.InFlight(i, kStart);
  }
  EXPECT_FALSE(queue.EvictOne());
  queue.Appeared(Head(3), kStart);
  EXPECT_EQ(queue.Find(3), nullptr);
  EXPECT_EQ(queue.cursor(), 3U);
}

TEST(CourtQueueTest, ACaseWithADeliveryUnderWayHasNoSecondEntry) {
  CourtQueue queue(16, kLive);
  queue.Appeared(HeadOfCase("a", 5), kStart);
  queue.InFlight(5, kStart);
  queue.Appeared(HeadOfCase("a", 9), kStart);
  EXPECT_EQ(queue.Find(9), nullptr);
  EXPECT_EQ(queue.cursor(), 9U);  // Not forgotten.
  queue.Finished(5);
  queue.Appeared(HeadOfCase("a", 9), kStart);
  EXPECT_EQ(queue.Next(kAny), 9U);
}

TEST(CourtQueueTest, AnUncertainFilingKeepsItsCaseToItself) {
  CourtQueue queue(16, kLive);
  queue.Appeared(HeadOfCase("a", 5), kStart);
  queue.InFlight(5, kStart);
  queue.Uncertain(5, "group", kStart);
  queue.Appeared(HeadOfCase("a", 9), kStart);
  queue.Advance(kStart);
  EXPECT_EQ(queue.Next(kAny), std::nullopt);
  EXPECT_EQ(queue.NextUncertain(kAny), 5U);
}

TEST(CourtQueueTest, AReleasedFilingGoesBeforeTheOneThatStoodInForIt) {
  CourtQueue queue(16, kLive);
  queue.Appeared(HeadOfCase("a", 9), kStart);
  queue.Appeared(HeadOfCase("a", 5), kStart);
  EXPECT_EQ(queue.Next(kAny), 5U);
  EXPECT_EQ(queue.size(), 1U);
}

TEST(CourtQueueTest, AFilingWhoseCaseGotItsNumberStandsInOneQueueOnly) {
  CourtQueue queue(16, kLive);
  queue.Appeared(HeadOfCase("under the number", 5), kStart);
  queue.Appeared(HeadOfCase("under the opener", 5), kStart);
  EXPECT_EQ(queue.size(), 1U);
  queue.Appeared(HeadOfCase("under the number", 6), kStart);  // A queue of its own by now.
  EXPECT_EQ(queue.size(), 2U);
  queue.InFlight(5, kStart);
  queue.Appeared(HeadOfCase("renamed again", 5), kStart);
  EXPECT_EQ(queue.At(5).stage, CourtQueue::Stage::kInFlight);
  queue.Finished(5);
  EXPECT_EQ(queue.size(), 1U);
}

TEST(CourtQueueTest, WhatWasPutAsideDuringAReadIsReadAgain) {
  CourtQueue queue(4, kLive);
  queue.MayHoldMore();
  const std::uint64_t from = 11;
  // The order said "from 11 on"; meanwhile number 7 had to be left on disk.
  const auto loaded = queue.Loaded(0, {Head(10, std::chrono::hours(1))}, false, kStart);
  EXPECT_EQ(loaded, 1U);
  queue.LeaveOnDisk(7);
  queue.Loaded(from, {Head(12, std::chrono::hours(1))}, true, kStart);
  EXPECT_EQ(queue.cursor(), 7U);
}

TEST(CourtQueueTest, ARemovedHeadIsGoneUnlessItsOutcomeIsStillToCome) {
  CourtQueue queue(4, kLive);
  queue.Appeared(Head(1), kStart);
  queue.Appeared(Head(2), kStart);
  queue.InFlight(2, kStart);
  queue.Removed(1);
  queue.Removed(2);
  queue.Removed(3);
  EXPECT_EQ(queue.Find(1), nullptr);
  EXPECT_NE(queue.Find(2), nullptr);
}

}  // namespace
}  // namespace nightbox
