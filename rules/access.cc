#include "rules/access.h"

#include <algorithm>
#include <array>

#include "core/check.h"
#include "rules/access_condition.h"

namespace nightbox {
namespace {

Known KindFits(CaseKind wanted, CaseKind kind) {
  if (wanted == CaseKind::kUnknown || wanted == kind) return Known::kYes;
  return kind == CaseKind::kUnknown ? Known::kUnknown : Known::kNo;
}

template <class Value>
bool Names(const std::set<Value>& values, const Value& value) {
  return values.empty() || values.contains(value);
}

// kUnknown: it would depend on what nobody has said.
Known AppliesTo(const AccessRule& rule, const AccessRequest& request, CourtDay today) {
  if (!Names(rule.requesters, request.requester) || !Names(rule.inquiries, request.inquiry) ||
      !Names(rule.elements, request.element)) {
    return Known::kNo;
  }
  Known applies = KindFits(rule.kind, request.facts.kind);
  for (const AccessCondition& condition : rule.conditions) {
    const Known holds = Holds(condition, request.facts, today);
    if (holds == Known::kNo || applies == Known::kNo) return Known::kNo;
    if (holds == Known::kUnknown) applies = Known::kUnknown;
  }
  return applies;
}

bool Permits(AccessEffect effect) {
  return effect == AccessEffect::kOpen || effect == AccessEffect::kAllow;
}

// What denies this requester's inquiry where nothing else speaks.
const AccessRule& ClosingOf(const AccessPolicy& policy, const AccessRequest& request) {
  for (const AccessRule& rule : policy.rules) {
    if (rule.effect == AccessEffect::kClose && Names(rule.requesters, request.requester) &&
        Names(rule.inquiries, request.inquiry)) {
      return rule;
    }
  }
  return policy.closing;
}

// The strongest rule that applies: a permission where it must, a denial where it may.
const AccessRule& Strongest(const AccessPolicy& policy, const AccessRequest& request,
                            CourtDay today) {
  for (const AccessEffect effect :
       {AccessEffect::kOpen, AccessEffect::kHide, AccessEffect::kDeny, AccessEffect::kAllow}) {
    for (const AccessRule& rule : policy.rules) {
      if (rule.effect != effect) continue;
      const Known applies = AppliesTo(rule, request, today);
      if (applies == Known::kYes || (applies == Known::kUnknown && !Permits(effect))) return rule;
    }
  }
  return ClosingOf(policy, request);
}

std::string CustodianOf(std::string_view custodian) {
  return custodian.empty() ? "the appointing authority for the clerk's office"
                           : std::string(custodian);
}

std::string InWords(std::string_view element) {
  std::string words(element);
  std::ranges::replace(words, '_', ' ');
  return words.empty() ? "what was asked for" : words;
}

std::string AskFurther(std::string_view custodian) {
  return " Requests are decided by the custodian of records: " + CustodianOf(custodian) +
         " (COR 2.08). On written request the state judicial records committee may review this "
         "denial (COR 2.09).";
}

std::string DenialInWriting(const AccessRule& rule, const AccessRequest& request) {
  return "Access to the following is denied: " + InWords(request.element) + ". By " + rule.clause +
         (rule.confirmed ? "" : " (not confirmed against the text now in force)") + ": " +
         rule.why + "." + AskFurther(request.custodian);
}

std::string CategoryOf(const TypedCaseNumber& number) {
  struct {
    std::string operator()(const ConvertedNumber& n) const { return n.category; }
    std::string operator()(const InterimNumber& n) const { return n.category; }
    std::string operator()(const NewConstructNumber& n) const { return n.category; }
    // Citations begin traffic, conservation and watercraft cases, and ordinance cases; nothing in
    // them says which. An appellate prefix is a court's name.
    std::string operator()(const UniformCitationNumber&) const { return {}; }
    std::string operator()(const AppellateNumber&) const { return {}; }
  } category;
  return std::visit(category, number);
}

}  // namespace

CaseFacts FactsFromCategory(std::string_view code, const std::vector<AccessCategory>& categories) {
  CaseFacts facts;
  const AccessCategory* category = FindAccessCategory(code, categories);
  if (category == nullptr) return facts;
  facts.kind = category->kind;
  facts.juvenile = category->juvenile;
  facts.mental_health = category->mental_health;
  facts.chapter_455 = category->chapter_455;
  return facts;
}

CaseFacts FactsFromNumber(const TypedCaseNumber& number,
                          const std::vector<AccessCategory>& categories) {
  return FactsFromCategory(CategoryOf(number), categories);
}

CaseFacts FactsFromNumber(std::string_view text, const std::vector<AccessCategory>& categories) {
  const auto number = ParseCaseNumber(text);
  return number ? FactsFromNumber(*number, categories) : CaseFacts{};
}

std::string WrittenAnswerForNoSuchCase(const AccessPolicy& policy, const AccessRequest& request) {
  return "There is no such case, or none that may be shown in answer to this inquiry (" +
         ClosingOf(policy, request).clause + ")." + AskFurther(request.custodian);
}

AccessDecision DecideAccess(const AccessPolicy& policy, const AccessRequest& request,
                            CourtDay today) {
  const AccessRule& rule = Strongest(policy, request, today);
  AccessDecision decision;
  decision.allowed = Permits(rule.effect);
  decision.version = policy.version;
  decision.clause = rule.clause;
  decision.source = rule.source;
  decision.confirmed = rule.confirmed;
  if (decision.allowed) return decision;
  decision.as_absent = rule.effect == AccessEffect::kHide;
  decision.why = rule.why;
  decision.custodian = CustodianOf(request.custodian);
  decision.written_denial = decision.as_absent ? WrittenAnswerForNoSuchCase(policy, request)
                                               : DenialInWriting(rule, request);
  return decision;
}

AccessDecision DecideAccess(const AccessPolicies& policies, const AccessRequest& request,
                            CourtDay today) {
  return DecideAccess(policies.On(today), request, today);
}

}  // namespace nightbox
