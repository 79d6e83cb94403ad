// Goal: court and case refuse only where the filing could not be delivered; what is odd about a
// case is a warning with its clause, and what only we do not know is none. Method: one good filing,
// changed in one place.
#include "tests/gateway/admission_case.h"

#include "gateway/admission.h"

namespace nightbox {
namespace {

using Case = AdmissionCase;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

TEST(AdmissionTest, ACourtThatCannotGetTheFilingRefuses) {
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.header.court = CourtId(); }),
              ElementsAre("REQUIRED_MISSING"));
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.answer = PolicyLookup::Answer::kUnknown; }),
              ElementsAre("COURT_UNKNOWN"));
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.answer = PolicyLookup::Answer::kNotEnabled; }),
              ElementsAre("COURT_NOT_ENABLED"));
}

TEST(AdmissionTest, ACircuitIsAnsweredWithItsCourtsAndAnUnknownCourtWithTheNearest) {
  Case filing;
  filing.answer = PolicyLookup::Answer::kIsCircuit;
  filing.choices = {{CourtId("mo.cir.42.dent"), "Dent"}, {CourtId("mo.cir.42.iron"), "Iron"}};
  const Admission circuit = filing.Run();
  EXPECT_EQ(circuit.problems.at(0).reason, "COURT_IS_A_CIRCUIT");
  EXPECT_THAT(circuit.problems[0].message,
              HasSubstr("mo.cir.42.dent (Dent), mo.cir.42.iron (Iron)"));
  filing.answer = PolicyLookup::Answer::kUnknown;
  EXPECT_THAT(filing.Run().problems.at(0).message, HasSubstr("did you mean mo.cir.42.dent (Dent)"));
}

TEST(AdmissionTest, TheCaseMustBeNamedAndItsTypeEnabled) {
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.header.case_reference = std::monostate(); }),
              ElementsAre("CASE_MISSING"));
  const NewCase contract{"CC", "Breach of contract", "Doe v. Roe", {{"Doe", "Plaintiff"}}};
  const auto with_types = [&](std::vector<std::string> types) {
    return RefusalsWhen([&](Case& c) {
      c.header.case_reference = contract;
      c.policy.case_types = std::move(types);
    });
  };
  EXPECT_THAT(with_types({}), IsEmpty());
  EXPECT_THAT(with_types({"Breach of contract"}), IsEmpty());
  EXPECT_THAT(with_types({"CC"}), IsEmpty());
  EXPECT_THAT(with_types({"PR"}), ElementsAre("CASE_TYPE_NOT_ENABLED"));
  // Capitals or not.
  EXPECT_THAT(with_types({"cc"}), IsEmpty());
  EXPECT_THAT(with_types({"BREACH OF CONTRACT"}), IsEmpty());
}

TEST(AdmissionTest, ACourtTakesFilingsOfTheFilersEnabledForItOnly) {
  const auto asked_as = [](std::set<std::string> classes, std::vector<std::string> enabled) {
    return RefusalsWhen([&](Case& c) {
      c.filer_classes = std::move(classes);
      c.policy.filer_classes = std::move(enabled);
    });
  };
  EXPECT_THAT(asked_as({}, {}), IsEmpty());
  EXPECT_THAT(asked_as({"attorney"}, {}), IsEmpty());
  EXPECT_THAT(asked_as({"attorney", "agency"}, {"agency", "clerk"}), IsEmpty());
  EXPECT_THAT(asked_as({"self-represented"}, {"attorney"}), ElementsAre("FILER_CLASS_NOT_ENABLED"));
  EXPECT_THAT(asked_as({}, {"attorney"}), ElementsAre("FILER_CLASS_NOT_ENABLED"));
}

TEST(AdmissionTest, ANewCaseNeedsCategoryTypeAndTitle) {
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.header.case_reference = NewCase{}; }),
              ElementsAre("REQUIRED_MISSING", "REQUIRED_MISSING", "REQUIRED_MISSING"));
}

TEST(AdmissionTest, AnOddCaseNumberIsAWarningOnly) {
  const auto warnings = [](std::string_view number, std::string_view court) {
    CaseCheckContext context;
    context.courts = &Missouri();
    context.court = CourtId(std::string(court));
    context.this_year = 2024;
    return CaseNumberWarnings(number, context);
  };
  const auto with = [&](std::string_view number, std::string_view court = "mo.cir.13.boone") {
    return [warned = warnings(number, court)](Case& c) { c.case_number_warnings = warned; };
  };
  EXPECT_THAT(WarningsWhen(with("24BA-CV00001")), IsEmpty());
  EXPECT_THAT(WarningsWhen(with("no number at all")), ElementsAre("CASE_NUMBER_UNUSUAL"));
  EXPECT_THAT(RefusalsWhen(with("no number at all")), IsEmpty());
  // Everything that can be odd at once: one warning each, with its clause, and never the number.
  const std::vector<Warning> many = warnings(" 25zz-qq00000", "mo.cir.13.boone");
  EXPECT_GE(many.size(), 4U);
  EXPECT_LE(many.size(), 12U);
  std::set<std::string> messages;
  for (const Warning& each : many) {
    EXPECT_EQ(each.code, "CASE_NUMBER_UNUSUAL");
    EXPECT_EQ(each.field, "header.case_number");
    EXPECT_THAT(each.message, HasSubstr("(COR 4.04.1"));
    EXPECT_THAT(each.message, Not(HasSubstr("25zz")));
    EXPECT_TRUE(messages.insert(each.message).second) << each.message;
  }
}

TEST(AdmissionTest, AFilingInACaseOfATypeThatIsNotEnabledIsTakenWithAWarning) {
  const std::vector<std::string> enabled = {"CC"};
  CaseCheckContext context;
  context.case_types = &enabled;
  context.case_types_confirmed = true;
  const std::vector<Warning> warned = CaseNumberWarnings("24DN-JU00001", context);
  ASSERT_EQ(warned.size(), 1U);
  EXPECT_EQ(warned[0].code, "CASE_CATEGORY_NOT_ENABLED");
  EXPECT_THAT(warned[0].message, HasSubstr("(COR 27.01). It is delivered as typed."));
  const auto with = [&](Case& c) { c.case_number_warnings = warned; };
  EXPECT_THAT(RefusalsWhen(with), IsEmpty());
  EXPECT_THAT(WarningsWhen(with), ElementsAre("CASE_CATEGORY_NOT_ENABLED"));
  EXPECT_THAT(CaseNumberWarnings("24DN-CC00001", context), IsEmpty());
}

TEST(AdmissionTest, WhatOnlyWeDoNotKnowIsNoWarning) {
  CaseCheckContext context;
  context.courts = &Missouri();
  context.this_year = 2024;
  const auto warnings = [&](std::string_view number, std::string_view court) {
    context.court = CourtId(std::string(court));
    return CaseNumberWarnings(number, context).size();
  };
  // No code of Dent County is known, so any may be its own; Clay County's is not confirmed.
  EXPECT_EQ(warnings("24DN-CV00001", "mo.cir.42.dent"), 0U);
  EXPECT_EQ(warnings("24CY-CV00001", "mo.cir.07.clay"), 0U);
  EXPECT_EQ(warnings("24DN-CV00001", "mo.cir.13.boone"), 1U);
  // A division's cases bear its county's code. Of citations and appellate numbers no rule is at
  // hand.
  EXPECT_EQ(warnings("2431-MU00001", "mo.cir.31.greene.springfield"), 0U);
  EXPECT_EQ(warnings("703480001", "mo.cir.13.boone"), 0U);
  EXPECT_EQ(warnings("SC101600", "mo.sup"), 0U);
  EXPECT_EQ(warnings("42V0196123", "mo.cir.42.dent"), 1U);
  // Another court's, and that this is not confirmed.
  EXPECT_EQ(warnings("24CY-CV00001", "mo.cir.13.boone"), 2U);
}

TEST(AdmissionTest, TheOpeningFilingMustBeTheUsersOwnAndOpenACaseHere) {
  const auto with = [](std::optional<OpeningFiling> opening) {
    return RefusalsWhen([&](Case& c) {
      c.header.case_reference = OpenedBy{FilingId("abcdefghijklmnopqrstuvwxyz")};
      c.opening = opening;
    });
  };
  const CourtId here("mo.cir.42.dent");
  EXPECT_THAT(with(OpeningFiling{true, here, true}), IsEmpty());
  EXPECT_THAT(with(std::nullopt), ElementsAre("OPENER_UNKNOWN"));
  EXPECT_THAT(with(OpeningFiling{}), ElementsAre("OPENER_UNKNOWN"));
  EXPECT_THAT(with(OpeningFiling{true, here, false}), ElementsAre("OPENER_OPENS_NO_CASE"));
  EXPECT_THAT(with(OpeningFiling{true, CourtId("mo.sup"), true}), ElementsAre("OPENER_ELSEWHERE"));
  EXPECT_THAT(RefusalsWhen([](Case& c) { c.header.case_reference = OpenedBy{FilingId("x")}; }),
              ElementsAre("FIELD_INVALID"));
}

TEST(AdmissionTest, WhatIsToBeFiledApartIsTakenWithTheClause) {
  Case filing;
  filing.header.case_reference =
      NewCase{"CR", "Felony complaint", "t", {{"Marker", "Defendant"}, {"Other", "Defendant"}}};
  const Admission admission = filing.Run();
  EXPECT_TRUE(admission.admitted());
  ASSERT_EQ(admission.warnings.size(), 1U);
  EXPECT_EQ(admission.warnings[0].code, "SEPARATE_FILES");
  EXPECT_EQ(admission.warnings[0].field, "header.new_case.parties");
  EXPECT_THAT(admission.warnings[0].message, HasSubstr("COR 4.05(1)"));
  EXPECT_THAT(admission.warnings[0].message, Not(HasSubstr("Marker")));
  // On the day before the rule, nobody is told of it.
  filing.today = ParseDay("2009-12-31").value();
  EXPECT_THAT(filing.Run().warnings, IsEmpty());
  filing.today = ParseDay("2010-01-01").value();
  EXPECT_THAT(filing.Run().warnings, SizeIs(1));
  // By the court system's own words, of which there are none.
  const std::vector<SeparateFilesWord> none;
  filing.separate_files = &none;
  EXPECT_THAT(filing.Run().warnings, IsEmpty());
  // Apart, they are taken without a word, whether or not they say that they belong together.
  for (const char* const group : {"", "the-group"}) {
    EXPECT_THAT(WarningsWhen([&](Case& c) {
                  c.header.related_group_id = group;
                  c.header.case_reference =
                      NewCase{"CR", "Felony complaint", "t", {{"Marker", "Defendant"}}};
                }),
                IsEmpty());
  }
}

}  // namespace
}  // namespace nightbox
