// Goal: a social security number, a payment card number and a birth date are found as people write
// them; the numbers a pleading is full of are not taken for them; and the warning says where and
// never what.
// Method: vectors of both kinds; ten thousand lines made of case numbers of every form, citations,
// telephones, bar numbers, docket numbers, dates, amounts and addresses, none of which may warn.
#include "rules/redaction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "core/random.h"
#include "rules/card_number.h"
#include "rules/case_number.h"

namespace nightbox {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// "S", "C", "B": which kinds.
std::string Found(std::string_view text) {
  const PersonalKinds kinds = FindPersonalText(text);
  return std::string(kinds.holds[0] ? "S" : "") + (kinds.holds[1] ? "C" : "") +
         (kinds.holds[2] ? "B" : "");
}

TEST(CardNumberTest, TellsCardsFromReferences) {
  EXPECT_TRUE(LooksLikeCardNumber("card 5555-5555-5555-4444 exp"));
  EXPECT_TRUE(LooksLikeCardNumber("378282246310005"));
  EXPECT_TRUE(LooksLikeCardNumber("6011111111111117"));
  EXPECT_FALSE(LooksLikeCardNumber("4111111111111112"));  // Luhn.
  EXPECT_FALSE(LooksLikeCardNumber("0000000000000000"));  // Luhn, but no card begins so.
  EXPECT_FALSE(LooksLikeCardNumber("3b241101-e2bb-4255-8caf-4136c566a962"));
  EXPECT_FALSE(LooksLikeCardNumber(""));
  EXPECT_FALSE(LooksLikeCardNumber("411111111111"));  // Too short.
}

TEST(PersonalTextTest, SocialSecurityNumbersAsPeopleWriteThem) {
  // With hyphens that do not break.
  EXPECT_EQ(Found("123\u201145\u20116789"), "S");
  for (const char* text :
       {"123-45-6789", "SSN 123-45-6789.", "(123-45-6789)", "Ann Doe, 899-99-9999, of Salem",
        "SSN: 123456789", "social security number 123 45 6789", "Social\nSecurity no. 123456789",
        "123 - 45 - 6789", "SSN#123456789", "on file: SSN 123-45-6789",
        "no. 7 is SSN 123-45-6789"}) {
    EXPECT_EQ(Found(text), "S") << text;
  }
}

TEST(PersonalTextTest, WhatIsNoSocialSecurityNumberIsNotTakenForOne) {
  for (const char* text : {"",
                           "000-12-3456",
                           "666-12-3456",
                           "900-12-3456",
                           "123-00-4567",
                           "123-45-0000",
                           "xxx-xx-6789",
                           "***-**-6789",
                           "the last four digits are 6789",
                           "123456789",
                           "123 45 6789",
                           "1123-45-6789",
                           "123-45-67891",
                           "123-45-6789-01",
                           "1-123-45-6789",
                           "MO123-45-6789",
                           "573-555-0100",
                           "(573) 555-0100",
                           "65560-1234",
                           "2024-07-01",
                           "Docket No. 123-45-6789",
                           "Case Number: 123-45-6789",
                           "bar no. 123-45-6789",
                           "Parcel 123-45-6789",
                           "Doe v. Social Security Administration, Case No. 703480001",
                           "45-6789 and 123",
                           "$123-45-6789.50",
                           "123-45-\n6789"}) {
    EXPECT_EQ(Found(text), "") << text;
  }
}

TEST(PersonalTextTest, CardNumbersAsTheyArePrinted) {
  for (const char* text :
       {"4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111 exp. 12/25",
        "Visa 4111 1111 1111 1111 12/25", "3782 822463 10005", "378282246310005",
        "5555-5555-5555-4444", "3056 930902 5904"}) {
    EXPECT_EQ(Found(text), "C") << text;
  }
  EXPECT_EQ(Found("card\u00A04111\u00A01111\u00A01111\u00A01111"), "C");
  for (const char* text :
       {"4111 1111 1111 1112", "1111 1111 1111 1111", "411 111 111 111 1111", "4 1 1 1 1 1 1 1",
        "41111 1111 1111 111", "x4111111111111111", "4111111111111111-7", "4111 1111-1111 1111",
        "4111 1111 1111\n1111", "ending in 1111"}) {
    EXPECT_EQ(Found(text), "") << text;
  }
}

TEST(PersonalTextTest, BirthDatesBehindWordsThatSaySo) {
  for (const char* text :
       {"DOB 1/5/1980", "DOB: 01/05/80", "D.O.B. 01-05-1980", "Date of Birth: January 5, 1980",
        "date of\nbirth\n1980-01-05", "born on May 5th, 2001", "was born in Salem on 5 Jan. 1980",
        "born the 5th day of March, 1980", "Birthdate 13.02.1990", "birthday: Sept. 5, 1980",
        "Respondent's date of birth is (1/5/1980)"}) {
    EXPECT_EQ(Found(text), "B") << text;
  }
}

TEST(PersonalTextTest, OtherDatesAreNoBirthDates) {
  for (const char* text :
       {"January 5, 1980", "1/5/1980", "year of birth: 1980", "born in 1980", "DOB: xx/xx/1980",
        "Osborn, January 5, 1980", "newborn 1/5/1980", "stillborn", "DOB unknown; filed 1/5/80 13",
        "born in 1980; filed January 5, 2024", "DOB 13/32/1980", "DOB 1/5/180",
        "date of birth redacted. The hearing was held in this court on Monday, January 5, 2024"}) {
    EXPECT_EQ(Found(text).find('B'), std::string::npos) << text;
  }
}

TEST(PersonalTextTest, SeveralKindsAndBytesThatAreNoText) {
  EXPECT_EQ(Found("Ann, DOB 1/5/1980, SSN 123-45-6789, Visa 4111 1111 1111 1111"), "SCB");
  std::string every;
  for (int i = 0; i < 256; ++i) every += static_cast<char>(i);
  EXPECT_EQ(Found(every), "");
  EXPECT_EQ(Found(every + " 123-45-6789"), "S");
  EXPECT_EQ(Found("\xE2\x80"), "");
}

// What a pleading is full of.
class Line {
 public:
  explicit Line(std::uint64_t seed) : random_(seed) {}

  std::string Make() {
    std::string line;
    const std::size_t words = 1 + random_.Below(8);
    for (std::size_t i = 0; i < words; ++i) {
      line += Word();
      line += Pick({" ", ", ", "; ", "\n", " and ", " / ", ". "});
    }
    return line;
  }

 private:
  std::string Digits(std::size_t count) {
    std::string digits;
    for (std::size_t i = 0; i < count; ++i) digits += static_cast<char>('0' + random_.Below(10));
    return digits;
  }
  std::string Pick(const std::vector<std::string>& of) { return of[random_.Below(of.size())]; }

  // Every form of case number; those with letters are parsed to be sure that they are some.
  std::string Case() {
    const std::string number = [&] {
      switch (random_.Below(5)) {
        case 0:
          return Digits(2) + Pick({"SL", "AO", "16", "22", "DNX"}) + "-" +
                 Pick({"CC", "CR", "SC", "JU", "DR"}) + "0" + Digits(3) + "1" +
                 Pick({"", "-01", "-12"});
        case 1:
          return Digits(2) + Pick({"CR", "TR", "CV"}) + Digits(6);
        case 2:
          return "12" + Pick({"R", "T", "V", "AO", "TJ"}) + Digits(4) + Digits(6);
        case 3:
          return Pick({"SC", "ED", "WD", "SD"}) + "9" + Digits(4);
        default:
          return Digits(9);
      }
    }();
    EXPECT_TRUE(ParseCaseNumber(number).has_value()) << number;
    return Pick({"", "Case No. ", "No. ", "Cause number "}) + number;
  }

  std::string Word() {
    switch (random_.Below(12)) {
      case 0:
      case 1:
      case 2:
        return Case();
      case 3:
        return Pick({"", "1-", "+1 ", "Tel. "}) + "573-" + Digits(3) + "-" + Digits(4);
      case 4:
        return "(573) " + Digits(3) + "-" + Digits(4);
      case 5:
        return Pick({"Mo. Bar No. ", "#", "MO Bar #", "Bar "}) + Digits(5);
      case 6:
        return Pick({"Docket No. ", "Docket ", "File no. "}) + Digits(3) + "-" + Digits(2) + "-" +
               Digits(4);
      case 7:
        return std::to_string(1 + random_.Below(12)) + "/" + std::to_string(1 + random_.Below(28)) +
               "/20" + Digits(2);
      case 8:
        return "$" + Digits(3) + "," + Digits(3) + "." + Digits(2);
      case 9:
        return Digits(4) + " Main Street, Salem, MO 6" + Digits(4) + "-" + Digits(4);
      case 10:
        return Pick({"section ", "RSMo "}) + Digits(3) + "." + Digits(3);
      default:
        return Pick({"Plaintiff", "the", "was served on", "January 5, 2024", "2024-07-01",
                     "Defendant", "social security administration", "born", "order no. 12"});
    }
  }

  SeededRandom random_;
};

TEST(PersonalTextTest, ThePleadingsOwnNumbersNeverWarn) {
  for (std::uint64_t seed = 1; seed <= 10'000; ++seed) {
    const std::string line = Line(seed).Make();
    // "born" followed by a date is what it looks like, and so is "social security" by nine digits.
    const std::string found = Found(line);
    const bool said =
        line.find("born") != std::string::npos || line.find("social security") != std::string::npos;
    if (!said) {
      ASSERT_EQ(found, "") << "seed " << seed << ": " << line;
    }
    ASSERT_EQ(found.find('C'), std::string::npos) << "seed " << seed << ": " << line;
  }
}

TEST(PersonalTextTest, EveryIssuedNumberIsFoundAmongThem) {
  SeededRandom random(7);
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    std::string number = std::to_string(100 + random.Below(566)) + "-" +
                         std::to_string(10 + random.Below(90)) + "-" +
                         std::to_string(1000 + random.Below(9000));
    ASSERT_THAT(Found(Line(seed).Make() + " Jane Roe " + number + " of Salem"), HasSubstr("S"))
        << number;
  }
}

// ---- Headers ----

TEST(RedactionTest, EveryTextOfTheHeaderIsLookedAtAndNamed) {
  const std::string marker = "123-45-6789";
  FilingHeader header;
  header.case_reference = NewCase{"CC", marker, marker, {{marker, marker}}};
  header.documents.push_back({marker, DocumentRole::kLead, marker, "", 0, {}, {}});
  header.uniform_citation_number = marker;
  header.signer = marker;
  header.signature_form = marker;
  header.paper_original_custodian = marker;
  header.fee_authorization_reference = marker;  // Admission refuses one that looks like a card.
  header.on_behalf_of = {"Ann", marker};
  header.service_requests = {{marker, marker, marker}};
  header.media_items = {marker};
  header.note_to_clerk = marker;
  header.filer_reference = marker;
  std::vector<std::string> fields;
  for (const PersonalPlace& place : FindPersonalPlaces(header)) {
    fields.push_back(place.field);
    EXPECT_THAT(Sentence(place), Not(HasSubstr("6789")));
    EXPECT_THAT(Sentence(place), HasSubstr(place.field + " seems to hold a social security"));
  }
  EXPECT_THAT(
      fields,
      ElementsAre("header.new_case.case_type", "header.new_case.title",
                  "header.new_case.parties[0].name", "header.new_case.parties[0].role",
                  "header.documents[0].title", "header.documents[0].file_name",
                  "header.uniform_citation_number", "header.signature.signer",
                  "header.signature.form", "header.paper_original_custodian",
                  "header.on_behalf_of[1]", "header.service_requests[0].name",
                  "header.service_requests[0].method", "header.service_requests[0].address",
                  "header.media_items[0]", "header.note_to_clerk", "header.filer_reference"));
  header.case_reference = ExistingCase{marker};
  EXPECT_EQ(FindPersonalPlaces(header)[0].field, "header.case_number");
}

TEST(RedactionTest, ACleanHeaderSaysNothingAndACrammedOneIsBounded) {
  FilingHeader header;
  header.case_reference = ExistingCase{"24DN-CC00017"};
  header.note_to_clerk = "Call 573-555-0100; see 703480001.";
  header.uniform_citation_number = "703480001";
  EXPECT_THAT(FindPersonalPlaces(header), IsEmpty());
  header.on_behalf_of.assign(kPersonalPlacesMax + 5, "123-45-6789");
  EXPECT_EQ(FindPersonalPlaces(header).size(), kPersonalPlacesMax);
}

TEST(RedactionTest, TheSentenceNamesKindAndPage) {
  PersonalPages pages;
  EXPECT_FALSE(pages.any());
  pages.first_page = {3, 0, 1};
  EXPECT_TRUE(pages.any());
  EXPECT_THAT(Sentence(2, pages),
              HasSubstr("document 2 seems to hold a social security number (page 3) and a birth "
                        "date (page 1). "));
  EXPECT_THAT(Sentence(2, pages), HasSubstr("COR 2.02"));
  pages.first_page = {3, 4, 1};
  EXPECT_THAT(Sentence(1, pages), HasSubstr("(page 3), a payment card number (page 4) and a"));
}

}  // namespace
}  // namespace nightbox
