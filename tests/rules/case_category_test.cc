// Goal: every code of COR 4.04.1 is there once with its meaning, and data that contradict
// themselves are refused with line and reason. Method: counts and spot checks of the shipped table
// against the rule's lists and against what numbers may be parsed; tables with one thing wrong.
#include "rules/case_category.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace nightbox {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

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

TEST(CaseCategoryTest, EveryCodeSaysOfWhichDayItsListIsAndWhetherThatIsTheOneInForce) {
  for (const CaseCategory& category : CaseCategories()) {
    const bool observed = category.form == CaseNumberForm::kAppellate;
    const bool closed =
        category.form == CaseNumberForm::kConverted || category.form == CaseNumberForm::kInterim;
    EXPECT_EQ(category.effective_from.has_value(), !observed) << category.code;
    EXPECT_EQ(category.effective_from, observed ? std::nullopt : ParseDay("2010-01-01"));
    // The list of the new construct was replaced by ones that were not read.
    EXPECT_EQ(category.confirmed, closed) << category.code;
  }
}

TEST(CaseCategoryTest, CategoriesAreAlikeByTheirMeaningAndByWhatStandsInsteadOfThem) {
  const auto alike = [](CaseNumberForm form, const char* code) {
    return CodesAlike(*FindCaseCategory(form, code));
  };
  EXPECT_THAT(alike(CaseNumberForm::kNewConstruct, "JU"), ElementsAre("JU"));
  EXPECT_THAT(alike(CaseNumberForm::kNewConstruct, "CV"), ElementsAre("AC", "CC", "CV"));
  EXPECT_THAT(alike(CaseNumberForm::kNewConstruct, "CC"), ElementsAre("CC", "CV"));
  EXPECT_THAT(alike(CaseNumberForm::kConverted, "V"), ElementsAre("AC", "CC", "CV"));
  EXPECT_THAT(alike(CaseNumberForm::kInterim, "CR"), ElementsAre("CR"));
  // Nothing of today is said to be the same.
  EXPECT_THAT(alike(CaseNumberForm::kConverted, "U"), IsEmpty());
  EXPECT_THAT(alike(CaseNumberForm::kAppellate, "SC"), IsEmpty());

  EXPECT_TRUE(HasCategory({"pr", "cc"}, {"CC", "CV"}));
  EXPECT_TRUE(HasCategory({"circuit civil"}, {"CC"}));
  EXPECT_FALSE(HasCategory({"CC"}, {"JU"}));
  EXPECT_FALSE(HasCategory({}, {"JU"}));
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
  const std::string head =
      "form,code,meaning,standing,instead_of,effective_from,confirmed,clause,source\n";
  const std::string good = "interim,CR,Criminal,listed,,2010-01-01,yes,COR,order\n";
  EXPECT_TRUE(ParseCaseCategories(head + good, "t.csv").has_value());
  for (const auto& [row, why] : std::map<std::string, std::string>{
           {good, "t.csv line 3: this form has the code already"},
           {"other,CV,Civil,listed,,,no,COR,order\n", "t.csv line 3: there is no such form"},
           {"interim,cv,Civil,listed,,,no,COR,order\n", "t.csv line 3: a code is"},
           {"interim,CVX,Civil,listed,,,no,COR,order\n", "t.csv line 3: a code is"},
           {"interim,CV,,listed,,,no,COR,order\n", "t.csv line 3: a code needs"},
           {"interim,CV,Civil,perhaps,,,no,COR,order\n", "t.csv line 3: standing is"},
           {"interim,CV,Civil,listed,,then,no,COR,order\n", "t.csv line 3: "},
           {"interim,CV,Civil,listed,,,maybe,COR,order\n", "t.csv line 3: confirmed is"},
           {"interim,CV,Civil,listed,CX,,no,COR,order\n", "t.csv line 3: instead_of is no"},
           {"converted,V,Civil,listed,CR,,no,COR,order\n", "t.csv line 3: instead_of is no"}}) {
    std::string table = head + good;
    table += row;
    const auto read = ParseCaseCategories(table, "t.csv");
    ASSERT_FALSE(read.has_value()) << row;
    EXPECT_THAT(read.error().message, HasSubstr(why));
  }
  EXPECT_FALSE(ParseCaseCategories("code\nCR\n", "t.csv").has_value());

  const std::string years = "form,first_year,last_year,confirmed,clause,remark\n";
  EXPECT_TRUE(ParseCaseYears(years + "interim,1995,2004,no,COR,r\n", "y.csv").has_value());
  for (const char* row :
       {"interim,1904,2004,no,COR,r\n", "interim,2004,1995,no,COR,r\n",
        "interim,95,2004,no,COR,r\n", "interim,1995,2004,maybe,COR,r\n",
        "nothing,1995,2004,no,COR,r\n", "interim,1995,2004,no,COR,r\ninterim,1995,2004,no,COR,r\n",
        "interim,1995,2004,no,COR,r\ninterim,2006,2007,no,COR,r\n",
        "interim,1995,2004,no,COR,r\ninterim,2005,2095,no,COR,r\n"}) {
    EXPECT_FALSE(ParseCaseYears(years + row, "y.csv").has_value()) << row;
  }
  const auto joined =
      ParseCaseYears(years + "interim,1995,1999,no,COR,r\ninterim,2000,2094,yes,COR,r\n", "y.csv");
  ASSERT_TRUE(joined.has_value());
  EXPECT_EQ(FindCaseYears(CaseNumberForm::kInterim, *joined)->last, 2094);
  EXPECT_FALSE(FindCaseYears(CaseNumberForm::kInterim, *joined)->confirmed);
  EXPECT_EQ(FullYear(CaseNumberForm::kInterim, "99", *joined), 1999);
  EXPECT_FALSE(IsCaseYearConfirmed(CaseNumberForm::kInterim, 1999, *joined));
  EXPECT_TRUE(IsCaseYearConfirmed(CaseNumberForm::kInterim, 2000, *joined));
}

TEST(CaseCategoryTest, ALengthIsOneThatTheProgramCanReadAndHoldsFromItsYear) {
  const std::string head = "form,part,first_year,shortest,longest,confirmed,clause,source\n";
  const auto widest =
      ParseCaseLengths(head + "uniform_citation,number,,7,12,yes,COR,letter\n", "l");
  ASSERT_TRUE(widest.has_value());
  EXPECT_EQ(NumberOptions(*widest).citation_digits_min, 7U);
  EXPECT_EQ(NumberOptions(*widest).citation_digits_max, 12U);
  EXPECT_EQ(FindCaseLength(CaseNumberForm::kNewConstruct, 2024, *widest), nullptr);
  // Nobody says: nine, as observed.
  EXPECT_EQ(NumberOptions({}).citation_digits_min, 9U);
  const auto& shipped = CaseNumberLengths();
  EXPECT_EQ(FindCaseLength(CaseNumberForm::kNewConstruct, 2019, shipped)->longest, 2);
  EXPECT_EQ(FindCaseLength(CaseNumberForm::kNewConstruct, 2020, shipped)->longest, 3);
  for (const auto& [row, why] : std::map<std::string, std::string>{
           {"uniform_citation,number,,6,12,no,COR,r", "7 to 12 digits"},
           {"uniform_citation,number,,9,13,no,COR,r", "7 to 12 digits"},
           {"uniform_citation,number,,10,9,no,COR,r", "7 to 12 digits"},
           {"uniform_citation,number,2020,9,9,no,COR,r", "first_year is"},
           {"new_construct,location,,1,2,no,COR,r", "a location 2 or 3"},
           {"new_construct,location,,2,4,no,COR,r", "a location 2 or 3"},
           {"new_construct,location,20,2,3,no,COR,r", "first_year is"},
           {"new_construct,sequence,,5,5,no,COR,r", "only uniform_citation number"},
           {"new_construct,location,,2,3,perhaps,COR,r", "confirmed is"},
           {"new_construct,location,,2,3,no,,r", "needs its clause"},
           {"new_construct,location,,2,3,no,COR,", "needs its clause"},
           {"new_construct,location,2020,2,3,no,COR,r\nnew_construct,location,,2,2,no,COR,r",
            "for these years already"}}) {
    const auto read = ParseCaseLengths(head + row + "\n", "l");
    ASSERT_FALSE(read.has_value()) << row;
    EXPECT_THAT(read.error().message, HasSubstr(why)) << row;
  }
}

}  // namespace
}  // namespace nightbox
