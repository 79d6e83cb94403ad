#include "rules/category_choices.h"

#include <algorithm>
#include <iterator>

#include "rules/case_check.h"
#include "rules/data_table.h"

namespace nightbox {
namespace {

constexpr CaseNumberForm kForm = CaseNumberForm::kNewConstruct;

// An optional category, or one that a circuit can have others instead of: "Instead of CV, use".
bool CanBeChosen(const CaseCategory& category) {
  return category.standing == CategoryStanding::kOptional ||
         std::ranges::any_of(CaseCategories(), [&](const CaseCategory& other) {
           return other.form == kForm && other.instead_of == category.code;
         });
}

}  // namespace

Result<CategoryChoices> CategoryChoices::Parse(std::string_view csv, std::string_view file_name,
                                               const CourtDirectory& courts,
                                               const std::vector<CaseYears>& windows) {
  NB_ASSIGN_OR_RETURN(
      const auto rows,
      ParseTable(csv, file_name, {"circuit", "year", "category", "chosen", "source", "confirmed"}));
  const std::optional<CaseYears> years = FindCaseYears(kForm, windows);
  CategoryChoices choices;
  for (const CsvRow& row : rows) {
    const auto refuse = [&](std::string_view why) { return RefusedLine(file_name, row.line, why); };
    const auto circuit = ParseSmallNumber(row.fields[0]);
    if (!circuit || courts.FindCircuit(*circuit) == nullptr) {
      return refuse("circuit is not the number of a circuit of the courts' table");
    }
    const auto year = ParseSmallNumber(row.fields[1]);
    if (!year || !years || *year < years->first || *year > years->last) {
      return refuse("year is none of case numbers of the new construct");
    }
    const CaseCategory* const category = FindCaseCategory(kForm, row.fields[2]);
    if (category == nullptr) return refuse("there is no such category");
    if (!CanBeChosen(*category)) {
      return refuse("every circuit has this category: there is nothing to choose");
    }
    const auto chosen = ParseYesNo(row.fields[3]);
    if (!chosen) return refuse("chosen is yes or no");
    if (row.fields[4].empty()) return refuse("source is empty: every row says where it comes from");
    const auto confirmed = ParseYesNo(row.fields[5]);
    if (!confirmed) return refuse("confirmed is yes or no");
    auto& by_year = choices.choices_[{*circuit, category->code}];
    if (!by_year.emplace(*year, Choice{*chosen, *confirmed}).second) {
      return refuse("the circuit's choice for that year stands here twice");
    }
  }
  return choices;
}

ChosenCategories CategoryChoices::In(int circuit, int year) const {
  std::map<std::string, bool> without;
  for (auto of = choices_.lower_bound({circuit, ""});
       of != choices_.end() && of->first.first == circuit; ++of) {
    const auto after = of->second.upper_bound(year);
    if (after == of->second.begin()) continue;
    const Choice& choice = std::prev(after)->second;
    if (!choice.chosen) without.emplace(of->first.second, choice.confirmed);
  }
  ChosenCategories chosen;
  if (without.empty()) return chosen;
  for (const CaseCategory& category : CaseCategories()) {
    if (category.form != kForm) continue;
    const auto left_out = without.find(category.code);
    if (left_out == without.end()) {
      chosen.codes.insert(category.code);
    } else if (!left_out->second) {
      chosen.left_out_unconfirmed.insert(category.code);
    }
  }
  return chosen;
}

bool CategoryChoices::Knows(int circuit) const {
  const auto first = choices_.lower_bound({circuit, ""});
  return first != choices_.end() && first->first.first == circuit;
}

ChosenCategories CategoriesChosen(const CategoryChoices& choices, const CircuitHistory& circuits,
                                  const CourtDirectory& courts, const CourtId& court,
                                  std::string_view case_number,
                                  const std::vector<CaseYears>& years) {
  const Court* const found = courts.Find(court);
  if (found == nullptr || found->circuit == 0 || found->counties.size() != 1) return {};
  CaseCheckContext context;
  context.years = &years;
  const CaseNumberReading reading = ReadCaseNumber(case_number, context);
  if (!reading.year) return {};
  const CourtDay first(std::chrono::year(*reading.year) / std::chrono::January / 1);
  const CircuitMembership member = circuits.On(*found, first);
  ChosenCategories chosen = choices.In(member.circuit, *reading.year);
  if (!chosen.codes.empty() && !member.confirmed) {
    for (const CaseCategory& category : CaseCategories()) {
      if (category.form == kForm && !chosen.codes.contains(category.code))
        chosen.left_out_unconfirmed.insert(category.code);
    }
  }
  return chosen;
}

}  // namespace nightbox
