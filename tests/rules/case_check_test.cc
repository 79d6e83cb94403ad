// Goal: a person learns what a case number says and what is odd about it; nothing odd is a refusal,
// and no suggestion changes what was typed.
// Method: the numbers of every form, each trap of Missouri's numbering, typing errors.
#include "rules/case_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "core/random.h"
#include "rules/case_suggestion.h"
#include "rules/circuit_history.h"

namespace nightbox {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

CaseNumberReading Read(std::string_view text, const char* court = "") {
  CaseCheckContext context;
  context.courts = &CourtDirectory::Missouri();
  context.court = CourtId(court);
  context.this_year = 2024;
  return ReadCaseNumber(text, context);
}

TEST(CaseCheckTest, ANumberSaysItsPartsAndTheirMeaning) {
  const auto reading = Read("24SL-CC01234-01", "mo.cir.21.st-louis");
  EXPECT_EQ(reading.canonical, "24SL-CC01234-01");
  EXPECT_EQ(reading.year, 2024);
  EXPECT_EQ(reading.location, "SL");
  EXPECT_EQ(reading.category, "CC");
  EXPECT_EQ(reading.category_meaning, "Circuit Civil");
  EXPECT_THAT(reading.courts, ElementsAre(CourtId("mo.cir.21.st-louis")));
  EXPECT_EQ(reading.clause, "COR 4.04.1(3)(a)");
  EXPECT_THAT(reading.flags, IsEmpty());
}

TEST(CaseCheckTest, NumericLocationsAreTheBigCourts) {
  EXPECT_THAT(Read("2116-CR00755-01").courts, ElementsAre(CourtId("mo.cir.16.jackson")));
  EXPECT_EQ(Read("2116-CR00755-01").year, 2021);
  EXPECT_THAT(Read("1622-CR00755").courts, ElementsAre(CourtId("mo.cir.22.st-louis-city")));
  EXPECT_TRUE(Read("1622-CR00755").Has(CaseNumberFlag::kLocationUnconfirmed));
}

TEST(CaseCheckTest, WhatIsOddIsFlaggedAndStillRead) {
  EXPECT_THAT(Read("24sl-cc01234").flags, ElementsAre(CaseNumberFlag::kWrittenDifferently));
  EXPECT_EQ(Read("24sl-cc01234").raw, "24sl-cc01234");
  EXPECT_THAT(Read("24SL-ZZ01234").flags, ElementsAre(CaseNumberFlag::kCategoryUnknown));
  EXPECT_THAT(Read("24QQQ-CC01234").flags, ElementsAre(CaseNumberFlag::kLocationUnknown));
  EXPECT_THAT(Read("24SL-CC00000").flags, ElementsAre(CaseNumberFlag::kSequenceZero));
  EXPECT_THAT(Read("25SL-CC00001").flags, ElementsAre(CaseNumberFlag::kYearInFuture));
  EXPECT_THAT(Read("12R030296123").flags, ElementsAre(CaseNumberFlag::kUnverifiedFormat));
  EXPECT_THAT(Read("SC101600", "mo.cir.21.st-louis").flags,
              ElementsAre(CaseNumberFlag::kUnverifiedFormat, CaseNumberFlag::kFormOfOtherCourt));
  EXPECT_THAT(Read("24SL-CC01234", "mo.sup").flags, ElementsAre(CaseNumberFlag::kFormOfOtherCourt));
  EXPECT_THAT(
      Read("ED106200", "mo.app.wd").flags,
      ElementsAre(CaseNumberFlag::kUnverifiedFormat, CaseNumberFlag::kLocationOfOtherCourt));
  EXPECT_THAT(Read("24SL-CC01234", "mo.cir.13.boone").flags,
              ElementsAre(CaseNumberFlag::kLocationOfOtherCourt));
  EXPECT_THAT(Read("In re the old matter").flags, ElementsAre(CaseNumberFlag::kNoKnownForm));
}

TEST(CaseCheckTest, ADivisionsNumbersBearItsCountysCodeAndACircuitsAnyOfItsCourts) {
  const auto odd = [](std::string_view text, const char* court) {
    return Read(text, court).Has(CaseNumberFlag::kLocationOfOtherCourt);
  };
  EXPECT_FALSE(odd("2431-MU00001", "mo.cir.31.greene.springfield"));
  EXPECT_FALSE(odd("2416-MU00001", "mo.cir.16.jackson.kansas-city"));
  EXPECT_TRUE(odd("24SL-MU00001", "mo.cir.31.greene.springfield"));
  EXPECT_FALSE(odd("24SL-CC00001", "mo.cir.21"));
  EXPECT_FALSE(odd("24CW-CV00001", "mo.cir.13"));
  EXPECT_TRUE(odd("24SL-CC00001", "mo.cir.13"));
}

TEST(CaseCheckTest, AYearThatTheFormNeverHadIsNotTold) {
  for (const char* text : {"98SL-CC00001", "99SL-CC00001", "02SL-CC00001", "94CV600123"}) {
    EXPECT_THAT(Read(text).flags, ElementsAre(CaseNumberFlag::kYearBeforeForm)) << text;
    EXPECT_EQ(Read(text).year, std::nullopt) << text;
    EXPECT_FALSE(Read(text).year_confirmed) << text;
  }
  // The interim form had ended; 2040 has not come, so "40" cannot be after it.
  EXPECT_THAT(Read("05CV600123").flags, ElementsAre(CaseNumberFlag::kYearAfterForm));
  EXPECT_EQ(Read("05CV600123").year, std::nullopt);
  EXPECT_THAT(Read("40CV600123").flags, ElementsAre(CaseNumberFlag::kYearBeforeForm));
  EXPECT_EQ(Read("03CV600123").year, 2003);
}

TEST(CaseCheckTest, WhatRestsOnSomethingUnconfirmedIsSaidToDoSo) {
  // No text lets the new construct begin before 2004.
  EXPECT_EQ(Read("03SL-CC00001").year, 2003);
  EXPECT_FALSE(Read("03SL-CC00001").year_confirmed);
  EXPECT_TRUE(Read("04SL-CC00001").year_confirmed);
  // When the last interim number was given, no text at hand says of any court.
  const auto interim = Read("05CV600123");
  EXPECT_THAT(interim.unconfirmed, ElementsAre(CaseNumberFlag::kYearAfterForm));
  EXPECT_THAT(Explain(CaseNumberFlag::kYearAfterForm, interim), HasSubstr("unconfirmed"));
  EXPECT_EQ(ClauseOf(CaseNumberFlag::kYearAfterForm, interim), "COR 4.04.1(2)(a), (3)(d)");
  // The list of categories that was read has been replaced.
  const auto unknown = Read("24SL-ZZ01234");
  EXPECT_THAT(Explain(CaseNumberFlag::kCategoryUnknown, unknown), HasSubstr("unconfirmed"));
  EXPECT_EQ(ClauseOf(CaseNumberFlag::kCategoryUnknown, unknown), "COR 4.04.1(3)(b), (c)");
  EXPECT_FALSE(Read("24SL-CC01234").category_confirmed);
  EXPECT_TRUE(Read("12R030296123").category_confirmed);
  // Nothing unconfirmed is in that sequences begin at one.
  const auto zero = Read("24SL-CC00000");
  EXPECT_THAT(zero.unconfirmed, IsEmpty());
  EXPECT_EQ(Explain(CaseNumberFlag::kSequenceZero, zero), Explain(CaseNumberFlag::kSequenceZero));
}

TEST(CaseCheckTest, ALocationOfThreeCharactersIsOddBefore2020) {
  const auto early = Read("10ABC-CR00001");
  EXPECT_TRUE(early.Has(CaseNumberFlag::kLocationLengthOfOtherYear));
  EXPECT_EQ(early.year, 2010);
  EXPECT_EQ(ClauseOf(CaseNumberFlag::kLocationLengthOfOtherYear, early), "COR 4.04.1(3)(a)(2)");
  // The text that brought three characters was read in part.
  EXPECT_TRUE(early.unconfirmed.contains(CaseNumberFlag::kLocationLengthOfOtherYear));
  EXPECT_TRUE(Read("19ABC-CR00001").Has(CaseNumberFlag::kLocationLengthOfOtherYear));
  EXPECT_FALSE(Read("20ABC-CR00001").Has(CaseNumberFlag::kLocationLengthOfOtherYear));
  EXPECT_FALSE(Read("20AB-CR00001").Has(CaseNumberFlag::kLocationLengthOfOtherYear));
  EXPECT_FALSE(Read("10AB-CR00001").Has(CaseNumberFlag::kLocationLengthOfOtherYear));
}

TEST(CaseCheckTest, TheLengthOfACitationsNumberIsTheCourtSystems) {
  const std::vector<CaseNumberLength> lengths = {
      {CaseNumberForm::kUniformCitation, 0, 8, 9, true, "R 1", "letter"}};
  CaseCheckContext context;
  EXPECT_TRUE(ReadCaseNumber("70348000", context).Has(CaseNumberFlag::kNoKnownForm));
  context.lengths = &lengths;
  EXPECT_EQ(Form(*ReadCaseNumber("70348000", context).number), CaseNumberForm::kUniformCitation);
  EXPECT_EQ(Form(*ReadCaseNumber("703480001", context).number), CaseNumberForm::kUniformCitation);
  EXPECT_TRUE(ReadCaseNumber("7034800", context).Has(CaseNumberFlag::kNoKnownForm));
}

TEST(CaseCheckTest, ACategoryThatTheCourtDoesNotTakeIsFlaggedWhereTheNumberTells) {
  const auto odd = [](const char* number, const std::vector<std::string>& types) {
    CaseCheckContext context;
    context.case_types = &types;
    const auto reading = ReadCaseNumber(number, context);
    if (reading.Has(CaseNumberFlag::kCategoryNotEnabled)) {
      EXPECT_EQ(ClauseOf(CaseNumberFlag::kCategoryNotEnabled, reading), "COR 27.01");
      EXPECT_THAT(Explain(CaseNumberFlag::kCategoryNotEnabled, reading), HasSubstr("unconfirmed"));
    }
    return reading.Has(CaseNumberFlag::kCategoryNotEnabled);
  };
  EXPECT_TRUE(odd("24DN-JU00001", {"CC"}));
  EXPECT_FALSE(odd("24DN-JU00001", {}));
  EXPECT_FALSE(odd("24DN-JU00001", {"ju"}));
  EXPECT_FALSE(odd("24DN-JU00001", {"juvenile"}));
  EXPECT_FALSE(odd("24DN-CV00001", {"cc", "ac"}));
  EXPECT_FALSE(odd("42V0196123", {"CC"}));
  EXPECT_TRUE(odd("42J0196123", {"CC"}));
  EXPECT_TRUE(odd("03JU600123", {"CC"}));
  // Of these no case type of today is known.
  for (const char* number : {"703480001", "SC101600", "42U0196123", "the old matter"})
    EXPECT_FALSE(odd(number, {"CC"})) << number;
}

TEST(CaseCheckTest, AConvertedNumberNamesACircuitThatItsCourtHasBeenOf) {
  const auto odd = [](std::string_view text, const char* court) {
    return Read(text, court).Has(CaseNumberFlag::kCircuitOfOtherCourt);
  };
  EXPECT_EQ(Read("42V0196123").circuit, 42);
  EXPECT_EQ(Read("24SL-CC01234").circuit, std::nullopt);
  EXPECT_FALSE(odd("42V0196123", ""));
  EXPECT_FALSE(odd("42V0196123", "mo.cir.42.dent"));
  EXPECT_FALSE(odd("42V0196123", "mo.cir.42"));
  EXPECT_TRUE(odd("42V0196123", "mo.cir.16.jackson"));
  EXPECT_TRUE(odd("42M0196123", "mo.cir.31.greene.springfield"));
  EXPECT_FALSE(odd("31M0196123", "mo.cir.31.greene.springfield"));
  // Benton County was of the 30th circuit until 2021.
  EXPECT_FALSE(odd("30V0196123", "mo.cir.27.benton"));
  EXPECT_FALSE(odd("27V0196123", "mo.cir.27.benton"));
  EXPECT_FALSE(odd("30V0196123", "mo.cir.27"));
  EXPECT_TRUE(odd("30V0196123", "mo.cir.27.henry"));
  // By the court system's own history, which knows of no such days.
  const CircuitHistory none;
  CaseCheckContext context;
  context.courts = &CourtDirectory::Missouri();
  context.court = CourtId("mo.cir.27.benton");
  context.circuits = &none;
  EXPECT_TRUE(ReadCaseNumber("30V0196123", context).Has(CaseNumberFlag::kCircuitOfOtherCourt));
  EXPECT_FALSE(odd("42V0196123", "mo.sup"));
}

TEST(CaseCheckTest, WhatWasOnlyObservedOfAFormIsSaid) {
  const auto citation = Read("703480001", "mo.cir.13.boone");
  EXPECT_THAT(citation.flags, ElementsAre(CaseNumberFlag::kUnverifiedFormat));
  EXPECT_THAT(std::string(Explain(CaseNumberFlag::kUnverifiedFormat, citation)),
              testing::HasSubstr("names no court and no year"));
  const auto appellate = Read("SC101600", "mo.sup");
  EXPECT_THAT(appellate.flags, ElementsAre(CaseNumberFlag::kUnverifiedFormat));
  EXPECT_THAT(std::string(Explain(CaseNumberFlag::kUnverifiedFormat, appellate)),
              testing::HasSubstr("names no year"));
  EXPECT_EQ(Explain(CaseNumberFlag::kUnverifiedFormat, Read("12R030296123")),
            Explain(CaseNumberFlag::kUnverifiedFormat));
}

TEST(CaseCheckTest, TheCircuitsChoiceOfCategoriesIsOfAYear) {
  CaseCheckContext context;
  context.categories_chosen.codes = {"CR", "TR", "CV"};
  EXPECT_TRUE(ReadCaseNumber("24SL-CC01234", context).Has(CaseNumberFlag::kCategoryNotChosen));
  EXPECT_THAT(ReadCaseNumber("24SL-CV01234", context).flags, IsEmpty());
}

TEST(CaseCheckTest, EveryFlagHasItsOwnWordAndSentence) {
  std::set<std::string_view> words;
  for (int i = 0; i <= static_cast<int>(CaseNumberFlag::kSequenceZero); ++i) {
    words.insert(ToString(static_cast<CaseNumberFlag>(i)));
    EXPECT_FALSE(Explain(static_cast<CaseNumberFlag>(i)).empty());
  }
  EXPECT_EQ(words.size(), 16U);
}

TEST(CaseCheckTest, WhatPeopleTypeFindsTheNumberTheyMeant) {
  const std::map<std::string, std::string> meant = {{"18sl cr01234", "18SL-CR01234"},
                                                    {"24SLCC01234", "24SL-CC01234"},
                                                    {"24SL\u2013CC01234", "24SL-CC01234"},
                                                    {"24 SL CC 1234", "24SL-CC01234"},
                                                    {"24SL-CC1234", "24SL-CC01234"},
                                                    {"2024SL-CC01234", "24SL-CC01234"},
                                                    {"24SL-CCO1234", "24SL-CC01234"},
                                                    {"24SL-CC0l234", "24SL-CC01234"},
                                                    {"24SL-CC01234 01", "24SL-CC01234-01"},
                                                    {"2116CR0075501", "2116-CR00755-01"},
                                                    {"2116 CR 755", "2116-CR00755"},
                                                    {"SC 101600", "SC101600"},
                                                    {"SC-96800", "SC96800"},
                                                    {"03-CV-600123", "03CV600123"},
                                                    {"12 R 03 02 12345", "12R030212345"},
                                                    {"24X1TCC00001", "24X1T-CC00001"}};
  for (const auto& [typed, number] : meant) {
    const auto reading = Read(typed);
    EXPECT_FALSE(reading.number.has_value()) << typed;
    EXPECT_THAT(reading.suggestions, Contains(number)) << typed;
    EXPECT_EQ(reading.raw, typed);
    EXPECT_LE(reading.suggestions.size(), 3U);
  }
}

TEST(CaseCheckTest, TheYearsAreThoseOfTheCourtSystem) {
  const std::vector<CaseYears> years = {{CaseNumberForm::kNewConstruct, 1990, 2020, true, "R 1"}};
  CaseCheckContext context;
  context.years = &years;
  EXPECT_EQ(ReadCaseNumber("99SL-CC01234", context).year, 1999);
  EXPECT_TRUE(ReadCaseNumber("24SL-CC01234", context).Has(CaseNumberFlag::kYearAfterForm));
  // Nobody says which years numbers of this form had.
  const CaseNumberReading interim = ReadCaseNumber("03CV600123", context);
  EXPECT_EQ(interim.year, std::nullopt);
  EXPECT_FALSE(interim.year_confirmed);
}

TEST(CaseCheckTest, ASuggestionIsACanonicalNumberAndLettersInAConvertedNumberAreLeftAlone) {
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    SeededRandom random(seed);
    const std::string_view kCharacters = "0123456789ABCSLORI- oi.";
    std::string text;
    for (std::uint64_t i = random.Below(20); i > 0; --i)
      text.push_back(kCharacters[random.Below(kCharacters.size())]);
    for (const std::string& suggestion : SuggestCaseNumbers(text)) {
      const auto number = ParseCaseNumber(suggestion);
      ASSERT_TRUE(number.has_value()) << text;
      EXPECT_EQ(Canonical(*number), suggestion);
    }
  }
  // "O" is a category there and never a zero.
  EXPECT_THAT(SuggestCaseNumbers("12 O 0302 123"), ElementsAre("12O0302123"));
  EXPECT_THAT(SuggestCaseNumbers(std::string(100'000, '1')), IsEmpty());
  EXPECT_THAT(SuggestCaseNumbers(""), IsEmpty());
  EXPECT_THAT(SuggestCaseNumbers("<script>"), IsEmpty());
}

}  // namespace
}  // namespace nightbox
