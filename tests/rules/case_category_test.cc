// Goal: every code of COR 4.04.1 is there once with its meaning, and data that contradict
// themselves are refused with line and reason. Method: counts and spot checks of the shipped table
// against the rule's lists and against what numbers may be parsed; tables with one thing wrong.
#include "rules/case_category.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace nightbox {
namespace {

using testing::HasSubstr;

TEST(CaseCategoryTest, EveryCodeOfTheRuleIsThere) {
  std::map<std::pair<CaseNumberForm, CategoryStanding>, int> count;
  for (const CaseCategory& category : CaseCategories()) ++count[{category.form, category.standing}];
  EXPECT_EQ((count[{CaseNumberForm::kConverted, CategoryStanding::kListed}]), 12);
  EXPECT_EQ((count[{CaseNumberForm::kInterim, CategoryStanding::kListed}]), 9);
  EXPECT_EQ((count[{CaseNumberForm::kNewConstruct, CategoryStanding::kMandatory}]), 10);
  EXPECT_EQ((count[{CaseNumberForm::kNewConstruct, CategoryStanding::kOptional}]), 10);
  EXPECT_EQ(FindCaseCategory(CaseNumberForm::kNewConstruct, "SC")->meaning, "Small Claims");
  EXPECT_EQ(FindCaseCategory(CaseNumberForm::kAppellate, "SC")->meaning, "Supreme Court");
  EXPECT_EQ(FindCaseCategory(CaseNumberForm::kConverted, "ML")->clause, "COR 4.04.1(1)(b)");
  EXPECT_EQ(FindCaseCategory(CaseNumberForm::kNewConstruct, "AO"), nullptr);
  EXPECT_EQ(FindCaseCategory(CaseNumberForm::kUniformCitation, "TR"), nullptr);
}

TEST(CaseCategoryTest, WhatIsListedIsWhatIsParsed) {
  for (const CaseCategory& category : CaseCategories()) {
    std::string text;
    if (category.form == CaseNumberForm::kConverted) text = "12" + category.code + "030212345";
    if (category.form == CaseNumberForm::kInterim) text = "02" + category.code + "600123";
    if (category.form == CaseNumberForm::kNewConstruct) text = "24SL-" + category.code + "01234";
    if (category.form == CaseNumberForm::kAppellate) text = category.code + "96800";
    const auto number = ParseCaseNumber(text);
    ASSERT_TRUE(number.has_value()) << category.code;
    EXPECT_EQ(Form(*number), category.form) << category.code;
    EXPECT_EQ(
        category.form == CaseNumberForm::kNewConstruct && IsNewConstructCategory(category.code),
        category.form == CaseNumberForm::kNewConstruct);
  }
}

TEST(CaseCategoryTest, TwoDigitsMeanOneYearOfTheForm) {
  EXPECT_EQ(FullYear(CaseNumberForm::kConverted, "96"), 1996);
  EXPECT_EQ(FullYear(CaseNumberForm::kConverted, "03"), 2003);
  EXPECT_EQ(FullYear(CaseNumberForm::kInterim, "03"), 2003);
  EXPECT_EQ(FullYear(CaseNumberForm::kInterim, "99"), 1999);
  EXPECT_EQ(FullYear(CaseNumberForm::kInterim, "05"), std::nullopt);
  EXPECT_EQ(FullYear(CaseNumberForm::kNewConstruct, "24"), 2024);
  EXPECT_EQ(FullYear(CaseNumberForm::kNewConstruct, "03"), 2003);
  EXPECT_EQ(FullYear(CaseNumberForm::kAppellate, "24"), std::nullopt);
  EXPECT_EQ(FullYear(CaseNumberForm::kNewConstruct, "2x"), std::nullopt);
}

TEST(CaseCategoryTest, ContradictionsAreRefusedWithLineAndReason) {
  const std::string head = "form,code,meaning,standing,clause,source\n";
  const std::string good = "interim,CR,Criminal,listed,COR,order\n";
  EXPECT_TRUE(ParseCaseCategories(head + good, "t.csv").has_value());
  for (const auto& [row, why] : std::map<std::string, std::string>{
           {good, "t.csv line 3: this form has the code already"},
           {"other,CV,Civil,listed,COR,order\n", "t.csv line 3: there is no such form"},
           {"interim,cv,Civil,listed,COR,order\n", "t.csv line 3: a code is"},
           {"interim,CVX,Civil,listed,COR,order\n", "t.csv line 3: a code is"},
           {"interim,CV,,listed,COR,order\n", "t.csv line 3: a code needs"},
           {"interim,CV,Civil,perhaps,COR,order\n", "t.csv line 3: standing is"}}) {
    std::string table = head + good;
    table += row;
    const auto read = ParseCaseCategories(table, "t.csv");
    ASSERT_FALSE(read.has_value()) << row;
    EXPECT_THAT(read.error().message, HasSubstr(why));
  }
  EXPECT_FALSE(ParseCaseCategories("code\nCR\n", "t.csv").has_value());

  const std::string years = "form,first_year,last_year,confirmed,clause,remark\n";
  EXPECT_TRUE(ParseCaseYears(years + "interim,1995,2004,no,COR,r\n", "y.csv").has_value());
  for (const char* row : {"interim,1904,2004,no,COR,r\n", "interim,2004,1995,no,COR,r\n",
                          "interim,95,2004,no,COR,r\n", "interim,1995,2004,maybe,COR,r\n",
                          "nothing,1995,2004,no,COR,r\n",
                          "interim,1995,2004,no,COR,r\ninterim,1995,2004,no,COR,r\n"}) {
    EXPECT_FALSE(ParseCaseYears(years + row, "y.csv").has_value()) << row;
  }
}

}  // namespace
}  // namespace nightbox
