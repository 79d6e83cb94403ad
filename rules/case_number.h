// Missouri case numbers: what a text is, and the one text that says it (COR 4.04.1 effective
// 1 January 2020; the order of 10 September 2009 for the older forms).
//
// Five forms, and no text has two of them:
//   converted        circuit category location year sequence   12R0302123456
//   interim          year category sequence                    03CV600123
//   new construct    year location - category sequence [-sub]  24SL-CC01234-01, 2116-CR00755
//   uniform citation the citation's number is the file number  703480001
//   appellate        prefix and running number                 SC101600
//
// Identity is strict: a sub-case is part of the number, letters O and digits 0 are never exchanged,
// years stay two digits as written. Shape is lenient: a text of no form may still be a case number,
// so nobody refuses a filing because ParseCaseNumber does (trap of old, converted cases).
// Pure functions. Errors never quote the text: case numbers can be confidential (COR 2.02).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/result.h"

namespace nightbox {

enum class CaseNumberForm {
  kConverted,
  kInterim,
  kNewConstruct,
  kUniformCitation,
  kAppellate,
};

// Text members are upper case and keep their leading zeros.
struct ConvertedNumber {
  std::string circuit;   // "01" to "46".
  std::string category;  // "AO", "TJ", "ML", or one of R T V J P H M O U.
  std::string location;  // Two digits.
  std::string year;      // Two digits; may be of the 1900s.
  std::string sequence;  // As first assigned: one to eight digits.
  bool operator==(const ConvertedNumber&) const = default;
};

struct InterimNumber {
  std::string year;
  std::string category;  // CR TR CV JU PR MH FC MU MC.
  std::string sequence;  // Six digits.
  bool operator==(const InterimNumber&) const = default;
};

struct NewConstructNumber {
  std::string year;
  std::string location;  // Two or three letters or digits.
  std::string category;  // Two letters; IsNewConstructCategory says whether the rule lists them.
  int sequence = 0;      // 0 to 99999; numbering begins at 1 each year.
  std::optional<std::string> sub_case;  // Two digits. No sub-case is not sub-case 01.
  bool operator==(const NewConstructNumber&) const = default;
};

struct UniformCitationNumber {
  std::string digits;
  bool operator==(const UniformCitationNumber&) const = default;
};

struct AppellateNumber {
  std::string prefix;    // SC ED WD SD.
  std::string sequence;  // Five digits or six: SC99984 was followed by six.
  bool operator==(const AppellateNumber&) const = default;
};

using TypedCaseNumber = std::variant<ConvertedNumber, InterimNumber, NewConstructNumber,
                                     UniformCitationNumber, AppellateNumber>;

struct CaseNumberOptions {
  // Nine digits are what is seen; the Highway Patrol's rule is not at hand.
  std::size_t citation_digits_min = 9;
  std::size_t citation_digits_max = 9;
};

// Takes spaces around and lower case as typed; refuses everything else with kInvalidArgument,
// reason CASE_NUMBER_SHAPE.
Result<TypedCaseNumber> ParseCaseNumber(std::string_view text,
                                        const CaseNumberOptions& options = {});

CaseNumberForm Form(const TypedCaseNumber& number);
std::string_view ToString(CaseNumberForm form);

// The one text of the number: ParseCaseNumber(Canonical(x)) == x.
std::string Canonical(const TypedCaseNumber& number);

// The mandatory categories and the optional ones a circuit may use.
bool IsNewConstructCategory(std::string_view category);

inline constexpr int kNewConstructSequenceMax = 99'999;

// Makes the number of a new case. Refuses a sequence outside 1 to 99999 with kFailedPrecondition,
// reason CASE_SEQUENCE_EXHAUSTED: a wrapped sequence would give two cases one number. Refuses what
// ParseCaseNumber would not read back with kInvalidArgument.
Result<NewConstructNumber> MakeNewConstruct(int year, std::string_view location,
                                            std::string_view category, int sequence,
                                            std::optional<std::string> sub_case);

// Makes the number of a new case in an appellate court. At least five digits.
Result<AppellateNumber> MakeAppellate(std::string_view prefix, int sequence);

}  // namespace nightbox
