#include "rules/category_choices.h"

#include <iterator>

#include "rules/case_check.h"
#include "rules/data_table.h"

namespace nightbox {
namespace {

constexpr CaseNumberForm kForm = CaseNumberForm::kNewConstruct;

}  // namespace

Result<CategoryChoices> CategoryChoices::Parse(std::string_view csv, std::string_view file_name,
                                               const std::vector<CaseYears>& windows) {
  NB_ASSIGN_OR_RETURN(
      const auto rows,
      ParseTable(csv, file_name, {"circuit", "year", "category", "chosen", "source", "confirmed"}));
  const CaseYears* const years = FindCaseYears(kForm, windows);
  CategoryChoices choices;
  for (const CsvRow& row : rows) {
    const auto refuse = [&](std::string_view why) { return RefusedLine(file_name, row.line, why); };
    const auto circuit = ParseSmallNumber(row.fields[0]);
    if (!circuit || *circuit < 1 || *circuit > 46) return refuse("circuit is not 1 to 46");
    const auto year = ParseSmallNumber(row.fields[1]);
    if (!year || years == nullptr || *year < years->first || *year > years->last) {
      return refuse("year is none of case numbers of the new construct");
    }
    const CaseCategory* const category = FindCaseCategory(kForm, row.fields[2]);
    if (category == nullptr) return refuse("there is no such category");
    if (category->standing != CategoryStanding::kOptional) {
      return refuse("every circuit has this category: there is nothing to choose");
    }
    const auto chosen = ParseYesNo(row.fields[3]);
    if (!chosen) return refuse("chosen is yes or no");
    if (row.fields[4].empty()) return refuse("source is empty: every row says where it comes from");
    if (!ParseYesNo(row.fields[5])) return refuse("confirmed is yes or no");
    auto& by_year = choices.choices_[{*circuit, category->code}];
    if (!by_year.emplace(*year, *chosen).second) {
      return refuse("the circuit's choice for that year stands here twice");
    }
  }
  return choices;
}

std::set<std::string> CategoryChoices::In(int circuit, int year) const {
  std::set<std::string> without;
  for (auto of = choices_.lower_bound({circuit, ""});
       of != choices_.end() && of->first.first == circuit; ++of) {
    const auto after = of->second.upper_bound(year);
    if (after != of->second.begin() && !std::prev(after)->second) without.insert(of->first.second);
  }
  if (without.empty()) return {};
  std::set<std::string> chosen;
  for (const CaseCategory& category : CaseCategories()) {
    if (category.form == kForm && !without.contains(category.code)) chosen.insert(category.code);
  }
  return chosen;
}

std::set<std::string> CategoriesChosen(const CategoryChoices& choices,
                                       const CircuitHistory& circuits, const CourtDirectory& courts,
                                       const CourtId& court, std::string_view case_number,
                                       const std::vector<CaseYears>& years) {
  const Court* const found = courts.Find(court);
  if (found == nullptr || found->circuit == 0 || found->counties.size() != 1) return {};
  CaseCheckContext context;
  context.years = &years;
  const CaseNumberReading reading = ReadCaseNumber(case_number, context);
  if (!reading.year) return {};
  const CourtDay first(std::chrono::year(*reading.year) / std::chrono::January / 1);
  return choices.In(circuits.On(*found, first).circuit, *reading.year);
}

}  // namespace nightbox
