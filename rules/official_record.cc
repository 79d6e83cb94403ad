#include "rules/official_record.h"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "core/check.h"
#include "rules/case_category.h"
#include "rules/case_number.h"
#include "rules/data_table.h"
#include "rules/embedded_data.h"

namespace nightbox {
namespace {

constexpr std::string_view kBackerElements = "backer_sheet";
constexpr std::string_view kDocketElements = "docket_sheet";
constexpr std::array<std::string_view, 5> kKinds = {"summary_estate", "citation", "serious_traffic",
                                                    "ordinance", "traffic"};
constexpr std::string_view kNoFirstDay = "effective_from is no date";

// Letters and digits in small letters; everything else separates.
std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  for (char c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool in_word =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    if (in_word && !inside) words.emplace_back();
    if (in_word) words.back() += c;
    inside = in_word;
  }
  return words;
}

// The code in the number; empty where the form has none or the text is no case number.
std::string CategoryOf(const std::string& number) {
  const auto parsed = ParseCaseNumber(number);
  if (!parsed) return {};
  if (const auto* converted = std::get_if<ConvertedNumber>(&*parsed)) return converted->category;
  if (const auto* interim = std::get_if<InterimNumber>(&*parsed)) return interim->category;
  if (const auto* newer = std::get_if<NewConstructNumber>(&*parsed)) return newer->category;
  return {};
}

bool IsCitationNumber(const std::string& number, const CaseNumberOptions& options) {
  const auto parsed = ParseCaseNumber(number, options);
  return parsed && Form(*parsed) == CaseNumberForm::kUniformCitation;
}

struct KnownCase {
  const std::vector<RecordKindWord>& kinds;
  std::string category;
  std::vector<std::string> type;

  bool Is(std::string_view kind) const {
    return std::ranges::any_of(kinds, [&](const RecordKindWord& row) {
      if (row.kind != kind) return false;
      if (row.is_category) return EqualButForCapitals(row.words.front(), category);
      return std::ranges::all_of(row.words, [&](const std::string& word) {
        return std::ranges::find(type, word) != type.end();
      });
    });
  }
};

bool HasClauseAndSource(const CsvRow& row, std::size_t clause) {
  return !row.fields[clause].empty() && !row.fields[clause + 1].empty();
}

}  // namespace

std::string_view ToString(RecordSheet sheet) {
  switch (sheet) {
    case RecordSheet::kDocketSheet:
      return "docket_sheet";
    case RecordSheet::kBackerSheet:
      return "backer_sheet";
    case RecordSheet::kBackerSheetAsDocketSheet:
      return "backer_sheet_as_docket_sheet";
    case RecordSheet::kNone:
      break;
  }
  return "none";
}

std::string_view Title(RecordSheet sheet) {
  switch (sheet) {
    case RecordSheet::kDocketSheet:
      return "Docket sheet";
    case RecordSheet::kBackerSheet:
      return "Backer sheet";
    case RecordSheet::kBackerSheetAsDocketSheet:
      return "Backer sheet with the elements of a docket sheet";
    case RecordSheet::kNone:
      break;
  }
  return "No sheet required";
}

RecordSheetChoice SheetFor(const RecordCase& record_case, const RecordRules& rules) {
  const KnownCase known{
      rules.kinds,
      record_case.category.empty() ? CategoryOf(record_case.number) : record_case.category,
      WordsOf(record_case.case_type)};
  if (known.Is("summary_estate")) {
    return {RecordSheet::kNone, "COR 4.03(1)",
            "The case type says summary administration of an estate: no sheet is required."};
  }
  const bool citation = record_case.by_citation ||
                        IsCitationNumber(record_case.number, rules.numbers) || known.Is("citation");
  // Driving offenses are named in criminal cases too, which have a docket sheet.
  if (!citation) {
    return {RecordSheet::kDocketSheet, "COR 4.03(1)(b)",
            "Nothing says that the case began with a uniform citation."};
  }
  if (known.Is("serious_traffic")) {
    return {RecordSheet::kBackerSheetAsDocketSheet, "COR 4.03(2)(a)",
            "The case type names one of the more serious traffic offenses."};
  }
  if (known.Is("ordinance") && !known.Is("traffic")) {
    return {RecordSheet::kBackerSheetAsDocketSheet, "COR 4.03(2)(a)",
            "The case is an ordinance case and nothing says traffic."};
  }
  if (known.type.empty()) {
    return {RecordSheet::kBackerSheetAsDocketSheet, "COR 4.03(2)(a)",
            "The case began with a citation and its offense is not known here, so that it may be "
            "one of the more serious."};
  }
  return {
      RecordSheet::kBackerSheet, "COR 4.03(2)(b)",
      "The case is a citation case, and its case type names none of the more serious offenses."};
}

std::vector<SheetRow> RowsOf(RecordSheet sheet, const SheetFacts& facts, bool opened_here,
                             const RecordRules& rules) {
  std::vector<SheetRow> rows;
  if (sheet == RecordSheet::kNone) return rows;
  const std::string_view elements =
      sheet == RecordSheet::kBackerSheet ? kBackerElements : kDocketElements;
  for (const RecordElement& element : rules.elements) {
    if (element.sheet != elements) continue;
    SheetRow row{element.number, element.id,       element.element, {},
                 element.clause, element.confirmed};
    const auto known = facts.find(element.id);
    if (known != facts.end()) row.values = known->second;
    if (row.values.empty()) {
      row.values.emplace_back(element.from_filing && opened_here ? kNotStated
                                                                 : kHeldByTheCaseSystem);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<std::vector<RecordElement>> ParseRecordElements(std::string_view csv,
                                                       std::string_view name) {
  NB_ASSIGN_OR_RETURN(const auto rows,
                      ParseTable(csv, name,
                                 {"sheet", "number", "id", "element", "known_from",
                                  "effective_from", "clause", "source", "confirmed"}));
  std::vector<RecordElement> elements;
  for (const CsvRow& row : rows) {
    RecordElement element;
    element.sheet = row.fields[0];
    if (element.sheet != kBackerElements && element.sheet != kDocketElements)
      return RefusedLine(name, row.line, "no such sheet");
    const auto same_sheet = [&](const RecordElement& other) {
      return other.sheet == element.sheet;
    };
    element.number = ParseSmallNumber(row.fields[1]).value_or(0);
    if (element.number != std::ranges::count_if(elements, same_sheet) + 1)
      return RefusedLine(name, row.line, "the elements of a sheet are numbered from 1 on");
    element.id = row.fields[2];
    element.element = row.fields[3];
    if (element.id.empty() || element.element.empty())
      return RefusedLine(name, row.line, "an element has an id and a name");
    if (std::ranges::any_of(elements, [&](const RecordElement& other) {
          return same_sheet(other) && other.id == element.id;
        })) {
      return RefusedLine(name, row.line, "this sheet has the element already");
    }
    if (row.fields[4] != "filing" && row.fields[4] != "case_system")
      return RefusedLine(name, row.line, "known_from is filing or case_system");
    element.from_filing = row.fields[4] == "filing";
    const auto effective_from = ParseDay(row.fields[5]);
    if (!effective_from) return RefusedLine(name, row.line, kNoFirstDay);
    element.effective_from = *effective_from;
    if (!HasClauseAndSource(row, 6))
      return RefusedLine(name, row.line, "clause and source are required");
    element.clause = row.fields[6];
    element.source = row.fields[7];
    const auto confirmed = ParseYesNo(row.fields[8]);
    if (!confirmed) return RefusedLine(name, row.line, "confirmed is yes or no");
    element.confirmed = *confirmed;
    elements.push_back(std::move(element));
  }
  return elements;
}

Result<std::vector<RecordKindWord>> ParseRecordKinds(std::string_view csv, std::string_view name) {
  NB_ASSIGN_OR_RETURN(const auto rows, ParseTable(csv, name,
                                                  {"kind", "part", "words", "effective_from",
                                                   "clause", "source", "confirmed"}));
  std::vector<RecordKindWord> words;
  for (const CsvRow& row : rows) {
    RecordKindWord word;
    word.kind = row.fields[0];
    if (std::ranges::find(kKinds, word.kind) == kKinds.end())
      return RefusedLine(name, row.line, "no such kind");
    if (row.fields[1] != "category" && row.fields[1] != "case_type")
      return RefusedLine(name, row.line, "part is category or case_type");
    word.is_category = row.fields[1] == "category";
    word.words = SplitText(row.fields[2], ' ');
    if (word.words.empty() || (word.is_category && word.words.size() != 1))
      return RefusedLine(name, row.line, "words are required, and a category is one");
    if (!word.is_category && word.words != WordsOf(row.fields[2]))
      return RefusedLine(name, row.line, "words are in small letters");
    const auto effective_from = ParseDay(row.fields[3]);
    if (!effective_from) return RefusedLine(name, row.line, kNoFirstDay);
    word.effective_from = *effective_from;
    if (!HasClauseAndSource(row, 4))
      return RefusedLine(name, row.line, "clause and source are required");
    word.clause = row.fields[4];
    word.source = row.fields[5];
    const auto confirmed = ParseYesNo(row.fields[6]);
    if (!confirmed) return RefusedLine(name, row.line, "confirmed is yes or no");
    word.confirmed = *confirmed;
    words.push_back(std::move(word));
  }
  return words;
}

Result<RecordRules> RecordRules::Parse(std::string_view elements_csv,
                                       std::string_view elements_name, std::string_view kinds_csv,
                                       std::string_view kinds_name) {
  RecordRules rules;
  NB_ASSIGN_OR_RETURN(rules.elements, ParseRecordElements(elements_csv, elements_name));
  for (const std::string_view sheet : {kBackerElements, kDocketElements}) {
    if (std::ranges::find(rules.elements, sheet, &RecordElement::sheet) == rules.elements.end())
      return RefusedLine(elements_name, 1, std::string(sheet) + " has no element");
  }
  NB_ASSIGN_OR_RETURN(rules.kinds, ParseRecordKinds(kinds_csv, kinds_name));
  return rules;
}

RecordRules RecordRules::On(CourtDay day) const {
  RecordRules in_force = *this;
  const auto later = [day](const auto& row) { return row.effective_from > day; };
  std::erase_if(in_force.elements, later);
  std::erase_if(in_force.kinds, later);
  return in_force;
}

const RecordRules& RecordRules::BuiltIn() {
  static const RecordRules rules = [] {
    constexpr std::string_view kElements = "official_record.csv";
    constexpr std::string_view kWords = "official_record_kinds.csv";
    auto parsed = Parse(EmbeddedRulesData(kElements), kElements, EmbeddedRulesData(kWords), kWords);
    NB_CHECK(parsed.has_value());
    return std::move(*parsed);
  }();
  return rules;
}

}  // namespace nightbox
