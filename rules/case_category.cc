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

// What a table may say the length of, and what the program can read.
struct MeasuredPart {
  CaseNumberForm form;
  std::string_view part;
  int shortest;
  int longest;
  bool has_years;
};
constexpr std::array kMeasuredParts = {
    MeasuredPart{CaseNumberForm::kUniformCitation, "number", 7, 12, false},
    MeasuredPart{CaseNumberForm::kNewConstruct, "location", 2, 3, true}};

char LowerCase(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

Result<std::vector<CaseCategory>> ParseCaseCategories(std::string_view csv, std::string_view name) {
  NB_ASSIGN_OR_RETURN(const auto rows,
                      ParseTable(csv, name,
                                 {"form", "code", "meaning", "standing", "instead_of",
                                  "effective_from", "confirmed", "clause", "source"}));
  std::vector<CaseCategory> categories;
  for (const CsvRow& row : rows) {
    const auto form = ReadForm(row.fields[0]);
    const auto standing = ReadStanding(row.fields[3]);
    if (!form) return RefusedLine(name, row.line, "there is no such form");
    if (!standing) return RefusedLine(name, row.line, "standing is listed, mandatory or optional");
    const auto since = ParseDayRange(row.fields[5], "");
    if (!since) return RefusedLine(name, row.line, since.error());
    const auto confirmed = ParseYesNo(row.fields[6]);
    if (!confirmed) return RefusedLine(name, row.line, "confirmed is yes or no");
    CaseCategory category{*form,        row.fields[1], row.fields[2], *standing,    row.fields[4],
                          since->first, *confirmed,    row.fields[7], row.fields[8]};
    if (!IsCode(category.code))
      return RefusedLine(name, row.line, "a code is one or two capital letters");
    if (category.meaning.empty() || category.clause.empty() || category.source.empty())
      return RefusedLine(name, row.line, "a code needs its meaning, clause and source");
    for (const CaseCategory& other : categories) {
      if (other.form == category.form && other.code == category.code)
        return RefusedLine(name, row.line, "this form has the code already");
    }
    const auto is_replaced = [&](const CaseCategory& other) {
      return other.form == category.form && other.code == category.instead_of;
    };
    if (!category.instead_of.empty() && std::ranges::none_of(categories, is_replaced))
      return RefusedLine(name, row.line, "instead_of is no code above it");
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
    if (const auto before = FindCaseYears(years.form, windows)) {
      if (years.first != before->last + 1)
        return RefusedLine(name, row.line,
                           "the form's years overlap, leave a gap or are not in order");
      if (years.last - before->first >= 100)
        return RefusedLine(name, row.line, "the years must be a window of at most a hundred");
    }
    windows.push_back(std::move(years));
  }
  return windows;
}

Result<std::vector<CaseNumberLength>> ParseCaseLengths(std::string_view csv,
                                                       std::string_view name) {
  NB_ASSIGN_OR_RETURN(const auto rows, ParseTable(csv, name,
                                                  {"form", "part", "first_year", "shortest",
                                                   "longest", "confirmed", "clause", "source"}));
  std::vector<CaseNumberLength> lengths;
  for (const CsvRow& row : rows) {
    const auto refuse = [&](std::string_view why) { return RefusedLine(name, row.line, why); };
    const auto* const part = std::ranges::find_if(kMeasuredParts, [&](const MeasuredPart& each) {
      return ToString(each.form) == row.fields[0] && each.part == row.fields[1];
    });
    if (part == kMeasuredParts.end())
      return refuse("only uniform_citation number and new_construct location have a length");
    const int first_year = row.fields[2].empty() ? 0 : ReadYear(row.fields[2]);
    if (!row.fields[2].empty() && (first_year == 0 || !part->has_years))
      return refuse("first_year is a year of the new construct, or empty");
    const auto shortest = ParseSmallNumber(row.fields[3]);
    const auto longest = ParseSmallNumber(row.fields[4]);
    if (!shortest || !longest || *shortest < part->shortest || *shortest > *longest ||
        *longest > part->longest) {
      return refuse("a citation's number has 7 to 12 digits, a location 2 or 3 characters");
    }
    const auto confirmed = ParseYesNo(row.fields[5]);
    if (!confirmed) return refuse("confirmed is yes or no");
    if (row.fields[6].empty() || row.fields[7].empty())
      return refuse("a length needs its clause and source");
    for (const CaseNumberLength& other : lengths) {
      if (other.form == part->form && other.first_year >= first_year)
        return refuse("the part has its length for these years already");
    }
    lengths.push_back(
        {part->form, first_year, *shortest, *longest, *confirmed, row.fields[6], row.fields[7]});
  }
  return lengths;
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

const std::vector<CaseNumberLength>& CaseNumberLengths() {
  static const std::vector<CaseNumberLength> lengths = [] {
    auto read =
        ParseCaseLengths(EmbeddedRulesData("case_number_lengths.csv"), "case_number_lengths.csv");
    NB_CHECK(read.has_value());
    return *std::move(read);
  }();
  return lengths;
}

const CaseCategory* FindCaseCategory(CaseNumberForm form, std::string_view code) {
  for (const CaseCategory& category : CaseCategories()) {
    if (category.form == form && category.code == code) return &category;
  }
  return nullptr;
}

bool EqualButForCapitals(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, LowerCase, LowerCase);
}

std::set<std::string> CodesAlike(const CaseCategory& category) {
  std::set<std::string> codes;
  for (const CaseCategory& same : CaseCategories()) {
    if (same.form != CaseNumberForm::kNewConstruct || same.meaning != category.meaning) continue;
    codes.insert(same.code);
    if (!same.instead_of.empty()) codes.insert(same.instead_of);
    for (const CaseCategory& other : CaseCategories()) {
      if (other.form == same.form && other.instead_of == same.code) codes.insert(other.code);
    }
  }
  return codes;
}

bool HasCategory(const std::vector<std::string>& case_types, const std::set<std::string>& codes) {
  return std::ranges::any_of(codes, [&](const std::string& code) {
    const CaseCategory* category = FindCaseCategory(CaseNumberForm::kNewConstruct, code);
    return std::ranges::any_of(case_types, [&](const std::string& type) {
      return EqualButForCapitals(type, code) ||
             (category != nullptr && EqualButForCapitals(type, category->meaning));
    });
  });
}

std::optional<CaseYears> FindCaseYears(CaseNumberForm form, const std::vector<CaseYears>& windows) {
  std::optional<CaseYears> all;
  for (const CaseYears& years : windows) {
    if (years.form != form) continue;
    if (!all) {
      all = years;
      continue;
    }
    all->last = years.last;
    all->confirmed = all->confirmed && years.confirmed;
  }
  return all;
}

bool IsCaseYearConfirmed(CaseNumberForm form, int year, const std::vector<CaseYears>& windows) {
  return std::ranges::any_of(windows, [&](const CaseYears& years) {
    return years.form == form && years.first <= year && year <= years.last && years.confirmed;
  });
}

const CaseNumberLength* FindCaseLength(CaseNumberForm form, int year,
                                       const std::vector<CaseNumberLength>& lengths) {
  const CaseNumberLength* found = nullptr;
  for (const CaseNumberLength& length : lengths) {
    if (length.form == form && length.first_year <= year) found = &length;
  }
  return found;
}

CaseNumberOptions NumberOptions(const std::vector<CaseNumberLength>& lengths) {
  CaseNumberOptions options;
  const CaseNumberLength* citation = FindCaseLength(CaseNumberForm::kUniformCitation, 0, lengths);
  if (citation == nullptr) return options;
  options.citation_digits_min = static_cast<std::size_t>(citation->shortest);
  options.citation_digits_max = static_cast<std::size_t>(citation->longest);
  return options;
}

std::optional<int> FullYear(CaseNumberForm form, std::string_view two_digits,
                            const std::vector<CaseYears>& windows) {
  const std::optional<CaseYears> years = FindCaseYears(form, windows);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!years || two_digits.size() != 2 || !is_digit(two_digits[0]) || !is_digit(two_digits[1])) {
    return std::nullopt;
  }
  const int digits = 10 * (two_digits[0] - '0') + (two_digits[1] - '0');
  // The first year of the window that ends so.
  const int year = years->first + ((digits - years->first % 100) + 100) % 100;
  if (year > years->last) return std::nullopt;
  return year;
}

}  // namespace nightbox
