#include "rules/unconfirmed.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "core/check.h"
#include "core/sha256.h"
#include "rules/category_choices.h"
#include "rules/circuit_history.h"
#include "rules/court_directory.h"
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
      {.name = "case_categories.csv",
       .keys = {"form", "code"},
       .values = {"meaning", "effective_from"},
       .ask = "Ask the state courts administrator for the list of case categories in force (COR "
              "4.04.1)"},
      {.name = "case_number_lengths.csv",
       .keys = {"form", "part", "first_year"},
       .values = {"shortest", "longest"},
       .ask =
           "Ask the state courts administrator how long citation numbers and location codes are"},
      {.name = "case_number_years.csv",
       .keys = {"form"},
       .ask =
           "Ask the state courts administrator from when to when numbers of this form were given"},
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

// The question about a table's rows, but for what each of them is.
std::string_view AskOf(std::string_view name) {
  const auto table = std::ranges::find(Tables(), name, &TableShape::name);
  NB_CHECK(table != Tables().end());
  return table->ask;
}

// "not known of all 115 county courts", "not known of 1 county court: mo.…". Empty: of none.
std::string NotKnownOf(const std::vector<std::string>& missing, std::size_t all,
                       std::string_view called) {
  if (missing.empty()) return {};
  std::string words = "not known of ";
  if (missing.size() == all) words += "all ";
  words += std::to_string(missing.size()) + ' ' + std::string(called);
  if (missing.size() > 1) words += 's';
  if (missing.size() < all) words += ": " + Joined(missing, ", ");
  return words;
}

// The county courts of which something is not known.
template <class Known>
std::string CountyCourtsWithout(const CourtDirectory& courts, const Known& known) {
  std::vector<std::string> missing;
  std::size_t all = 0;
  for (const Court& court : courts.courts()) {
    if (court.kind != CourtKind::kCounty) continue;
    ++all;
    if (!known(court)) missing.push_back(court.id.str());
  }
  return NotKnownOf(missing, all, "county court");
}

std::string CircuitsWithoutChoice(const CourtDirectory& courts, const CategoryChoices& choices) {
  std::vector<std::string> missing;
  std::size_t all = 0;
  for (const Court& court : courts.courts()) {
    if (court.kind != CourtKind::kCircuit) continue;
    ++all;
    if (!choices.Knows(court.circuit)) missing.push_back(std::to_string(court.circuit));
  }
  return NotKnownOf(missing, all, "circuit");
}

// The assumed circuits themselves: another one is another value to accept.
std::string AssumedCircuits(const CourtDirectory& courts, const CircuitHistory& circuits) {
  const auto& listed = circuits.listed();
  if (listed && listed->confirmed && !listed->days.first && !listed->days.last) return {};
  std::map<int, std::vector<std::string>> counties;
  for (const Court& court : courts.courts()) {
    if (court.kind != CourtKind::kCounty || circuits.HasRows(court)) continue;
    counties[court.circuit].push_back(court.counties.front());
  }
  if (counties.empty()) return {};
  std::string words = "assumed of every day";
  if (listed && listed->confirmed) {
    words += " but";
    if (listed->days.first) words += " from " + FormatDay(*listed->days.first);
    if (listed->days.last) words += " through " + FormatDay(*listed->days.last);
  }
  char before = ':';
  for (const auto& [circuit, names] : counties) {
    words += std::string(1, before) + ' ' + std::to_string(circuit) + ' ' + Joined(names, ", ");
    before = ';';
  }
  return words;
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

std::optional<UnconfirmedValue> UnknownIn(std::string_view name, std::string_view file,
                                          const CourtDirectory& courts,
                                          const CircuitHistory& circuits,
                                          const CategoryChoices& choices) {
  std::string_view what;
  std::string value;
  std::string source = "no list is at hand";
  if (name == "courts.csv") {
    what = "location codes";
    value = CountyCourtsWithout(courts, [](const Court& c) { return !c.location_code.empty(); });
  } else if (name == "municipal_divisions.csv") {
    what = "all divisions";
    value =
        CountyCourtsWithout(courts, [&](const Court& c) { return courts.KnowsAllDivisions(c.id); });
  } else if (name == "filing_locations.csv") {
    what = "further places of filing";
    value = CountyCourtsWithout(courts, [](const Court& c) { return c.further_locations_stated; });
  } else if (name == "circuit_membership.csv") {
    what = "counties without a row";
    value = AssumedCircuits(courts, circuits);
    if (circuits.listed()) source = circuits.listed()->source;
  } else if (name == "category_choices.csv") {
    what = "choices";
    value = CircuitsWithoutChoice(courts, choices);
  }
  if (value.empty()) return std::nullopt;
  UnconfirmedValue unknown;
  unknown.file = file;
  unknown.key = std::string(name) + ": " + std::string(what);
  unknown.value = std::move(value);
  unknown.source = std::move(source);
  unknown.ask = AskOf(name);
  return unknown;
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
