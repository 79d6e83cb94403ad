#include "gateway/court_policy.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "core/bytes.h"
#include "core/check.h"
#include "core/sha256.h"
#include "gateway/court_binding.h"
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

void Append(std::string& out, const RecordsCustodian& custodian) {
  Append(out, std::vector{custodian.name, custodian.office, custodian.contact, custodian.clause});
}

// To whom else it is shown, and for which other courts it is, is no part of this court's policy.
void Append(std::string& out, const DutyContact& contact) {
  Append(out, std::vector{contact.role, contact.name, contact.phone, contact.email, contact.hours});
}

void Append(std::string& out, const FeePolicy& fees) {
  Append(out, std::vector{fees.collected_by, fees.policy, fees.schedule});
}

// With what the policy shows of its standing.
template <class T>
void Append(std::string& out, const Stated<T>& stated) {
  Append(out, stated.value);
  Append(out, StandingWord(stated.from.standing));
  Append(out, stated.from.source);
}

void Append(std::string& out, const ValueStanding& value) {
  Append(out, value.name);
  Append(out, StandingWord(value.standing));
  Append(out, value.source);
}

template <class T>
void Append(std::string& out, const std::optional<Stated<T>>& stated) {
  AppendBigEndian64(out, stated ? 1 : 0);
  if (stated) Append(out, *stated);
}

// Whether the contact is for that court.
bool IsFor(const DutyContact& contact, const CourtId& court) {
  return contact.courts.empty() ||
         std::ranges::any_of(contact.courts, [&](const std::string& pattern) {
           return MatchesGlob(pattern, court.str());
         });
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

// Makes a policy of what is stated, statement by statement.
class PolicyMaker {
 public:
  explicit PolicyMaker(const Court& court) {
    policy_.court = court.id;
    policy_.court_name = court.name;
  }

  void Apply(const CourtStatement& stated) {
    CourtPolicy& p = policy_;
    Set("document_size_max_bytes", stated.document_size_max_bytes, p.document_size_max_bytes);
    Set("filing_size_max_bytes", stated.filing_size_max_bytes, p.filing_size_max_bytes);
    Set("documents_max", stated.documents_max, p.documents_max);
    Set("media_types", stated.media_types, p.media_types);
    Set("case_types", stated.case_types, p.case_types);
    Set("filer_classes", stated.filer_classes, p.filer_classes);
    Set("time_zone", stated.time_zone, p.time_zone);
    Set("enabled", stated.enabled, enabled_);
    Set("receipt_authority", stated.receipt_authority, decision_);
    if (stated.records_custodian) p.records_custodian = stated.records_custodian;
    if (stated.fees) p.fees = stated.fees;
  }

  // What the court system states to people, as far as it is for this court.
  void Apply(const CourtSettings& settings) {
    CourtPolicy& p = policy_;
    Set("unavailability_rule", settings.unavailability_rule, p.unavailability_rule);
    if (!p.records_custodian) p.records_custodian = settings.records_custodian;
    if (p.records_custodian) Note("records_custodian", *p.records_custodian);
    for (const Stated<DutyContact>& contact : settings.duty_contacts) {
      if (!IsFor(contact.value, p.court)) continue;
      p.duty_contacts.push_back(contact);
      Note("duty_contact[" + contact.value.role + ']', contact);
    }
    if (!p.fees) p.fees = settings.fees;
    if (p.fees) Note("fees", *p.fees);
  }

  bool enabled() const { return enabled_; }

  std::shared_ptr<const CourtPolicy> Make(const CourtSettings& settings) && {
    CourtPolicy& p = policy_;
    for (std::string& type : p.media_types) type = LowerCase(type);
    p.document_size_max_bytes = std::min(p.document_size_max_bytes, kDocumentHardMaxBytes);
    p.filing_size_max_bytes = std::min(p.filing_size_max_bytes, settings.filing_hard_max_bytes);
    p.documents_max = std::min(p.documents_max, kDocumentsHardMax);
    Decide();
    for (const auto& [name, from] : standings_) {
      p.standings.push_back({name, from.standing, from.source});
      if (from.standing != Standing::kConfirmed) unconfirmed_.insert(name);
    }
    p.unconfirmed.assign(unconfirmed_.begin(), unconfirmed_.end());
    p.version = PolicyVersion(p);
    return std::make_shared<const CourtPolicy>(std::move(policy_));
  }

 private:
  // Whose time counts. What nobody confirmed takes no warning off a receipt, nor does an order that
  // nobody cites, which loading refuses with advice.
  void Decide() {
    const ReceiptAuthority stated =
        ParseReceiptAuthority(decision_.authority).value_or(ReceiptAuthority::kUndecided);
    Provenance& from = standings_["receipt_authority"];
    if (stated != ReceiptAuthority::kUndecided && decision_.citation.empty() &&
        from.standing == Standing::kConfirmed) {
      from.standing = Standing::kUnconfirmed;
    }
    CourtPolicy& p = policy_;
    p.receipt_authority = stated;
    p.receipt_authority_citation = decision_.citation;
    p.receipt_authority_standing = from.standing;
    p.gateway_unconfirmed =
        stated == ReceiptAuthority::kGateway && from.standing != Standing::kConfirmed;
    if (p.gateway_unconfirmed) p.receipt_authority = ReceiptAuthority::kUndecided;
  }

  // A later value is as sure as it is itself, whatever was known of the one before.
  template <class T>
  void Set(std::string_view name, const std::optional<Stated<T>>& stated, T& value) {
    if (!stated) return;
    value = stated->value;
    standings_[std::string(name)] = stated->from;
  }

  template <class T>
  void Note(std::string_view name, const Stated<T>& stated) {
    if (!stated.confirmed()) unconfirmed_.emplace(name);
  }

  CourtPolicy policy_;
  bool enabled_ = true;
  ReceiptDecision decision_;
  std::map<std::string, Provenance> standings_;
  std::set<std::string> unconfirmed_;
};

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
  std::string values = "nightbox-court-policy-v3";
  Append(values, policy.court.str());
  Append(values, policy.court_name);
  AppendBigEndian64(values, static_cast<std::uint64_t>(policy.document_size_max_bytes));
  AppendBigEndian64(values, static_cast<std::uint64_t>(policy.filing_size_max_bytes));
  AppendBigEndian64(values, static_cast<std::uint64_t>(policy.documents_max));
  Append(values, policy.media_types);
  Append(values, policy.case_types);
  Append(values, policy.filer_classes);
  Append(values, ToString(policy.receipt_authority));
  Append(values, policy.receipt_authority_citation);
  Append(values, StandingWord(policy.receipt_authority_standing));
  AppendBigEndian64(values, policy.gateway_unconfirmed ? 1 : 0);
  Append(values, policy.time_zone);
  Append(values, policy.unavailability_rule);
  Append(values, policy.records_custodian);
  AppendBigEndian64(values, policy.duty_contacts.size());
  for (const Stated<DutyContact>& contact : policy.duty_contacts) Append(values, contact);
  Append(values, policy.fees);
  Append(values, policy.unconfirmed);
  AppendBigEndian64(values, policy.standings.size());
  for (const ValueStanding& value : policy.standings) Append(values, value);
  return Sha256(values).Hex().substr(0, 16);
}

CourtPolicies::CourtPolicies(std::shared_ptr<const CourtDirectory> directory,
                             const CourtSettings& settings, const std::vector<std::string>& served)
    : directory_(std::move(directory)) {
  for (const Court& court : directory_->courts()) {
    if (!court.IsDestination()) continue;
    PolicyMaker maker(court);
    for (const CourtStatement& statement : settings.statements) {
      if (MatchesGlob(statement.id, court.id.str())) maker.Apply(statement);
    }
    maker.Apply(settings);
    const bool stated_enabled = maker.enabled();
    const bool enabled = stated_enabled && Binds(served, *directory_, court.id);
    destinations_.emplace(court.id,
                          Entry{std::move(maker).Make(settings), stated_enabled, enabled});
  }
  for (const CourtStatement& statement : settings.statements) {
    if (!IsOfSomeCourt(statement.id)) about_no_court_.push_back("[[court]] " + statement.id);
  }
  for (const Stated<DutyContact>& contact : settings.duty_contacts) {
    for (const std::string& pattern : contact.value.courts) {
      if (IsOfSomeCourt(pattern)) continue;
      about_no_court_.push_back("[[duty_contact]] " + contact.value.role + ", for " + pattern +
                                ',');
    }
    if (contact.value.is_public) NotePublic(contact);
  }
}

bool CourtPolicies::IsOfSomeCourt(const std::string& pattern) const {
  return std::ranges::any_of(destinations_, [&](const auto& destination) {
    return MatchesGlob(pattern, destination.first.str());
  });
}

void CourtPolicies::NotePublic(const Stated<DutyContact>& contact) {
  PublicContact shown{contact, {}};
  if (!contact.value.courts.empty()) {
    for (const auto& [id, entry] : destinations_) {
      if (entry.enabled && IsFor(contact.value, id)) shown.courts.push_back(id);
    }
    if (shown.courts.empty()) return;
  }
  public_contacts_.push_back(std::move(shown));
}

std::vector<std::string> CourtPolicies::Contradictions() const {
  std::vector<std::string> contradictions;
  contradictions.reserve(about_no_court_.size());
  for (const std::string& statement : about_no_court_) {
    contradictions.push_back(statement + " is about no court that there is");
  }
  for (const auto& [id, entry] : destinations_) {
    if (entry.policy->document_size_max_bytes > entry.policy->filing_size_max_bytes) {
      contradictions.push_back(id.str() + " would take a document of " +
                               std::to_string(entry.policy->document_size_max_bytes) +
                               " bytes in a filing of at most " +
                               std::to_string(entry.policy->filing_size_max_bytes));
    }
  }
  if (contradictions.size() > kContradictionsMax) contradictions.resize(kContradictionsMax);
  return contradictions;
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

std::string CourtPolicies::CustodianOf(const CourtId& court) const {
  const auto found = destinations_.find(court);
  if (found == destinations_.end() || !found->second.policy->records_custodian) return {};
  return CustodianWords(found->second.policy->records_custodian->value);
}

std::vector<std::shared_ptr<const CourtPolicy>> CourtPolicies::Enabled() const {
  std::vector<std::shared_ptr<const CourtPolicy>> enabled;
  for (const auto& [id, entry] : destinations_) {
    if (entry.enabled) enabled.push_back(entry.policy);
  }
  return enabled;
}

std::vector<CourtId> CourtPolicies::EnabledAndNotServed() const {
  std::vector<CourtId> without;
  for (const auto& [id, entry] : destinations_) {
    if (entry.stated_enabled && !entry.enabled) without.push_back(id);
  }
  return without;
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
