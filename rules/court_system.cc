#include "rules/court_system.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "core/check.h"
#include "rules/court_system_reader.h"
#include "rules/csv.h"
#include "rules/data_table.h"
#include "rules/embedded_data.h"

namespace nightbox {
namespace {

// The version of the days of which no text on public access is at hand.
constexpr std::string_view kNoAccessPolicy = "none";

constexpr std::string_view kSystemFile = "system.toml";
constexpr std::string_view kAcceptanceFile = "acceptance.toml";
// In the order in which their unconfirmed values are named.
constexpr std::array<std::string_view, 17> kTables = {"courts.csv",
                                                      "municipal_divisions.csv",
                                                      "filing_locations.csv",
                                                      "circuit_membership.csv",
                                                      "category_choices.csv",
                                                      "holidays.csv",
                                                      "closures.csv",
                                                      "periods.csv",
                                                      "unavailability.csv",
                                                      "access_versions.csv",
                                                      "access.csv",
                                                      "access_categories.csv",
                                                      "case_number_years.csv",
                                                      "case_number_lengths.csv",
                                                      "separate_files.csv",
                                                      "official_record.csv",
                                                      "official_record_kinds.csv"};

Error Refused(std::string message) {
  return {ErrorCode::kInvalidArgument, std::move(message), "MALFORMED_DATA"};
}

std::string PathOf(const std::string& directory, std::string_view name) {
  std::string path = directory;
  path += '/';
  path += name;
  return path;
}

// The directory's tables, and where it has none, those that are compiled in.
class Tables {
 public:
  Tables(const std::map<std::string, std::string>& files, const std::string& directory)
      : files_(files), directory_(directory) {}

  bool InDirectory(const std::string& name) const { return files_.contains(name); }

  RulesText Of(const std::string& name) const {
    if (const auto found = files_.find(name); found != files_.end()) {
      return {PathOf(directory_, name), found->second};
    }
    const std::string_view text = EmbeddedRulesData(name);
    NB_CHECK(!text.empty());
    return {name + " (compiled in)", std::string(text)};
  }

 private:
  const std::map<std::string, std::string>& files_;
  const std::string& directory_;
};

// Before anything is parsed.
Result<void> CheckBounds(const std::map<std::string, std::string>& files,
                         const std::string& directory) {
  for (const auto& [name, text] : files) {
    const std::string file = PathOf(directory, name);
    if (!IsCourtSystemFile(name)) {
      return Refused(file + ": there is no such file of a court system");
    }
    if (text.size() > kCourtSystemFileMaxBytes) {
      return Refused(file + ": is larger than " + std::to_string(kCourtSystemFileMaxBytes) +
                     " bytes");
    }
    if (name.ends_with(".csv") &&
        std::ranges::count(text, '\n') > static_cast<std::ptrdiff_t>(kCourtSystemRowsMax)) {
      return Refused(file + " line " + std::to_string(kCourtSystemRowsMax + 1) +
                     ": at most so many lines but one are read");
    }
  }
  if (!files.contains(std::string(kSystemFile))) {
    return Refused(directory + ": system.toml is missing");
  }
  return {};
}

Result<void> NoFindings(const std::string& file, std::vector<TomlFinding> findings) {
  if (findings.empty()) return {};
  std::ranges::stable_sort(findings, {}, &TomlFinding::line);
  std::string all;
  for (const TomlFinding& finding : findings) {
    if (!all.empty()) all += "\n  ";
    all += file;
    if (finding.line > 0) all += " line " + std::to_string(finding.line);
    all += ": ";
    if (!finding.key.empty()) all += finding.key + ": ";
    all += finding.message;
  }
  return Refused(std::move(all));
}

// The rules on public access, with the product's own: what it shows of itself is no court's to
// decide, so a directory's table has none of these rows, and the program's come behind its last.
Result<RulesText> AccessRulesText(const Tables& tables) {
  RulesText rules = tables.Of("access.csv");
  if (!tables.InDirectory("access.csv")) return rules;
  NB_ASSIGN_OR_RETURN(const std::vector<CsvRow> rows, ParseCsv(rules.text, rules.name));
  for (const CsvRow& row : rows) {
    if (row.fields[0] != kProductRules) continue;
    return RefusedLine(rules.name, row.line,
                       "the rows of version nightbox are the product's own: leave them out, they "
                       "are always those of the program");
  }
  const std::string own = std::string(kProductRules) + ',';
  for (const std::string& line : SplitText(EmbeddedRulesData("access.csv"), '\n')) {
    if (line.starts_with(own)) rules.text += line + '\n';
  }
  return rules;
}

Result<void> LoadAccess(const Tables& tables, CourtSystem& system) {
  const RulesText versions = tables.Of("access_versions.csv");
  NB_ASSIGN_OR_RETURN(const RulesText rules, AccessRulesText(tables));
  NB_ASSIGN_OR_RETURN(system.public_access,
                      AccessPolicies::Parse(versions.text, rules.text, versions.name, rules.name));
  const RulesText categories = tables.Of("access_categories.csv");
  NB_ASSIGN_OR_RETURN(system.access_categories,
                      ParseAccessCategories(categories.text, categories.name));
  return {};
}

// The rules on a case's number, files and record.
Result<void> LoadCaseTables(const Tables& tables, CourtSystem& system) {
  const RulesText years = tables.Of("case_number_years.csv");
  NB_ASSIGN_OR_RETURN(system.case_years, ParseCaseYears(years.text, years.name));
  const RulesText lengths = tables.Of("case_number_lengths.csv");
  NB_ASSIGN_OR_RETURN(system.case_lengths, ParseCaseLengths(lengths.text, lengths.name));
  const RulesText choices = tables.Of("category_choices.csv");
  NB_ASSIGN_OR_RETURN(
      system.category_choices,
      CategoryChoices::Parse(choices.text, choices.name, system.courts, system.case_years));
  const RulesText separate = tables.Of("separate_files.csv");
  NB_ASSIGN_OR_RETURN(system.separate_files, ParseSeparateFiles(separate.text, separate.name));
  const RulesText elements = tables.Of("official_record.csv");
  const RulesText kinds = tables.Of("official_record_kinds.csv");
  NB_ASSIGN_OR_RETURN(system.official_record,
                      RecordRules::Parse(elements.text, elements.name, kinds.text, kinds.name));
  system.official_record.numbers = NumberOptions(system.case_lengths);
  return {};
}

Result<void> LoadTables(const Tables& tables, CourtSystem& system) {
  const RulesText courts = tables.Of("courts.csv");
  NB_ASSIGN_OR_RETURN(system.courts, CourtDirectory::Parse(courts.text, courts.name));
  const RulesText divisions = tables.Of("municipal_divisions.csv");
  NB_RETURN_IF_ERROR(system.courts.AddMunicipalDivisions(divisions.text, divisions.name));
  const RulesText locations = tables.Of("filing_locations.csv");
  NB_RETURN_IF_ERROR(system.courts.AddFilingLocations(locations.text, locations.name));
  const RulesText circuits = tables.Of("circuit_membership.csv");
  NB_ASSIGN_OR_RETURN(system.circuits,
                      CircuitHistory::Parse(circuits.text, circuits.name, system.courts));
  NB_ASSIGN_OR_RETURN(system.deadlines, DeadlineRules::Parse(
                                            [&](const std::string& name) -> Result<RulesText> {
                                              return tables.Of(name);
                                            },
                                            system.courts, system.circuits));
  NB_RETURN_IF_ERROR(LoadCaseTables(tables, system));
  return LoadAccess(tables, system);
}

// The rules that are said to hold are among those that are known.
Result<void> CheckRules(const CourtSystem& system, const std::string& file) {
  const auto missing = [&](std::string_view key, const Stated<std::string>& rule,
                           std::string_view table) {
    std::string where = file;
    if (rule.from.line > 0) where += " line " + std::to_string(rule.from.line);
    return Refused(where + ": rules." + std::string(key) + ": \"" + rule.value + "\" is not in " +
                   std::string(table));
  };
  const RuleVersions& rules = system.rules;
  for (const auto& [key, rule] : {std::pair("civil_periods", &rules.civil_periods),
                                  std::pair("criminal_periods", &rules.criminal_periods),
                                  std::pair("statutory_periods", &rules.statutory_periods)}) {
    if (system.deadlines.periods.Find(rule->value) == nullptr) {
      return missing(key, *rule, "periods.csv");
    }
  }
  if (std::ranges::find(system.deadlines.unavailability.all(), rules.unavailability.value,
                        &UnavailabilityRule::id) == system.deadlines.unavailability.all().end()) {
    return missing("unavailability", rules.unavailability, "unavailability.csv");
  }
  return {};
}

// Named without the version: which one holds is a matter of the day alone, so that the table's
// others are none but the one before there were any.
Result<void> CheckPublicAccess(const CourtSystem& system, const std::string& file,
                               const std::string& table) {
  const Stated<std::string>& named = system.rules.public_access;
  std::string where = file;
  if (named.from.line > 0) where += " line " + std::to_string(named.from.line);
  where += ": rules.public_access: \"" + named.value + "\" is not ";
  const auto& policies = system.public_access.versions();
  const auto is_named = [&](const AccessPolicy& policy) {
    return policy.version.starts_with(named.value + '/');
  };
  if (std::ranges::none_of(policies, is_named)) return Refused(where + "in " + table);
  const auto other = std::ranges::find_if(policies, [&](const AccessPolicy& policy) {
    return !is_named(policy) && policy.version != kNoAccessPolicy;
  });
  if (other == policies.end()) return {};
  return Refused(where + "the only policy of " + table + ", which has " + other->version);
}

// Which categories the program reads is no court's to say, but whether the list it has of them is
// the one in force is.
Result<void> NoteUnconfirmedCategories(CourtSystem& system) {
  const std::string name = "case_categories.csv";
  NB_ASSIGN_OR_RETURN(std::vector<UnconfirmedValue> rows,
                      UnconfirmedRows(name, EmbeddedRulesData(name), name + " (compiled in)"));
  std::ranges::move(rows, std::back_inserter(system.unconfirmed));
  return {};
}

Result<void> NoteUnconfirmedRows(const Tables& tables, CourtSystem& system) {
  for (const std::string_view name : kTables) {
    const RulesText table = tables.Of(std::string(name));
    NB_ASSIGN_OR_RETURN(std::vector<UnconfirmedValue> rows,
                        UnconfirmedRows(name, table.text, table.name));
    if (name == "unavailability.csv") {
      // Other courts' rules stand beside ours to be compared with, and decide nothing here.
      const std::string ours = std::string(name) + ' ' + system.rules.unavailability.value + ' ';
      std::erase_if(rows, [&](const UnconfirmedValue& row) { return !row.key.starts_with(ours); });
    }
    if (auto unknown =
            UnknownIn(name, table.name, system.courts, system.circuits, system.category_choices)) {
      rows.push_back(*std::move(unknown));
    }
    std::ranges::move(rows, std::back_inserter(system.unconfirmed));
  }
  return {};
}

}  // namespace

bool IsCourtSystemFile(std::string_view name) {
  return name == kSystemFile || name == kAcceptanceFile ||
         std::ranges::find(kTables, name) != kTables.end();
}

bool IsLeftAloneByCourtSystem(std::string_view name) {
  return name == "README.md" || name.starts_with('.') || name.ends_with('~');
}

Result<CourtSystem> LoadCourtSystem(const std::map<std::string, std::string>& files,
                                    const std::string& directory) {
  NB_RETURN_IF_ERROR(CheckBounds(files, directory));
  CourtSystem system;
  const std::string system_file = PathOf(directory, kSystemFile);
  std::vector<TomlFinding> findings;
  court_system::ReadSystem(files.at(std::string(kSystemFile)), system_file, system, findings);
  NB_RETURN_IF_ERROR(NoFindings(system_file, std::move(findings)));

  const Tables tables(files, directory);
  NB_RETURN_IF_ERROR(LoadTables(tables, system));
  NB_RETURN_IF_ERROR(CheckRules(system, system_file));
  NB_RETURN_IF_ERROR(CheckPublicAccess(system, system_file, tables.Of("access_versions.csv").name));
  system.deadlines.unavailability_rule = system.rules.unavailability.value;
  system.deadlines.civil_periods = system.rules.civil_periods.value;
  system.deadlines.criminal_periods = system.rules.criminal_periods.value;
  NB_RETURN_IF_ERROR(NoteUnconfirmedRows(tables, system));
  NB_RETURN_IF_ERROR(NoteUnconfirmedCategories(system));
  if (system.unconfirmed.size() > kUnconfirmedValuesMax) {
    return Refused(directory + ": more than " + std::to_string(kUnconfirmedValuesMax) +
                   " values are unconfirmed");
  }

  if (const auto accepted = files.find(std::string(kAcceptanceFile)); accepted != files.end()) {
    std::vector<TomlFinding> wrong;
    system.acceptance = court_system::ReadAcceptance(accepted->second, wrong);
    NB_RETURN_IF_ERROR(NoFindings(PathOf(directory, kAcceptanceFile), std::move(wrong)));
  }
  return system;
}

Result<void> CheckAccepted(const CourtSystem& system) {
  if (system.unconfirmed.empty()) return {};
  const Digest values = system.values();
  if (system.acceptance && system.acceptance->values == values) return {};
  std::string why = std::to_string(system.unconfirmed.size()) + " values of the court system are ";
  why += system.acceptance ? "not those that acceptance.toml accepts: one of them has changed"
                           : "unconfirmed, and nobody has accepted them";
  why +=
      ". `nightbox-gateway --check` names them. Have each confirmed, or have a named person "
      "accept them in acceptance.toml with values_sha256 = \"" +
      values.Hex() + "\"";
  return Error{ErrorCode::kFailedPrecondition, std::move(why), "VALUES_NOT_ACCEPTED"};
}

std::set<std::string> CourtSystemKeys() { return court_system::Keys(); }

}  // namespace nightbox
