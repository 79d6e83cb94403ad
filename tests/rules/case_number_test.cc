// Goal: each text is read as at most one form, printed back as the same number, and no two numbers
// are ever confused: sub-cases, zeros and letters count.
// Method: the shapes of Missouri's numbers with invented values; seeded numbers of every form go to
// text and back; every single edit of a number reads as another number or none.
#include "rules/case_number.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "core/random.h"

namespace nightbox {
namespace {

std::string Digits(Random& random, std::size_t count) {
  std::string digits;
  while (digits.size() < count) digits.push_back(static_cast<char>('0' + random.Below(10)));
  return digits;
}

std::string OneOf(Random& random, const std::vector<std::string>& words) {
  return words[random.Below(words.size())];
}

std::string Location(Random& random) {
  const std::string kCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::string location;
  for (std::uint64_t i = 2 + random.Below(2); i > 0; --i) {
    location.push_back(kCharacters[random.Below(kCharacters.size())]);
  }
  return location;
}

TypedCaseNumber AnyNumber(Random& random) {
  switch (random.Below(5)) {
    case 0:
      return ConvertedNumber{
          std::to_string(10 + random.Below(37)),
          OneOf(random, {"AO", "TJ", "ML", "R", "T", "V", "J", "P", "H", "M", "O", "U"}),
          Digits(random, 2), Digits(random, 2), Digits(random, 1 + random.Below(8))};
    case 1:
      return InterimNumber{Digits(random, 2),
                           OneOf(random, {"CR", "TR", "CV", "JU", "PR", "MH", "FC", "MU", "MC"}),
                           Digits(random, 6)};
    case 2: {
      NewConstructNumber number{Digits(random, 2), Location(random),
                                OneOf(random, {"CR", "CC", "SC", "ML", "PN", "ZZ"}),
                                static_cast<int>(random.Below(100'000)), std::nullopt};
      if (random.OneIn(2)) number.sub_case = Digits(random, 2);
      return number;
    }
    case 3:
      return UniformCitationNumber{Digits(random, 9)};
    default:
      return AppellateNumber{OneOf(random, {"SC", "ED", "WD", "SD"}),
                             Digits(random, 5 + random.Below(2))};
  }
}

TEST(CaseNumberTest, TheKnownShapesAreReadAsTheirForms) {
  const std::map<std::string, CaseNumberForm> shapes = {
      {"24SL-CC01234", CaseNumberForm::kNewConstruct},
      {"23AO-CR00672-01", CaseNumberForm::kNewConstruct},
      {"09SD-AC00235-01", CaseNumberForm::kNewConstruct},
      {"2116-CR00755-01", CaseNumberForm::kNewConstruct},
      {"1822-CR00123", CaseNumberForm::kNewConstruct},
      {"25X1T-CC00001", CaseNumberForm::kNewConstruct},
      {"703480001", CaseNumberForm::kUniformCitation},
      {"171155001", CaseNumberForm::kUniformCitation},
      {"000000001", CaseNumberForm::kUniformCitation},
      {"SC96800", CaseNumberForm::kAppellate},
      {"SC101600", CaseNumberForm::kAppellate},
      {"ED106200", CaseNumberForm::kAppellate},
      {"WD83600", CaseNumberForm::kAppellate},
      {"SD38700", CaseNumberForm::kAppellate},
      {"03CV600123", CaseNumberForm::kInterim},
      {"12R030212345", CaseNumberForm::kConverted},
      {"12O03021", CaseNumberForm::kConverted},
      {"42AO019912", CaseNumberForm::kConverted},
      {"31ML0198123456", CaseNumberForm::kConverted},
  };
  for (const auto& [text, form] : shapes) {
    const auto number = ParseCaseNumber(text);
    ASSERT_TRUE(number.has_value()) << text;
    EXPECT_EQ(Form(*number), form) << text << " read as " << ToString(Form(*number));
    EXPECT_EQ(Canonical(*number), text);
  }
}

TEST(CaseNumberTest, NumericLocationsComeAfterTheYear) {
  const auto number = std::get<NewConstructNumber>(*ParseCaseNumber("1622-CR00755-01"));
  EXPECT_EQ(number.year, "16");
  EXPECT_EQ(number.location, "22");
  EXPECT_EQ(number.category, "CR");
  EXPECT_EQ(number.sequence, 755);
  EXPECT_EQ(number.sub_case, "01");
}

TEST(CaseNumberTest, EveryNumberPrintsToATextThatReadsAsIt) {
  for (std::uint64_t seed = 1; seed <= 5000; ++seed) {
    SeededRandom random(seed);
    const TypedCaseNumber number = AnyNumber(random);
    const auto back = ParseCaseNumber(Canonical(number));
    ASSERT_TRUE(back.has_value()) << "seed " << seed << " " << Canonical(number);
    EXPECT_EQ(*back, number) << "seed " << seed << " " << Canonical(number);
  }
}

TEST(CaseNumberTest, AnEditedTextIsAnotherNumberOrNone) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    SeededRandom random(seed);
    const TypedCaseNumber number = AnyNumber(random);
    std::string text = Canonical(number);
    const std::size_t at = random.Below(text.size());
    const char other = "0O1I-A9"[random.Below(7)];
    if (text[at] == other) continue;
    text[at] = other;
    const auto read = ParseCaseNumber(text);
    EXPECT_TRUE(!read || *read != number) << "seed " << seed << " " << text;
  }
}

TEST(CaseNumberTest, TypedSpacesAndLowerCaseAreTaken) {
  EXPECT_EQ(Canonical(*ParseCaseNumber("  24sl-cc01234\t")), "24SL-CC01234");
}

TEST(CaseNumberTest, WhatHasNoFormIsRefusedWithoutQuotingIt) {
  for (const char* text : {"",
                           " ",
                           "24SL CC01234",
                           "24SLCC01234",
                           "24SL–CC01234",
                           "24SL-CC1234",
                           "24SL-CC012345",
                           "24SL-CC01234-1",
                           "24SL-CC01234-001",
                           "24SL-CC01234-",
                           "24SLAA-CC01234",
                           "24S-CC01234",
                           "24SL-C101234",
                           "47R030212345",
                           "00R030212345",
                           "12R0302",
                           "12R0302123456789",
                           "SC9680",
                           "SC1016000",
                           "XX96800",
                           "12345678",
                           "1234567890",
                           "03CC600123",
                           "03CV60012",
                           "24SL-CC01234 or so"}) {
    const auto read = ParseCaseNumber(text);
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_EQ(read.error().reason, "CASE_NUMBER_SHAPE");
    if (std::string(text).size() > 1) {
      EXPECT_EQ(read.error().message.find(text), std::string::npos);
    }
  }
  EXPECT_FALSE(ParseCaseNumber(std::string(1'000'000, '1')).has_value());
}

TEST(CaseNumberTest, CitationWidthCanBeConfigured) {
  EXPECT_TRUE(ParseCaseNumber("1234567", {7, 12}).has_value());
  EXPECT_FALSE(ParseCaseNumber("123456", {7, 12}).has_value());
  EXPECT_FALSE(ParseCaseNumber("1234567890123", {7, 12}).has_value());
}

TEST(CaseNumberTest, SequencesBeginAtOneAndNeverWrap) {
  EXPECT_EQ(Canonical(*MakeNewConstruct(2024, "SL", "CC", 1, std::nullopt)), "24SL-CC00001");
  EXPECT_EQ(Canonical(*MakeNewConstruct(2009, "16", "CR", 99'999, "01")), "0916-CR99999-01");
  for (const int sequence : {0, -1, 100'000}) {
    const auto refused = MakeNewConstruct(2024, "SL", "CC", sequence, std::nullopt);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().reason, "CASE_SEQUENCE_EXHAUSTED");
  }
  EXPECT_FALSE(MakeNewConstruct(2024, "S", "CC", 1, std::nullopt).has_value());
  EXPECT_FALSE(MakeNewConstruct(2024, "SL", "C", 1, std::nullopt).has_value());
  EXPECT_FALSE(MakeNewConstruct(2024, "SL", "CC", 1, "1").has_value());
  EXPECT_EQ(Canonical(*MakeAppellate("SC", 1)), "SC00001");
  EXPECT_EQ(Canonical(*MakeAppellate("ED", 100'000)), "ED100000");
  EXPECT_FALSE(MakeAppellate("ED", 1'000'000).has_value());
  EXPECT_FALSE(MakeAppellate("XX", 1).has_value());
}

TEST(CaseNumberTest, TheRulesCategoriesAreKnown) {
  for (const char* category : {"CR", "TC", "CC", "MH"})
    EXPECT_TRUE(IsNewConstructCategory(category));
  for (const char* category : {"AO", "ZZ", "cc", ""})
    EXPECT_FALSE(IsNewConstructCategory(category));
}

}  // namespace
}  // namespace nightbox
