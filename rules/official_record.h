// Official record: what COR 4.03 wants of the record of a case beside its documents.
//
// A docket sheet; for a case that began with a uniform citation a backer sheet of 19 elements, or
// one with the docket sheet's elements for the more serious traffic offenses and for ordinance
// cases that are no traffic cases; no sheet for the summary administration of an estate.
//
// A sheet here never claims more than is known. What only the court's case system can know prints
// "held by the case system"; what a filer could have said and did not prints "not stated". The
// elements of a docket sheet are those of COR 4.08, which is not at hand: the ones listed are
// marked unconfirmed. Elements and words are data (rules/data/official_record*.csv, compiled in, or
// the court system's own). Pure; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "rules/case_number.h"
#include "rules/court_day.h"

namespace nightbox {

enum class RecordSheet {
  kDocketSheet,
  kBackerSheet,               // The 19 elements.
  kBackerSheetAsDocketSheet,  // A backer sheet with the docket sheet's elements.
  kNone,
};

// "docket_sheet", "backer_sheet", "backer_sheet_as_docket_sheet", "none".
std::string_view ToString(RecordSheet sheet);
// For people: "Docket sheet", "Backer sheet", …
std::string_view Title(RecordSheet sheet);

// What is known of a case that decides on its sheet; anything may be empty.
struct RecordCase {
  std::string number;
  // As the filer who opened the case stated them. Without a category that of the number is taken.
  std::string category;
  std::string case_type;
  // A filer stated a uniform citation number.
  bool by_citation = false;
};

struct RecordSheetChoice {
  RecordSheet sheet = RecordSheet::kDocketSheet;
  // "COR 4.03(2)(b)".
  std::string clause;
  // One sentence for people; quotes nothing of the case.
  std::string why;
};

inline constexpr std::string_view kHeldByTheCaseSystem = "held by the case system";
inline constexpr std::string_view kNotStated = "not stated";

// What is known of the elements, by their ids, in words that say whose word it is.
using SheetFacts = std::map<std::string, std::vector<std::string>, std::less<>>;

struct SheetRow {
  int number = 0;
  std::string id;
  std::string element;
  // At least one.
  std::vector<std::string> values;
  std::string clause;
  bool confirmed = false;
};

// One row of the data.
struct RecordElement {
  // "backer_sheet" or "docket_sheet".
  std::string sheet;
  int number = 0;
  std::string id;
  std::string element;
  // A filer may state it; otherwise only the case system can know.
  bool from_filing = false;
  std::string clause;
  std::string source;
  bool confirmed = false;
  // The row says nothing of earlier days.
  CourtDay effective_from{};
};

struct RecordKindWord {
  // "summary_estate", "citation", "serious_traffic", "ordinance", "traffic".
  std::string kind;
  // By the category's code; otherwise by words of the case type, all of which must be there.
  bool is_category = false;
  std::vector<std::string> words;
  std::string clause;
  std::string source;
  bool confirmed = false;
  // The row says nothing of earlier days.
  CourtDay effective_from{};
};

// Refuse, with line and reason, unknown sheets, kinds and parts, numbers out of order, ids twice in
// a sheet, and rows without a clause, source or first day.
Result<std::vector<RecordElement>> ParseRecordElements(std::string_view csv, std::string_view name);
Result<std::vector<RecordKindWord>> ParseRecordKinds(std::string_view csv, std::string_view name);

// What decides on a case's sheet, and what stands on it.
struct RecordRules {
  std::vector<RecordElement> elements;
  std::vector<RecordKindWord> kinds;
  // By which a citation's number is known.
  CaseNumberOptions numbers = {};

  // Refuses what the two above refuse, and a sheet without elements.
  static Result<RecordRules> Parse(std::string_view elements_csv, std::string_view elements_name,
                                   std::string_view kinds_csv, std::string_view kinds_name);
  // The shipped ones.
  static const RecordRules& BuiltIn();

  // The rows in force on that day; a sheet may be left without elements.
  RecordRules On(CourtDay day) const;
};

// Where nothing says otherwise, and for a case nothing is known of: the docket sheet, which every
// case may have. A citation whose offense is not known gets the fuller elements.
RecordSheetChoice SheetFor(const RecordCase& record_case,
                           const RecordRules& rules = RecordRules::BuiltIn());

// All elements of the sheet in their order; none for kNone. `opened_here`: the filing that opened
// the case is among what is known, so that what it could have said and did not is "not stated".
std::vector<SheetRow> RowsOf(RecordSheet sheet, const SheetFacts& facts, bool opened_here,
                             const RecordRules& rules = RecordRules::BuiltIn());

}  // namespace nightbox
