// CourtSystem: everything that makes a gateway one court system's, from one directory.
//
// The directory holds system.toml and, where they differ from what is compiled in, the tables of
// rules/data. LoadCourtSystem is pure: it takes the files as texts. docs/court-system.md describes
// every file and key; ops/court-systems/missouri is the annotated sample.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "rules/access_categories.h"
#include "rules/access_policy.h"
#include "rules/case_category.h"
#include "rules/category_choices.h"
#include "rules/circuit_history.h"
#include "rules/court_contacts.h"
#include "rules/court_directory.h"
#include "rules/court_statement.h"
#include "rules/deadline_rules.h"
#include "rules/official_record.h"
#include "rules/separate_files.h"
#include "rules/unconfirmed.h"

namespace nightbox {

// Which of the rules that are known hold here.
struct RuleVersions {
  Stated<std::string> unavailability;
  Stated<std::string> civil_periods;
  Stated<std::string> criminal_periods;
  Stated<std::string> statutory_periods;
  // The policy on public access, whose version is that of the day of the access: "mo.cor.2".
  Stated<std::string> public_access;
  bool operator==(const RuleVersions&) const = default;
};

// A named person answers for values that nobody has confirmed.
struct Acceptance {
  std::string person;
  std::string office;
  CourtDay date;
  // Of precisely the values that are accepted.
  Digest values;
  std::string remark;
  bool operator==(const Acceptance&) const = default;
};

struct CourtSystem {
  std::string name;
  std::optional<Stated<RecordsCustodian>> records_custodian;
  std::vector<Stated<DutyContact>> duty_contacts;
  std::optional<Stated<FeePolicy>> fees;
  RuleVersions rules;
  // The first is about all courts and states everything; later ones win.
  std::vector<CourtStatement> statements;
  // The ceiling above every court's filing_size_max_bytes.
  std::int64_t filing_hard_max_bytes = 500 * kMegabyte;

  // The tables, each as the directory has it or as compiled in.
  CourtDirectory courts;
  CircuitHistory circuits;
  std::vector<CaseYears> case_years = CaseYearWindows();
  std::vector<CaseNumberLength> case_lengths = CaseNumberLengths();
  CategoryChoices category_choices;
  DeadlineRules deadlines;
  std::vector<SeparateFilesWord> separate_files = SeparateFilesWords();
  RecordRules official_record = RecordRules::BuiltIn();
  // With the product's own rules on what it shows, which no directory replaces.
  AccessPolicies public_access = AccessPolicies::BuiltIn();
  std::vector<AccessCategory> access_categories = AccessCategories();

  // In the order of the files, system.toml first.
  std::vector<UnconfirmedValue> unconfirmed;
  std::optional<Acceptance> acceptance;

  // Of `unconfirmed`.
  Digest values() const { return UnconfirmedDigest(unconfirmed); }
};

// Bounds: what is larger is a mistake, and is refused before it is read.
inline constexpr std::size_t kCourtSystemFileMaxBytes = 1024 * 1024;
inline constexpr std::size_t kCourtSystemRowsMax = 10'000;
inline constexpr std::size_t kCourtStatementsMax = 1'000;
inline constexpr std::size_t kDutyContactsMax = 32;
inline constexpr std::size_t kCourtSystemTextMax = 1'000;
// Nobody reads more before they accept them.
inline constexpr std::size_t kUnconfirmedValuesMax = 2'000;

// Whether the directory may hold a file of this name that is loaded.
bool IsCourtSystemFile(std::string_view name);

// Whether a file of this name is passed over: README.md, and what editors leave beside a file.
// Whoever reads a directory refuses every other that is none of its files: a misspelt table would
// silently leave in force what is compiled in.
bool IsLeftAloneByCourtSystem(std::string_view name);

// `files`: texts by plain name. system.toml must be there; a table that is not is taken as it was
// compiled in. `directory` stands before the names in refusals. Refuses what is unknown, out of
// range, too large or contradicts itself, with file, line and reason; of system.toml every mistake
// at once.
Result<CourtSystem> LoadCourtSystem(const std::map<std::string, std::string>& files,
                                    const std::string& directory);

// Whether somebody answers for what is unconfirmed. The error says what is missing and how to give
// it; reason VALUES_NOT_ACCEPTED.
Result<void> CheckAccepted(const CourtSystem& system);

// Every key of system.toml and acceptance.toml, "section.key".
std::set<std::string> CourtSystemKeys();

}  // namespace nightbox
