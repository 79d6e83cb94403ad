// Goal: no text has two forms of a case number.
// Method: an exhaustive argument. Each form is written down a second time, from the rule, as a
// finite list of shapes: a shape is a fixed number of positions, each with the characters it may
// hold. A text has two forms only if two shapes of one length share a character in every position,
// so it is enough to look at every pair of shapes. That the shapes are what the parser reads is
// tried on texts made from them and on texts that leave them in one place.
#include <gtest/gtest.h>

#include <bitset>
#include <string>
#include <vector>

#include "core/random.h"
#include "rules/case_number.h"

namespace nightbox {
namespace {

using Characters = std::bitset<128>;

struct Shape {
  CaseNumberForm form;
  std::vector<Characters> positions;
};

Characters Of(std::string_view characters) {
  Characters set;
  for (const char c : characters) set.set(static_cast<std::size_t>(c));
  return set;
}

const Characters kDigit = Of("0123456789");
const Characters kLetter = Of("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
const Characters kEither = kDigit | kLetter;

void Append(std::vector<Characters>& positions, const Characters& characters, std::size_t count) {
  positions.insert(positions.end(), count, characters);
}

void AppendText(std::vector<Characters>& positions, std::string_view text) {
  for (const char c : text) positions.push_back(Of(std::string(1, c)));
}

// Citations as wide as configuration allows.
constexpr CaseNumberOptions kWidest = {7, 12};

std::vector<Shape> AllShapes() {
  std::vector<Shape> shapes;
  for (const char* category : {"AO", "TJ", "ML", "R", "T", "V", "J", "P", "H", "M", "O", "U"}) {
    for (const char* circuit : {"0", "1", "2", "3", "4"}) {
      for (std::size_t sequence = 1; sequence <= 8; ++sequence) {
        Shape shape{CaseNumberForm::kConverted, {}};
        AppendText(shape.positions, circuit);
        const char first = circuit[0];
        shape.positions.push_back(first == '0'   ? Of("123456789")
                                  : first == '4' ? Of("0123456")
                                                 : kDigit);
        AppendText(shape.positions, category);
        Append(shape.positions, kDigit, 4 + sequence);
        shapes.push_back(shape);
      }
    }
  }
  for (const char* category : {"CR", "TR", "CV", "JU", "PR", "MH", "FC", "MU", "MC"}) {
    Shape shape{CaseNumberForm::kInterim, {}};
    Append(shape.positions, kDigit, 2);
    AppendText(shape.positions, category);
    Append(shape.positions, kDigit, 6);
    shapes.push_back(shape);
  }
  for (const std::size_t location : {2U, 3U}) {
    for (const bool sub_case : {false, true}) {
      Shape shape{CaseNumberForm::kNewConstruct, {}};
      Append(shape.positions, kDigit, 2);
      Append(shape.positions, kEither, location);
      AppendText(shape.positions, "-");
      Append(shape.positions, kLetter, 2);
      Append(shape.positions, kDigit, 5);
      if (sub_case) {
        AppendText(shape.positions, "-");
        Append(shape.positions, kDigit, 2);
      }
      shapes.push_back(shape);
    }
  }
  for (std::size_t digits = kWidest.citation_digits_min; digits <= kWidest.citation_digits_max;
       ++digits) {
    Shape shape{CaseNumberForm::kUniformCitation, {}};
    Append(shape.positions, kDigit, digits);
    shapes.push_back(shape);
  }
  for (const char* prefix : {"SC", "ED", "WD", "SD"}) {
    for (const std::size_t digits : {5U, 6U}) {
      Shape shape{CaseNumberForm::kAppellate, {}};
      AppendText(shape.positions, prefix);
      Append(shape.positions, kDigit, digits);
      shapes.push_back(shape);
    }
  }
  return shapes;
}

bool ShareAText(const Shape& one, const Shape& other) {
  if (one.positions.size() != other.positions.size()) return false;
  for (std::size_t i = 0; i < one.positions.size(); ++i) {
    if ((one.positions[i] & other.positions[i]).none()) return false;
  }
  return true;
}

char AnyOf(const Characters& characters, Random& random) {
  for (;;) {
    const auto c = static_cast<std::size_t>(random.Below(128));
    if (characters[c]) return static_cast<char>(c);
  }
}

TEST(CaseNumberFormsTest, NoTextHasTwoForms) {
  const std::vector<Shape> shapes = AllShapes();
  int pairs = 0;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    for (std::size_t j = i + 1; j < shapes.size(); ++j) {
      if (shapes[i].form == shapes[j].form) continue;
      ++pairs;
      EXPECT_FALSE(ShareAText(shapes[i], shapes[j])) << i << " and " << j;
    }
  }
  EXPECT_GT(pairs, 1000);
}

TEST(CaseNumberFormsTest, TheArgumentWouldNoticeTwoFormsOfOneText) {
  std::vector<Shape> shapes = AllShapes();
  // An interim number whose category may be any letters would be no converted number still, but a
  // citation that may hold letters would be nearly everything.
  Shape loose{CaseNumberForm::kUniformCitation, {}};
  Append(loose.positions, kEither, 10);
  bool found = false;
  for (const Shape& shape : shapes) found = found || ShareAText(shape, loose);
  EXPECT_TRUE(found);
}

TEST(CaseNumberFormsTest, TheParserReadsExactlyTheShapes) {
  const std::vector<Shape> shapes = AllShapes();
  SeededRandom random(41);
  for (const Shape& shape : shapes) {
    for (int i = 0; i < 20; ++i) {
      std::string text;
      for (const Characters& characters : shape.positions) text += AnyOf(characters, random);
      const auto number = ParseCaseNumber(text, kWidest);
      ASSERT_TRUE(number.has_value()) << text;
      EXPECT_EQ(Form(*number), shape.form) << text;
      // One place spoilt: a text of no shape must have no form, and one of another shape that form.
      const std::size_t at = random.Below(text.size());
      text[at] = AnyOf(kEither | Of("-"), random);
      const Shape* fits = nullptr;
      for (const Shape& other : shapes) {
        if (other.positions.size() != text.size()) continue;
        bool all = true;
        for (std::size_t k = 0; k < text.size() && all; ++k)
          all = other.positions[k][static_cast<std::size_t>(text[k])];
        if (all) fits = &other;
      }
      const auto spoilt = ParseCaseNumber(text, kWidest);
      ASSERT_EQ(spoilt.has_value(), fits != nullptr) << text;
      if (fits != nullptr) {
        EXPECT_EQ(Form(*spoilt), fits->form) << text;
      }
    }
  }
}

}  // namespace
}  // namespace nightbox
