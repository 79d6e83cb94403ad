// Goal: what the planner promises (replay/planner.h) holds over days of outages, restarts, lost
// answers, poison filings and floods.
// Method: PlannerModel, which checks every order; here only what the whole story must show.
#include "tests/replay/planner_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nightbox {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::IsEmpty;
using Answer = PlannerModel::Answer;
using Filing = PlannerModel::Filing;
using State = PlannerModel::State;

constexpr BootTime kStart = PlannerModel::kStart;
constexpr Microseconds kDay = hours(24);

PlannerOptions Options(std::size_t endpoints = 1) {
  PlannerOptions options;
  for (std::size_t i = 0; i < endpoints; ++i) {
    options.endpoints.push_back("endpoint " + std::to_string(i));
  }
  return options;
}

std::vector<std::string> Courts(std::size_t count) {
  std::vector<std::string> courts;
  courts.reserve(count);
  for (std::size_t i = 0; i < count; ++i) courts.push_back("court " + std::to_string(i));
  return courts;
}

// In each case, docketed in order of receipt.
void ExpectCaseOrder(const PlannerModel& model) {
  std::unordered_map<std::uint64_t, std::uint64_t> last;
  for (const std::uint64_t sequence : model.docketed) {
    const Filing& filing = model.filings()[sequence];
    const auto [before, first] = last.try_emplace(filing.case_number, sequence);
    if (!first) {
      EXPECT_LT(before->second, sequence);
      before->second = sequence;
    }
  }
}

TEST(PlannerModelTest, ThirtyDaysAwayCostProbesAndNoFilingAnything) {
  PlannerModel model(Options(), Courts(20), 1);
  const BootTime back = kStart + 30 * kDay;
  model.reachable = [&](std::size_t, BootTime now) { return now >= back; };
  for (int i = 0; i < 3000; ++i) {
    model.At(kStart + i * (30 * kDay / 3000), [&model, i] {
      model.File(static_cast<std::size_t>(i % 20), i % 3 == 0 ? 0 : 1 + i % 7);
    });
  }
  model.RunUntil(back);
  EXPECT_THAT(model.broken, IsEmpty());
  EXPECT_EQ(model.deliveries, 0U);
  // A jittered delay of at most five minutes: every two and a half minutes on average.
  EXPECT_GT(model.probes, 10'000U);
  EXPECT_LT(model.probes, 20'000U);
  EXPECT_TRUE(model.RunUntilEmpty(back + hours(1)));
  EXPECT_EQ(model.CountIn(State::kSettled), 3000U);
  for (const Filing& filing : model.filings()) EXPECT_EQ(filing.starts, 1U);
  ExpectCaseOrder(model);
}

TEST(PlannerModelTest, AfterAnOutageTheFirstDeliveryGoesAloneAndTheOthersFollowSlowly) {
  PlannerModel model(Options(), Courts(100), 2);
  const BootTime back = kStart + hours(10);
  model.reachable = [&](std::size_t, BootTime now) { return now >= back; };
  for (std::size_t i = 0; i < 5000; ++i) model.File(i % 100);
  std::vector<std::pair<BootTime, std::size_t>> widths;
  model.deliver = [&](const Filing&, std::size_t, BootTime now) {
    widths.emplace_back(now, model.in_flight);
    return Answer{{DeliveryFate::kSettled}, milliseconds(200), true};
  };
  ASSERT_TRUE(model.RunUntilEmpty(back + hours(2)));
  ASSERT_FALSE(widths.empty());
  const BootTime first = widths.front().first;
  for (const auto& [time, width] : widths) {
    // One more for each answer time that has passed: never a herd.
    const auto rounds = static_cast<std::size_t>((time - first) / milliseconds(200));
    ASSERT_LE(width, rounds + 1);
  }
  EXPECT_EQ(model.in_flight_peak, Options().endpoint_window_max);
}

TEST(PlannerModelTest, ProbesOfManyGatewaysSpread) {
  // Twenty gateways lose the case system at the same moment; a day later no second sees many.
  std::map<std::int64_t, int> per_second;
  for (std::uint64_t gateway = 0; gateway < 20; ++gateway) {
    PlannerModel model(Options(), Courts(3), 100 + gateway);
    model.reachable = [](std::size_t, BootTime) { return false; };
    model.RunUntil(kStart + kDay);
    for (const BootTime time : model.probe_times) {
      if (time > kStart + hours(1)) ++per_second[(time - kStart) / seconds(1)];
    }
  }
  int most = 0;
  for (const auto& [second, count] : per_second) most = std::max(most, count);
  EXPECT_GT(per_second.size(), 5'000U);
  EXPECT_LE(most, 6);
}

TEST(PlannerModelTest, OneCourtAwayForADayStopsNobodyElse) {
  PlannerModel model(Options(), Courts(10), 3);
  const CourtId away("court 4");
  const BootTime back = kStart + kDay;
  model.available = [&](const CourtId& court, std::size_t, BootTime now) {
    return court != away || now >= back;
  };
  // Worse: for a while its absence is only noticed when a delivery is tried.
  for (int i = 0; i < 24 * 60; ++i) {
    model.At(kStart + minutes(i), [&model] {
      for (std::size_t court = 0; court < 10; ++court) model.File(court);
    });
  }
  model.RunUntil(back);
  EXPECT_THAT(model.broken, IsEmpty());
  for (const Filing& filing : model.filings()) {
    if (filing.court == 4) {
      EXPECT_EQ(filing.starts, 0U);
    } else if (filing.received < back - minutes(1)) {
      ASSERT_EQ(filing.state, State::kSettled);
      ASSERT_LT(filing.settled - filing.received, seconds(10));
    }
  }
  EXPECT_TRUE(model.RunUntilEmpty(back + hours(1)));
}

TEST(PlannerModelTest, ACourtThatHangsStopsNobodyElse) {
  PlannerModel model(Options(), Courts(10), 4);
  model.deliver = [&](const Filing& filing, std::size_t, BootTime now) {
    if (filing.court == 4 && now < kStart + hours(5)) {
      return Answer{{DeliveryFate::kUnknownLate}, seconds(60), false};
    }
    return Answer{{DeliveryFate::kSettled}, milliseconds(100), true};
  };
  for (int i = 0; i < 6 * 60; ++i) {
    model.At(kStart + minutes(i), [&model] {
      for (std::size_t court = 0; court < 10; ++court) model.File(court);
    });
  }
  EXPECT_TRUE(model.RunUntilEmpty(kStart + hours(8)));
  EXPECT_THAT(model.broken, IsEmpty());
  for (const Filing& filing : model.filings()) {
    if (filing.court == 4) continue;
    ASSERT_LT(filing.settled - filing.received, seconds(10));
  }
  EXPECT_EQ(model.CountIn(State::kHeld), 0U);  // The court's trouble is nobody's poison.
}

TEST(PlannerModelTest, AMillionWaitingFilingsOfOneCourtStarveNobody) {
  PlannerModel model(Options(), Courts(5), 5);
  for (int i = 0; i < 1'000'000; ++i) model.FileQuietly(0);
  const BootTime start = kStart + hours(3);
  model.planner().SetPaused(true);
  model.RunUntil(start);
  model.Restart();
  for (int i = 0; i < 10 * 60 * 4; ++i) {
    model.At(start + i * milliseconds(250), [&model] {
      for (std::size_t court = 0; court < 5; ++court) model.File(court);
    });
  }
  model.RunUntil(start + minutes(10));
  EXPECT_THAT(model.broken, IsEmpty());
  EXPECT_LE(model.heads_peak, Options().heads_max);
  std::size_t backlog = 0;
  for (const Filing& filing : model.filings()) {
    if (filing.sequence < 1'000'000) {
      backlog += filing.state == State::kSettled ? 1 : 0;
    } else if (filing.received > start + minutes(1) && filing.received < start + minutes(9)) {
      ASSERT_EQ(filing.state, State::kSettled) << filing.sequence;
      ASSERT_LT(filing.settled - filing.received, seconds(5));
    }
  }
  // The backlog of the large court goes on as well: it has what live filings do not need.
  EXPECT_GT(backlog, 50'000U);
}

TEST(PlannerModelTest, LiveFilingsKeepHalfOfABusyCourtsSlots) {
  PlannerModel model(Options(), Courts(1), 6);
  for (int i = 0; i < 100'000; ++i) model.FileQuietly(0);
  const BootTime start = kStart + hours(3);
  model.planner().SetPaused(true);
  model.RunUntil(start);
  model.Restart();
  std::size_t live = 0;
  std::size_t old = 0;
  model.deliver = [&](const Filing& filing, std::size_t, BootTime now) {
    if (now > start + minutes(2)) ++(filing.sequence >= 100'000 ? live : old);
    return Answer{{DeliveryFate::kSettled}, milliseconds(100), true};
  };
  // More live ones than there are slots: eight at a time, ten times a second.
  for (int i = 0; i < 6000; ++i) {
    model.At(start + i * milliseconds(100), [&model] {
      for (int n = 0; n < 8; ++n) model.File(0);
    });
  }
  model.RunUntil(start + minutes(8));
  EXPECT_THAT(model.broken, IsEmpty());
  EXPECT_NEAR(static_cast<double>(live) / static_cast<double>(live + old), 0.5, 0.01);
}

TEST(PlannerModelTest, APoisonFilingIsHeldItsCaseWaitsAndOthersPass) {
  PlannerModel model(Options(), Courts(2), 7);
  std::uint64_t poison = PlannerModel::kNone;
  model.deliver = [&](const Filing& filing, std::size_t, BootTime) {
    if (filing.sequence == poison) {
      return Answer{{DeliveryFate::kNotRecorded}, milliseconds(50), false};
    }
    return Answer{{DeliveryFate::kSettled}, milliseconds(50), true};
  };
  poison = model.File(0, 77);
  const std::uint64_t follower = model.File(0, 77);
  for (int i = 0; i < 1000; ++i) {
    model.At(kStart + i * seconds(1), [&model] { model.File(0); });
  }
  EXPECT_TRUE(model.RunUntilEmpty(kStart + hours(1)));
  EXPECT_EQ(model.filings()[poison].state, State::kHeld);
  // One more at most: a failure counts only when another filing has passed since the last one.
  EXPECT_GE(model.filings()[poison].starts, Options().hold_after);
  EXPECT_LE(model.filings()[poison].starts, Options().hold_after + 2);
  EXPECT_EQ(model.filings()[follower].state, State::kPending);
  EXPECT_EQ(model.filings()[follower].starts, 0U);
  EXPECT_EQ(model.CountIn(State::kSettled), 1000U);
}

TEST(PlannerModelTest, AFilingThatBreaksTheConnectionEachTimeIsHeldToo) {
  PlannerModel model(Options(), Courts(2), 8);
  std::uint64_t poison = PlannerModel::kNone;
  BootTime down_until{};
  model.reachable = [&](std::size_t, BootTime now) { return now >= down_until; };
  model.deliver = [&](const Filing& filing, std::size_t, BootTime now) {
    if (filing.sequence == poison) {
      down_until = now + seconds(20);  // The case system falls over and comes back.
      return Answer{{DeliveryFate::kUnknownLost}, milliseconds(50), false};
    }
    return Answer{{DeliveryFate::kSettled}, milliseconds(50), true};
  };
  poison = model.File(0, 77);
  for (int i = 0; i < 10'000; ++i) {
    model.At(kStart + i * seconds(1), [&model] {
      model.File(1);
      model.File(0);
    });
  }
  EXPECT_TRUE(model.RunUntilEmpty(kStart + hours(6)));
  EXPECT_EQ(model.filings()[poison].state, State::kHeld);
  EXPECT_EQ(model.CountIn(State::kSettled), 20'000U);
}

TEST(PlannerModelTest, NothingIsHeldWhileNothingPasses) {
  // For thirty days the court answers "not recorded" to everything: that is its own trouble.
  PlannerModel model(Options(), Courts(1), 9);
  const BootTime mended = kStart + 30 * kDay;
  model.deliver = [&](const Filing&, std::size_t, BootTime now) {
    if (now < mended) return Answer{{DeliveryFate::kNotRecorded}, milliseconds(50), false};
    return Answer{{DeliveryFate::kSettled}, milliseconds(50), true};
  };
  for (int i = 0; i < 3000; ++i) model.File(0);
  model.RunUntil(mended);
  EXPECT_EQ(model.CountIn(State::kHeld), 0U);
  // Three tries a round, a round every few minutes.
  EXPECT_LT(model.deliveries, 100'000U);
  EXPECT_TRUE(model.RunUntilEmpty(mended + hours(2)));
}

TEST(PlannerModelTest, PushbackIsObeyed) {
  PlannerModel model(Options(), Courts(1), 10);
  BootTime quiet_until{};
  std::size_t too_soon = 0;
  std::uint64_t count = 0;
  model.deliver = [&](const Filing&, std::size_t, BootTime now) {
    if (now < quiet_until - milliseconds(100)) ++too_soon;
    if (++count % 50 == 0) {
      quiet_until = now + milliseconds(50) + seconds(30);
      return Answer{{DeliveryFate::kPushback, seconds(30)}, milliseconds(50), false};
    }
    return Answer{{DeliveryFate::kSettled}, milliseconds(50), true};
  };
  for (int i = 0; i < 500; ++i) model.File(0);
  EXPECT_TRUE(model.RunUntilEmpty(kStart + hours(1)));
  // Only what had left before the word arrived.
  EXPECT_LE(too_soon, 10U * Options().court_window_max);
  EXPECT_EQ(model.CountIn(State::kHeld), 0U);
}

TEST(PlannerModelTest, TheSecondEndpointOfAGroupServesWhenTheFirstIsAway) {
  PlannerModel model(Options(2), Courts(3), 11);
  model.reachable = [](std::size_t endpoint, BootTime now) {
    return endpoint == 1 || now < kStart + hours(1) || now > kStart + hours(2);
  };
  std::size_t by[2] = {};
  model.deliver = [&](const Filing&, std::size_t endpoint, BootTime now) {
    ++by[endpoint];
    if (endpoint == 0 && now >= kStart + hours(1) && now <= kStart + hours(2)) {
      return Answer{{DeliveryFate::kNotStarted}, milliseconds(5), false};
    }
    return Answer{{DeliveryFate::kSettled}, milliseconds(50), true};
  };
  for (int i = 0; i < 3 * 60; ++i) {
    model.At(kStart + minutes(i), [&model] {
      model.File(0);
      model.File(1, 5);
    });
  }
  EXPECT_TRUE(model.RunUntilEmpty(kStart + hours(4)));
  EXPECT_GT(by[0], 200U);
  EXPECT_GT(by[1], 100U);
  for (const Filing& filing : model.filings()) {
    EXPECT_LT(filing.settled - filing.received, seconds(30));
  }
}

TEST(PlannerModelTest, AnUncertainFilingWaitsForItsOwnGroup) {
  // Two groups; the second lags and would say "not found" of everything. The model breaks if it is
  // asked, or if a started filing goes there.
  PlannerModel model(Options(2), Courts(2), 12);
  model.group_of = [](std::size_t endpoint) { return endpoint == 0 ? "first" : "second"; };
  model.reachable = [](std::size_t endpoint, BootTime now) {
    return endpoint == 1 || now < kStart + minutes(10) || now > kStart + kDay;
  };
  model.deliver = [&](const Filing& filing, std::size_t endpoint, BootTime now) {
    if (endpoint == 0 && now > kStart + minutes(9)) {
      const bool recorded = filing.sequence % 2 == 0;  // Answer lost after, or before, the commit.
      if (now < kStart + kDay) {
        return Answer{{DeliveryFate::kUnknownLost}, milliseconds(50), recorded};
      }
    }
    return Answer{{DeliveryFate::kSettled}, milliseconds(50), !filing.recorded};
  };
  for (int i = 0; i < 1000; ++i) {
    model.At(kStart + i * seconds(1), [&model, i] {
      model.File(0, 1 + i % 50);
      model.File(1);
    });
  }
  model.RunUntil(kStart + hours(20));
  EXPECT_THAT(model.broken, IsEmpty());
  const std::size_t waiting = model.CountIn(State::kUncertain);
  EXPECT_GT(waiting, 0U);
  EXPECT_TRUE(model.RunUntilEmpty(kStart + 2 * kDay));
  ExpectCaseOrder(model);
}

TEST(PlannerModelTest, ACourtThatSwallowsAnswersIsNotFedWithoutEnd) {
  PlannerOptions options = Options();
  options.court_uncertain_max = 8;
  PlannerModel model(options, Courts(1), 13);
  model.deliver = [&](const Filing&, std::size_t, BootTime) {
    return Answer{{DeliveryFate::kUnknownLate}, milliseconds(50), true};
  };
  model.query = [](const Filing&, std::size_t, BootTime) { return QueryFate::kNoAnswer; };
  for (int i = 0; i < 5000; ++i) model.File(0);
  model.RunUntil(kStart + kDay);
  EXPECT_THAT(model.broken, IsEmpty());
  EXPECT_EQ(model.CountIn(State::kUncertain), 8U);
}

TEST(PlannerModelTest, ManyCourtsShareTheMemory) {
  PlannerOptions options = Options();
  options.heads_max = 1000;
  options.court_heads_max = 500;
  PlannerModel model(options, Courts(10), 14);
  // Four courts are away with a backlog that would fill all the memory.
  model.available = [](const CourtId& court, std::size_t, BootTime now) {
    return court > CourtId("court 3") || now > kStart + kDay;
  };
  for (int i = 0; i < 4000; ++i) model.File(static_cast<std::size_t>(i % 4));
  for (int i = 0; i < 3000; ++i) model.File(static_cast<std::size_t>(4 + i % 6));
  model.RunUntil(kStart + hours(1));
  EXPECT_THAT(model.broken, IsEmpty());
  EXPECT_EQ(model.CountIn(State::kSettled), 3000U);
  EXPECT_LE(model.heads_peak, 1000U);
  EXPECT_TRUE(model.RunUntilEmpty(kStart + 2 * kDay));
}

TEST(PlannerModelTest, PausedMeansThatNothingNewLeaves) {
  PlannerModel model(Options(), Courts(1), 15);
  model.planner().SetPaused(true);
  for (int i = 0; i < 10; ++i) model.File(0);
  model.RunUntil(kStart + hours(1));
  EXPECT_EQ(model.deliveries, 0U);
  EXPECT_GT(model.probes, 50U);
  model.planner().SetPaused(false);
  EXPECT_TRUE(model.RunUntilEmpty(kStart + hours(2)));
}

// Everything at once, by seed: endpoints and courts come and go, answers get lost before and after
// the commit, the case system pushes back or refuses, the gateway crashes. After healing the
// backlog is empty, each filing is recorded once, and cases are in order.
class PlannerStormTest : public testing::TestWithParam<int> {};

TEST_P(PlannerStormTest, EveryFilingComesThroughOnceAndInOrder) {
  PlannerOptions options = Options(3);
  options.court_heads_max = 40;
  options.heads_max = 120;
  options.in_flight_max = 12;
  options.load_max = 16;
  options.hold_after = 1000;
  if (GetParam() % 2 == 0) {
    // Memory so small that courts must take it from each other.
    options.court_heads_max = 8;
    options.heads_max = 16;
    options.load_max = 8;
  }
  PlannerModel model(options, Courts(6), static_cast<std::uint64_t>(GetParam()));
  model.started_stays_in_group = false;
  const BootTime healed = kStart + hours(6);
  Random& random = model.random();
  bool up[3] = {true, true, true};
  bool here[6] = {true, true, true, true, true, true};
  model.group_of = [](std::size_t endpoint) { return endpoint < 2 ? "main" : "spare"; };
  model.reachable = [&](std::size_t endpoint, BootTime now) {
    return now >= healed || up[endpoint];
  };
  model.available = [&](const CourtId& court, std::size_t, BootTime now) {
    return now >= healed || here[court.str().back() - '0'];
  };
  model.query = [&](const Filing& filing, std::size_t endpoint, BootTime now) {
    if (now < healed && !up[endpoint]) return QueryFate::kUnreachable;
    if (now < healed && random.OneIn(4)) return QueryFate::kNoAnswer;
    return filing.recorded ? QueryFate::kSettled : QueryFate::kNotFound;
  };
  model.deliver = [&](const Filing& filing, std::size_t endpoint, BootTime now) {
    const Microseconds after(static_cast<std::int64_t>(1'000 + random.Below(3'000'000)));
    const bool fresh = !filing.recorded;
    if (now >= healed) return Answer{{DeliveryFate::kSettled}, after, fresh};
    if (!up[endpoint]) return Answer{{DeliveryFate::kNotStarted}, after, false};
    if (!here[filing.court]) return Answer{{DeliveryFate::kCourtAway}, after, false};
    switch (random.Below(10)) {
      case 0:
        return Answer{{DeliveryFate::kUnknownLost}, after, fresh && random.OneIn(2)};
      case 1:
        return Answer{{DeliveryFate::kUnknownLate}, after, fresh && random.OneIn(2)};
      case 2:
        return Answer{{DeliveryFate::kPushback, seconds(3)}, after, false};
      case 3:
        return Answer{{DeliveryFate::kNotRecorded}, after, false};
      default:
        return Answer{{DeliveryFate::kSettled}, after, fresh};
    }
  };
  for (int i = 0; i < 1500; ++i) {
    model.At(kStart + Microseconds(static_cast<std::int64_t>(random.Below(20'000'000'000))),
             [&model, &random] {
               model.File(static_cast<std::size_t>(random.Below(6)),
                          random.OneIn(2) ? 0 : 1 + random.Below(9));
             });
  }
  for (int i = 0; i < 200; ++i) {
    model.At(kStart + Microseconds(static_cast<std::int64_t>(random.Below(20'000'000'000))), [&] {
      up[random.Below(3)] = !random.OneIn(2);
      here[random.Below(6)] = !random.OneIn(2);
      if (random.OneIn(10)) model.Restart();
    });
  }
  const bool empty = model.RunUntilEmpty(healed + hours(6));
  ASSERT_THAT(model.broken, IsEmpty());
  ASSERT_TRUE(empty);
  EXPECT_EQ(model.CountIn(State::kSettled), 1500U);
  for (const Filing& filing : model.filings()) ASSERT_TRUE(filing.recorded);
  ExpectCaseOrder(model);
}

INSTANTIATE_TEST_SUITE_P(Seeds, PlannerStormTest, testing::Range(1, 41));

}  // namespace
}  // namespace nightbox
