// Admission's rules on where a filing goes: the court, and the case in it.
#include <algorithm>

#include "gateway/admission_rules.h"
#include "gateway/id_shape.h"

namespace nightbox {
namespace {

std::string ListOf(const std::vector<CourtChoice>& choices) {
  std::string text;
  for (const CourtChoice& choice : choices) {
    if (!text.empty()) text += ", ";
    text += choice.id.str();
    if (!choice.name.empty()) text += " (" + choice.name + ')';
  }
  return text;
}

bool TakesFilersOf(const admission::Examined& filing) {
  if (filing.policy == nullptr || filing.policy->filer_classes.empty()) return true;
  return std::ranges::any_of(filing.policy->filer_classes, [&](const std::string& enabled) {
    return filing.input.filer_classes.contains(enabled);
  });
}

std::string UnknownCourt(const std::vector<CourtChoice>& nearest) {
  std::string text = "there is no court of this id";
  if (!nearest.empty()) text += "; did you mean " + ListOf(nearest) + "?";
  return text;
}

// What is odd about our list, not about the number: of most courts no code is known, of most others
// none is confirmed, and of citations and appellate numbers no rule is at hand. Saying so on every
// receipt would teach people to read none of it.
bool IsOurIgnorance(CaseNumberFlag flag, const CaseNumberReading& reading,
                    const CaseCheckContext& context) {
  if (flag == CaseNumberFlag::kLocationUnconfirmed)
    return !reading.Has(CaseNumberFlag::kLocationOfOtherCourt);
  if (flag == CaseNumberFlag::kUnverifiedFormat)
    return reading.number && Form(*reading.number) != CaseNumberForm::kConverted;
  if (flag != CaseNumberFlag::kLocationUnknown) return false;
  const Court* court = context.courts == nullptr ? nullptr : context.courts->Find(context.court);
  return court == nullptr || court->location_code.empty();
}

}  // namespace

std::vector<Warning> CaseNumberWarnings(std::string_view number, const CaseCheckContext& context) {
  const CaseNumberReading reading = ReadCaseNumber(number, context);
  std::vector<Warning> warnings;
  for (const CaseNumberFlag flag : reading.flags) {
    if (IsOurIgnorance(flag, reading, context)) continue;
    const bool of_its_case = flag == CaseNumberFlag::kCategoryNotEnabled;
    warnings.push_back({of_its_case ? "CASE_CATEGORY_NOT_ENABLED" : "CASE_NUMBER_UNUSUAL",
                        "About the case number: " + Explain(flag, reading) + " (" +
                            ClauseOf(flag, reading) + "). It is delivered as typed.",
                        "header.case_number"});
  }
  return warnings;
}

std::optional<Error> CourtProblem(const PolicyLookup& court, std::string field) {
  switch (court.answer) {
    case PolicyLookup::Answer::kPolicy:
      return std::nullopt;
    case PolicyLookup::Answer::kUnknown:
      return Catalogued("COURT_UNKNOWN", UnknownCourt(court.choices), std::move(field));
    case PolicyLookup::Answer::kIsCircuit:
      return Catalogued(
          "COURT_IS_A_CIRCUIT",
          "a circuit is not a destination; choose one of its courts: " + ListOf(court.choices),
          std::move(field));
    case PolicyLookup::Answer::kNotEnabled:
      break;
  }
  const std::string name = court.policy != nullptr ? court.policy->court_name : "this court";
  return Catalogued("COURT_NOT_ENABLED", name + " does not take filings through this gateway",
                    std::move(field));
}

namespace admission {

void ExamineCourt(const Examined& filing, Findings& findings) {
  const std::string field = "header.court_id";
  if (filing.header.court.empty()) {
    findings.Add("REQUIRED_MISSING", "header.court_id is empty", field);
  } else if (auto problem = CourtProblem(filing.input.court, field)) {
    findings.Add(*std::move(problem));
  } else if (!TakesFilersOf(filing)) {
    findings.Add("FILER_CLASS_NOT_ENABLED",
                 "this court does not take filings of this user's class through this gateway",
                 "registered_user");
  }
}

void ExamineCase(const Examined& filing, Findings& findings) {
  if (std::holds_alternative<std::monostate>(filing.header.case_reference)) {
    findings.Add("CASE_MISSING", "the filing names no case", "header.case_reference");
    return;
  }
  const auto* opened = std::get_if<NewCase>(&filing.header.case_reference);
  if (opened == nullptr || filing.policy == nullptr || filing.policy->case_types.empty()) return;
  // Capitals or not: the case system writes them as it likes.
  const auto is_enabled = [&](const std::string& type) {
    return EqualButForCapitals(type, opened->case_type) ||
           EqualButForCapitals(type, opened->category);
  };
  if (std::ranges::none_of(filing.policy->case_types, is_enabled)) {
    findings.Add("CASE_TYPE_NOT_ENABLED",
                 "this court does not take this case type through this gateway",
                 "header.new_case.case_type");
  }
}

void ExamineOpeningFiling(const Examined& filing, Findings& findings) {
  const auto* opened_by = std::get_if<OpenedBy>(&filing.header.case_reference);
  if (opened_by == nullptr) return;
  const std::string field = "header.opened_by_filing_id";
  const auto& opening = filing.input.opening;
  if (!IsFilingId(opened_by->filing_id.str())) {
    findings.Add("FIELD_INVALID", field + " is not a filing id", field);
  } else if (!opening || !opening->known) {
    findings.Add("OPENER_UNKNOWN", "the filing said to open the case is not known", field);
  } else if (!opening->opens_a_case) {
    findings.Add("OPENER_OPENS_NO_CASE", "the filing said to open the case opens none", field);
  } else if (opening->court != filing.header.court) {
    findings.Add("OPENER_ELSEWHERE", "the filing said to open the case went to another court",
                 field);
  }
}

void WarnAboutCase(const Examined& filing, Findings& findings) {
  for (const Warning& each : filing.input.case_number_warnings)
    findings.Warn(each.code, each.message, each.field);
  const auto* opened = std::get_if<NewCase>(&filing.header.case_reference);
  if (opened != nullptr && opened->parties.empty()) {
    findings.Warn("NO_PARTIES", "The new case names no parties.", "header.new_case.parties");
  }
  if (opened == nullptr) return;  // Nothing else opens files.
  const auto* words = filing.input.separate_files;
  const auto in_force = InForceOn(words == nullptr ? SeparateFilesWords() : *words,
                                  filing.input.today.value_or(CourtDay::max()));
  for (const SeparateFiles& found : FindSeparateFiles(filing.header, in_force)) {
    findings.Warn("SEPARATE_FILES", Sentence(found), found.field);
  }
}

}  // namespace admission
}  // namespace nightbox
