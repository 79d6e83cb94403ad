// Goal: what no clause of Court Operating Rule 2 allows is denied, in every version, to everybody,
// with clause, custodian and words; and what is not known of a case never opens anything. Method:
// every requester, inquiry and element of every version against lists written out here a second
// time.
#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>

#include "rules/access.h"
#include "tests/rules/ordinary_case.h"

namespace nightbox {
namespace {

using Elements = std::set<std::string>;

const Elements kCivilOf2012 = {"attorney_address",
                               "attorney_name",
                               "calendar_date",
                               "case_number",
                               "case_type",
                               "year_of_birth",
                               "disposition_type",
                               "docket_entry",
                               "file_date",
                               "execution_garnishment_sequestration",
                               "current_judge",
                               "judge_at_disposition",
                               "judgment_or_appellate_decision",
                               "judgment_or_appellate_mandate_date",
                               "party_address",
                               "party_name",
                               "party_type",
                               "satisfaction_date"};
const Elements kCriminalOf2012 = {"appellate_mandate_date",
                                  "appellate_opinion",
                                  "attorney_address",
                                  "attorney_name",
                                  "bail_amount",
                                  "calendar_date",
                                  "case_number",
                                  "case_type",
                                  "pending_charge",
                                  "year_of_birth",
                                  "defendant_address",
                                  "defendant_name",
                                  "disposition_type",
                                  "docket_entry",
                                  "file_date",
                                  "finding",
                                  "finding_date",
                                  "judgment",
                                  "judgment_date",
                                  "sentence",
                                  "sentence_date",
                                  "sentenced_offense",
                                  "current_judge",
                                  "judge_at_disposition",
                                  "law_enforcement_agency",
                                  "offense_tracking_number",
                                  "violation_code",
                                  "violation_date",
                                  "violation_description",
                                  "suspended_imposition_of_sentence"};
// Parts of the file in the case, by whatever name a version has for them.
const Elements kOfTheFile = {"case_file",
                             "lien_on_real_estate",
                             "judgment_document",
                             "order_document",
                             "decree_document",
                             "final_civil_judgment_document",
                             "probate_order_as_judgment_document",
                             "probate_decree_as_judgment_document",
                             "public_document"};
// "The following information in a court record will only be publicly accessible at a court
// facility": five kinds.
const Elements kAtACourtFacilityOnly = {"non_paternity_finding",
                                        "abuse_or_neglect_pleading",
                                        "abuse_or_neglect_order",
                                        "termination_of_parental_rights_pleading",
                                        "termination_of_parental_rights_order",
                                        "felony_a_or_b_delinquency_record",
                                        "final_disposition_under_610_105"};
const Elements kOfTheService = {"gateway_name", "gateway_state", "court_id",  "court_name",
                                "court_state",  "court_contact", "state_time"};

// What the public may see of a case about which all is known and nothing special is. The list of
// 2009 is of "electronic records", wherever they are looked at; that of 2011 of "Internet access",
// and at the court and of the clerk its "records of all courts are presumed to be open".
Elements ListedFor(const std::string& version, Requester requester, Inquiry inquiry,
                   CaseKind kind) {
  const bool at_court = requester == Requester::kCourthouse;
  if (inquiry == Inquiry::kUnasked) return kOfTheService;
  if (version == "none") return {};
  const bool old = version == "mo.cor.2/2010";
  const bool first_of_2012 = version == "mo.cor.2/2012";
  switch (inquiry) {
    case Inquiry::kIndexByJudgmentAgainst:
      if (old) return {};
      [[fallthrough]];
    case Inquiry::kIndexByCaseNumber:
    case Inquiry::kIndexByFileDate:
    case Inquiry::kIndexByPartyName:
    case Inquiry::kIndexByCalendarDate: {
      Elements index = {"case_number", "file_date", "party_name", "calendar_date",
                        "case_title",  "case_type", "case_status"};
      if (!old) index.insert("judgment_against");
      return index;
    }
    case Inquiry::kExactCaseNumber:
    case Inquiry::kCaseFromIndex:
    case Inquiry::kReport: {
      Elements listed = kind == CaseKind::kCivil ? kCivilOf2012 : kCriminalOf2012;
      if (old) {
        listed.erase("year_of_birth");
        listed.insert("date_of_birth");
      }
      if (inquiry == Inquiry::kReport) return listed;
      if (at_court && !old) {
        listed.insert(kOfTheFile.begin(), kOfTheFile.end());
        listed.insert(kAtACourtFacilityOnly.begin(), kAtACourtFacilityOnly.end());
        return listed;
      }
      // A lien at the court whether or not it is enforceable; elsewhere only while it is.
      if (at_court) listed.insert("lien_on_real_estate");
      if (old) {
        listed.insert({"judgment_document", "order_document", "decree_document"});
      } else {
        listed.insert(first_of_2012 ? "decree_document" : "probate_decree_as_judgment_document");
        listed.insert("probate_order_as_judgment_document");
        if (kind == CaseKind::kCivil) listed.insert("final_civil_judgment_document");
      }
      return listed;
    }
    case Inquiry::kAskedAtClerk: {
      if (old) return {};
      Elements listed = kind == CaseKind::kCivil ? kCivilOf2012 : kCriminalOf2012;
      listed.insert(
          {"administrative_record", "employee_name", "employee_position", "employee_salary"});
      if (at_court) {
        listed.insert(kOfTheFile.begin(), kOfTheFile.end());
        listed.insert(kAtACourtFacilityOnly.begin(), kAtACourtFacilityOnly.end());
      }
      return listed;
    }
    default:
      return {};
  }
}

Elements EverythingNamedAnywhere() {
  Elements all = {"", "never_heard_of", "filer_email", "ip_address"};
  for (const AccessPolicy& policy : AccessPolicies::BuiltIn().versions()) {
    for (const AccessRule& rule : policy.rules) {
      all.insert(rule.elements.begin(), rule.elements.end());
    }
  }
  return all;
}

TEST(AccessTest, WhatIsNotListedIsDeniedToThePublicInEveryVersion) {
  const Elements all = EverythingNamedAnywhere();
  for (const AccessPolicy& policy : AccessPolicies::BuiltIn().versions()) {
    for (const Requester requester :
         {Requester::kPublic, Requester::kParty, Requester::kCourthouse}) {
      for (const Inquiry inquiry : kInquiries) {
        for (const CaseKind kind : {CaseKind::kCivil, CaseKind::kCriminal}) {
          const Elements listed = ListedFor(policy.version, requester, inquiry, kind);
          for (const std::string& element : all) {
            const auto decision = DecideAccess(
                policy, {requester, inquiry, element, Ordinary(kind), {}}, policy.effective_from);
            EXPECT_EQ(decision.allowed, listed.contains(element))
                << policy.version << " " << ToString(requester) << " " << ToString(inquiry) << " "
                << element;
          }
        }
      }
    }
  }
}

TEST(AccessTest, EveryDenialHasAClauseACustodianAndWords) {
  const Elements all = EverythingNamedAnywhere();
  for (const AccessPolicy& policy : AccessPolicies::BuiltIn().versions()) {
    for (const Requester requester : kRequesters) {
      for (const Inquiry inquiry : kInquiries) {
        for (const std::string& element : all) {
          for (const CaseFacts& facts : {CaseFacts{}, Ordinary(CaseKind::kCivil)}) {
            const auto decision = DecideAccess(policy, {requester, inquiry, element, facts, {}},
                                               policy.effective_from);
            EXPECT_FALSE(decision.clause.empty() || decision.source.empty());
            EXPECT_EQ(decision.version, policy.version);
            EXPECT_EQ(decision.allowed, decision.why.empty());
            EXPECT_EQ(decision.allowed, decision.custodian.empty());
            EXPECT_EQ(decision.allowed, decision.written_denial.empty());
            // Of a case about which nothing is known, the public sees nothing.
            if (inquiry != Inquiry::kUnasked && inquiry != Inquiry::kAskedAtClerk &&
                (requester == Requester::kPublic || requester == Requester::kParty ||
                 requester == Requester::kOperatorForCourt) &&
                facts == CaseFacts{}) {
              EXPECT_FALSE(decision.allowed) << ToString(inquiry) << " " << element;
            }
          }
        }
      }
    }
  }
}

TEST(AccessTest, WhatIsAllowedInIgnoranceIsAllowedWhateverTurnsOut) {
  constexpr std::array kFacts = {&CaseFacts::confidential,
                                 &CaseFacts::sealed,
                                 &CaseFacts::juvenile,
                                 &CaseFacts::mental_health,
                                 &CaseFacts::chapter_455,
                                 &CaseFacts::full_order_of_protection,
                                 &CaseFacts::removed_on_request,
                                 &CaseFacts::warrant_executed,
                                 &CaseFacts::probation_completed,
                                 &CaseFacts::post_conviction,
                                 &CaseFacts::domestic_relations,
                                 &CaseFacts::lien_enforceable,
                                 &CaseFacts::victim_of_domestic_violence,
                                 &CaseFacts::summary_identifies_nobody,
                                 &CaseFacts::reason_journaled};
  const Elements all = EverythingNamedAnywhere();
  for (const AccessPolicy& policy : AccessPolicies::BuiltIn().versions()) {
    for (Known CaseFacts::*fact : kFacts) {
      for (const Requester requester : {Requester::kPublic, Requester::kCourthouse}) {
        for (const Inquiry inquiry : {Inquiry::kExactCaseNumber, Inquiry::kIndexByPartyName,
                                      Inquiry::kAskedAtClerk, Inquiry::kReport}) {
          for (const std::string& element : all) {
            AccessRequest request{requester, inquiry, element, Ordinary(CaseKind::kCivil), {}};
            const auto allowed = [&](Known known) {
              request.facts.*fact = known;
              return DecideAccess(policy, request, policy.effective_from).allowed;
            };
            if (!allowed(Known::kUnknown)) continue;
            EXPECT_TRUE(allowed(Known::kNo) && allowed(Known::kYes))
                << policy.version << " " << ToString(requester) << " " << element;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace nightbox
