// Goal: a court takes exactly what its policy says, unconfirmed values are called so, and any
// change shows in the version. Method: the shipped court list with a few overrides.
#include "gateway/court_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/court_binding.h"
#include "gateway/court_system_directory.h"
#include "gateway/glob.h"

namespace nightbox {
namespace {

using testing::Contains;
using testing::Not;
using Answer = PolicyLookup::Answer;

std::shared_ptr<const CourtDirectory> Missouri() {
  auto loaded = CourtDirectory::Load(NIGHTBOX_SOURCE_DIR "/rules/data");
  EXPECT_TRUE(loaded) << loaded.error().message;
  return std::make_shared<const CourtDirectory>(std::move(loaded).value());
}

PolicyLookup LookUp(const CourtSettings& settings, const char* court,
                    const std::vector<std::string>& served = {"*"}) {
  return CourtPolicies(Missouri(), settings, served).Lookup(CourtId(court));
}

TEST(CourtPolicyTest, DefaultsAreTheLikelyLimitsAndCalledUnconfirmed) {
  const PolicyLookup found = LookUp({}, "mo.cir.42.dent");
  ASSERT_EQ(found.answer, Answer::kPolicy);
  EXPECT_EQ(found.policy->document_size_max_bytes, 7'000'000);
  EXPECT_EQ(found.policy->filing_size_max_bytes, 21'000'000);
  EXPECT_EQ(found.policy->receipt_authority, ReceiptAuthority::kUndecided);
  EXPECT_THAT(found.policy->unconfirmed, Contains("document_size_max_bytes"));
  EXPECT_EQ(found.policy->version.size(), 16U);
}

TEST(CourtPolicyTest, ACircuitIsAnsweredWithItsCourts) {
  const PolicyLookup found = LookUp({}, "mo.cir.42");
  ASSERT_EQ(found.answer, Answer::kIsCircuit);
  ASSERT_EQ(found.choices.size(), 5U);
  EXPECT_THAT(found.choices,
              Contains(CourtChoice{CourtId("mo.cir.42.dent"), "Circuit Court of Dent County"}));
}

TEST(CourtPolicyTest, AnUnknownCourtIsAnsweredWithTheNearest) {
  const PolicyLookup found = LookUp({}, "mo.cir.42.dnet");
  EXPECT_EQ(found.answer, Answer::kUnknown);
  ASSERT_FALSE(found.choices.empty());
  EXPECT_EQ(found.choices.front().id, CourtId("mo.cir.42.dent"));
}

TEST(CourtPolicyTest, ADivisionWithItsOwnCaseSystemIsBoundByItsIdAndByNoPattern) {
  const char* const city = "mo.cir.16.jackson.kansas-city";
  for (const char* pattern :
       {"*", "mo.cir.*", "mo.cir.16.jackson.*", "mo.cir.16.jackson.kansas-c*"})
    EXPECT_EQ(LookUp({}, city, {pattern}).answer, Answer::kNotEnabled) << pattern;
  EXPECT_EQ(LookUp({}, city, {"mo.cir.*", city}).answer, Answer::kPolicy);
  // What shares its circuit's case system goes where its circuit does.
  EXPECT_EQ(LookUp({}, "mo.cir.31.greene.springfield", {"mo.cir.*"}).answer, Answer::kPolicy);

  CourtSettings settings;
  const auto not_served = [&] {
    return CourtPolicies(Missouri(), settings, {"*"}).EnabledAndNotServed();
  };
  EXPECT_THAT(not_served(), testing::ElementsAre(CourtId(city)));
  settings.statements.push_back({.id = city, .enabled = false});
  EXPECT_THAT(not_served(), testing::IsEmpty());
}

TEST(CourtPolicyTest, ADivisionBoundElsewhereThanItsCountyIsApartAndWaitingForNobodyIsSaid) {
  const auto system = [](const char* name, std::vector<std::string> courts) {
    CaseSystemConfig made;
    made.name = name;
    made.courts = std::move(courts);
    return made;
  };
  const CourtId springfield("mo.cir.31.greene.springfield");
  const std::vector state{system("state", {"mo.cir.*"})};
  EXPECT_THAT(BoundApart(state, *Missouri()), testing::IsEmpty());
  EXPECT_THAT(
      BoundApart({system("state", {"mo.cir.31.greene"}), system("city", {springfield.str()})},
                 *Missouri()),
      Contains(springfield));

  const CourtId city("mo.cir.16.jackson.kansas-city");
  std::vector<CourtBalance> balances{
      {CourtId(), {}}, {CourtId("mo.cir.42.dent"), {}}, {springfield, {}}, {city, {}}};
  for (CourtBalance& each : balances) {
    each.balance.classes[static_cast<int>(BalanceClass::kPending)] = 2;
    each.balance.classes[static_cast<int>(BalanceClass::kUncertain)] = 1;
  }
  const auto warnings = WaitingForNobody(state, *Missouri(), balances);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], testing::StartsWith(city.str() + ": 3 received and not settled, and no "
                                                            "case system serves this court"));
  EXPECT_EQ(WaitingForNobody({}, *Missouri(), balances).size(), 3U);
  balances[3].balance = {};
  EXPECT_THAT(WaitingForNobody(state, *Missouri(), balances), testing::IsEmpty());
}

TEST(CourtPolicyTest, ACourtWithoutCaseSystemTakesNothing) {
  EXPECT_EQ(LookUp({}, "mo.cir.16.jackson", {"mo.sup", "mo.cir.42.*"}).answer, Answer::kNotEnabled);
  CourtSettings settings;
  settings.statements.push_back({.id = "mo.sup", .enabled = true});
  EXPECT_EQ(LookUp(settings, "mo.sup", {"mo.cir.*"}).answer, Answer::kNotEnabled);
  settings.statements.push_back({.id = "mo.sup", .enabled = false});
  EXPECT_EQ(LookUp(settings, "mo.sup").answer, Answer::kNotEnabled);
}

Stated<std::int64_t> Confirmed(std::int64_t value) {
  return {value, {.standing = Standing::kConfirmed, .source = "letter of the clerk"}};
}

TEST(CourtPolicyTest, LaterStatementsWinAndEachIsAsSureAsItIsItself) {
  CourtSettings settings;
  settings.statements.push_back({.id = "mo.app.*", .document_size_max_bytes = 50'000'000});
  settings.statements.push_back({.id = "mo.app.ed",
                                 .document_size_max_bytes = Confirmed(80'000'000),
                                 .filing_size_max_bytes = Confirmed(200'000'000)});
  const PolicyLookup eastern = LookUp(settings, "mo.app.ed");
  EXPECT_EQ(eastern.policy->document_size_max_bytes, 80'000'000);
  EXPECT_THAT(eastern.policy->unconfirmed, Not(Contains("document_size_max_bytes")));
  const PolicyLookup western = LookUp(settings, "mo.app.wd");
  EXPECT_EQ(western.policy->document_size_max_bytes, 50'000'000);
  EXPECT_THAT(western.policy->unconfirmed, Contains("document_size_max_bytes"));
  // What was confirmed and is then stated otherwise without a source is not confirmed.
  settings.statements.push_back({.id = "mo.app.ed", .document_size_max_bytes = 90'000'000});
  EXPECT_THAT(LookUp(settings, "mo.app.ed").policy->unconfirmed,
              Contains("document_size_max_bytes"));
}

TEST(CourtPolicyTest, NoStatementGoesOverTheHardLimits) {
  CourtSettings settings;
  settings.filing_hard_max_bytes = 300'000'000;
  settings.statements.push_back({.id = "*",
                                 .document_size_max_bytes = 900'000'000,
                                 .filing_size_max_bytes = 900'000'000,
                                 .documents_max = 900});
  const PolicyLookup found = LookUp(settings, "mo.sup");
  EXPECT_EQ(found.policy->document_size_max_bytes, kDocumentHardMaxBytes);
  EXPECT_EQ(found.policy->filing_size_max_bytes, 300'000'000);
  EXPECT_EQ(found.policy->documents_max, kDocumentsHardMax);
}

TEST(CourtPolicyTest, TheGatewaysReceiptCountsOnlyByAConfirmedAndCitedOrder) {
  const auto policy = [](const std::string& citation, Standing standing) {
    CourtSettings settings;
    settings.statements.push_back(
        {.id = "mo.sup",
         .receipt_authority =
             Stated(ReceiptDecision{"GATEWAY", citation}, {.standing = standing, .source = "s"})});
    return *LookUp(settings, "mo.sup").policy;
  };
  const std::string order = "Order of 1 January 2027";
  for (const auto& [citation, standing] :
       {std::pair(order, Standing::kUnconfirmed), std::pair(order, Standing::kRecalled),
        std::pair(std::string(), Standing::kConfirmed)}) {
    const CourtPolicy doubtful = policy(citation, standing);
    EXPECT_EQ(doubtful.receipt_authority, ReceiptAuthority::kUndecided);
    EXPECT_TRUE(doubtful.gateway_unconfirmed);
    EXPECT_NE(doubtful.receipt_authority_standing, Standing::kConfirmed);
    EXPECT_THAT(doubtful.unconfirmed, Contains("receipt_authority"));
  }
  const CourtPolicy decided = policy(order, Standing::kConfirmed);
  EXPECT_EQ(decided.receipt_authority, ReceiptAuthority::kGateway);
  EXPECT_FALSE(decided.gateway_unconfirmed);
  EXPECT_EQ(decided.receipt_authority_standing, Standing::kConfirmed);
  EXPECT_THAT(decided.unconfirmed, Not(Contains("receipt_authority")));
}

TEST(CourtPolicyTest, TheCaseSystemsTimeIsConfirmedOnlyWithACitation) {
  CourtSettings settings;
  const Provenance letter{.standing = Standing::kConfirmed, .source = "letter of the clerk"};
  settings.statements.push_back(
      {.id = "mo.sup", .receipt_authority = Stated(ReceiptDecision{"CASE_SYSTEM", ""}, letter)});
  const auto uncited = LookUp(settings, "mo.sup").policy;
  EXPECT_EQ(uncited->receipt_authority, ReceiptAuthority::kCaseSystem);
  EXPECT_EQ(uncited->receipt_authority_standing, Standing::kUnconfirmed);
  EXPECT_THAT(uncited->unconfirmed, Contains("receipt_authority"));
  settings.statements[1].receipt_authority->value.citation = "Order 3";
  EXPECT_EQ(LookUp(settings, "mo.sup").policy->receipt_authority_standing, Standing::kConfirmed);
  // Another court's decision is not this one's.
  EXPECT_EQ(LookUp(settings, "mo.app.ed").policy->receipt_authority, ReceiptAuthority::kUndecided);
}

TEST(CourtPolicyTest, EachValueIsShownWithItsStandingAndSource) {
  CourtSettings settings;
  const auto standing_of = [&](const std::string& name) {
    const auto policy = LookUp(settings, "mo.sup").policy;
    const auto found = std::ranges::find(policy->standings, name, &ValueStanding::name);
    const bool listed = std::ranges::find(policy->unconfirmed, name) != policy->unconfirmed.end();
    EXPECT_EQ(listed, found->standing != Standing::kConfirmed) << name;
    return *found;
  };
  EXPECT_EQ(LookUp(settings, "mo.sup").policy->standings.size(), 9U);
  // That a court takes filings here at all is a value like the others.
  EXPECT_EQ(standing_of("enabled"),
            (ValueStanding{"enabled", Standing::kRecalled,
                           "the program's default, which no court has confirmed"}));
  const Provenance order{.standing = Standing::kConfirmed, .source = "order 9"};
  settings.statements.push_back({.id = "mo.sup", .enabled = Stated(true, order)});
  EXPECT_EQ(standing_of("enabled"), (ValueStanding{"enabled", Standing::kConfirmed, "order 9"}));
  EXPECT_EQ(standing_of("media_types").standing, Standing::kRecalled);
}

CourtSettings WithPeople() {
  CourtSettings settings;
  const Provenance letter{.standing = Standing::kConfirmed, .source = "letter of the clerk"};
  settings.unavailability_rule = Stated<std::string>("Rule 103.06", letter);
  settings.records_custodian = Stated(RecordsCustodian{"Jane Roe", "circuit clerk", "", "COR 2"});
  settings.duty_contacts = {
      Stated(DutyContact{.role = "operator", .phone = "1"}, letter),
      Stated(DutyContact{.role = "help desk", .email = "h@a", .is_public = true}),
      Stated(DutyContact{
          .role = "appeals", .phone = "2", .courts = {"mo.app.*", "mo.sup"}, .is_public = true})};
  settings.fees = Stated(FeePolicy{"", "as at the counter", ""}, letter);
  return settings;
}

TEST(CourtPolicyTest, WhomToAskAndToCallIsSaidOfEachCourtWithItsStanding) {
  const auto dent = LookUp(WithPeople(), "mo.cir.42.dent").policy;
  EXPECT_EQ(dent->records_custodian->value.name, "Jane Roe");
  EXPECT_EQ(dent->fees->value.policy, "as at the counter");
  EXPECT_EQ(dent->unavailability_rule, "Rule 103.06");
  ASSERT_THAT(dent->duty_contacts, testing::SizeIs(2));
  EXPECT_EQ(dent->duty_contacts[1].value.role, "help desk");
  EXPECT_THAT(dent->unconfirmed,
              testing::IsSupersetOf({"records_custodian", "duty_contact[help desk]"}));
  for (const char* known : {"duty_contact[operator]", "fees", "unavailability_rule"}) {
    EXPECT_THAT(dent->unconfirmed, Not(Contains(known)));
  }
  EXPECT_THAT(LookUp(WithPeople(), "mo.app.ed").policy->duty_contacts, testing::SizeIs(3));
  const auto nobody = LookUp({}, "mo.cir.42.dent").policy;
  EXPECT_FALSE(nobody->records_custodian || nobody->fees);
  EXPECT_THAT(nobody->unconfirmed, Not(Contains("records_custodian")));
}

// A custodian of records is named for each clerk's office (COR 2.08).
TEST(CourtPolicyTest, ACourtsOwnCustodianAndFeesTakeThePlaceOfTheSystems) {
  CourtSettings settings = WithPeople();
  const Provenance letter{.standing = Standing::kConfirmed, .source = "letter of the clerk"};
  settings.statements.push_back(
      {.id = "mo.cir.42.*",
       .records_custodian = Stated(RecordsCustodian{"Ann Poe", "clerk of the circuit", "", ""}),
       .fees = Stated(FeePolicy{"", "by cheque", ""})});
  settings.statements.push_back(
      {.id = "mo.cir.42.dent",
       .records_custodian =
           Stated(RecordsCustodian{"", "clerk of Dent County", "1 Main Street", ""}, letter)});
  const CourtPolicies policies(Missouri(), settings, {"*"});
  const auto office = [&](const char* court) {
    return policies.Lookup(CourtId(court)).policy->records_custodian->value.office;
  };
  EXPECT_EQ(office("mo.cir.42.dent"), "clerk of Dent County");
  EXPECT_EQ(office("mo.cir.42.iron"), "clerk of the circuit");
  EXPECT_EQ(office("mo.sup"), "circuit clerk");
  const auto dent = policies.Lookup(CourtId("mo.cir.42.dent")).policy;
  EXPECT_EQ(dent->fees->value.policy, "by cheque");
  EXPECT_THAT(dent->unconfirmed, Not(Contains("records_custodian")));
  EXPECT_THAT(dent->unconfirmed, Contains("fees"));
  EXPECT_THAT(policies.Lookup(CourtId("mo.cir.42.iron")).policy->unconfirmed,
              Contains("records_custodian"));
  EXPECT_EQ(policies.CustodianOf(CourtId("mo.cir.42.dent")), "clerk of Dent County, 1 Main Street");
  EXPECT_EQ(policies.CustodianOf(CourtId("mo.sup")), "Jane Roe, circuit clerk");
  EXPECT_EQ(policies.CustodianOf(CourtId("mo.cir.42")), "");
  EXPECT_EQ(CourtPolicies(Missouri(), {}, {}).CustodianOf(CourtId("mo.sup")), "");
}

TEST(CourtPolicyTest, EverybodySeesThePublicContactsOfCourtsThatTakeFilings) {
  const auto contacts = [](const std::vector<std::string>& served) {
    std::vector<std::pair<std::string, std::size_t>> shown;
    const CourtPolicies policies(Missouri(), WithPeople(), served);
    for (const PublicContact& each : policies.public_contacts())
      shown.emplace_back(each.contact.value.role, each.courts.size());
    return shown;
  };
  using Shown = std::pair<std::string, std::size_t>;
  EXPECT_THAT(contacts({"mo.sup", "mo.app.ed", "mo.cir.*"}),
              testing::ElementsAre(Shown("help desk", 0), Shown("appeals", 2)));
  EXPECT_THAT(contacts({"mo.cir.*"}), testing::ElementsAre(Shown("help desk", 0)));
}

TEST(CourtPolicyTest, WhatCannotBeMeantIsNamedWithinABound) {
  const auto contradictions = [](const CourtSettings& settings) {
    return CourtPolicies(Missouri(), settings, {}).Contradictions();
  };
  CourtSettings settings;
  EXPECT_THAT(contradictions(settings), testing::IsEmpty());
  settings.statements.push_back({.id = "mo.spu", .documents_max = 5});
  settings.statements.push_back({.id = "mo.sup", .document_size_max_bytes = 22'000'000});
  EXPECT_THAT(contradictions(settings),
              testing::ElementsAre("[[court]] mo.spu is about no court that there is",
                                   "mo.sup would take a document of 22000000 bytes in a filing of "
                                   "at most 21000000"));
  CourtSettings people;
  people.duty_contacts = {Stated(DutyContact{.role = "clerk", .courts = {"mo.sup", "mo.spu"}})};
  EXPECT_THAT(
      contradictions(people),
      testing::ElementsAre("[[duty_contact]] clerk, for mo.spu, is about no court that there is"));
  settings.statements.push_back({.id = "*", .filing_size_max_bytes = 1});
  EXPECT_THAT(contradictions(settings), testing::SizeIs(kContradictionsMax));
}

TEST(CourtPolicyTest, EveryValueChangesTheVersion) {
  const CourtPolicy base;
  std::vector<CourtPolicy> changed(21, base);
  changed[0].document_size_max_bytes += 1;
  changed[1].filing_size_max_bytes += 1;
  changed[2].documents_max -= 1;
  changed[3].media_types.emplace_back("text/plain");
  changed[4].case_types.emplace_back("CC");
  changed[5].receipt_authority = ReceiptAuthority::kCaseSystem;
  changed[6].receipt_authority_citation = "x";
  changed[7].time_zone = "UTC";
  changed[8].unconfirmed.emplace_back("media_types");
  changed[9].filer_classes.emplace_back("attorney");
  changed[10].unavailability_rule = "Rule 1";
  changed[11].records_custodian = Stated(RecordsCustodian{"", "clerk", "", ""});
  changed[12].duty_contacts = {Stated(DutyContact{.role = "clerk"})};
  changed[13].duty_contacts = {Stated(DutyContact{.role = "clerk", .phone = "1"})};
  changed[14].duty_contacts = {
      Stated(DutyContact{.role = "clerk"}, {.standing = Standing::kRecalled})};
  changed[15].fees = Stated(FeePolicy{"", "none", ""});
  changed[16].fees = Stated(FeePolicy{"", "none", ""}, {.source = "letter"});
  changed[17].receipt_authority_standing = Standing::kConfirmed;
  changed[18].gateway_unconfirmed = true;
  changed[19].standings = {{"enabled", Standing::kRecalled}};
  changed[20].standings = {{"enabled", Standing::kRecalled, "letter"}};
  std::set<std::string> versions{PolicyVersion(base)};
  for (const CourtPolicy& policy : changed) versions.insert(PolicyVersion(policy));
  EXPECT_EQ(versions.size(), changed.size() + 1);
}

TEST(GlobTest, StarStandsForAnyRun) {
  EXPECT_TRUE(MatchesGlob("mo.cir.*", "mo.cir.42.dent"));
  EXPECT_TRUE(MatchesGlob("*", ""));
  EXPECT_TRUE(MatchesGlob("a*b*c", "a-b-b-c"));
  EXPECT_FALSE(MatchesGlob("mo.cir.4.*", "mo.cir.42.dent"));
  EXPECT_FALSE(MatchesGlob("mo.sup", "mo.supreme"));
  EXPECT_FALSE(MatchesGlob("", "x"));
  // Exponential matchers would not come back from this.
  std::string hostile;
  for (int i = 0; i < 20; ++i) hostile += "*a";
  EXPECT_FALSE(MatchesGlob(hostile + "x", std::string(10'000, 'a')));
}

TEST(CourtPolicyTest, TheRuleOnUnavailableFilingIsCitedAsOfTheDayAskedAbout) {
  auto system = ReadCourtSystem(NIGHTBOX_SOURCE_DIR "/ops/court-systems/missouri").value();
  std::string csv = "rule,effective_from,parameter,value,confirmed,clause,source\n";
  for (const auto& [from, clause] : {std::pair("2020-01-01", "Rule 1"), {"2027-01-01", "Rule 2"}}) {
    for (const char* parameter : {"name,N", "time_zone,UTC", "relief,R", "failed_attempts,1"})
      csv += std::string("x,") + from + "," + parameter + ",no," + clause + ",s\n";
    csv += std::string("x,") + from + ",in_force_from," + from + ",no," + clause + ",s\n";
  }
  system.deadlines.unavailability = UnavailabilityRules::Parse(csv, "u").value();
  system.rules.unavailability.value = "x";
  const auto cited = [&](const char* day) {
    const auto noon = InstantOn(*ParseDay(day), std::chrono::hours(12), "America/Chicago");
    return SettingsOf(system, *noon).unavailability_rule->value;
  };
  EXPECT_EQ(cited("2019-12-31"), "");
  EXPECT_EQ(cited("2026-12-31"), "Rule 1");
  EXPECT_EQ(cited("2027-01-01"), "Rule 2");
}

}  // namespace
}  // namespace nightbox
