// Goal: a number's category is odd only where it is known that the circuit had not chosen it for
// that year, and a table with a mistake in it is refused with its line.
// Method: a few choices asked about from the year before to the year after; tables with one fault.
#include "rules/category_choices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/case_category.h"
#include "rules/case_check.h"
#include "rules/embedded_data.h"

namespace nightbox {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const char kHeader[] = "circuit,year,category,chosen,source,confirmed\n";

CategoryChoices Read(const std::string& rows) {
  auto read = CategoryChoices::Parse(kHeader + rows, "c");
  EXPECT_TRUE(read) << read.error().message;
  return read ? *std::move(read) : CategoryChoices();
}

TEST(CategoryChoicesTest, NothingIsKnownOfAnyCircuit) {
  const auto shipped = CategoryChoices::Parse(EmbeddedRulesData("category_choices.csv"), "c");
  ASSERT_TRUE(shipped) << shipped.error().message;
  EXPECT_THAT(shipped->In(42, 2024).codes, IsEmpty());
}

TEST(CategoryChoicesTest, AChoiceHoldsFromItsYearUntilTheNext) {
  const CategoryChoices choices =
      Read("42,2010,SC,no,order,yes\n42,2020,SC,yes,order,yes\n42,2010,DR,yes,order,yes\n");
  EXPECT_THAT(choices.In(42, 2009).codes, IsEmpty());
  for (const int year : {2010, 2019}) {
    EXPECT_THAT(choices.In(42, year).codes, Not(Contains("SC")));
    EXPECT_THAT(choices.In(42, year).left_out_unconfirmed, IsEmpty());
    // Chosen, mandatory, and not known: all may be.
    for (const char* code : {"DR", "CR", "MH"}) {
      EXPECT_THAT(choices.In(42, year).codes, Contains(code));
    }
  }
  EXPECT_THAT(choices.In(42, 2020).codes, IsEmpty());
  EXPECT_THAT(choices.In(41, 2015).codes, IsEmpty());
  EXPECT_THAT(choices.In(43, 2015).codes, IsEmpty());
}

TEST(CategoryChoicesTest, AChoiceThatNobodyConfirmedIsSaidToBeUnconfirmed) {
  const CategoryChoices choices = Read("42,2010,SC,no,a call,no\n42,2010,DR,no,order,yes\n");
  EXPECT_THAT(choices.In(42, 2015).left_out_unconfirmed, ElementsAre("SC"));
  CaseCheckContext context;
  context.categories_chosen = choices.In(42, 2015);
  const auto said = [&](const char* number) {
    const CaseNumberReading reading = ReadCaseNumber(number, context);
    EXPECT_TRUE(reading.Has(CaseNumberFlag::kCategoryNotChosen)) << number;
    return Explain(CaseNumberFlag::kCategoryNotChosen, reading);
  };
  EXPECT_THAT(said("15DN-SC00001"), HasSubstr("unconfirmed"));
  EXPECT_THAT(said("15DN-DR00001"), Not(HasSubstr("unconfirmed")));
}

TEST(CategoryChoicesTest, ACircuitMayHaveCircuitAndAssociateCivilInsteadOfCivil) {
  const CategoryChoices choices =
      Read("42,2010,CV,no,order,yes\n42,2010,CC,yes,order,yes\n42,2010,AC,yes,order,yes\n");
  CaseCheckContext context;
  context.categories_chosen = choices.In(42, 2015);
  const CaseNumberReading reading = ReadCaseNumber("15DN-CV00001", context);
  EXPECT_TRUE(reading.Has(CaseNumberFlag::kCategoryNotChosen));
  EXPECT_EQ(ClauseOf(CaseNumberFlag::kCategoryNotChosen, reading), "COR 4.04.1(3)(c), (d)");
  EXPECT_FALSE(ReadCaseNumber("15DN-AC00001", context).Has(CaseNumberFlag::kCategoryNotChosen));
}

TEST(CategoryChoicesTest, ACircuitHasCivilOrWhatStandsForIt) {
  const auto refusal = [](const std::string& rows) {
    const auto read = CategoryChoices::Parse(kHeader + rows, "c");
    return read ? std::string() : read.error().message;
  };
  const std::string none = "42,2010,CV,no,order,yes\n42,2010,CC,no,order,yes\n";
  EXPECT_EQ(refusal(none), "") << "it may have AC";
  EXPECT_THAT(
      refusal(none + "42,2010,AC,no,order,yes\n"),
      AllOf(testing::StartsWith("c line 2: "), HasSubstr("none of CV, CC and AC in that year")));
  // A choice holds on, wherever in the file it stands.
  EXPECT_THAT(refusal("42,2015,AC,no,order,yes\n" + none), testing::StartsWith("c line 2: "));
  EXPECT_EQ(refusal(none + "42,2015,AC,no,order,yes\n42,2014,CV,yes,order,yes\n"), "");
  EXPECT_EQ(refusal(none + "41,2010,AC,no,order,yes\n"), "") << "another circuit's";
  EXPECT_EQ(refusal("42,2010,SC,no,order,yes\n"), "") << "nothing stands for it";
}

TEST(CategoryChoicesTest, TheCircuitIsTheOneOfTheNumbersYear) {
  const CategoryChoices choices = Read("30,2015,SC,no,order,yes\n27,2015,DR,no,order,yes\n");
  const auto odd = [&](const char* court, const char* number) {
    CaseCheckContext context;
    context.categories_chosen = CategoriesChosen(
        choices, CircuitHistory::Missouri(), CourtDirectory::Missouri(), CourtId(court), number);
    return ReadCaseNumber(number, context).Has(CaseNumberFlag::kCategoryNotChosen);
  };
  // Benton County left the 30th circuit for the 27th on 1 January 2022.
  EXPECT_TRUE(odd("mo.cir.27.benton", "21BE-SC00001"));
  EXPECT_FALSE(odd("mo.cir.27.benton", "21BE-DR00001"));
  EXPECT_FALSE(odd("mo.cir.27.benton", "22BE-SC00001"));
  EXPECT_TRUE(odd("mo.cir.27.benton", "22BE-DR00001"));
  EXPECT_FALSE(odd("mo.cir.27.benton", "14BE-SC00001"));
  // No year, no circuit, no such court.
  EXPECT_FALSE(odd("mo.cir.27.benton", "In re the old matter"));
  EXPECT_FALSE(odd("mo.sup", "SC101600"));
  EXPECT_FALSE(odd("mo.cir.27", "22BE-DR00001"));
  EXPECT_FALSE(odd("mo.cir.99.nowhere", "22BE-DR00001"));
}

TEST(CategoryChoicesTest, ATableWithAMistakeIsRefusedWithItsLine) {
  for (const auto& [row, why] : std::vector<std::pair<std::string, std::string>>{
           {"0,2010,SC,no,order,yes", "circuit is not"},
           {"47,2010,SC,no,order,yes", "circuit is not the number of a circuit"},
           {"42,1999,SC,no,order,yes", "year is none"},
           {"42,2010,QQ,no,order,yes", "no such category"},
           {"42,2010,CR,no,order,yes", "every circuit has"},
           {"42,2010,SC,maybe,order,yes", "chosen is"},
           {"42,2010,SC,no,,yes", "source is empty"},
           {"42,2010,SC,no,order,perhaps", "confirmed is"},
           {"41,2010,SC,yes,order,yes", "stands here twice"}}) {
    const auto read =
        CategoryChoices::Parse(kHeader + ("41,2010,SC,no,order,yes\n" + row) + "\n", "c");
    ASSERT_FALSE(read) << row;
    EXPECT_THAT(read.error().message, testing::StartsWith("c line 3: ")) << row;
    EXPECT_THAT(read.error().message, HasSubstr(why));
  }
}

}  // namespace
}  // namespace nightbox
