// Goal: what is shown passes the policy of the moment of access: a version takes effect at the
// first midnight in the court system's zone, denies what it says of the cases it says, and leaves
// all else as it is. Method: versions made up here after those in force; then the shortcut, that
// nothing is kept per case, against DecideAccess itself.
#include "rules/shown_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/rules/made_up_policies.h"
#include "tests/rules/ordinary_case.h"

namespace nightbox {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Not;

constexpr char kZone[] = "America/Chicago";
constexpr char kFiling[] = "nightbox.intake.v1.Filing";
constexpr char kNewYear[] = "2027-01-01";

// Midnight of that day in Missouri.
WallTime Midnight(std::string_view day) {
  return InstantOn(ParseDay(day).value(), std::chrono::minutes(0), kZone).value();
}

constexpr Microseconds kMoment{1};

// Where status.json names courts and circuits.
auto CourtNames() {
  return ElementsAre(Key("circuits.covers"), Key("circuits.name"), Key("courts.name"));
}

TEST(ShownFieldsTest, AVersionTakesEffectAtMidnightOfTheCourtSystemsDay) {
  const AccessPolicies policies = PoliciesAnd({{kNewYear, "public,unasked,*,court_name,"}});
  const ShownFields shown(policies, Renderings(), kZone, "");
  const WallTime midnight = Midnight(kNewYear);
  EXPECT_EQ(midnight, FromMicros(1'798'783'200'000'000));  // 06:00 UTC.
  EXPECT_THAT(shown.Denied("status.json", midnight - kMoment), IsEmpty());
  EXPECT_THAT(shown.Denied("status.json", midnight), CourtNames());
  EXPECT_THAT(shown.Denied(kFiling, midnight), IsEmpty());
  // Elsewhere the same day begins at another moment.
  const ShownFields in_utc(policies, Renderings(), "Etc/UTC", "");
  EXPECT_THAT(in_utc.Denied("status.json", midnight - kMoment), CourtNames());
  // The clock set back is the day set back.
  EXPECT_THAT(shown.Denied("status.json", Midnight("2000-01-01")), IsEmpty());
}

TEST(ShownFieldsTest, ADenialSaysByWhatAndWhoDecides) {
  const AccessPolicies policies = PoliciesAnd({{kNewYear, "public,unasked,*,court_name,"}});
  const ShownFields shown(policies, Renderings(), kZone, "the clerk of the court");
  const DeniedFields denied = shown.Denied("status.json", Midnight(kNewYear));
  ASSERT_THAT(denied, CourtNames());
  EXPECT_EQ(
      InWords(denied),
      "circuits.covers (Test rule 9), circuits.name (Test rule 9), courts.name (Test rule 9)");
  const std::string& in_writing = denied.at("courts.name").in_writing;
  EXPECT_THAT(in_writing, HasSubstr("denied: court name. By Test rule 9: the test says so."));
  EXPECT_THAT(in_writing, HasSubstr("the clerk of the court"));
}

TEST(ShownFieldsTest, ADenialNamesTheCustodianOfTheCourtConcerned) {
  const AccessPolicies policies = PoliciesAnd({{kNewYear, "public,unasked,*,court_name,"}});
  const ShownFields shown(policies, Renderings(), kZone, "the clerk of the court");
  const auto in_writing = [&](const std::string& custodian) {
    return shown.Denied("status.json", Midnight(kNewYear), {}, custodian)
        .at("courts.name")
        .in_writing;
  };
  EXPECT_THAT(in_writing("the clerk of Dent County"), HasSubstr("the clerk of Dent County"));
  EXPECT_THAT(in_writing("the clerk of Dent County"), Not(HasSubstr("the clerk of the court")));
  EXPECT_THAT(in_writing(""), HasSubstr("the clerk of the court"));
}

TEST(ShownFieldsTest, WhatIsAnsweredAsAbsentIsNotGivenAway) {
  const AccessPolicies policies =
      PoliciesAnd({{kNewYear, "filer,own_filing,*,party_name,sealed", "hide"}});
  const ShownFields shown(policies, Renderings(), kZone, "");
  const DeniedFields denied = shown.Denied(kFiling, Midnight(kNewYear));
  ASSERT_FALSE(denied.empty());
  for (const auto& [field, by] : denied) {
    EXPECT_EQ(by.clause, "Test rule 1") << field;
    EXPECT_THAT(by.in_writing, Not(HasSubstr("Test rule 9"))) << field;
  }
}

TEST(ShownFieldsTest, WhatNobodyHasConfirmedIsSaidToBeSo) {
  // Carried over into a later version.
  const AccessPolicies policies = PoliciesAnd({{kNewYear, "public,unasked,*,court_name,"},
                                               {"2027-02-01", "public,unasked,*,gateway_name,"}});
  const ShownFields shown(policies, Renderings(), kZone, "");
  EXPECT_EQ(InWords(shown.Denied("status.json", Midnight("2027-02-01"))),
            "circuits.covers (Test rule 9, not confirmed), circuits.name (Test rule 9, not "
            "confirmed), courts.name (Test rule 9, not confirmed), gateway (Test rule 9)");
}

TEST(ShownFieldsTest, WhatIsInsideADeniedFieldIsNotNamed) {
  const AccessPolicies policies =
      PoliciesAnd({{kNewYear, "filer,own_filing,*,receipt;case_number;party_name,"}});
  const ShownFields shown(policies, Renderings(), kZone, "");
  EXPECT_THAT(shown.Denied(kFiling, Midnight(kNewYear)),
              ElementsAre(Key("case_numbers"), Key("court_record.case_numbers"), Key("receipt")));
}

TEST(ShownFieldsTest, TheCaseIsAskedForOnlyWhereTheAnswerHangsOnIt) {
  const AccessPolicies policies =
      PoliciesAnd({{kNewYear, "filer,own_filing,criminal,case_number,chapter_455"}});
  const ShownFields shown(policies, Renderings(), kZone, "");
  int asked = 0;
  CaseFacts facts = Ordinary(CaseKind::kCriminal);
  const auto know = [&] {
    ++asked;
    return facts;
  };
  EXPECT_THAT(shown.Denied(kFiling, Midnight(kNewYear) - kMoment, know), IsEmpty());
  EXPECT_EQ(asked, 0);
  EXPECT_THAT(shown.Denied(kFiling, Midnight(kNewYear), know), IsEmpty());
  facts.chapter_455 = Known::kYes;
  EXPECT_THAT(shown.Denied(kFiling, Midnight(kNewYear), know), Not(IsEmpty()));
  // What is not known counts against showing it.
  facts.chapter_455 = Known::kUnknown;
  EXPECT_THAT(shown.Denied(kFiling, Midnight(kNewYear), know), Not(IsEmpty()));
  facts.kind = CaseKind::kCivil;
  EXPECT_THAT(shown.Denied(kFiling, Midnight(kNewYear), know), IsEmpty());
  EXPECT_EQ(asked, 4);
  EXPECT_THAT(shown.Denied(kFiling, Midnight(kNewYear)), Not(IsEmpty()));
}

// Every fact by itself, and none, and all that is ordinary.
std::vector<CaseFacts> AllKindsOfCases() {
  std::vector<CaseFacts> cases = {{}, Ordinary(CaseKind::kCivil), Ordinary(CaseKind::kCriminal)};
  for (Known CaseFacts::*fact :
       {&CaseFacts::confidential, &CaseFacts::sealed, &CaseFacts::juvenile,
        &CaseFacts::mental_health, &CaseFacts::chapter_455, &CaseFacts::removed_on_request,
        &CaseFacts::victim_of_domestic_violence}) {
    cases.push_back(Ordinary(CaseKind::kCriminal));
    cases.back().*fact = Known::kYes;
    cases.back().filed_no_later_than = ParseDay("2026-12-30");
    cases.push_back(cases.back());
    cases.back().*fact = Known::kUnknown;
  }
  return cases;
}

TEST(ShownFieldsTest, TheShortcutNeverAnswersOtherwiseThanTheDecisionItself) {
  // Denials, permissions and conditions of every shape.
  const AccessPolicies policies =
      PoliciesAnd({{kNewYear, "filer,own_filing,*,party_name,removed_on_request:5"},
                   {"2027-01-02", "filer,own_filing,criminal,case_number,sealed;!juvenile"},
                   {"2027-01-03", "operator;monitoring,operation,civil,court_id,mental_health"},
                   {"2027-01-04", "filer,own_filing,*,court_record,!victim_of_domestic_violence"}});
  const ShownFields shown(policies, Renderings(), kZone, "");
  for (const char* day : {"2009-12-31", "2012-07-01", "2026-11-22", kNewYear, "2027-01-02",
                          "2027-01-03", "2027-01-04", "2027-06-01"}) {
    for (const CaseFacts& facts : AllKindsOfCases()) {
      for (const char* rendering : {kFiling, "nightbox.operator.v1.HeldFiling"}) {
        const DeniedFields denied = shown.Denied(rendering, Midnight(day), [&] { return facts; });
        for (const RenderedField& field : Renderings()) {
          // What is inside another is named or not, as that one is.
          if (field.rendering != rendering || field.field.find('.') != std::string::npos) continue;
          const bool allowed =
              DecideAccess(policies, {field.requester, field.inquiry, field.element, facts, {}},
                           ParseDay(day).value())
                  .allowed;
          EXPECT_NE(allowed, denied.contains(field.field)) << day << ' ' << field.field;
        }
      }
    }
  }
}

TEST(ShownFieldsTest, NothingThatIsShownTodayIsDeniedOnAnyDay) {
  const ShownFields shown(AccessPolicies::BuiltIn(), Renderings(), kZone, "");
  for (const RenderedField& field : Renderings()) {
    for (const AccessPolicy& policy : AccessPolicies::BuiltIn().versions()) {
      const WallTime from = Midnight(FormatDay(policy.effective_from));
      // Of no case anything is known; of the taking of its record, that the reason is journaled.
      const auto facts = [] { return CaseFacts{.reason_journaled = Known::kYes}; };
      EXPECT_THAT(shown.Denied(field.rendering, from, facts), IsEmpty()) << field.rendering;
    }
  }
}

}  // namespace
}  // namespace nightbox
