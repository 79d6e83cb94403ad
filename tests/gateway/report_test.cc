// Goal: ready is said only by a gateway that takes filings and keeps them. Method: the decisions,
// at their bounds; the program itself is tried in tests/process/stopping_test.cc.
#include "gateway/report.h"

#include <gtest/gtest.h>

namespace nightbox {
namespace {

TEST(ReportTest, ReadyOnlyWhileFilingsAreTakenAndKept) {
  EXPECT_EQ(WhyNoFilings(Durability::kOnDisk, false, DiskState::kPlenty), "");
  // New documents wait; filings of stored ones are taken.
  EXPECT_EQ(WhyNoFilings(Durability::kOnDisk, false, DiskState::kNoUploads), "");
  EXPECT_EQ(WhyNoFilings(Durability::kOnDisk, false, DiskState::kNoFilings),
            "the disk has reached its reserve");
  EXPECT_EQ(WhyNoFilings(Durability::kOnDisk, true, DiskState::kPlenty), "stopping");
  EXPECT_EQ(WhyNoFilings(Durability::kOff, true, DiskState::kPlenty),
            "not durable: started with --store-off");
}

TEST(ReportTest, ADiskThatHangsIsNotReady) {
  const auto why = [](Microseconds commit, DiskState disk = DiskState::kPlenty) {
    return WhyNoFilings(Durability::kOnDisk, false, disk, commit);
  };
  EXPECT_EQ(why(kCommitPatience), "");
  EXPECT_EQ(why(kCommitPatience + Microseconds(1)), "the disk does not answer");
  EXPECT_EQ(why(std::chrono::hours(1), DiskState::kNoFilings), "the disk does not answer");
}

TEST(ReportTest, TheReservesAreTheirOwnBounds) {
  CapacityConfig capacity;
  capacity.disk_reserve_uploads_bytes = 200;
  capacity.disk_reserve_filings_bytes = 100;
  EXPECT_EQ(DiskStateFor(200, capacity), DiskState::kPlenty);
  EXPECT_EQ(DiskStateFor(199, capacity), DiskState::kNoUploads);
  EXPECT_EQ(DiskStateFor(100, capacity), DiskState::kNoUploads);
  EXPECT_EQ(DiskStateFor(99, capacity), DiskState::kNoFilings);
}

TEST(ReportTest, AGatewayThatKeepsNothingIsOutOfReachAndNamedSo) {
  GatewayConfig config;
  config.name = "store-off-bench";
  EXPECT_TRUE(MayKeepNothing(config));
  for (const char* name : {"A7", "Store-off", "a-store-off", ""}) {
    config.name = name;
    EXPECT_FALSE(MayKeepNothing(config)) << name;
  }
  config.name = "store-off";
  config.intake.listen.push_back({"::1", 0});
  EXPECT_TRUE(MayKeepNothing(config));
  config.intake.listen.push_back({"192.0.2.1", 8443});
  EXPECT_FALSE(MayKeepNothing(config));
  config.intake.listen = {{"127.0.0.1", 0}};
  config.monitoring.emplace().listen = {"0.0.0.0", 9464};
  EXPECT_FALSE(MayKeepNothing(config));
  config.monitoring.reset();
  config.http.listen = {"0.0.0.0", 8080};
  EXPECT_FALSE(MayKeepNothing(config));
}

}  // namespace
}  // namespace nightbox
