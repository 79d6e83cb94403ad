#include "gateway/court_policy.h"

#include <algorithm>
#include <cctype>

#include "core/bytes.h"
#include "core/check.h"
#include "core/sha256.h"
#include "gateway/glob.h"

namespace nightbox {
namespace {

void Append(std::string& out, std::string_view text) {
  AppendBigEndian64(out, text.size());
  out += text;
}

void Append(std::string& out, const std::vector<std::string>& texts) {
  AppendBigEndian64(out, texts.size());
  for (const std::string& text : texts) Append(out, text);
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

// Sets one value and says whether it is confirmed now.
template <class T>
void Set(CourtPolicy& policy, T& value, const std::optional<T>& given, std::string_view name,
         const CourtOverride& by) {
  if (!given) return;
  value = *given;
  if (!by.source.empty()) std::erase(policy.unconfirmed, name);
}

std::shared_ptr<const CourtPolicy> MakePolicy(const Court& court, const CourtSettings& settings,
                                              bool& enabled) {
  auto policy = std::make_shared<CourtPolicy>(settings.defaults);
  policy->court = court.id;
  policy->court_name = court.name;
  policy->unconfirmed = {"case_types",    "document_size_max_bytes",
                         "documents_max", "filing_size_max_bytes",
                         "media_types",   "receipt_authority"};
  for (const CourtOverride& change : settings.overrides) {
    if (!MatchesGlob(change.id, court.id.str())) continue;
    CourtPolicy& p = *policy;
    Set(p, p.document_size_max_bytes, change.document_size_max_bytes, "document_size_max_bytes",
        change);
    Set(p, p.filing_size_max_bytes, change.filing_size_max_bytes, "filing_size_max_bytes", change);
    Set(p, p.documents_max, change.documents_max, "documents_max", change);
    Set(p, p.media_types, change.media_types, "media_types", change);
    Set(p, p.case_types, change.case_types, "case_types", change);
    if (change.time_zone) p.time_zone = *change.time_zone;
    if (change.receipt_authority) {
      p.receipt_authority = *change.receipt_authority;
      p.receipt_authority_citation = change.receipt_authority_citation;
      if (!p.receipt_authority_citation.empty()) std::erase(p.unconfirmed, "receipt_authority");
    }
    if (change.enabled) enabled = *change.enabled;
  }
  for (std::string& type : policy->media_types) type = LowerCase(type);
  policy->document_size_max_bytes =
      std::min(policy->document_size_max_bytes, kDocumentHardMaxBytes);
  policy->filing_size_max_bytes =
      std::min(policy->filing_size_max_bytes, settings.filing_hard_max_bytes);
  policy->documents_max = std::min(policy->documents_max, kDocumentsHardMax);
  // Configuration refuses this with advice; here it would print a claim no court made.
  if (policy->receipt_authority == ReceiptAuthority::kGateway &&
      policy->receipt_authority_citation.empty()) {
    policy->receipt_authority = ReceiptAuthority::kUndecided;
  }
  policy->version = PolicyVersion(*policy);
  return policy;
}

}  // namespace

std::string BareMediaType(std::string_view media_type) {
  std::string bare = LowerCase(media_type.substr(0, media_type.find(';')));
  while (!bare.empty() && bare.back() == ' ') bare.pop_back();
  return bare;
}

std::string_view ToString(ReceiptAuthority authority) {
  switch (authority) {
    case ReceiptAuthority::kUndecided:
      return "UNDECIDED";
    case ReceiptAuthority::kGateway:
      return "GATEWAY";
    case ReceiptAuthority::kCaseSystem:
      return "CASE_SYSTEM";
  }
  CheckFailed("known ReceiptAuthority", __FILE__, __LINE__);
}

std::optional<ReceiptAuthority> ParseReceiptAuthority(std::string_view text) {
  for (const auto authority :
       {ReceiptAuthority::kUndecided, ReceiptAuthority::kGateway, ReceiptAuthority::kCaseSystem}) {
    if (text == ToString(authority)) return authority;
  }
  return std::nullopt;
}

std::string PolicyVersion(const CourtPolicy& policy) {
  std::string values = "nightbox-court-policy-v1";
  Append(values, policy.court.str());
  Append(values, policy.court_name);
  AppendBigEndian64(values, static_cast<std::uint64_t>(policy.document_size_max_bytes));
  AppendBigEndian64(values, static_cast<std::uint64_t>(policy.filing_size_max_bytes));
  AppendBigEndian64(values, static_cast<std::uint64_t>(policy.documents_max));
  Append(values, policy.media_types);
  Append(values, policy.case_types);
  Append(values, ToString(policy.receipt_authority));
  Append(values, policy.receipt_authority_citation);
  Append(values, policy.time_zone);
  Append(values, policy.unconfirmed);
  return Sha256(values).Hex().substr(0, 16);
}

CourtPolicies::CourtPolicies(std::shared_ptr<const CourtDirectory> directory,
                             const CourtSettings& settings, const std::vector<std::string>& served)
    : directory_(std::move(directory)) {
  for (const Court& court : directory_->courts()) {
    if (!court.IsDestination()) continue;
    const bool is_served = std::ranges::any_of(
        served, [&](const std::string& pattern) { return MatchesGlob(pattern, court.id.str()); });
    bool enabled = true;
    auto policy = MakePolicy(court, settings, enabled);
    destinations_.emplace(court.id, Entry{std::move(policy), enabled && is_served});
  }
}

PolicyLookup CourtPolicies::Lookup(const CourtId& court) const {
  using Answer = PolicyLookup::Answer;
  if (const auto found = destinations_.find(court); found != destinations_.end()) {
    const Entry& entry = found->second;
    return {entry.enabled ? Answer::kPolicy : Answer::kNotEnabled, entry.policy, {}};
  }
  if (directory_->Find(court) == nullptr) {
    return {Answer::kUnknown, nullptr, Named(directory_->Suggest(court))};
  }
  std::vector<CourtId> members;
  for (const Court* member : directory_->Children(court)) members.push_back(member->id);
  return {Answer::kIsCircuit, nullptr, Named(members)};
}

std::vector<std::shared_ptr<const CourtPolicy>> CourtPolicies::Enabled() const {
  std::vector<std::shared_ptr<const CourtPolicy>> enabled;
  for (const auto& [id, entry] : destinations_) {
    if (entry.enabled) enabled.push_back(entry.policy);
  }
  return enabled;
}

std::vector<CourtChoice> CourtPolicies::Named(const std::vector<CourtId>& courts) const {
  std::vector<CourtChoice> choices;
  choices.reserve(courts.size());
  for (const CourtId& id : courts) {
    const Court* court = directory_->Find(id);
    choices.push_back({id, court == nullptr ? std::string() : court->name});
  }
  return choices;
}

}  // namespace nightbox
