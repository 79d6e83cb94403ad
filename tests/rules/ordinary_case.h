// What the tests of access share.
#pragma once

#include "rules/access.h"

namespace nightbox {

// A case with nothing about it that hides it.
inline CaseFacts Ordinary(CaseKind kind) {
  CaseFacts facts;
  facts.kind = kind;
  for (Known CaseFacts::*fact :
       {&CaseFacts::confidential, &CaseFacts::sealed, &CaseFacts::juvenile,
        &CaseFacts::mental_health, &CaseFacts::chapter_455, &CaseFacts::full_order_of_protection,
        &CaseFacts::removed_on_request, &CaseFacts::warrant_executed,
        &CaseFacts::probation_completed, &CaseFacts::post_conviction,
        &CaseFacts::domestic_relations, &CaseFacts::victim_of_domestic_violence}) {
    facts.*fact = Known::kNo;
  }
  return facts;
}

}  // namespace nightbox
