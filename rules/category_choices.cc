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

// The category and all that a circuit may have instead of it, or it instead of. One alone: none may
// stand for it, and a circuit may do without it.
std::vector<std::string> Alternatives(const CaseCategory& category) {
  const std::string& replaced = category.instead_of.empty() ? category.code : category.instead_of;
  std::vector<std::string> codes = {replaced};
  for (const CaseCategory& other : CaseCategories()) {
    if (other.form == kForm && other.instead_of == replaced) codes.push_back(other.code);
  }
  return codes;
}

// "CV, CC and AC".
std::string InWords(const std::vector<std::string>& codes) {
  std::string words = codes.front();
  for (std::size_t i = 1; i < codes.size(); ++i)
    words += (i + 1 < codes.size() ? ", " : " and ") + codes[i];
  return words;
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
  // When all are read: choices of other years, further down, hold on as well.
  for (const CsvRow& row : rows) {
    const int circuit = *ParseSmallNumber(row.fields[0]);
    const int year = *ParseSmallNumber(row.fields[1]);
    const auto codes = Alternatives(*FindCaseCategory(kForm, row.fields[2]));
    const bool none = std::ranges::all_of(codes, [&](const std::string& code) {
      const Choice* const choice = choices.Of(circuit, code, year);
      return choice != nullptr && !choice->chosen;
    });
    if (codes.size() == 1 || !none) continue;
    return RefusedLine(file_name, row.line,
                       "the circuit would have none of " + InWords(codes) + " in that year");
  }
  return choices;
}

const CategoryChoices::Choice* CategoryChoices::Of(int circuit, const std::string& category,
                                                   int year) const {
  const auto of = choices_.find({circuit, category});
  if (of == choices_.end()) return nullptr;
  const auto after = of->second.upper_bound(year);
  return after == of->second.begin() ? nullptr : &std::prev(after)->second;
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
