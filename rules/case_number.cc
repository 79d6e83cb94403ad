#include "rules/case_number.h"

#include <algorithm>
#include <array>

namespace nightbox {
namespace {

// Longest first: "ML" begins with a letter that is a category of its own.
constexpr std::array<std::string_view, 12> kConvertedCategories = {"AO", "TJ", "ML", "R", "T", "V",
                                                                   "J",  "P",  "H",  "M", "O", "U"};
constexpr std::array<std::string_view, 9> kInterimCategories = {"CR", "TR", "CV", "JU", "PR",
                                                                "MH", "FC", "MU", "MC"};
constexpr std::array<std::string_view, 20> kNewCategories = {
    "CR", "TR", "CV", "JU", "PR", "MU", "CY", "MC", "JR", "TC",   // Mandatory.
    "CC", "AC", "SC", "DR", "PN", "FC", "AD", "ML", "TJ", "MH"};  // Optional.
constexpr std::array<std::string_view, 4> kAppellatePrefixes = {"SC", "ED", "WD", "SD"};

constexpr std::size_t kTextMax = 32;

template <class List>
bool Contains(const List& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool AllDigits(std::string_view text) { return std::all_of(text.begin(), text.end(), IsDigit); }
bool AllUpper(std::string_view text) { return std::all_of(text.begin(), text.end(), IsUpper); }
bool IsLocation(std::string_view text) {
  return (text.size() == 2 || text.size() == 3) &&
         std::all_of(text.begin(), text.end(), [](char c) { return IsDigit(c) || IsUpper(c); });
}

std::string Padded(int number, std::size_t width) {
  std::string digits = std::to_string(number);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return digits;
}

// ASCII only: a dash that is not a hyphen is refused, never guessed at.
std::string Normalized(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  text = text.substr(first, text.find_last_not_of(" \t") - first + 1);
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

// Each reader below answers nullopt unless the whole text is of its form.

std::optional<TypedCaseNumber> ReadNewConstruct(std::string_view text) {
  const std::size_t hyphen = text.find('-');
  if (hyphen != 4 && hyphen != 5) return std::nullopt;
  NewConstructNumber number;
  number.year = text.substr(0, 2);
  number.location = text.substr(2, hyphen - 2);
  std::string_view rest = text.substr(hyphen + 1);
  if (rest.size() != 7 && rest.size() != 10) return std::nullopt;
  number.category = rest.substr(0, 2);
  const std::string_view sequence = rest.substr(2, 5);
  if (!AllDigits(number.year) || !IsLocation(number.location) || !AllUpper(number.category) ||
      !AllDigits(sequence)) {
    return std::nullopt;
  }
  number.sequence = std::stoi(std::string(sequence));
  rest.remove_prefix(7);
  if (!rest.empty()) {
    if (rest[0] != '-' || !AllDigits(rest.substr(1))) return std::nullopt;
    number.sub_case = rest.substr(1);
  }
  return number;
}

std::optional<TypedCaseNumber> ReadInterim(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  InterimNumber number{std::string(text.substr(0, 2)), std::string(text.substr(2, 2)),
                       std::string(text.substr(4))};
  if (!AllDigits(number.year) || !Contains(kInterimCategories, number.category) ||
      !AllDigits(number.sequence)) {
    return std::nullopt;
  }
  return number;
}

std::optional<TypedCaseNumber> ReadConverted(std::string_view text) {
  if (text.size() < 3 || !AllDigits(text.substr(0, 2))) return std::nullopt;
  ConvertedNumber number;
  number.circuit = text.substr(0, 2);
  if (number.circuit < "01" || number.circuit > "46") return std::nullopt;
  text.remove_prefix(2);
  for (const std::string_view category : kConvertedCategories) {
    if (text.starts_with(category)) {
      number.category = category;
      break;
    }
  }
  if (number.category.empty()) return std::nullopt;
  text.remove_prefix(number.category.size());
  if (text.size() < 5 || text.size() > 12 || !AllDigits(text)) return std::nullopt;
  number.location = text.substr(0, 2);
  number.year = text.substr(2, 2);
  number.sequence = text.substr(4);
  return number;
}

std::optional<TypedCaseNumber> ReadUniformCitation(std::string_view text,
                                                   const CaseNumberOptions& options) {
  if (text.size() < options.citation_digits_min || text.size() > options.citation_digits_max ||
      !AllDigits(text)) {
    return std::nullopt;
  }
  return UniformCitationNumber{std::string(text)};
}

std::optional<TypedCaseNumber> ReadAppellate(std::string_view text) {
  if (text.size() != 7 && text.size() != 8) return std::nullopt;
  AppellateNumber number{std::string(text.substr(0, 2)), std::string(text.substr(2))};
  if (!Contains(kAppellatePrefixes, number.prefix) || !AllDigits(number.sequence)) {
    return std::nullopt;
  }
  return number;
}

struct WriteCanonical {
  std::string operator()(const ConvertedNumber& n) const {
    return n.circuit + n.category + n.location + n.year + n.sequence;
  }
  std::string operator()(const InterimNumber& n) const { return n.year + n.category + n.sequence; }
  std::string operator()(const NewConstructNumber& n) const {
    return n.year + n.location + "-" + n.category + Padded(n.sequence, 5) +
           (n.sub_case ? "-" + *n.sub_case : "");
  }
  std::string operator()(const UniformCitationNumber& n) const { return n.digits; }
  std::string operator()(const AppellateNumber& n) const { return n.prefix + n.sequence; }
};

Error Exhausted() {
  return Error{ErrorCode::kFailedPrecondition,
               "the sequence of case numbers is used up; the court must decide how to go on",
               "CASE_SEQUENCE_EXHAUSTED"};
}

}  // namespace

Result<TypedCaseNumber> ParseCaseNumber(std::string_view text, const CaseNumberOptions& options) {
  const std::string normal = text.size() <= kTextMax ? Normalized(text) : std::string();
  if (auto number = ReadNewConstruct(normal)) return *std::move(number);
  if (auto number = ReadInterim(normal)) return *std::move(number);
  if (auto number = ReadConverted(normal)) return *std::move(number);
  if (auto number = ReadUniformCitation(normal, options)) return *std::move(number);
  if (auto number = ReadAppellate(normal)) return *std::move(number);
  return Error{ErrorCode::kInvalidArgument, "the text has none of the forms of a case number",
               "CASE_NUMBER_SHAPE"};
}

CaseNumberForm Form(const TypedCaseNumber& number) {
  return static_cast<CaseNumberForm>(number.index());  // The variant lists the forms in order.
}

std::string_view ToString(CaseNumberForm form) {
  constexpr std::array<std::string_view, 5> kNames = {"converted", "interim", "new_construct",
                                                      "uniform_citation", "appellate"};
  return kNames.at(static_cast<std::size_t>(form));
}

std::string Canonical(const TypedCaseNumber& number) {
  return std::visit(WriteCanonical{}, number);
}

bool IsNewConstructCategory(std::string_view category) {
  return Contains(kNewCategories, category);
}

Result<NewConstructNumber> MakeNewConstruct(int year, std::string_view location,
                                            std::string_view category, int sequence,
                                            std::optional<std::string> sub_case) {
  if (sequence < 1 || sequence > kNewConstructSequenceMax) return Exhausted();
  if (year < 0 || !IsLocation(location) || category.size() != 2 || !AllUpper(category) ||
      (sub_case && (sub_case->size() != 2 || !AllDigits(*sub_case)))) {
    return Error{ErrorCode::kInvalidArgument, "the parts do not make a case number",
                 "CASE_NUMBER_SHAPE"};
  }
  return NewConstructNumber{Padded(year % 100, 2), std::string(location), std::string(category),
                            sequence, std::move(sub_case)};
}

Result<AppellateNumber> MakeAppellate(std::string_view prefix, int sequence) {
  if (sequence < 1 || sequence > 999'999) return Exhausted();
  if (!Contains(kAppellatePrefixes, prefix)) {
    return Error{ErrorCode::kInvalidArgument, "no appellate court has this prefix",
                 "CASE_NUMBER_SHAPE"};
  }
  return AppellateNumber{std::string(prefix), Padded(sequence, 5)};
}

}  // namespace nightbox
