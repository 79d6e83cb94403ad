#include "rules/case_category.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/check.h"
#include "rules/data_table.h"
#include "rules/embedded_data.h"

namespace nightbox {
namespace {

constexpr std::array kForms = {CaseNumberForm::kConverted, CaseNumberForm::kInterim,
                               CaseNumberForm::kNewConstruct, CaseNumberForm::kUniformCitation,
                               CaseNumberForm::kAppellate};

std::optional<CaseNumberForm> ReadForm(std::string_view word) {
  for (const CaseNumberForm form : kForms) {
    if (ToString(form) == word) return form;
  }
  return std::nullopt;
}

std::optional<CategoryStanding> ReadStanding(std::string_view word) {
  if (word == "listed") return CategoryStanding::kListed;
  if (word == "mandatory") return CategoryStanding::kMandatory;
  if (word == "optional") return CategoryStanding::kOptional;
  return std::nullopt;
}

bool IsCode(std::string_view code) {
  return (code.size() == 1 || code.size() == 2) &&
         std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

int ReadYear(const std::string& text) {
  int year = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), year);
  return error == std::errc() && end == text.data() + text.size() && text.size() == 4 ? year : 0;
}

}  // namespace

Result<std::vector<CaseCategory>> ParseCaseCategories(std::string_view csv, std::string_view name) {
  NB_ASSIGN_OR_RETURN(
      const auto rows,
      ParseTable(csv, name, {"form", "code", "meaning", "standing", "clause", "source"}));
  std::vector<CaseCategory> categories;
  for (const CsvRow& row : rows) {
    const auto form = ReadForm(row.fields[0]);
    const auto standing = ReadStanding(row.fields[3]);
    if (!form) return RefusedLine(name, row.line, "there is no such form");
    if (!standing) return RefusedLine(name, row.line, "standing is listed, mandatory or optional");
    CaseCategory category{*form,     row.fields[1], row.fields[2],
                          *standing, row.fields[4], row.fields[5]};
    if (!IsCode(category.code))
      return RefusedLine(name, row.line, "a code is one or two capital letters");
    if (category.meaning.empty() || category.clause.empty() || category.source.empty())
      return RefusedLine(name, row.line, "a code needs its meaning, clause and source");
    for (const CaseCategory& other : categories) {
      if (other.form == category.form && other.code == category.code)
        return RefusedLine(name, row.line, "this form has the code already");
    }
    categories.push_back(std::move(category));
  }
  return categories;
}

Result<std::vector<CaseYears>> ParseCaseYears(std::string_view csv, std::string_view name) {
  NB_ASSIGN_OR_RETURN(
      const auto rows,
      ParseTable(csv, name, {"form", "first_year", "last_year", "confirmed", "clause", "remark"}));
  std::vector<CaseYears> windows;
  for (const CsvRow& row : rows) {
    const auto form = ReadForm(row.fields[0]);
    if (!form) return RefusedLine(name, row.line, "there is no such form");
    CaseYears years{*form, ReadYear(row.fields[1]), ReadYear(row.fields[2]), row.fields[3] == "yes",
                    row.fields[4]};
    if (!years.confirmed && row.fields[3] != "no")
      return RefusedLine(name, row.line, "confirmed is yes or no");
    if (years.first == 0 || years.last < years.first || years.last - years.first >= 100)
      return RefusedLine(name, row.line, "the years must be a window of at most a hundred");
    for (const CaseYears& other : windows) {
      if (other.form == years.form)
        return RefusedLine(name, row.line, "this form has its years already");
    }
    windows.push_back(std::move(years));
  }
  return windows;
}

const std::vector<CaseCategory>& CaseCategories() {
  static const std::vector<CaseCategory> categories = [] {
    auto read =
        ParseCaseCategories(EmbeddedRulesData("case_categories.csv"), "case_categories.csv");
    NB_CHECK(read.has_value());
    return *std::move(read);
  }();
  return categories;
}

const std::vector<CaseYears>& CaseYearWindows() {
  static const std::vector<CaseYears> windows = [] {
    auto read = ParseCaseYears(EmbeddedRulesData("case_number_years.csv"), "case_number_years.csv");
    NB_CHECK(read.has_value());
    return *std::move(read);
  }();
  return windows;
}

const CaseCategory* FindCaseCategory(CaseNumberForm form, std::string_view code) {
  for (const CaseCategory& category : CaseCategories()) {
    if (category.form == form && category.code == code) return &category;
  }
  return nullptr;
}

const CaseYears* FindCaseYears(CaseNumberForm form, const std::vector<CaseYears>& windows) {
  for (const CaseYears& years : windows) {
    if (years.form == form) return &years;
  }
  return nullptr;
}

std::optional<int> FullYear(CaseNumberForm form, std::string_view two_digits,
                            const std::vector<CaseYears>& windows) {
  const CaseYears* years = FindCaseYears(form, windows);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (years == nullptr || two_digits.size() != 2 || !is_digit(two_digits[0]) ||
      !is_digit(two_digits[1])) {
    return std::nullopt;
  }
  const int digits = 10 * (two_digits[0] - '0') + (two_digits[1] - '0');
  // The first year of the window that ends so.
  const int year = years->first + ((digits - years->first % 100) + 100) % 100;
  if (year > years->last) return std::nullopt;
  return year;
}

}  // namespace nightbox
