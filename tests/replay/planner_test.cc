// Goal: single decisions of the planner, each by itself.
// Method: events in, orders out; no model.
#include "replay/planner.h"

#include <gtest/gtest.h>

#include "core/sha256.h"

namespace nightbox {
namespace {

constexpr BootTime kStart{Microseconds(1'000'000)};
const CourtId kDent("mo.cir.42.dent");

class PlannerTest : public testing::Test {
 protected:
  static PlannerOptions Options() {
    PlannerOptions options;
    options.endpoints = {"a", "b"};
    return options;
  }

  // All orders of one kind that can be given now.
  template <class Kind>
  std::vector<Kind> Take() {
    std::vector<Kind> taken;
    for (Order& order : planner_.Poll(now_)) {
      if (auto* kind = std::get_if<Kind>(&order)) {
        taken.push_back(std::move(*kind));
      } else if (auto* probe = std::get_if<ProbeOrder>(&order)) {
        planner_.ProbeDone(*probe, Well(*probe), now_);
      } else if (auto* load = std::get_if<LoadOrder>(&order)) {
        planner_.HeadsLoaded(*load, {}, true, now_);
      }
    }
    return taken;
  }

  static ProbeReport Well(const ProbeOrder& probe) { return {true, "main", probe.courts}; }

  void OpenBoth() {
    now_ += std::chrono::seconds(2);
    for (const ProbeOrder& probe : Take<ProbeOrder>()) planner_.ProbeDone(probe, Well(probe), now_);
  }

  CaseHead Head(std::uint64_t sequence) {
    return {Sha256("case " + std::to_string(sequence)), sequence};
  }

  BootTime now_ = kStart;
  SeededRandom random_{5};
  Planner planner_{Options(), random_, now_};
};

TEST_F(PlannerTest, NothingIsDeliveredBeforeAnEndpointHasAnswered) {
  planner_.HeadAppeared(kDent, Head(1), now_);
  for (const Order& order : planner_.Poll(now_ + std::chrono::hours(1))) {
    EXPECT_TRUE(std::holds_alternative<ProbeOrder>(order));
  }
}

TEST_F(PlannerTest, ADeliveryCarriesTheGroupItsEndpointNamed) {
  planner_.HeadAppeared(kDent, Head(1), now_);
  OpenBoth();
  const auto deliveries = Take<DeliverOrder>();
  ASSERT_EQ(deliveries.size(), 1U);
  EXPECT_EQ(deliveries[0].group, "main");
  EXPECT_EQ(deliveries[0].endpoint, 0U);
}

TEST_F(PlannerTest, ACourtTheCaseSystemDoesNotNameIsAway) {
  planner_.HeadAppeared(kDent, Head(1), now_);
  now_ += std::chrono::seconds(2);
  for (const ProbeOrder& probe : Take<ProbeOrder>()) {
    planner_.ProbeDone(probe, {true, "main", {}}, now_);
  }
  EXPECT_TRUE(Take<DeliverOrder>().empty());
  const PlannerSnapshot snapshot = planner_.Snapshot(now_);
  ASSERT_EQ(snapshot.courts.size(), 1U);
  EXPECT_EQ(snapshot.courts[0].state, ReachState::kBackingOff);
  EXPECT_TRUE(snapshot.courts[0].next_try.has_value());
  EXPECT_EQ(snapshot.endpoints[0].state, ReachState::kProbing);
}

TEST_F(PlannerTest, WhatCannotSucceedByRepeatingIsHeldAtOnce) {
  planner_.HeadAppeared(kDent, Head(1), now_);
  OpenBoth();
  const auto deliveries = Take<DeliverOrder>();
  ASSERT_EQ(deliveries.size(), 1U);
  planner_.DeliveryDone(
      deliveries[0],
      {DeliveryFate::kUndeliverable, Microseconds(0), "a document cannot be read back"}, now_);
  const auto holds = Take<HoldOrder>();
  ASSERT_EQ(holds.size(), 1U);
  EXPECT_EQ(holds[0].filing_sequence, 1U);
  EXPECT_EQ(holds[0].reason, "a document cannot be read back");
  planner_.HoldDone(holds[0]);
  EXPECT_EQ(planner_.Snapshot(now_).heads_in_memory, 0U);
}

// The journal could not take the hold: neither forgotten nor tried without a pause.
TEST_F(PlannerTest, WhatCouldNotBeHeldIsTriedAgainMoreAndMoreRarely) {
  planner_.HeadAppeared(kDent, Head(1), now_);
  OpenBoth();
  auto deliveries = Take<DeliverOrder>();
  for (const auto longest : {std::chrono::seconds(1), std::chrono::seconds(2)}) {
    ASSERT_EQ(deliveries.size(), 1U);
    planner_.DeliveryDone(
        deliveries[0], {DeliveryFate::kUndeliverable, Microseconds(0), "it cannot be read"}, now_);
    const auto holds = Take<HoldOrder>();
    ASSERT_EQ(holds.size(), 1U);
    planner_.HoldFailed(holds[0], now_);
    EXPECT_EQ(planner_.Snapshot(now_).heads_in_memory, 1U);
    EXPECT_TRUE(Take<DeliverOrder>().empty());
    EXPECT_TRUE(Take<HoldOrder>().empty());
    now_ += longest;
    deliveries = Take<DeliverOrder>();
  }
  ASSERT_EQ(deliveries.size(), 1U);
  EXPECT_EQ(deliveries[0].filing_sequence, 1U);
}

TEST_F(PlannerTest, UncertainFilingsFoundAtAStartAreAskedAboutFirst) {
  CaseHead head = Head(1);
  head.uncertain = true;
  head.group = "main";
  planner_.HeadAppeared(kDent, head, now_);
  planner_.HeadAppeared(kDent, Head(2), now_);
  OpenBoth();
  const std::vector<Order> orders = planner_.Poll(now_);
  ASSERT_FALSE(orders.empty());
  ASSERT_TRUE(std::holds_alternative<QueryOrder>(orders.front()));
  EXPECT_EQ(std::get<QueryOrder>(orders.front()).filing_sequence, 1U);
}

TEST_F(PlannerTest, AnOperatorWhoSettlesAnUncertainFilingFreesItsPlace) {
  CaseHead head = Head(1);
  head.uncertain = true;
  head.group = "a group that is gone";
  planner_.HeadAppeared(kDent, head, now_);
  OpenBoth();
  EXPECT_TRUE(Take<QueryOrder>().empty());
  EXPECT_EQ(planner_.Snapshot(now_).courts[0].uncertain, 1U);
  planner_.HeadRemoved(kDent, 1);
  EXPECT_EQ(planner_.Snapshot(now_).courts[0].uncertain, 0U);
}

TEST_F(PlannerTest, WhatTheStoreTakesBackIsForgotten) {
  planner_.HeadAppeared(kDent, Head(1), now_);
  OpenBoth();
  const auto deliveries = Take<DeliverOrder>();
  ASSERT_EQ(deliveries.size(), 1U);
  planner_.DeliveryDone(deliveries[0], {DeliveryFate::kNotRunnable}, now_);
  EXPECT_EQ(planner_.Snapshot(now_).heads_in_memory, 0U);
  EXPECT_EQ(planner_.Snapshot(now_).in_flight, 0U);
}

TEST_F(PlannerTest, ACourtIsShownAsAwayWhenNoEndpointLeadsToIt) {
  planner_.HeadAppeared(kDent, Head(1), now_);
  OpenBoth();
  EXPECT_EQ(planner_.Snapshot(now_).courts[0].state, ReachState::kProbing);
  now_ += std::chrono::minutes(2);
  for (Order& order : planner_.Poll(now_)) {
    if (auto* probe = std::get_if<ProbeOrder>(&order)) {
      planner_.ProbeDone(*probe, {false, "", {}}, now_);
    }
  }
  const PlannerSnapshot snapshot = planner_.Snapshot(now_);
  EXPECT_EQ(snapshot.courts[0].state, ReachState::kBackingOff);
  EXPECT_EQ(snapshot.courts[0].window, 0U);
  EXPECT_TRUE(snapshot.courts[0].next_try.has_value());
}

TEST_F(PlannerTest, ManyCourtsAreProbedInTurns) {
  PlannerOptions options = Options();
  options.endpoints = {"a"};
  options.probe_courts_max = 10;
  Planner planner(options, random_, now_);
  for (int i = 0; i < 35; ++i) {
    planner.CourtHasRunnable(CourtId("court " + std::to_string(i)), now_);
  }
  std::set<CourtId> named;
  for (int round = 0; round < 8; ++round) {
    now_ += std::chrono::minutes(6);
    for (const Order& order : planner.Poll(now_)) {
      if (const auto* probe = std::get_if<ProbeOrder>(&order)) {
        EXPECT_LE(probe->courts.size(), 10U);
        named.insert(probe->courts.begin(), probe->courts.end());
        planner.ProbeDone(*probe, {true, "main", {}}, now_);
      }
    }
  }
  EXPECT_EQ(named.size(), 35U);
}

}  // namespace
}  // namespace nightbox
