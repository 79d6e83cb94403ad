// Goal: each clause of Court Operating Rule 2 decides as it says, from its day on; what no clause
// allows is denied, to everybody, with the clause and words that a person can be given.
// Method: a vector a clause; tests/rules/access_sweep_test.cc goes through everything.
#include "rules/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/rules/ordinary_case.h"

namespace nightbox {
namespace {

using testing::HasSubstr;
using testing::Not;

CourtDay Day(std::string_view text) { return ParseDay(text).value(); }

struct Ask {
  Requester requester = Requester::kPublic;
  Inquiry inquiry = Inquiry::kExactCaseNumber;
  CaseFacts facts = Ordinary(CaseKind::kCivil);

  AccessDecision operator()(std::string_view day, const std::string& element) const {
    return DecideAccess(AccessPolicies::BuiltIn(), {requester, inquiry, element, facts, {}},
                        Day(day));
  }
};

constexpr std::string_view k2010 = "2010-06-01";
constexpr std::string_view k2012 = "2012-06-01";
constexpr std::string_view kNow = "2026-01-15";

TEST(AccessTest, DateOfBirthUntil2011YearOfBirthSince) {
  for (const CaseKind kind : {CaseKind::kCivil, CaseKind::kCriminal}) {
    const Ask ask{.facts = Ordinary(kind)};
    EXPECT_TRUE(ask("2010-01-01", "date_of_birth").allowed);
    EXPECT_TRUE(ask("2011-12-31", "date_of_birth").allowed);
    EXPECT_FALSE(ask("2011-12-31", "year_of_birth").allowed);
    EXPECT_FALSE(ask("2012-01-01", "date_of_birth").allowed);
    EXPECT_TRUE(ask("2012-01-01", "year_of_birth").allowed);
  }
  EXPECT_EQ(Ask()("2012-01-01", "year_of_birth").clause, "COR 2.04(b) civil (6)");
  EXPECT_EQ(Ask()(kNow, "date_of_birth").clause, "COR 2.02(c)(4)");
}

TEST(AccessTest, ThePolicyIsThatOfTheDayOfAccessAndSaysHowSureItIs) {
  EXPECT_EQ(Ask()("2009-12-31", "case_number").version, "none");
  EXPECT_FALSE(Ask()("2009-12-31", "case_number").allowed);
  const AccessDecision in_2010 = Ask()("2010-01-01", "case_number");
  EXPECT_TRUE(in_2010.allowed && in_2010.confirmed);
  EXPECT_EQ(in_2010.source, "order of 10 September 2009");
  EXPECT_EQ(Ask()("2011-12-31", "case_number").version, "mo.cor.2/2010");
  EXPECT_EQ(Ask()("2012-01-01", "case_number").version, "mo.cor.2/2012");
  EXPECT_EQ(Ask()("2012-06-30", "case_number").version, "mo.cor.2/2012");
  EXPECT_TRUE(Ask()("2012-06-30", "case_number").confirmed);
  EXPECT_EQ(Ask()("2012-07-01", "case_number").version, "mo.cor.2/2012-07");
  EXPECT_EQ(Ask()("2023-06-30", "case_number").version, "mo.cor.2/2012-07");
  const AccessDecision now = Ask()("2023-07-01", "case_number");
  EXPECT_EQ(now.version, "mo.cor.2/2023");
  EXPECT_TRUE(now.allowed);
  EXPECT_FALSE(now.confirmed) << "nobody has read the list in the text now in force";
}

TEST(AccessTest, AProtectionCaseIsHiddenUntilAFullOrder) {
  Ask ask;
  ask.facts.chapter_455 = Known::kYes;
  EXPECT_TRUE(ask("2011-12-31", "case_number").as_absent);
  // At the court: by the order of 2009 no electronic record of it, and of that of 2011 it is not
  // said whether the terminals there are meant.
  for (const std::string_view day : {"2011-12-31", "2012-01-01"}) {
    const Ask at_court{Requester::kCourthouse, Inquiry::kCaseFromIndex, ask.facts};
    EXPECT_TRUE(at_court(day, "docket_entry").as_absent) << day;
    EXPECT_EQ(at_court(day, "docket_entry").clause, "COR 2.04(b) civil");
    EXPECT_EQ(at_court(day, "docket_entry").confirmed, day == "2011-12-31");
  }
  // Since 2012 who has the exact number sees the case, and nobody else does.
  EXPECT_TRUE(ask("2012-01-01", "case_number").allowed);
  for (const Inquiry inquiry :
       {Inquiry::kCaseFromIndex, Inquiry::kPartOfCaseNumber, Inquiry::kIndexByCaseNumber,
        Inquiry::kIndexByFileDate, Inquiry::kIndexByPartyName, Inquiry::kIndexByCalendarDate,
        Inquiry::kIndexByJudgmentAgainst, Inquiry::kReport}) {
    ask.inquiry = inquiry;
    EXPECT_TRUE(ask(k2012, "case_number").as_absent) << ToString(inquiry);
    EXPECT_TRUE(ask(k2010, "case_number").as_absent) << ToString(inquiry);
  }
  ask.inquiry = Inquiry::kIndexByPartyName;
  ask.facts.full_order_of_protection = Known::kUnknown;
  EXPECT_TRUE(ask(k2012, "case_number").as_absent);
  ask.facts.full_order_of_protection = Known::kYes;
  EXPECT_TRUE(ask(k2012, "case_number").allowed);
  EXPECT_TRUE(ask(k2010, "case_number").allowed);
}

TEST(AccessTest, VictimsOfDomesticViolenceHaveNoNameSince2012) {
  Ask ask;
  ask.facts.victim_of_domestic_violence = Known::kYes;
  EXPECT_TRUE(ask("2011-12-31", "party_name").allowed);
  const AccessDecision denied = ask("2012-01-01", "party_name");
  EXPECT_FALSE(denied.allowed);
  EXPECT_EQ(denied.clause, "COR 2.04(b) civil (16)");
  EXPECT_THAT(denied.source, HasSubstr("18 USC 2265(d)(3)"));
  EXPECT_FALSE(ask(k2012, "party_address").confirmed);
  EXPECT_TRUE(ask(k2012, "party_type").allowed);
  // The list that says so is that of Internet access: elsewhere another clause speaks.
  const Ask at_court{Requester::kCourthouse, Inquiry::kExactCaseNumber, ask.facts};
  EXPECT_EQ(at_court(k2012, "party_name").clause, "COR 2.05(b) with (c)(3)");
  EXPECT_FALSE(at_court(k2012, "party_name").confirmed);
  const Ask of_the_clerk{Requester::kPublic, Inquiry::kAskedAtClerk, ask.facts};
  EXPECT_EQ(of_the_clerk(k2012, "party_name").clause, "COR 2.05(c)(3)");
  ask.inquiry = Inquiry::kIndexByPartyName;
  EXPECT_FALSE(ask(k2012, "party_name").allowed);
  ask.facts.victim_of_domestic_violence = Known::kUnknown;
  EXPECT_FALSE(ask(k2012, "party_name").allowed) << "who is not known not to be one may be one";
}

TEST(AccessTest, ARemovedCriminalCaseIsBackAfterFiveCalendarDaysOrTheWarrant) {
  Ask ask{.facts = Ordinary(CaseKind::kCriminal)};
  ask.facts.removed_on_request = Known::kYes;
  ask.facts.filed_no_later_than = Day("2012-06-28");
  // Saturday and Sunday count, and so does the 4th of July.
  EXPECT_TRUE(ask("2012-06-28", "case_number").as_absent);
  EXPECT_TRUE(ask("2012-07-03", "case_number").as_absent);
  EXPECT_TRUE(ask("2012-07-04", "case_number").allowed);
  ask.facts.warrant_executed = Known::kYes;
  EXPECT_TRUE(ask("2012-06-28", "case_number").allowed);
  ask.facts.warrant_executed = Known::kUnknown;
  EXPECT_TRUE(ask("2012-06-29", "case_number").as_absent);
  ask.facts.filed_no_later_than.reset();
  EXPECT_TRUE(ask("2013-01-01", "case_number").as_absent);
  // From the Internet, not from the courthouse; and not before 2012.
  ask.requester = Requester::kCourthouse;
  EXPECT_TRUE(ask("2012-06-29", "case_number").allowed);
  ask.requester = Requester::kPublic;
  EXPECT_TRUE(ask("2011-12-31", "case_number").allowed);
  // Who asks the clerk is told what they are told of any criminal case.
  ask.inquiry = Inquiry::kAskedAtClerk;
  EXPECT_EQ(ask("2012-06-29", "case_number").clause, "COR 2.02 and 2.04(a)");
  EXPECT_TRUE(ask("2012-06-29", "case_number").allowed);
  EXPECT_FALSE(ask("2012-06-29", "case_number").confirmed);
  ask.inquiry = Inquiry::kExactCaseNumber;
  // A new criminal case of which nobody has said that it was not removed.
  ask.facts.removed_on_request = Known::kUnknown;
  ask.facts.filed_no_later_than = Day("2012-06-28");
  EXPECT_TRUE(ask("2012-06-29", "case_number").as_absent);
  EXPECT_TRUE(ask("2012-07-04", "case_number").allowed);
}

TEST(AccessTest, ConfidentialSealedJuvenileAndMentalHealthCasesDoNotExistForThePublic) {
  for (Known CaseFacts::*fact : {&CaseFacts::confidential, &CaseFacts::sealed, &CaseFacts::juvenile,
                                 &CaseFacts::mental_health}) {
    for (const Known known : {Known::kYes, Known::kUnknown}) {
      for (const Requester requester :
           {Requester::kPublic, Requester::kParty, Requester::kCourthouse}) {
        for (const std::string_view day : {k2010, k2012, kNow}) {
          Ask ask{.requester = requester};
          ask.facts.*fact = known;
          EXPECT_TRUE(ask(day, "case_number").as_absent);
          ask.inquiry = Inquiry::kIndexByFileDate;
          EXPECT_TRUE(ask(day, "case_title").as_absent);
        }
      }
    }
  }
}

// A terminal at the court is not bound by what binds the Internet.
TEST(AccessTest, AtTheCourthouseTheClauseThatSpeaksOfItDecides) {
  const Ask at_court{Requester::kCourthouse};
  for (const char* element : {"docket_entry", "party_name", "case_number"}) {
    EXPECT_EQ(at_court(k2010, element).clause.substr(0, 11), "COR 2.04(b)") << element;
    EXPECT_TRUE(at_court(k2012, element).allowed) << element;
    EXPECT_EQ(at_court(k2012, element).clause, "COR 2.02") << element;
    EXPECT_FALSE(at_court(k2012, element).confirmed) << element;
  }
  EXPECT_EQ(at_court(k2012, "date_of_birth").clause, "COR 2.02");
  EXPECT_EQ(Ask()(k2012, "date_of_birth").clause, "COR 2.04(a) and (b)");
  EXPECT_EQ(Ask{.inquiry = Inquiry::kAskedAtClerk}(k2012, "date_of_birth").clause, "COR 2.02");
  // Remote access to documents is not what is asked for at the court.
  Ask divorce = at_court;
  divorce.facts.domestic_relations = Known::kYes;
  EXPECT_TRUE(divorce("2012-07-01", "final_civil_judgment_document").allowed);
  divorce.facts.sealed = Known::kUnknown;
  EXPECT_TRUE(divorce("2012-07-01", "final_civil_judgment_document").as_absent);
}

TEST(AccessTest, AnOperatorTakesTheOfficialRecordForTheCourtWithItsReasonJournaled) {
  Ask ask{.requester = Requester::kOperatorForCourt, .inquiry = Inquiry::kOperation};
  for (const std::string_view day : {"2009-12-31", "2010-06-01", "2012-06-01", "2026-01-15"}) {
    for (const Known known : {Known::kUnknown, Known::kNo}) {
      ask.facts.reason_journaled = known;
      EXPECT_FALSE(ask(day, "official_record").allowed) << day;
    }
    ask.facts.reason_journaled = Known::kYes;
    EXPECT_TRUE(ask(day, "official_record").allowed) << day;
    EXPECT_THAT(ask(day, "official_record").clause, HasSubstr("COR 4.03"));
    // For the court, and for nobody else; and nothing but the record.
    EXPECT_FALSE(ask(day, "party_name").allowed);
    for (const Requester other : kRequesters) {
      if (other == Requester::kOperatorForCourt) continue;
      const Ask another{other, Inquiry::kOperation, ask.facts};
      EXPECT_FALSE(another(day, "official_record").allowed) << ToString(other);
    }
  }
}

TEST(AccessTest, WhatIsHiddenAndWhatIsNotThereAreAnsweredAlike) {
  const AccessPolicy& policy = AccessPolicies::BuiltIn().On(Day(kNow));
  for (const Requester requester : {Requester::kPublic, Requester::kCourthouse}) {
    for (const Inquiry inquiry : {Inquiry::kExactCaseNumber, Inquiry::kAskedAtClerk}) {
      AccessRequest request{requester, inquiry, "", {}, "the clerk"};
      const std::string nothing_known = WrittenAnswerForNoSuchCase(policy, request);
      request.element = "docket_entry";
      request.facts = Ordinary(CaseKind::kCivil);
      request.facts.sealed = Known::kYes;
      EXPECT_EQ(DecideAccess(policy, request, Day(kNow)).written_denial, nothing_known);
    }
  }
  const std::string absent = WrittenAnswerForNoSuchCase(
      policy, {Requester::kPublic, Inquiry::kExactCaseNumber, "", {}, "the clerk"});
  for (Known CaseFacts::*fact : {&CaseFacts::confidential, &CaseFacts::sealed, &CaseFacts::juvenile,
                                 &CaseFacts::mental_health}) {
    for (const char* element : {"case_number", "party_name", "docket_entry"}) {
      AccessRequest request{Requester::kPublic, Inquiry::kExactCaseNumber, element,
                            Ordinary(CaseKind::kCivil), "the clerk"};
      request.facts.*fact = Known::kYes;
      EXPECT_EQ(DecideAccess(policy, request, Day(kNow)).written_denial, absent);
    }
  }
  EXPECT_THAT(absent, Not(HasSubstr("sealed")));
}

TEST(AccessTest, SomeIsShownAtTheCourthouseOnly) {
  for (const char* element :
       {"non_paternity_finding", "abuse_or_neglect_pleading", "abuse_or_neglect_order",
        "termination_of_parental_rights_pleading", "termination_of_parental_rights_order",
        "felony_a_or_b_delinquency_record", "final_disposition_under_610_105"}) {
    Ask ask;
    EXPECT_THAT(ask(k2012, element).clause, HasSubstr("COR 2.08, court facility only"));
    ask.requester = Requester::kCourthouse;
    EXPECT_TRUE(ask(k2012, element).allowed) << element;
    EXPECT_FALSE(ask(k2010, element).allowed) << element;
    ask.facts.juvenile = Known::kYes;
    EXPECT_TRUE(ask(k2012, element).allowed) << element;
    ask.facts.sealed = Known::kUnknown;
    EXPECT_FALSE(ask(k2012, element).allowed) << element;
  }
}

TEST(AccessTest, PersonalInformationIsForStaffAndAgenciesByDuty) {
  for (const char* element :
       {"social_security_number", "operator_license_number", "victim_information",
        "informant_information", "witness_information", "state_identification_number",
        "financial_account_number", "card_number", "personal_identification_number",
        "account_password"}) {
    Ask ask;
    EXPECT_THAT(ask(k2012, element).clause, HasSubstr("COR 2.05(b)")) << element;
    ask.inquiry = Inquiry::kAskedAtClerk;
    EXPECT_THAT(ask(k2012, element).clause, HasSubstr("COR 2.05(c)")) << element;
    ask.requester = Requester::kCourthouse;
    EXPECT_FALSE(ask(k2012, element).allowed) << element;
    for (const Requester staff : {Requester::kCourtStaff, Requester::kAgencyByDuty}) {
      ask.requester = staff;
      EXPECT_TRUE(ask(k2012, element).allowed) << element;
    }
  }
  // The way to it is the case file, where that is open.
  Ask at_court{.requester = Requester::kCourthouse, .inquiry = Inquiry::kAskedAtClerk};
  EXPECT_TRUE(at_court(k2012, "case_file").allowed);
  at_court.facts.confidential = Known::kUnknown;
  EXPECT_FALSE(at_court(k2012, "case_file").allowed);
}

TEST(AccessTest, WhatTheGeneralPolicyExcludesIsExcluded) {
  for (const char* element : {"judicial_work_product", "internal_mail", "memorandum_or_draft",
                              "appellate_case_assignment"}) {
    for (const Requester requester :
         {Requester::kPublic, Requester::kParty, Requester::kCourthouse}) {
      EXPECT_EQ(Ask{.requester = requester}(k2012, element).clause, "COR 2.02") << element;
    }
  }
  EXPECT_EQ(Ask{.inquiry = Inquiry::kAutomatedQuerying}(k2012, "case_number").clause, "COR 2.02");
  EXPECT_EQ(Ask{.inquiry = Inquiry::kBulk}(k2012, "case_number").clause, "COR 2.10");
  EXPECT_FALSE(Ask{.inquiry = Inquiry::kBulk}(k2010, "case_number").allowed);
}

TEST(AccessTest, AdministrativeRecordsAndSumsThatIdentifyNobodyAreOpen) {
  Ask at_clerk{.inquiry = Inquiry::kAskedAtClerk};
  EXPECT_TRUE(at_clerk(k2012, "administrative_record").allowed);
  EXPECT_EQ(at_clerk(k2012, "personnel_record").clause, "COR 2.06");
  EXPECT_TRUE(at_clerk(k2012, "employee_position").allowed);
  Ask report{.inquiry = Inquiry::kReport};
  EXPECT_FALSE(report(k2012, "summary_data").allowed) << "a court's only case identifies a person";
  report.facts.summary_identifies_nobody = Known::kYes;
  EXPECT_TRUE(report(k2012, "summary_data").allowed);
  EXPECT_TRUE(report(k2012, "case_type").allowed);
  EXPECT_FALSE(report(k2012, "date_of_birth").allowed);
}

TEST(AccessTest, DocumentsThatMayBeShownRemotely) {
  Ask civil;
  civil.facts.lien_enforceable = Known::kYes;
  EXPECT_TRUE(civil(k2010, "lien_on_real_estate").allowed);
  EXPECT_TRUE(civil(k2012, "lien_on_real_estate").allowed);
  civil.facts.lien_enforceable = Known::kUnknown;
  EXPECT_FALSE(civil(k2012, "lien_on_real_estate").allowed);
  EXPECT_TRUE(civil("2011-12-31", "order_document").allowed);
  EXPECT_FALSE(civil("2012-01-01", "order_document").allowed);
  EXPECT_TRUE(civil("2012-01-01", "final_civil_judgment_document").allowed);
  EXPECT_FALSE(
      Ask{.facts = Ordinary(CaseKind::kCriminal)}(k2012, "final_civil_judgment_document").allowed);
  civil.facts.domestic_relations = Known::kYes;
  EXPECT_TRUE(civil("2012-06-30", "final_civil_judgment_document").allowed);
  EXPECT_FALSE(civil("2012-07-01", "final_civil_judgment_document").allowed);
  EXPECT_TRUE(civil("2012-06-30", "decree_document").allowed);
  EXPECT_FALSE(civil("2012-07-01", "decree_document").allowed);
  civil.facts.post_conviction = Known::kYes;
  EXPECT_FALSE(civil("2012-06-30", "final_civil_judgment_document").allowed);
  // By the day of filing, once the policy is in force.
  Ask document;
  EXPECT_FALSE(document(kNow, "public_document").allowed);
  document.facts.document_filed_on = Day("2023-06-30");
  EXPECT_FALSE(document(kNow, "public_document").allowed);
  document.facts.document_filed_on = Day("2023-07-01");
  EXPECT_TRUE(document(kNow, "public_document").allowed);
  EXPECT_FALSE(document("2023-06-30", "public_document").allowed);
}

TEST(AccessTest, ASuspendedSentenceIsShownBeforeTheEndOfProbation) {
  Ask ask{.facts = Ordinary(CaseKind::kCriminal)};
  EXPECT_EQ(ask(k2012, "suspended_imposition_of_sentence").clause, "COR 2.04(b) criminal (24)");
  for (const Known known : {Known::kYes, Known::kUnknown}) {
    ask.facts.probation_completed = known;
    EXPECT_FALSE(ask(k2012, "suspended_imposition_of_sentence").allowed);
  }
}

TEST(AccessTest, ADenialNamesClauseCustodianAndReviewInWords) {
  AccessRequest request{Requester::kPublic, Inquiry::kExactCaseNumber, "date_of_birth",
                        Ordinary(CaseKind::kCivil), "Jane Roe, circuit clerk"};
  const AccessDecision denied = DecideAccess(AccessPolicies::BuiltIn(), request, Day(k2012));
  EXPECT_EQ(denied.custodian, "Jane Roe, circuit clerk");
  EXPECT_THAT(denied.written_denial, HasSubstr("date of birth"));
  EXPECT_THAT(denied.written_denial, HasSubstr(denied.clause));
  EXPECT_THAT(denied.written_denial, HasSubstr("Jane Roe, circuit clerk"));
  EXPECT_THAT(denied.written_denial, HasSubstr("state judicial records committee"));
  EXPECT_THAT(denied.written_denial, Not(HasSubstr("not confirmed")));
  request.custodian.clear();
  const AccessDecision now = DecideAccess(AccessPolicies::BuiltIn(), request, Day(kNow));
  EXPECT_THAT(now.custodian, HasSubstr("appointing authority"));
  EXPECT_THAT(now.written_denial, HasSubstr("not confirmed"));
}

TEST(AccessTest, WhatACaseNumberSaysOfItsCase) {
  const auto facts = [](std::string_view number) {
    return FactsFromNumber(ParseCaseNumber(number).value());
  };
  EXPECT_EQ(facts("24DN-PN00001").chapter_455, Known::kYes);
  EXPECT_EQ(facts("24DN-JU00001").juvenile, Known::kYes);
  EXPECT_EQ(facts("24DN-JR00001").juvenile, Known::kYes);
  EXPECT_EQ(facts("24DN-MH00001").mental_health, Known::kYes);
  EXPECT_EQ(facts("24DN-CR00001").kind, CaseKind::kCriminal);
  // Where there is no category PN, protection cases are among these.
  EXPECT_EQ(facts("24DN-CC00001").chapter_455, Known::kUnknown);
  EXPECT_EQ(facts("24DN-FC00001"), CaseFacts{.kind = CaseKind::kCivil});
  EXPECT_EQ(facts("24DN-ZZ00001"), CaseFacts{});
  EXPECT_EQ(facts("SC101600"), CaseFacts{});
  EXPECT_EQ(facts("703480001"), CaseFacts{});
  // A number alone never settles that a case may be shown.
  for (const char* number : {"24DN-CC00001", "24DN-CR00001", "24DN-SC00001", "24DN-PN00001"}) {
    EXPECT_FALSE(Ask{.facts = facts(number)}(kNow, "case_number").allowed) << number;
  }
}

}  // namespace
}  // namespace nightbox
