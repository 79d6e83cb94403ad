// Goal: policies are refused, with file, line and reason, when they say what cannot be meant; and
// this product shows nobody what the policy of any day denies.
// Method: tables with one fault each; then every declared field against every version.
#include "rules/access_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/access.h"
#include "rules/access_categories.h"
#include "rules/access_renderings.h"

namespace nightbox {
namespace {

using testing::HasSubstr;

constexpr std::string_view kVersions =
    "version,effective_from,carries_over,closing_clause,confirmed,closing_why,source\n";
constexpr std::string_view kRules =
    "version,effect,requester,inquiry,kind,element,condition,clause,confirmed,source,why\n";

std::string Why(const std::string& versions, const std::string& rules) {
  const auto parsed =
      AccessPolicies::Parse(std::string(kVersions) + versions, std::string(kRules) + rules);
  return parsed ? "" : parsed.error().message;
}

TEST(AccessPolicyTest, WrongVersionsAreRefusedWithTheirLine) {
  EXPECT_EQ(Why("a,2010-01-01,,C 1,yes,why,order\n", ""), "");
  EXPECT_THAT(Why("", ""), HasSubstr("there is no version"));
  EXPECT_THAT(Why("a,soon,,C 1,yes,why,order\n", ""), HasSubstr("line 2: effective_from"));
  EXPECT_THAT(Why("a,2010-01-01,,,yes,why,order\n", ""), HasSubstr("closing_clause"));
  EXPECT_THAT(Why("a,2010-01-01,,C 1,perhaps,why,order\n", ""), HasSubstr("yes or no"));
  EXPECT_THAT(Why("nightbox,2010-01-01,,C 1,yes,why,order\n", ""), HasSubstr("no name"));
  EXPECT_THAT(Why("a,2010-01-01,b,C 1,yes,why,order\n", ""), HasSubstr("no earlier version"));
  EXPECT_THAT(Why("a,2012-01-01,,C,yes,why,order\nb,2010-01-01,,C,yes,why,order\n", ""),
              HasSubstr("line 3: versions stand in order"));
  EXPECT_THAT(Why("a,2010-01-01,,C,yes,why,order\na,2012-01-01,,C,yes,why,order\n", ""),
              HasSubstr("twice"));
}

TEST(AccessPolicyTest, WrongRulesAreRefusedWithTheirLine) {
  const std::string version = "a,2010-01-01,,C 1,yes,why,order\n";
  EXPECT_EQ(Why(version, "a,allow,public,unasked,*,x,,C 1,yes,order,\n"), "");
  for (const auto& [rule, why] : std::vector<std::pair<std::string, std::string>>{
           {"b,allow,public,unasked,*,x,,C 1,yes,order,\n", "access_versions.csv"},
           {"a,permit,public,unasked,*,x,,C 1,yes,order,\n", "effect"},
           {"a,allow,anybody,unasked,*,x,,C 1,yes,order,\n", "requester"},
           {"a,allow,public;public,unasked,*,x,,C 1,yes,order,\n", "requester"},
           {"a,allow,,unasked,*,x,,C 1,yes,order,\n", "requester"},
           {"a,allow,public,mind_reading,*,x,,C 1,yes,order,\n", "inquiry"},
           {"a,allow,public,unasked,probate,x,,C 1,yes,order,\n", "kind"},
           {"a,allow,public,unasked,*,Party Name,,C 1,yes,order,\n", "element"},
           {"a,allow,public,unasked,*,*,,C 1,yes,order,\n", "names its elements"},
           {"a,allow,public,unasked,*,x,secret,C 1,yes,order,\n", "condition"},
           {"a,allow,public,unasked,*,x,removed_on_request,C 1,yes,order,\n", "condition"},
           {"a,allow,public,unasked,*,x,removed_on_request:0,C 1,yes,order,\n", "condition"},
           {"a,allow,public,unasked,*,x,document_filed_from:soon,C 1,yes,order,\n", "condition"},
           {"a,allow,public,unasked,*,x,,,yes,order,\n", "clause and a source"},
           {"a,allow,public,unasked,*,x,,C 1,yes,,\n", "clause and a source"},
           {"a,allow,public,unasked,*,x,,C 1,maybe,order,\n", "yes or no"},
           {"a,allow,public,unasked,*,x,,C 1,yes,order,because\n", "a permission does not"},
           {"a,deny,public,unasked,*,x,,C 1,yes,order,\n", "a denial says why"},
           {"a,close,public,unasked,*,*,,C 1,yes,order,\n", "a denial says why"},
           {"a,close,public,unasked,*,x,,C 1,yes,order,because\n", "every case and element"},
           {"a,close,public,unasked,civil,*,,C 1,yes,order,because\n", "every case and element"},
           {"a,close,public,unasked,*,*,sealed,C 1,yes,order,because\n",
            "every case and element"}}) {
    EXPECT_THAT(Why(version, rule), HasSubstr(why)) << rule;
    EXPECT_THAT(Why(version, rule), HasSubstr("access.csv line 2")) << rule;
  }
}

TEST(AccessPolicyTest, AnAmendmentCarriesTheRestOverUnconfirmed) {
  const auto parsed = AccessPolicies::Parse(
      std::string(kVersions) + "a,2010-01-01,,C,yes,why,order\nb,2012-01-01,a,C,yes,why,order\n",
      std::string(kRules) +
          "a,allow,public,unasked,*,x;y,,C 1,yes,order,\n"
          "b,deny,public,unasked,*,y,,C 2,yes,order,because\n");
  ASSERT_TRUE(parsed.has_value());
  const auto ask = [&](const char* day, const char* element) {
    return DecideAccess(*parsed, {Requester::kPublic, Inquiry::kUnasked, element, {}, {}},
                        ParseDay(day).value());
  };
  EXPECT_TRUE(ask("2011-12-31", "y").allowed);
  EXPECT_EQ(ask("2012-01-01", "y").clause, "C 2");
  EXPECT_TRUE(ask("2011-12-31", "x").confirmed);
  EXPECT_TRUE(ask("2012-01-01", "x").allowed);
  EXPECT_FALSE(ask("2012-01-01", "x").confirmed);
}

TEST(AccessPolicyTest, WhatClosesStandsInForTheVersionsClosingClause) {
  const auto parsed =
      AccessPolicies::Parse(std::string(kVersions) + "a,2010-01-01,,C 1,yes,why,order\n",
                            std::string(kRules) +
                                "a,close,courthouse,*,*,*,,C 2,no,order,because\n"
                                "a,allow,courthouse,unasked,*,x,,C 3,yes,order,\n");
  ASSERT_TRUE(parsed.has_value());
  const auto clause = [&](Requester requester, const char* element) {
    return DecideAccess(parsed->versions().front(), {requester, Inquiry::kUnasked, element, {}, {}},
                        CourtDay())
        .clause;
  };
  EXPECT_EQ(clause(Requester::kCourthouse, "x"), "C 3");
  EXPECT_EQ(clause(Requester::kCourthouse, "y"), "C 2");
  EXPECT_EQ(clause(Requester::kPublic, "y"), "C 1");
}

TEST(AccessPolicyTest, WrongCategoriesAndRenderingsAreRefused) {
  const std::string categories =
      "category,kind,juvenile,mental_health,chapter_455,effective_from,confirmed,source\n";
  EXPECT_TRUE(ParseAccessCategories(categories + "CR,criminal,no,no,no,2010-01-01,yes,s\n", "c"));
  EXPECT_FALSE(ParseAccessCategories(categories + "CR,traffic,no,no,no,2010-01-01,yes,s\n", "c"));
  EXPECT_FALSE(ParseAccessCategories(categories + "CR,criminal,no,no,,2010-01-01,yes,s\n", "c"));
  EXPECT_FALSE(ParseAccessCategories(
      categories + "CR,criminal,no,no,no,2010-01-01,yes,s\nCR,criminal,no,no,no,2010-01-01,yes,s\n",
      "c"));
  EXPECT_FALSE(ParseAccessCategories(categories + "CR,criminal,no,no,no,soon,yes,s\n", "c"));
  const std::string renderings = "rendering,requester,inquiry,element,fields\n";
  EXPECT_TRUE(ParseRenderings(renderings + "r,public,unasked,court_name,a;b\n", "r"));
  EXPECT_FALSE(ParseRenderings(renderings + "r,public,unasked,court_name,a;a\n", "r"));
  EXPECT_FALSE(ParseRenderings(renderings + "r,someone,unasked,court_name,a\n", "r"));
  EXPECT_FALSE(ParseRenderings(renderings + "r,public,unasked,,a\n", "r"));
}

TEST(AccessPolicyTest, ThisProductShowsNobodyWhatThePolicyOfAnyDayDenies) {
  ASSERT_FALSE(Renderings().empty());
  for (const AccessPolicy& policy : AccessPolicies::BuiltIn().versions()) {
    for (const RenderedField& field : Renderings()) {
      if (field.element == kNoElement) continue;
      CaseFacts facts;
      // The record of a case leaves when it is journaled who takes it, and why.
      if (field.requester == Requester::kOperatorForCourt) facts.reason_journaled = Known::kYes;
      const auto decision =
          DecideAccess(policy, {field.requester, field.inquiry, field.element, facts, {}},
                       policy.effective_from);
      EXPECT_TRUE(decision.allowed)
          << policy.version << ": " << field.rendering << " shows " << field.field << " to "
          << ToString(field.requester) << ": " << decision.written_denial;
    }
  }
}

}  // namespace
}  // namespace nightbox
