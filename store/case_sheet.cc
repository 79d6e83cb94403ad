#include "store/case_sheet.h"

#include <algorithm>
#include <variant>

#include "rules/court_time.h"

namespace nightbox {
namespace {

constexpr std::string_view kAsStated = ", as the filer stated";
constexpr std::string_view kAsTold = ", as the case system told";

std::string Titles(const FilingHeader& header) {
  std::string titles;
  for (const Document& document : header.documents) {
    if (!titles.empty()) titles += "; ";
    titles += document.title.empty() ? document.file_name : document.title;
  }
  return titles;
}

void Once(std::vector<std::string>& values, std::string value) {
  if (std::ranges::find(values, value) == values.end()) values.push_back(std::move(value));
}

}  // namespace

CaseSheet::CaseSheet(const RecordFacts& facts, const std::vector<SeparateFilesWord>& roles)
    : zone_(facts.time_zone), roles_(roles) {
  case_.number = facts.case_number;
  known_["case_number"].push_back(
      facts.canonical_case_number.empty() ? facts.case_number : facts.canonical_case_number);
  known_["court"].push_back(facts.court_name.empty() ? facts.court.str() : facts.court_name);
}

std::string CaseSheet::Local(WallTime time) const {
  const auto words = FormatLocal(time, zone_);
  return words ? *words : FormatUtc(time);
}

// Whoever signed is not thereby an attorney in the case, and whom an attorney represents the court
// knows.
void CaseSheet::AddSigner(const FilingHeader& header) {
  if (header.signer.empty()) return;
  Once(known_["attorneys"], header.signer + " signed a filing" + std::string(kAsStated));
}

void CaseSheet::Add(const FilingSnapshot& filing, bool perhaps) {
  const FilingHeader& header = filing.record.header;
  const std::optional<CourtRecord>& told = filing.state.record;
  std::string line = "received by the gateway on " + Local(filing.record.received_at) + ": " +
                     Titles(header) + " (" + std::string(ToWord(ClassOf(filing.state))) + ")";
  if (told && told->filed_at) line += "; filed " + Local(*told->filed_at) + std::string(kAsTold);
  if (told && told->docketed_at)
    line += "; docketed " + Local(*told->docketed_at) + std::string(kAsTold);
  known_["docket_entries"].push_back(std::move(line));
  if (perhaps) return;
  AddSigner(header);
  case_.by_citation = case_.by_citation || !header.uniform_citation_number.empty();
  const auto* opened = std::get_if<NewCase>(&header.case_reference);
  if (opened == nullptr || opened_here_) return;
  opened_here_ = true;
  case_.category = opened->category;
  case_.case_type = opened->case_type;
  const std::string as_stated(kAsStated);
  if (!opened->title.empty()) known_["case_title"].push_back(opened->title + as_stated);
  // No member of a filing carries the offense: a case type is a kind of case.
  if (!opened->case_type.empty()) known_["case_type"].push_back(opened->case_type + as_stated);
  for (const Party& party : opened->parties) {
    Once(known_["parties"],
         party.name + (party.role.empty() ? "" : " (" + party.role + ")") + as_stated);
  }
  const PartiesMeant defendants =
      FindParties(SeparateFilesRule::kDefendants, opened->parties, roles_);
  for (const std::size_t i : defendants.parties)
    Once(known_["defendant"], opened->parties[i].name + as_stated);
  known_["date_filed"].push_back(told && told->filed_at
                                     ? Local(*told->filed_at) + std::string(kAsTold)
                                     : std::string(kHeldByTheCaseSystem));
  known_["date_filed"].push_back("received by the gateway on " + Local(filing.record.received_at));
}

void CaseSheet::Fill(const RecordRules& rules, RecordFacts& facts) const {
  SheetFacts known = known_;
  const std::string held(kHeldByTheCaseSystem);
  known["docket_entries"].push_back("all others: " + held);
  if (known.contains("attorneys"))
    known["attorneys"].push_back("who is an attorney in the case, and for whom: " + held);
  facts.sheet = SheetFor(case_, rules);
  facts.rows = RowsOf(facts.sheet.sheet, known, opened_here_, rules);
}

}  // namespace nightbox
