#include "rules/unconfirmed.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "core/check.h"
#include "core/sha256.h"
#include "rules/csv.h"
#include "rules/data_table.h"

namespace nightbox {
namespace {

// What of a table's row is its name, what says how sure it is, and whom to ask about it. All other
// columns together are the value.
struct TableShape {
  std::string_view name;
  std::vector<std::string_view> keys;
  std::string_view standing = "confirmed";
  // Empty: all columns that are named nowhere else here.
  std::vector<std::string_view> values = {};
  std::string_view ask;
};

const std::vector<TableShape>& Tables() {
  static const std::vector<TableShape> kTables = {
      {.name = "access.csv",
       .keys = {"version", "effect", "condition"},
       .ask = "Ask the state courts administrator for Court Operating Rule 2 as in force"},
      {.name = "access_categories.csv",
       .keys = {"category"},
       .ask = "Ask the state courts administrator which cases of this category are confidential"},
      {.name = "access_versions.csv",
       .keys = {"version"},
       .ask = "Ask the state courts administrator for Court Operating Rule 2 as in force"},
      {.name = "case_number_years.csv",
       .keys = {"form"},
       .ask =
           "Ask the state courts administrator from when to when numbers of this form were given"},
      {.name = "case_categories.csv",
       .keys = {"form", "code"},
       .values = {"meaning", "effective_from"},
       .ask = "Ask the state courts administrator for the list of case categories in force (COR "
              "4.04.1)"},
      {.name = "case_number_lengths.csv",
       .keys = {"form", "part", "first_year"},
       .values = {"shortest", "longest"},
       .ask = "Ask the state courts administrator how long citation numbers and location codes are"},
      {.name = "category_choices.csv",
       .keys = {"circuit", "year", "category"},
       .ask = "Ask the circuit clerk which categories of cases the court en banc chose (COR "
              "4.04.1(3)(d))"},
      {.name = "circuit_membership.csv",
       .keys = {"county", "first_day"},
       .ask = "Ask the state courts administrator to which circuit the county belonged, and when"},
      {.name = "closures.csv",
       .keys = {"court_id", "first_day"},
       .ask = "Ask the court's clerk for the order, or whether the court was closed on that day"},
      {.name = "courts.csv",
       .keys = {"court_id"},
       .standing = "location_code_confidence",
       .values = {"location_code"},
       .ask = "Ask the court's clerk which location code its case numbers bear"},
      {.name = "filing_locations.csv",
       .keys = {"court_id", "location_code"},
       .ask = "Ask the court's clerk which places of filing it has, and their location codes"},
      {.name = "holidays.csv",
       .keys = {"id", "effective_from"},
       .ask = "Ask the state courts administrator for the statute in force"},
      {.name = "municipal_divisions.csv",
       .keys = {"court_id"},
       .ask = "Ask the circuit clerk which municipal divisions the circuit has"},
      {.name = "official_record.csv",
       .keys = {"sheet", "number"},
       .ask = "Ask the state courts administrator for Court Operating Rule 4.08 as in force"},
      {.name = "official_record_kinds.csv",
       .keys = {"kind", "part", "words"},
       .ask = "Ask the court's clerk by what such cases are known there (COR 4.03)"},
      {.name = "periods.csv",
       .keys = {"id"},
       .ask = "Ask the court's counsel for the rule's text in force"},
      {.name = "separate_files.csv",
       .keys = {"rule", "part", "word"},
       .ask = "Ask the court's clerk by which words such cases are known there (COR 4.05)"},
      {.name = "unavailability.csv",
       .keys = {"rule", "parameter"},
       .ask = "Ask the court's counsel for the rule's text in force"},
  };
  return kTables;
}

struct Question {
  std::string_view key;
  std::string_view ask;
};

// By the last part of the key, or by its first.
constexpr std::array kQuestions = {
    Question{"enabled",
             "Ask the court en banc which courts take filings electronically, and since "
             "which order (COR 27.01)"},
    Question{"document_size_max_bytes",
             "Ask the case system's operator how large a document may be, in bytes"},
    Question{"filing_size_max_bytes",
             "Ask the case system's operator how large a filing may be, in bytes"},
    Question{"documents_max",
             "Ask the case system's operator how many documents one filing may have"},
    Question{"media_types", "Ask the case system's operator which formats of documents it takes"},
    Question{"case_types",
             "Ask the court's clerk which case types are enabled for electronic "
             "filing (COR 27.01)"},
    Question{"filer_classes",
             "Ask the court's clerk which filers may file electronically "
             "(COR 27.01)"},
    Question{"receipt_authority",
             "Ask the court whether the gateway's time of receipt is the time of filing, and by "
             "which order"},
    Question{"time_zone", "Ask the court's clerk which clock decides the day of filing"},
    Question{"records_custodian",
             "Ask the court's appointing authority who is the custodian of its records (COR 2)"},
    Question{"duty_contact", "Ask the court's administrator whom to call at night"},
    Question{"fees", "Ask the court's clerk how fees are taken while the case system is away"},
    Question{"rules", "Ask the court's counsel which rules hold, and since when"},
};

std::string Joined(const std::vector<std::string>& texts, std::string_view between) {
  std::string joined;
  for (const std::string& text : texts) {
    if (text.empty()) continue;
    if (!joined.empty()) joined += between;
    joined += text;
  }
  return joined;
}

// It follows from what a source says; no source says it.
constexpr std::string_view kInferred = "verified-indirect";

std::optional<Standing> StandingOf(const TableShape& table, const std::string& word) {
  if (table.standing != "confirmed") {
    if (word == kInferred) return Standing::kUnconfirmed;
    return word == "recalled" ? std::optional(Standing::kRecalled) : std::nullopt;
  }
  return word == "no" ? std::optional(Standing::kUnconfirmed) : std::nullopt;
}

UnconfirmedValue RowValue(const TableShape& table, const std::vector<std::string>& columns,
                          const CsvRow& row) {
  UnconfirmedValue value;
  value.line = row.line;
  value.ask = table.ask;
  std::vector<std::string> keys{std::string(table.name)};
  std::vector<std::string> values;
  bool inferred = false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string& column = columns[i];
    if (std::ranges::find(table.keys, column) != table.keys.end()) {
      keys.push_back(row.fields[i]);
    } else if (column == "source") {
      value.source = row.fields[i];
    } else if (column == table.standing) {
      inferred = row.fields[i] == kInferred;
    } else if (table.values.empty() ||
               std::ranges::find(table.values, column) != table.values.end()) {
      values.push_back(row.fields[i]);
    }
  }
  value.key = Joined(keys, " ");
  value.value = Joined(values, ", ");
  if (inferred) value.source = "an inference from: " + value.source;
  return value;
}

void Append(std::string& out, std::string_view text) {
  AppendBigEndian64(out, text.size());
  out += text;
}

}  // namespace

Result<std::vector<UnconfirmedValue>> UnconfirmedRows(std::string_view name, std::string_view csv,
                                                      std::string_view file) {
  const auto table = std::ranges::find(Tables(), name, &TableShape::name);
  NB_CHECK(table != Tables().end());
  NB_ASSIGN_OR_RETURN(const std::vector<CsvRow> rows, ParseCsv(csv, file));
  const std::vector<std::string>& columns = rows.front().fields;
  const auto standing = std::ranges::find(columns, table->standing);
  NB_CHECK(standing != columns.end());  // Its own loader has read it.
  const auto at = static_cast<std::size_t>(standing - columns.begin());
  std::vector<UnconfirmedValue> values;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto found = StandingOf(*table, rows[i].fields[at]);
    if (!found) continue;
    UnconfirmedValue value = RowValue(*table, columns, rows[i]);
    value.file = file;
    value.standing = *found;
    values.push_back(std::move(value));
  }
  return values;
}

std::string_view QuestionAbout(std::string_view key) {
  const std::string_view first = key.substr(0, key.find('.'));
  const std::string_view last = key.substr(key.rfind('.') + 1);
  for (const std::string_view part : {last, first}) {
    const auto* const found = std::ranges::find(kQuestions, part, &Question::key);
    if (found != kQuestions.end()) return found->ask;
  }
  return "Ask the court";
}

Digest UnconfirmedDigest(std::vector<UnconfirmedValue> values) {
  std::ranges::sort(values, {}, [](const UnconfirmedValue& v) {
    return std::tie(v.key, v.value, v.standing, v.source);
  });
  std::string bytes = "nightbox-unconfirmed-values-v1";
  AppendBigEndian64(bytes, values.size());
  for (const UnconfirmedValue& value : values) {
    Append(bytes, value.key);
    Append(bytes, value.value);
    Append(bytes, StandingWord(value.standing));
    Append(bytes, value.source);
  }
  return Sha256(bytes);
}

std::string UnconfirmedWords(const UnconfirmedValue& value) {
  std::string words = value.file;
  if (value.line > 0) words += " line " + std::to_string(value.line);
  words += ": " + value.key + " = " + (value.value.empty() ? "(none)" : value.value) + " (" +
           std::string(StandingWord(value.standing)) + ")";
  words += "\n    source: " + (value.source.empty() ? "none is given" : value.source);
  words += "\n    " + value.ask + ".";
  return words;
}

}  // namespace nightbox
