// Goal: what is offered for a mistyped number is what was meant, or nothing: a wrong number that
// looks right is worse than none.
// Method: typing errors one digit too long, lead-ins, and random texts.
#include "rules/case_suggestion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/random.h"
#include "rules/case_number.h"

namespace nightbox {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(CaseSuggestionTest, ASequenceOfSixDigitsIsReadAsFiveOnlyWithALeadingZero) {
  EXPECT_THAT(SuggestCaseNumbers("24SL-CC012345"), ElementsAre("24SL-CC12345"));
  EXPECT_THAT(SuggestCaseNumbers("24SLCC012345"), ElementsAre("24SL-CC12345"));
  EXPECT_THAT(SuggestCaseNumbers("24 SL CC 012345"), ElementsAre("24SL-CC12345"));
  EXPECT_THAT(SuggestCaseNumbers("24SL-CC001234-01"), ElementsAre("24SL-CC01234-01"));
  EXPECT_THAT(SuggestCaseNumbers("1216-CR001234"), ElementsAre("1216-CR01234"));
  EXPECT_THAT(SuggestCaseNumbers("24SL-CC123456"), IsEmpty());
  EXPECT_THAT(SuggestCaseNumbers("SC 012345"), ElementsAre("SC012345"));
}

TEST(CaseSuggestionTest, ASubCaseOfAnotherLengthIsNeverTakenForTheSequence) {
  EXPECT_THAT(SuggestCaseNumbers("24SL-CC01234-1"), ElementsAre("24SL-CC01234-01"));
  EXPECT_THAT(SuggestCaseNumbers("24SL-CC1234-1"), ElementsAre("24SL-CC01234-01"));
  EXPECT_THAT(SuggestCaseNumbers("24SL-CC01234-001"), IsEmpty());
  EXPECT_THAT(SuggestCaseNumbers("2116-CR00755-001"), IsEmpty());
}

TEST(CaseSuggestionTest, WhatIsWrittenBeforeTheNumberIsCut) {
  for (const char* text :
       {"Case No. 24SL-CC01234", "case no 24SL-CC01234", "Cause No.: 24SL-CC01234",
        "CASE NUMBER: 24SL-CC01234", "No. 24SL-CC01234", "No.24SL-CC01234", "#24SL-CC01234",
        "Case #24SL-CC01234", "Docket No. 24slcc01234", "\u2116 24SL-CC01234"}) {
    EXPECT_THAT(SuggestCaseNumbers(text), ElementsAre("24SL-CC01234")) << text;
  }
  EXPECT_THAT(SuggestCaseNumbers("No. SC96800"), ElementsAre("SC96800"));
  EXPECT_THAT(SuggestCaseNumbers("Case No. 03CV600123"), Contains("03CV600123"));
  for (const char* text : {"Case No.", "No", "Case No. unknown", "#", "CASE CASE CASE"})
    EXPECT_THAT(SuggestCaseNumbers(text), IsEmpty()) << text;
}

TEST(CaseSuggestionTest, NoCategoryIsMadeUp) {
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    SeededRandom random(seed);
    std::string text = "24SL-CC";
    const std::string_view kCharacters = "0123456789COIL-";
    for (std::uint64_t i = random.Below(9); i > 0; --i)
      text.push_back(kCharacters[random.Below(kCharacters.size())]);
    for (const std::string& suggestion : SuggestCaseNumbers(text)) {
      const auto number = ParseCaseNumber(suggestion);
      ASSERT_TRUE(number.has_value()) << text;
      const auto* made = std::get_if<NewConstructNumber>(&*number);
      if (made == nullptr) continue;
      EXPECT_TRUE(IsNewConstructCategory(made->category)) << text << " " << suggestion;
    }
  }
}

}  // namespace
}  // namespace nightbox
