// Policies on public access as data: rules/data/access_versions.csv and access.csv.
//
// A version holds from its day until the next one begins. One that amends another carries over the
// other's rules, which then count as unconfirmed: nobody has read them in the amended text. The
// rules of this product (version kProductRules), on what its own renderings show, belong to every
// version. Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "rules/court_day.h"

namespace nightbox {

enum class Known : std::uint8_t { kUnknown, kNo, kYes };

// The two lists of COR 2.04(b).
enum class CaseKind : std::uint8_t { kUnknown, kCivil, kCriminal };

enum class Requester : std::uint8_t {
  kPublic,        // Anybody, from anywhere.
  kParty,         // A litigant or lawyer of the case, as far as the public's access goes.
  kCourthouse,    // Anybody, at a facility of the court where the case was filed.
  kCourtStaff,    // Court personnel, and the court's case system.
  kAgencyByDuty,  // An agency to which the court has a duty to disclose.
  kFiler,         // The registered user, about a filing of their own.
  kOperator,      // Who runs the gateway.
  kMonitoring,    // Logs and metrics.
  // The same operator, who takes something for the court that asked for it.
  kOperatorForCourt,
};

enum class Inquiry : std::uint8_t {
  kUnasked,           // Shown to everybody, without a question about any case.
  kExactCaseNumber,   // The whole number was entered.
  kCaseFromIndex,     // One case, chosen from an index.
  kPartOfCaseNumber,  // A prefix, a pattern, a range.
  kIndexByCaseNumber,
  kIndexByFileDate,
  kIndexByPartyName,
  kIndexByCalendarDate,
  kIndexByJudgmentAgainst,
  kAskedAtClerk,       // Orally, in writing, by fax or e-mail.
  kAutomatedQuerying,  // Repetitive, by a program, to collect.
  kBulk,
  kReport,
  kOwnFiling,
  kOperation,
};

inline constexpr std::array kRequesters = {
    Requester::kPublic,     Requester::kParty,        Requester::kCourthouse,
    Requester::kCourtStaff, Requester::kAgencyByDuty, Requester::kFiler,
    Requester::kOperator,   Requester::kMonitoring,   Requester::kOperatorForCourt};
inline constexpr std::array kInquiries = {
    Inquiry::kUnasked,          Inquiry::kExactCaseNumber,     Inquiry::kCaseFromIndex,
    Inquiry::kPartOfCaseNumber, Inquiry::kIndexByCaseNumber,   Inquiry::kIndexByFileDate,
    Inquiry::kIndexByPartyName, Inquiry::kIndexByCalendarDate, Inquiry::kIndexByJudgmentAgainst,
    Inquiry::kAskedAtClerk,     Inquiry::kAutomatedQuerying,   Inquiry::kBulk,
    Inquiry::kReport,           Inquiry::kOwnFiling,           Inquiry::kOperation};

// The words of the data, for example "exact_case_number".
std::string_view ToString(Requester requester);
std::string_view ToString(Inquiry inquiry);
std::optional<Requester> ParseRequester(std::string_view word);
std::optional<Inquiry> ParseInquiry(std::string_view word);

// A stronger effect wins: kOpen, then kHide, then kDeny, then kAllow, then kClose.
enum class AccessEffect : std::uint8_t {
  kOpen,  // Allowed although the case as a whole is not.
  kHide,  // Denied, and that the case exists is not said either.
  kDeny,
  kAllow,
  // What denies a requester or an inquiry where no rule speaks, of whatever case and element: in
  // place of the version's closing clause, where that binds others only.
  kClose,
};

// What a rule asks of the facts; rules/access.cc knows the names.
struct AccessCondition {
  std::string fact;
  // "!fact": that it is not so.
  bool wanted = true;
  // "removed_on_request:5": calendar days.
  int days = 0;
  // "document_filed_from:2023-07-01".
  std::optional<CourtDay> day;
};

struct AccessRule {
  AccessEffect effect = AccessEffect::kDeny;
  // Empty: any.
  std::set<Requester> requesters;
  std::set<Inquiry> inquiries;
  std::set<std::string> elements;
  // kUnknown: any.
  CaseKind kind = CaseKind::kUnknown;
  // All of them.
  std::vector<AccessCondition> conditions;
  std::string clause;
  bool confirmed = false;
  std::string source;
  // Why not, for people. Empty for permissions.
  std::string why;
};

struct AccessPolicy {
  std::string version;
  CourtDay effective_from;
  // In the file's order: its own, what it carries over, the product's.
  std::vector<AccessRule> rules;
  // What denies where no rule speaks, not even one of kClose.
  AccessRule closing;
};

inline constexpr std::string_view kProductRules = "nightbox";

// Immutable after loading.
class AccessPolicies {
 public:
  // Refuses, with file, line and reason, unknown words, rules without clause or source, denials
  // without a why, versions out of order and rules of no version.
  static Result<AccessPolicies> Parse(std::string_view versions_csv, std::string_view rules_csv,
                                      std::string_view versions_file = "access_versions.csv",
                                      std::string_view rules_file = "access.csv");
  // As compiled in.
  static const AccessPolicies& BuiltIn();

  // The version in force on that day; before the first, the first. Lives as long as this.
  const AccessPolicy& On(CourtDay day) const;
  // In the order in which they came into force.
  const std::vector<AccessPolicy>& versions() const { return versions_; }

 private:
  std::vector<AccessPolicy> versions_;
};

}  // namespace nightbox
