// Personal text: whether a text seems to hold a social security number, a payment card number or a
// birth date, for a warning to its filer (rules/redaction.h says why).
//
// A warning that is often wrong is not read. So the numbers of cases, citations, lawyers and
// telephones must not be taken for these, and what could as well be something else counts only with
// words before it that say what it is. What is missed is the filer's to find all the same.
//
// Pure and linear in the text. Answers kinds, never the text. Also compiled as C++17, into the
// process that examines PDFs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace nightbox {

enum class PersonalKind { kSocialSecurityNumber = 0, kCardNumber = 1, kBirthDate = 2 };
inline constexpr std::size_t kPersonalKinds = 3;

// "a social security number", for people.
std::string_view Words(PersonalKind kind);

struct PersonalKinds {
  std::array<bool, kPersonalKinds> holds{};

  bool any() const { return holds[0] || holds[1] || holds[2]; }
  bool Has(PersonalKind kind) const { return holds[static_cast<std::size_t>(kind)]; }
  void Add(PersonalKind kind) { holds[static_cast<std::size_t>(kind)] = true; }
};

// UTF-8; what is not valid is skipped.
PersonalKinds FindPersonalText(std::string_view text);

// Of a document: the first page, from 1, whose text seems to hold each kind; 0: none that was read.
struct PersonalPages {
  std::array<std::uint16_t, kPersonalKinds> first_page{};

  bool any() const { return first_page[0] != 0 || first_page[1] != 0 || first_page[2] != 0; }
};

}  // namespace nightbox
