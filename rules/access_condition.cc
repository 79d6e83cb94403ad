#include "rules/access_condition.h"

#include <array>

#include "core/check.h"
#include "rules/access.h"
#include "rules/data_table.h"

namespace nightbox {
namespace {

struct NamedFact {
  std::string_view name;
  Known CaseFacts::*fact;
};

constexpr std::array kFacts = {
    NamedFact{"confidential", &CaseFacts::confidential},
    NamedFact{"sealed", &CaseFacts::sealed},
    NamedFact{"juvenile", &CaseFacts::juvenile},
    NamedFact{"mental_health", &CaseFacts::mental_health},
    NamedFact{"chapter_455", &CaseFacts::chapter_455},
    NamedFact{"full_order_of_protection", &CaseFacts::full_order_of_protection},
    NamedFact{"probation_completed", &CaseFacts::probation_completed},
    NamedFact{"post_conviction", &CaseFacts::post_conviction},
    NamedFact{"domestic_relations", &CaseFacts::domestic_relations},
    NamedFact{"lien_enforceable", &CaseFacts::lien_enforceable},
    NamedFact{"victim_of_domestic_violence", &CaseFacts::victim_of_domestic_violence},
    NamedFact{"summary_identifies_nobody", &CaseFacts::summary_identifies_nobody},
    NamedFact{"reason_journaled", &CaseFacts::reason_journaled}};

constexpr std::string_view kRemoved = "removed_on_request";
constexpr std::string_view kFiledFrom = "document_filed_from";
constexpr int kRemovedDaysMax = 366;

Known Not(Known known) {
  if (known == Known::kUnknown) return known;
  return known == Known::kYes ? Known::kNo : Known::kYes;
}

Known Both(Known a, Known b) {
  if (a == Known::kNo || b == Known::kNo) return Known::kNo;
  return a == Known::kYes && b == Known::kYes ? Known::kYes : Known::kUnknown;
}

// Off the Internet for so many calendar days from the day of filing, or until the warrant is
// executed. The day of filing is not counted, so that the removal ends at the later of the two
// readings; calendar days, so no weekend or holiday prolongs it.
Known IsRemoved(const CaseFacts& facts, int days, CourtDay today) {
  Known within = Known::kUnknown;
  if (facts.filed_no_later_than) {
    const bool over = today > *facts.filed_no_later_than + std::chrono::days(days);
    within = over ? Known::kNo : Known::kYes;
  }
  return Both(facts.removed_on_request, Both(within, Not(facts.warrant_executed)));
}

}  // namespace

std::optional<AccessCondition> ParseAccessCondition(std::string_view text) {
  AccessCondition condition;
  if (text.starts_with('!')) {
    condition.wanted = false;
    text.remove_prefix(1);
  }
  const std::size_t colon = text.find(':');
  condition.fact = text.substr(0, colon);
  if (colon == std::string_view::npos) {
    for (const NamedFact& each : kFacts) {
      if (each.name == condition.fact) return condition;
    }
    return std::nullopt;
  }
  const std::string_view value = text.substr(colon + 1);
  if (condition.fact == kRemoved) {
    const auto days = ParseSmallNumber(value);
    if (!days || *days < 1 || *days > kRemovedDaysMax) return std::nullopt;
    condition.days = *days;
    return condition;
  }
  condition.day = ParseDay(value);
  if (condition.fact != kFiledFrom || !condition.day) return std::nullopt;
  return condition;
}

Known Holds(const AccessCondition& condition, const CaseFacts& facts, CourtDay today) {
  Known known = Known::kUnknown;
  if (condition.fact == kRemoved) {
    known = IsRemoved(facts, condition.days, today);
  } else if (condition.fact == kFiledFrom) {
    if (facts.document_filed_on) {
      known = *facts.document_filed_on >= *condition.day ? Known::kYes : Known::kNo;
    }
  } else {
    bool found = false;
    for (const NamedFact& each : kFacts) {
      if (each.name != condition.fact) continue;
      known = facts.*each.fact;
      found = true;
    }
    NB_CHECK(found);
  }
  return condition.wanted ? known : Not(known);
}

}  // namespace nightbox
