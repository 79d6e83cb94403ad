#include "rules/shown_fields.h"

#include <chrono>
#include <utility>

#include "core/check.h"

namespace nightbox {
namespace {

bool IsInsideADeniedOne(std::string_view field, const DeniedFields& denied) {
  for (std::size_t dot = field.find('.'); dot != std::string_view::npos;
       dot = field.find('.', dot + 1)) {
    if (denied.contains(field.substr(0, dot))) return true;
  }
  return false;
}

// Of what is answered as absent even the clause would say too much.
DeniedField AsSaid(const AccessPolicy& policy, const AccessDecision& decision) {
  const AccessRule& closing = policy.closing;
  const bool confirmed = decision.as_absent ? closing.confirmed : decision.confirmed;
  return {(decision.as_absent ? closing.clause : decision.clause) +
              (confirmed ? "" : ", not confirmed"),
          decision.written_denial};
}

}  // namespace

std::string InWords(const DeniedFields& denied) {
  std::string words;
  for (const auto& [field, by] : denied) {
    words += words.empty() ? "" : ", ";
    words += field;
    words += " (" + by.clause + ")";
  }
  return words;
}

ShownFields::ShownFields(const AccessPolicies& policies,
                         const std::vector<RenderedField>& renderings, std::string zone,
                         std::string custodian, const std::vector<AccessCategory>& categories)
    : zone_(std::move(zone)), custodian_(std::move(custodian)), categories_(categories) {
  for (const AccessPolicy& policy : policies.versions()) {
    const auto from = InstantOn(policy.effective_from, std::chrono::minutes(0), zone_);
    NB_CHECK(from.has_value());
    Version version{*from, &policy, {}};
    for (const RenderedField& field : renderings) {
      std::vector<RenderedField>& deniable = version.deniable[field.rendering];
      if (field.element == kNoElement) continue;
      // The day plays no part where nothing is known: it is counted from days of the case.
      if (!Decide(policy, field, {}, {}, policy.effective_from).allowed) deniable.push_back(field);
    }
    versions_.push_back(std::move(version));
  }
}

AccessDecision ShownFields::Decide(const AccessPolicy& policy, const RenderedField& field,
                                   const CaseFacts& facts, const std::string& custodian,
                                   CourtDay today) const {
  return DecideAccess(policy,
                      {field.requester, field.inquiry, field.element, facts,
                       custodian.empty() ? custodian_ : custodian},
                      today);
}

// Before the first version, the first: as AccessPolicies::On.
const ShownFields::Version& ShownFields::At(WallTime now) const {
  const Version* found = &versions_.front();
  for (const Version& version : versions_) {
    if (version.from <= now) found = &version;
  }
  return *found;
}

DeniedFields ShownFields::Denied(std::string_view rendering, WallTime now,
                                 const std::function<CaseFacts()>& facts,
                                 const std::string& custodian) const {
  const Version& version = At(now);
  const auto declared = version.deniable.find(rendering);
  NB_CHECK(declared != version.deniable.end());
  DeniedFields denied;
  if (declared->second.empty()) return denied;
  const auto today = DayIn(now, zone_);
  NB_CHECK(today.has_value());
  const CaseFacts known = facts ? facts() : CaseFacts{};
  for (const RenderedField& field : declared->second) {
    const AccessDecision decision = Decide(*version.policy, field, known, custodian, *today);
    if (!decision.allowed) denied.emplace(field.field, AsSaid(*version.policy, decision));
  }
  std::erase_if(denied, [&](const auto& each) { return IsInsideADeniedOne(each.first, denied); });
  return denied;
}

}  // namespace nightbox
