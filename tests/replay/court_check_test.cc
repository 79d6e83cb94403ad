// Goal: a probe is taken to say what it said, and nothing of courts it could not know about.
// Method: the decision alone.
#include "replay/court_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nightbox {
namespace {

const CourtId kDent("mo.cir.42.dent");
const CourtId kSupreme("mo.sup");

PlannerSnapshot After(ReachState dent, ReachState supreme) {
  PlannerSnapshot snapshot;
  snapshot.courts.resize(2);
  snapshot.courts[0].court = kDent;
  snapshot.courts[0].state = dent;
  snapshot.courts[1].court = kSupreme;
  snapshot.courts[1].state = supreme;
  return snapshot;
}

std::vector<std::string> Checks(const ProbeReport& report, const PlannerSnapshot& after,
                                bool all_asked = true) {
  const ProbeOrder order{0, {kDent, kSupreme, CourtId("unheard.of")}};
  std::vector<std::string> said;
  for (const CourtCheck& check :
       ChecksOf(order, report, after, [&](const CourtId&) { return all_asked; })) {
    said.push_back(check.court.str() + (check.available ? " + " : " - ") + check.cause);
  }
  return said;
}

constexpr auto kAway = ReachState::kBackingOff;
constexpr auto kThere = ReachState::kProbing;

TEST(CourtCheckTest, EachAnswerHasItsCause) {
  using testing::ElementsAre;
  EXPECT_THAT(Checks({true, "main", {kDent, kSupreme}}, After(kThere, ReachState::kFlowing)),
              ElementsAre("mo.cir.42.dent + answered", "mo.sup + answered"));
  EXPECT_THAT(Checks({true, "main", {kSupreme}}, After(kAway, kThere)),
              ElementsAre("mo.cir.42.dent - court-says-away", "mo.sup + answered"));
  EXPECT_THAT(Checks({}, After(kAway, kAway)), ElementsAre("mo.cir.42.dent - endpoint-not-reached",
                                                           "mo.sup - endpoint-not-reached"));
  // It calls itself available, and takes nothing.
  EXPECT_THAT(Checks({true, "main", {kDent, kSupreme}}, After(kAway, kThere)),
              ElementsAre("mo.cir.42.dent - deliveries-fail", "mo.sup + answered"));
}

TEST(CourtCheckTest, AnEndpointThatIsAwaySaysNothingOfACourtThatAnotherOneReaches) {
  EXPECT_THAT(Checks({}, After(kThere, kThere)), testing::IsEmpty());
}

TEST(CourtCheckTest, NoCourtIsAwayBeforeAllWhoMightReachItWereAsked) {
  EXPECT_THAT(Checks({}, After(kAway, kAway), false), testing::IsEmpty());
  EXPECT_THAT(Checks({true, "main", {kDent}}, After(kThere, kAway), false),
              testing::ElementsAre("mo.cir.42.dent + answered"));
}

}  // namespace
}  // namespace nightbox
