// Public access: whether a data element of a case may be shown, to whom, by which inquiry, and by
// which clause not (Court Operating Rule 2).
//
// One pure function. Everything is denied that no rule of the policy in force allows. What is not
// known of a case counts against showing it: a denial applies where it may apply, a permission only
// where it must. The policy is the one in force when access is asked for, not when the case was
// filed. Nothing here is a legal conclusion; standing and source of every rule are in the answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "rules/access_categories.h"
#include "rules/access_policy.h"
#include "rules/case_number.h"
#include "rules/court_day.h"

namespace nightbox {

// What is known of one case, and of the element asked for. The default: nothing.
struct CaseFacts {
  CaseKind kind = CaseKind::kUnknown;
  // By statute, court rule or order.
  Known confidential = Known::kUnknown;
  Known sealed = Known::kUnknown;
  Known juvenile = Known::kUnknown;
  Known mental_health = Known::kUnknown;
  // Adult and child protection orders.
  Known chapter_455 = Known::kUnknown;
  Known full_order_of_protection = Known::kUnknown;
  // The court took the new case off the Internet because the prosecutor asked it to.
  Known removed_on_request = Known::kUnknown;
  Known warrant_executed = Known::kUnknown;
  // The latest day that may count as the day of filing: in an outage received, recorded and
  // docketed can be three days.
  std::optional<CourtDay> filed_no_later_than = {};
  Known probation_completed = Known::kUnknown;
  Known post_conviction = Known::kUnknown;
  Known domestic_relations = Known::kUnknown;
  // Of a lien under chapter 429.
  Known lien_enforceable = Known::kUnknown;
  // Of the party the element is about.
  Known victim_of_domestic_violence = Known::kUnknown;
  // Of a document.
  std::optional<CourtDay> document_filed_on = {};
  // Of a report: sums that identify nobody, also where a court has one such case.
  Known summary_identifies_nobody = Known::kUnknown;
  // Of the access itself: who asks, and why, is in the journal.
  Known reason_journaled = Known::kUnknown;

  bool operator==(const CaseFacts&) const = default;
};

// What a category says of its cases: access_categories.csv. All else stays unknown, and with it
// hidden.
CaseFacts FactsFromCategory(std::string_view code,
                            const std::vector<AccessCategory>& categories = AccessCategories());
// What the number's category says of a case.
CaseFacts FactsFromNumber(const TypedCaseNumber& number,
                          const std::vector<AccessCategory>& categories = AccessCategories());
// The same of a number as somebody wrote it; nothing of one that has no form.
CaseFacts FactsFromNumber(std::string_view text,
                          const std::vector<AccessCategory>& categories = AccessCategories());

struct AccessRequest {
  Requester requester = Requester::kPublic;
  Inquiry inquiry = Inquiry::kUnasked;
  // For example "party_name"; rules/data/access.csv has them.
  std::string element = {};
  CaseFacts facts = {};
  // The court's custodian of records. Empty: none is named, so it is the appointing authority.
  std::string custodian = {};
};

struct AccessDecision {
  bool allowed = false;
  // Denied, and the person who asked is answered as if there were no such case: that there is one
  // would say too much already.
  bool as_absent = false;
  // By what: always set. Not for the eyes of a person who is answered as_absent.
  std::string version;
  std::string clause;
  std::string source;
  bool confirmed = false;
  // Why not; empty when allowed.
  std::string why;
  // Of a denial, always: who decides on requests, and what the person is given in writing on wish.
  std::string custodian;
  std::string written_denial;
};

// `today` is the court's day of the access.
AccessDecision DecideAccess(const AccessPolicy& policy, const AccessRequest& request,
                            CourtDay today);
// By the policy in force today.
AccessDecision DecideAccess(const AccessPolicies& policies, const AccessRequest& request,
                            CourtDay today);

// What a person is given in writing who asked for a case that does not exist: letter for letter
// what a person is given whose answer is as_absent. Facts and element play no part.
std::string WrittenAnswerForNoSuchCase(const AccessPolicy& policy, const AccessRequest& request);

}  // namespace nightbox
