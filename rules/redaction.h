// The redaction duty: a warning to the filer where a header or a document seems to hold personal
// information that ought to be left out or blackened before it is filed.
//
// The duty is the filer's alone; neither clerk nor gateway reviews, and none may refuse for it
// (COR 2.02 of 2012). So this only warns, by kind and place, never by the text; and that it does
// not warn says nothing. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/filing.h"
#include "rules/personal_text.h"

namespace nightbox {

// A member of the header that seems to hold personal information.
struct PersonalPlace {
  std::string field;  // "header.note_to_clerk"
  PersonalKinds kinds;
};

// More places than that are not worth a person's reading.
inline constexpr std::size_t kPersonalPlacesMax = 20;

// The texts of the header, in its order. The payment reference is left out: one that looks like a
// card number is refused.
std::vector<PersonalPlace> FindPersonalPlaces(const FilingHeader& header);

// For people; ends with its full stop.
std::string Sentence(const PersonalPlace& place);
// Of a document, by its number from 1.
std::string Sentence(std::size_t document_number, const PersonalPages& pages);

}  // namespace nightbox
