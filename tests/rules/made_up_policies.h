// Policies on public access that are in force, and what tests make up to follow them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/check.h"
#include "rules/access_policy.h"
#include "rules/embedded_data.h"

namespace nightbox {

// A version that takes effect on `from` and denies, by "Test rule 9", what `what` says in the words
// of access.csv: "requester,inquiry,kind,element,condition". Otherwise it is the one before it.
struct MadeUpVersion {
  std::string from;
  std::string what;
  std::string effect = "deny";
};

inline AccessPolicies PoliciesAnd(const std::vector<MadeUpVersion>& later) {
  std::string versions(EmbeddedRulesData("access_versions.csv"));
  std::string rules(EmbeddedRulesData("access.csv"));
  std::string before = AccessPolicies::BuiltIn().versions().back().version;
  for (const MadeUpVersion& version : later) {
    std::string name = "made.up/" + version.from;
    versions +=
        name + "," + version.from + "," + before + ",Test rule 1,yes,it is not listed,the test\n";
    rules += name + "," + version.effect + "," + version.what +
             ",Test rule 9,yes,the test,the test says so\n";
    before = std::move(name);
  }
  auto policies = AccessPolicies::Parse(versions, rules);
  NB_CHECK(policies.has_value());
  return std::move(*policies);
}

}  // namespace nightbox
