#include "rules/access_policy.h"

#include <algorithm>

#include "core/check.h"
#include "rules/access_condition.h"
#include "rules/data_table.h"
#include "rules/embedded_data.h"

namespace nightbox {
namespace {

constexpr std::array<std::string_view, kRequesters.size()> kRequesterWords = {
    "public", "party",    "courthouse", "court_staff",       "agency_by_duty",
    "filer",  "operator", "monitoring", "operator_for_court"};
constexpr std::array<std::string_view, kInquiries.size()> kInquiryWords = {
    "unasked",
    "exact_case_number",
    "case_from_index",
    "part_of_case_number",
    "index_by_case_number",
    "index_by_file_date",
    "index_by_party_name",
    "index_by_calendar_date",
    "index_by_judgment_against",
    "asked_at_clerk",
    "automated_querying",
    "bulk",
    "report",
    "own_filing",
    "operation"};

// Both arrays are in the order of their enum.
template <class Value, std::size_t N>
std::optional<Value> Parsed(const std::array<Value, N>& values,
                            const std::array<std::string_view, N>& words, std::string_view word) {
  const auto found = std::ranges::find(words, word);
  if (found == words.end()) return std::nullopt;
  return values[static_cast<std::size_t>(found - words.begin())];
}

std::optional<AccessEffect> ParseEffect(std::string_view word) {
  if (word == "open") return AccessEffect::kOpen;
  if (word == "hide") return AccessEffect::kHide;
  if (word == "deny") return AccessEffect::kDeny;
  if (word == "allow") return AccessEffect::kAllow;
  if (word == "close") return AccessEffect::kClose;
  return std::nullopt;
}

std::optional<CaseKind> ParseKind(std::string_view word) {
  if (word == "*") return CaseKind::kUnknown;
  if (word == "civil") return CaseKind::kCivil;
  if (word == "criminal") return CaseKind::kCriminal;
  return std::nullopt;
}

bool IsElement(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// "*", or words with ';' between.
template <class Value, class Parse>
std::optional<std::set<Value>> ParseSet(std::string_view text, Parse parse) {
  std::set<Value> values;
  if (text == "*") return values;
  for (const std::string& word : SplitText(text, ';')) {
    const auto value = parse(word);
    if (!value || !values.insert(*value).second) return std::nullopt;
  }
  if (values.empty()) return std::nullopt;
  return values;
}

// Takes the fields from `effect` on. Answers why the row is refused; empty when it is taken.
std::string_view Take(const std::vector<std::string>& fields, AccessRule& rule) {
  const auto effect = ParseEffect(fields[1]);
  const auto requesters = ParseSet<Requester>(fields[2], ParseRequester);
  const auto inquiries = ParseSet<Inquiry>(fields[3], ParseInquiry);
  const auto kind = ParseKind(fields[4]);
  const auto elements = ParseSet<std::string>(fields[5], [](const std::string& word) {
    return IsElement(word) ? std::optional(word) : std::nullopt;
  });
  const auto confirmed = ParseYesNo(fields[8]);
  if (!effect) return "effect is not open, hide, deny, allow or close";
  if (!requesters) return "requester is not known or named twice";
  if (!inquiries) return "inquiry is not known or named twice";
  if (!kind) return "kind is not *, civil or criminal";
  if (!elements) return "element is not written in small letters, or named twice";
  if (!confirmed) return "confirmed is not yes or no";
  for (const std::string& word : SplitText(fields[6], ';')) {
    auto condition = ParseAccessCondition(word);
    if (!condition) return "condition is not known";
    rule.conditions.push_back(std::move(*condition));
  }
  rule.effect = *effect;
  rule.requesters = *requesters;
  rule.inquiries = *inquiries;
  rule.kind = *kind;
  rule.elements = *elements;
  rule.clause = fields[7];
  rule.confirmed = *confirmed;
  rule.source = fields[9];
  rule.why = fields[10];
  const bool permits = rule.effect == AccessEffect::kAllow || rule.effect == AccessEffect::kOpen;
  if (rule.clause.empty() || rule.source.empty()) return "every row has a clause and a source";
  if (permits != rule.why.empty()) return "a denial says why, and a permission does not";
  if (permits && rule.elements.empty()) return "a permission names its elements";
  if (rule.effect == AccessEffect::kClose &&
      (*kind != CaseKind::kUnknown || !rule.elements.empty() || !rule.conditions.empty())) {
    return "what closes is the same for every case and element";
  }
  return {};
}

struct Version {
  AccessPolicy policy;
  std::string carries_over;
};

Result<std::vector<Version>> ParseVersions(std::string_view csv, std::string_view file) {
  static const std::vector<std::string> kColumns = {
      "version",   "effective_from", "carries_over", "closing_clause",
      "confirmed", "closing_why",    "source"};
  NB_ASSIGN_OR_RETURN(const std::vector<CsvRow> rows, ParseTable(csv, file, kColumns));
  std::vector<Version> versions;
  for (const CsvRow& row : rows) {
    const auto refused = [&](std::string_view why) { return RefusedLine(file, row.line, why); };
    const auto from = ParseDay(row.fields[1]);
    const auto confirmed = ParseYesNo(row.fields[4]);
    if (row.fields[0].empty() || row.fields[0] == kProductRules)
      return refused("version has no name");
    if (!from) return refused("effective_from is no date");
    if (!confirmed) return refused("confirmed is not yes or no");
    if (row.fields[3].empty() || row.fields[5].empty() || row.fields[6].empty()) {
      return refused("closing_clause, closing_why and source are never empty");
    }
    const std::string& carried = row.fields[2];
    bool carried_known = carried.empty();
    for (const Version& other : versions) {
      if (other.policy.version == row.fields[0]) return refused("the version occurs twice");
      if (other.policy.effective_from >= *from) return refused("versions stand in order");
      carried_known = carried_known || other.policy.version == carried;
    }
    if (!carried_known) return refused("carries_over is no earlier version");
    AccessRule closing;
    closing.clause = row.fields[3];
    closing.confirmed = *confirmed;
    closing.why = row.fields[5];
    closing.source = row.fields[6];
    versions.push_back({{row.fields[0], *from, {}, closing}, carried});
  }
  if (versions.empty()) return RefusedLine(file, 1, "there is no version");
  return versions;
}

void CarryOver(std::vector<Version>& versions) {
  for (Version& version : versions) {
    const auto carried = std::ranges::find(
        versions, version.carries_over, [](const Version& other) { return other.policy.version; });
    if (carried == versions.end()) continue;
    for (AccessRule rule : carried->policy.rules) {
      rule.confirmed = false;
      version.policy.rules.push_back(std::move(rule));
    }
  }
}

}  // namespace

std::string_view ToString(Requester requester) {
  return kRequesterWords.at(static_cast<std::size_t>(requester));
}
std::string_view ToString(Inquiry inquiry) {
  return kInquiryWords.at(static_cast<std::size_t>(inquiry));
}
std::optional<Requester> ParseRequester(std::string_view word) {
  return Parsed(kRequesters, kRequesterWords, word);
}
std::optional<Inquiry> ParseInquiry(std::string_view word) {
  return Parsed(kInquiries, kInquiryWords, word);
}

Result<AccessPolicies> AccessPolicies::Parse(std::string_view versions_csv,
                                             std::string_view rules_csv,
                                             std::string_view versions_file,
                                             std::string_view rules_file) {
  static const std::vector<std::string> kColumns = {"version",   "effect",  "requester", "inquiry",
                                                    "kind",      "element", "condition", "clause",
                                                    "confirmed", "source",  "why"};
  NB_ASSIGN_OR_RETURN(std::vector<Version> versions, ParseVersions(versions_csv, versions_file));
  NB_ASSIGN_OR_RETURN(const std::vector<CsvRow> rows, ParseTable(rules_csv, rules_file, kColumns));
  std::vector<AccessRule> product;
  for (const CsvRow& row : rows) {
    AccessRule rule;
    const std::string_view wrong = Take(row.fields, rule);
    if (!wrong.empty()) return RefusedLine(rules_file, row.line, wrong);
    const auto version = std::ranges::find(versions, row.fields[0],
                                           [](const Version& each) { return each.policy.version; });
    if (row.fields[0] == kProductRules) {
      product.push_back(std::move(rule));
    } else if (version != versions.end()) {
      version->policy.rules.push_back(std::move(rule));
    } else {
      return RefusedLine(rules_file, row.line, "version is not in " + std::string(versions_file));
    }
  }
  CarryOver(versions);
  AccessPolicies policies;
  for (Version& version : versions) {
    auto& rules = version.policy.rules;
    rules.insert(rules.end(), product.begin(), product.end());
    policies.versions_.push_back(std::move(version.policy));
  }
  return policies;
}

const AccessPolicies& AccessPolicies::BuiltIn() {
  static const AccessPolicies policies = [] {
    auto parsed = Parse(EmbeddedRulesData("access_versions.csv"), EmbeddedRulesData("access.csv"));
    NB_CHECK(parsed.has_value());
    return std::move(*parsed);
  }();
  return policies;
}

const AccessPolicy& AccessPolicies::On(CourtDay day) const {
  const AccessPolicy* found = &versions_.front();
  for (const AccessPolicy& version : versions_) {
    if (version.effective_from <= day) found = &version;
  }
  return *found;
}

}  // namespace nightbox
