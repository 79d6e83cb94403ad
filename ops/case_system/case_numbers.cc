#include "ops/case_system/case_numbers.h"

#include <variant>

#include "core/check.h"
#include "rules/case_number.h"

namespace nightbox {
namespace {

// The canonical text where the number has a known form; else as the filer typed it, since the court
// knows its old cases better than any grammar.
std::string CanonicalOrRaw(const std::string& text) {
  const auto number = ParseCaseNumber(text);
  return number ? Canonical(*number) : text;
}

Result<std::vector<CaseNumber>> AllotNumbers(Database& database, const Court& court,
                                             const NumberingOptions& options, const NewCase& opened,
                                             WallTime received_at, WallTime now) {
  NB_ASSIGN_OR_RETURN(const NumberingPlan plan,
                      PlanNumbers(court, opened, received_at, now, options));
  std::vector<CaseNumber> numbers;
  for (const std::string& party : plan.parties) {
    NB_ASSIGN_OR_RETURN(
        const auto drawn,
        database.Query("INSERT INTO case_sequences(scope, last) VALUES(?, 1) "
                       "ON CONFLICT(scope) DO UPDATE SET last = last + 1 RETURNING last",
                       {plan.scope}));
    // A refusal here rolls the draw back with everything else.
    NB_ASSIGN_OR_RETURN(const std::string number, NumberAt(plan, drawn.at(0).Int(0)));
    numbers.push_back({number, party, plan.synthetic_location});
  }
  return numbers;
}

Result<std::string> NumberOpenedBy(Database& database, const FilingId& opener) {
  NB_ASSIGN_OR_RETURN(const auto rows,
                      database.Query("SELECT case_number FROM case_numbers JOIN filings "
                                     "ON filing_seq = seq WHERE filing_id = ?",
                                     {opener.str()}));
  if (rows.size() == 1) return rows.front().Text(0);
  return Error{ErrorCode::kFailedPrecondition,
               rows.empty() ? "the filing that opens the case is not docketed here"
                            : "the filing that opens the case got several numbers: name one",
               "CASE_NOT_OPENED"};
}

}  // namespace

Result<std::vector<CaseNumber>> CaseNumbersFor(Database& database, const CourtDirectory& courts,
                                               const NumberingOptions& options,
                                               const FilingRow& row, WallTime now) {
  const CaseReference& reference = row.header.case_reference;
  if (const auto* existing = std::get_if<ExistingCase>(&reference)) {
    return std::vector{CaseNumber{CanonicalOrRaw(existing->number), {}, false}};
  }
  if (const auto* opener = std::get_if<OpenedBy>(&reference)) {
    if (!row.resolved_case_number.empty()) {
      return std::vector{CaseNumber{CanonicalOrRaw(row.resolved_case_number), {}, false}};
    }
    NB_ASSIGN_OR_RETURN(const std::string number, NumberOpenedBy(database, opener->filing_id));
    return std::vector{CaseNumber{number, {}, false}};
  }
  // A case begun by a uniform citation keeps the citation's number as its file number.
  if (!row.header.uniform_citation_number.empty()) {
    return std::vector{CaseNumber{CanonicalOrRaw(row.header.uniform_citation_number), {}, false}};
  }
  const auto* opened = std::get_if<NewCase>(&reference);
  NB_CHECK(opened != nullptr);  // ReadDelivery refuses a filing without a case.
  const Court* court = courts.Find(row.header.court);
  // A municipal division is a division of its county's court and draws from that court's numbers.
  if (court != nullptr && court->kind == CourtKind::kMunicipal) court = courts.Find(court->parent);
  if (court == nullptr) {
    return Error{ErrorCode::kFailedPrecondition, "the court is no longer in the directory",
                 "COURT_UNKNOWN"};
  }
  return AllotNumbers(database, *court, options, *opened, row.received_at, now);
}

}  // namespace nightbox
