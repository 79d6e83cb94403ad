// Goal: the page never says good of what was not seen lately, and every rendering says the same.
// Method: one snapshot, looked at at different times; the HTML read as text.
#include "gateway/status_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace nightbox {
namespace {

using testing::HasSubstr;
using testing::Not;

const WallTime kNow = FromMicros(1'719'891'667'123'456);  // 2024-07-01 22:41:07 in Missouri.

StatusSnapshot Snapshot() {
  StatusSnapshot snapshot;
  snapshot.gateway = "A7";
  snapshot.made_at = kNow;
  const WallTime since = kNow - std::chrono::hours(2);
  const WallTime checked = kNow - std::chrono::seconds(20);
  snapshot.courts = {{CourtId("mo.sup"), "Supreme Court of Missouri", Accepting::kYes,
                      Delivering::kYes, since, checked},
                     {CourtId("mo.cir.42.dent"), "Circuit Court of Dent County", Accepting::kYes,
                      Delivering::kDelayed, since, checked},
                     {CourtId("mo.app.ed"), "Court of Appeals", Accepting::kYes, Delivering::kYes,
                      std::nullopt, std::nullopt}};
  return snapshot;
}

TEST(StatusPageTest, GoodWhileFreshAndUnknownWhenStale) {
  const StatusSnapshot snapshot = Snapshot();
  const CourtStatus& supreme = snapshot.courts[0];
  EXPECT_EQ(Shown(supreme, snapshot, kNow).delivering, Delivering::kYes);
  // The last check stops holding first …
  StatusSnapshot later = snapshot;
  later.made_at = *supreme.last_checked + later.checks_hold;
  EXPECT_EQ(Shown(supreme, later, later.made_at).delivering, Delivering::kYes);
  later.made_at += std::chrono::seconds(1);
  EXPECT_EQ(Shown(supreme, later, later.made_at).delivering, Delivering::kUnknown);
  EXPECT_EQ(Shown(supreme, later, later.made_at).accepting, Accepting::kYes);
  // … and a snapshot nobody renewed says nothing at all.
  const WallTime much_later = kNow + snapshot.snapshot_holds + std::chrono::seconds(1);
  EXPECT_EQ(Shown(supreme, snapshot, much_later).accepting, Accepting::kUnknown);
  EXPECT_EQ(Shown(supreme, snapshot, much_later).delivering, Delivering::kUnknown);
}

TEST(StatusPageTest, WhatWasNeverCheckedIsUnknown) {
  const StatusSnapshot snapshot = Snapshot();
  EXPECT_EQ(Shown(snapshot.courts[2], snapshot, kNow).delivering, Delivering::kUnknown);
}

TEST(StatusPageTest, SinceWhenNothingIsKnownIsSaid) {
  StatusSnapshot snapshot = Snapshot();
  snapshot.courts[0].delivering = Delivering::kUnknown;
  EXPECT_EQ(Shown(snapshot.courts[0], snapshot, kNow).since, snapshot.courts[0].since);
  // But not since when it was good, once that is old news.
  snapshot.courts[0].delivering = Delivering::kYes;
  snapshot.courts[0].last_checked = kNow - std::chrono::hours(1);
  EXPECT_EQ(Shown(snapshot.courts[0], snapshot, kNow).since, std::nullopt);
}

TEST(StatusPageTest, AGatewayThatTakesNothingSaysSoForEveryCourt) {
  StatusSnapshot snapshot = Snapshot();
  snapshot.not_ready = "the disk has reached its reserve";
  for (const CourtStatus& court : snapshot.courts) {
    EXPECT_EQ(Shown(court, snapshot, kNow).accepting, Accepting::kNo);
  }
  EXPECT_THAT(RenderStatusHtml(snapshot, kNow), HasSubstr("the disk has reached its reserve"));
}

TEST(StatusPageTest, ThePageSaysStateInWordShapeAndColour) {
  const std::string html = RenderStatusHtml(Snapshot(), kNow);
  EXPECT_THAT(html, HasSubstr("<th scope=\"row\">Circuit Court of Dent County</th>"));
  EXPECT_THAT(html, HasSubstr("<td class=\"delayed\"><span aria-hidden=\"true\">▲</span> Delayed"));
  EXPECT_THAT(html, HasSubstr("<td class=\"unknown\"><span aria-hidden=\"true\">◇</span> Unknown"));
  EXPECT_THAT(html, HasSubstr("<time datetime=\"2024-07-02T03:41:07.123456Z\">2024-07-01 22:41:07 "
                              "-05:00</time>"));
  EXPECT_THAT(html, HasSubstr("Taking filings."));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("{{")));
}

TEST(StatusPageTest, NamesAreEscaped) {
  StatusSnapshot snapshot = Snapshot();
  snapshot.courts[0].name = "<script>alert('x')</script>";
  snapshot.gateway = "\"><img>";
  const std::string html = RenderStatusHtml(snapshot, kNow);
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
}

TEST(StatusPageTest, JsonSaysTheSame) {
  const auto page = boost::json::parse(RenderStatusJson(Snapshot(), kNow)).as_object();
  EXPECT_EQ(page.at("ready").as_bool(), true);
  const auto& courts = page.at("courts").as_array();
  ASSERT_EQ(courts.size(), 3U);
  EXPECT_EQ(courts[1].at("delivering").as_string(), "delayed");
  EXPECT_EQ(courts[2].at("delivering").as_string(), "unknown");
  EXPECT_TRUE(courts[2].at("last_checked").is_null());
}

TEST(StatusPageTest, RoutesAnswerHealthApartFromReadiness) {
  SimClock clock(kNow);
  StatusSnapshot snapshot = Snapshot();
  const HttpHandler routes = StatusRoutes([&] { return snapshot; }, [] { return "m 1\n"; }, clock);
  EXPECT_EQ(routes({"/"}).status, 200);
  EXPECT_EQ(routes({"/status.json"}).content_type, "application/json");
  EXPECT_EQ(routes({"/metrics"}).body, "m 1\n");
  EXPECT_EQ(routes({"/readyz"}).status, 200);
  EXPECT_EQ(routes({"/nothing"}).status, 404);
  snapshot.not_ready = "opening the journal";
  EXPECT_EQ(routes({"/readyz"}).status, 503);
  EXPECT_EQ(routes({"/healthz"}).status, 200);
  snapshot.not_ready.clear();
  clock.Advance(std::chrono::minutes(1));
  EXPECT_EQ(routes({"/readyz"}).status, 503);
}

}  // namespace
}  // namespace nightbox
