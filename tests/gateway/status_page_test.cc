// Goal: the page never says good of what was not seen lately, and every rendering says the same.
// Method: one snapshot, looked at at different times; the HTML read as text.
#include "gateway/status_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <set>

#include "rules/access_renderings.h"
#include "tests/rules/made_up_policies.h"

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
  const auto add = [&](const char* id, const char* name, Delivering delivering,
                       std::optional<WallTime> since_when, std::optional<WallTime> last_checked) {
    snapshot.courts.push_back({CourtId(id), name, CourtId(id), name, Accepting::kYes, delivering,
                               since_when, last_checked});
  };
  add("mo.sup", "Supreme Court of Missouri", Delivering::kYes, since, checked);
  add("mo.cir.42.dent", "Circuit Court of Dent County", Delivering::kDelayed, since, checked);
  add("mo.app.ed", "Court of Appeals", Delivering::kYes, std::nullopt, std::nullopt);
  return snapshot;
}

std::vector<CircuitGroup> GroupsServing(std::initializer_list<const char*> courts) {
  std::vector<CourtId> served;
  for (const char* court : courts) served.emplace_back(court);
  return CircuitGroupsOf(CourtDirectory::Missouri(), served);
}

// With a division that shares its county's state, and that county's circuit.
StatusSnapshot WithADivision() {
  StatusSnapshot snapshot = Snapshot();
  CourtStatus row = snapshot.courts[1];
  row.court = row.state_of = CourtId("mo.cir.31.greene");
  row.name = row.state_of_name = "Circuit Court of Greene County";
  snapshot.courts.push_back(row);
  row.court = CourtId("mo.cir.31.greene.springfield");
  row.name = "Springfield Municipal Division";
  snapshot.courts.push_back(row);
  snapshot.circuits = GroupsServing({"mo.cir.31.greene", "mo.cir.31.greene.springfield"});
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

StatusSnapshot WithContacts() {
  StatusSnapshot snapshot = Snapshot();
  const Provenance letter{.standing = Standing::kConfirmed, .source = "letter"};
  snapshot.contacts = {
      {Stated(DutyContact{.role = "help desk", .phone = "+1 573 555 0100", .hours = "8 to 5"},
              letter),
       {}},
      {Stated(DutyContact{.role = "clerk", .name = "Jane Roe", .email = "<b>@example.org"}),
       {CourtId("mo.sup"), CourtId("mo.app.ed")}}};
  return snapshot;
}

TEST(StatusPageTest, WhomToCallIsSaidOfWhichCourtsAndHowSurely) {
  const std::string html = RenderStatusHtml(WithContacts(), kNow);
  EXPECT_THAT(html, HasSubstr("<caption>Whom to call</caption>"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"row\">help desk</th><td>all courts</td><td>+1 573 555 "
                              "0100</td><td></td><td>8 to 5</td>"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"row\">clerk, Jane Roe (unconfirmed)</th><td>Supreme "
                              "Court of Missouri, Court of Appeals</td><td></td><td>&lt;b&gt;@"));
  EXPECT_THAT(RenderStatusHtml(Snapshot(), kNow), Not(HasSubstr("Whom to call")));

  const auto page = boost::json::parse(RenderStatusJson(WithContacts(), kNow)).as_object();
  const auto& contacts = page.at("contacts").as_array();
  ASSERT_EQ(contacts.size(), 2U);
  EXPECT_EQ(contacts[0].at("confirmed").as_bool(), true);
  EXPECT_TRUE(contacts[0].at("courts").as_array().empty());
  EXPECT_EQ(contacts[1].at("courts").as_array()[1].as_string(), "mo.app.ed");
  std::set<std::string> declared;
  for (const RenderedField& field : Renderings()) {
    if (field.rendering == "status.json") declared.insert(field.field);
  }
  for (const auto& member : contacts[1].as_object()) {
    EXPECT_TRUE(declared.contains("contacts." + std::string(member.key()))) << member.key();
  }
}

TEST(StatusPageTest, ASharedStateIsCalledByWhoseItIs) {
  StatusSnapshot snapshot = WithADivision();
  const std::string html = RenderStatusHtml(snapshot, kNow);
  EXPECT_THAT(html, HasSubstr("Delayed</td>")) << "the county's own";
  EXPECT_THAT(html, HasSubstr("<th scope=\"row\">Springfield Municipal Division</th>"));
  EXPECT_THAT(html, HasSubstr("Delayed <span class=\"with\">(with Circuit Court of Greene "
                              "County)</span></td>"));
  const auto page = boost::json::parse(RenderStatusJson(snapshot, kNow)).as_object();
  const auto& courts = page.at("courts").as_array();
  EXPECT_EQ(courts.at(3).at("state_of").as_string(), "mo.cir.31.greene");
  EXPECT_EQ(courts.at(4).at("state_of").as_string(), "mo.cir.31.greene");
  EXPECT_EQ(courts.at(4).at("delivering").as_string(), "delayed");

  snapshot.not_shown = {{"courts.name", DeniedField{"C", ""}}};
  EXPECT_THAT(RenderStatusHtml(snapshot, kNow), HasSubstr("(with mo.cir.31.greene)"));
  snapshot.not_shown = {{"courts.state_of", DeniedField{"C", ""}}};
  EXPECT_THAT(RenderStatusHtml(snapshot, kNow), Not(HasSubstr("(with ")));
}

TEST(StatusPageTest, ACircuitIsShownByItsCountyCourtsAsTheyAreShown) {
  StatusSnapshot snapshot = WithADivision();
  const std::string html = RenderStatusHtml(snapshot, kNow);
  EXPECT_THAT(html, HasSubstr("<tr><th scope=\"row\">31st Judicial Circuit</th><td class=\"bad\">"
                              "<span aria-hidden=\"true\">■</span> Down</td><td>its county court, "
                              "with 1 municipal division served here (unconfirmed) unless another "
                              "state is shown; the list of its municipal divisions is not "
                              "complete</td></tr>"));
  const auto page = boost::json::parse(RenderStatusJson(snapshot, kNow)).as_object();
  const auto& circuit = page.at("circuits").as_array().at(0).as_object();
  EXPECT_EQ(circuit.at("circuit_id").as_string(), "mo.cir.31");
  EXPECT_EQ(circuit.at("state").as_string(), "down");
  EXPECT_EQ(circuit.at("divisions").as_array().size(), 1U);
  EXPECT_FALSE(circuit.at("divisions_complete").as_bool());
  // A division with a state of its own is no county court.
  snapshot.courts[4].delivering = Delivering::kYes;
  EXPECT_EQ(Shown(snapshot.circuits[0], snapshot, kNow), CircuitState::kDown);
  // On old news nothing is up or down.
  EXPECT_EQ(Shown(snapshot.circuits[0], snapshot, kNow + std::chrono::minutes(1)),
            CircuitState::kUnknown);
}

TEST(CircuitStatusTest, UpAndDownAreSaidOfAllItsCountyCourtsOnly) {
  EXPECT_EQ(CircuitStateOf(5, 0, 0), CircuitState::kUp);
  EXPECT_EQ(CircuitStateOf(0, 5, 0), CircuitState::kDown);
  EXPECT_EQ(CircuitStateOf(4, 1, 0), CircuitState::kPartly);
  EXPECT_EQ(CircuitStateOf(1, 1, 3), CircuitState::kPartly);
  EXPECT_EQ(CircuitStateOf(4, 0, 1), CircuitState::kUnknown);
  EXPECT_EQ(CircuitStateOf(0, 4, 1), CircuitState::kUnknown);
  EXPECT_EQ(CircuitStateOf(0, 0, 0), CircuitState::kUnknown);
}

TEST(CircuitStatusTest, AGroupNamesTheCourtsItIsOfAndClaimsNoDivisionThatIsNotKnown) {
  const auto groups = GroupsServing({"mo.sup", "mo.cir.16.jackson", "mo.cir.16.jackson.kansas-city",
                                     "mo.cir.42.dent", "mo.cir.42.iron", "mo.cir.07.clay"});
  ASSERT_EQ(groups.size(), 3U) << "no others have a court here";
  EXPECT_EQ(groups[0].covers,
            "its county court; the list of its municipal divisions is not complete");
  EXPECT_EQ(groups[1].id, CourtId("mo.cir.16"));
  EXPECT_EQ(groups[1].covers,
            "its county court; without Kansas City Municipal Division, which has a case system of "
            "its own (unconfirmed); the list of its municipal divisions is not complete");
  EXPECT_EQ(groups[1].courts, std::vector{CourtId("mo.cir.16.jackson")});
  EXPECT_EQ(groups[1].apart, std::vector{CourtId("mo.cir.16.jackson.kansas-city")});
  EXPECT_EQ(groups[2].covers,
            "2 of its 5 county courts; the list of its municipal divisions is not complete");
  EXPECT_EQ(groups[2].county_courts, 5U);

  CourtDirectory complete = CourtDirectory::Missouri();
  ASSERT_TRUE(complete.AddMunicipalDivisions(
      "court_id,name,parent,own_system,list_complete,confirmed,source\n"
      "mo.cir.42.dent.salem,Salem Municipal Division,mo.cir.42.dent,no,yes,yes,s\n",
      "t.csv"));
  const CourtId dent("mo.cir.42.dent");
  EXPECT_EQ(CircuitGroupsOf(complete, {dent, CourtId("mo.cir.42.dent.salem")}).at(0).covers,
            "1 of its 5 county courts, with 1 municipal division served here unless another state "
            "is shown");
  EXPECT_EQ(CircuitGroupsOf(complete, {dent}).at(0).covers, "1 of its 5 county courts")
      << "one that is not served is shown nowhere here";
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

// ---- Public access ----

// What a policy denies from that midnight in Missouri on, a moment before it and at it.
struct Denials {
  explicit Denials(const std::string& elements)
      : policies(PoliciesAnd({{"2024-07-02", "public,unasked,*," + elements + ","}})),
        shown(policies, Renderings(), "America/Chicago", "") {}

  StatusSnapshot At(WallTime now) const {
    StatusSnapshot snapshot = WithContacts();
    snapshot.circuits = GroupsServing({"mo.cir.42.dent", "mo.cir.16.jackson"});
    snapshot.made_at = now;
    snapshot.not_shown = shown.Denied("status.json", now);
    return snapshot;
  }

  const AccessPolicies policies;
  const ShownFields shown;
};

const WallTime kMidnight = FromMicros(1'719'896'400'000'000);  // 2024-07-02 in Missouri.

TEST(StatusPageTest, WhatThePolicyDeniesIsNotShownFromMidnightOnAndSaidToBeSo) {
  const Denials denials("court_name;state_time");
  const StatusSnapshot before = denials.At(kMidnight - Microseconds(1));
  StatusSnapshot all = before;
  all.not_shown.clear();
  EXPECT_EQ(RenderStatusHtml(before, before.made_at), RenderStatusHtml(all, before.made_at));
  EXPECT_EQ(RenderStatusJson(before, before.made_at), RenderStatusJson(all, before.made_at));

  const StatusSnapshot after = denials.At(kMidnight);
  const std::string html = RenderStatusHtml(after, kMidnight);
  EXPECT_THAT(html, Not(HasSubstr("Supreme Court of Missouri")));
  EXPECT_THAT(html, Not(HasSubstr("<time")));
  EXPECT_THAT(html, HasSubstr("<th scope=\"row\">Not shown (Test rule 9)</th>"));
  EXPECT_THAT(html, HasSubstr("as of Not shown (Test rule 9). <strong"));
  EXPECT_THAT(html, HasSubstr("<td>Not shown (Test rule 9)</td>"));
  EXPECT_THAT(html, HasSubstr("Taking filings."));
  const auto page = boost::json::parse(RenderStatusJson(after, kMidnight)).as_object();
  EXPECT_FALSE(page.contains("as_of"));
  EXPECT_EQ(page.at("gateway").as_string(), "A7");
  const auto& court = page.at("courts").as_array().at(0).as_object();
  EXPECT_EQ(court.at("court_id").as_string(), "mo.sup");
  EXPECT_FALSE(court.contains("name"));
  EXPECT_FALSE(court.contains("since"));
  const auto& not_shown = page.at("not_shown").as_array();
  ASSERT_EQ(not_shown.size(), 6U);
  EXPECT_EQ(not_shown.at(0).at("field").as_string(), "as_of");
  EXPECT_EQ(not_shown.at(0).at("clause").as_string(), "Test rule 9");
}

TEST(StatusPageTest, WhereNothingMayBeShownNothingIs) {
  const Denials denials(
      "gateway_name;gateway_state;court_id;court_name;court_state;court_contact;state_time");
  StatusSnapshot snapshot = denials.At(kMidnight);
  snapshot.not_ready = "the disk has reached its reserve";
  for (const std::string& page :
       {RenderStatusHtml(snapshot, kMidnight), RenderStatusJson(snapshot, kMidnight)}) {
    for (const char* word : {"A7",          "mo.sup",           "mo.cir.42.dent", "Supreme",
                             "Dent County", "Court of Appeals", "2024",           "reserve",
                             "Not taking",  "Delayed</td>",     "\"delayed\"",    "42",
                             "Kansas",      "\"down\"",         ":41:",           "help desk",
                             "573",         "Jane Roe",         "example.org",    "8 to 5",
                             "all courts"}) {
      EXPECT_THAT(page, Not(HasSubstr(word)));
    }
  }
  // The machine in front of the gateway must still know where filings are taken.
  SimClock clock(kMidnight);
  const HttpHandler routes = StatusRoutes([&] { return snapshot; }, nullptr, clock);
  EXPECT_EQ(routes({"/readyz"}).status, 503);
  EXPECT_EQ(routes({"/readyz"}).body, "not ready\n");
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
  // The public's listener, where monitoring has its own.
  EXPECT_EQ(StatusRoutes([&] { return snapshot; }, nullptr, clock)({"/metrics"}).status, 404);
  snapshot.not_ready = "opening the journal";
  EXPECT_EQ(routes({"/readyz"}).status, 503);
  EXPECT_EQ(routes({"/healthz"}).status, 200);
  snapshot.not_ready.clear();
  clock.Advance(std::chrono::minutes(1));
  EXPECT_EQ(routes({"/readyz"}).status, 503);
}

}  // namespace
}  // namespace nightbox
