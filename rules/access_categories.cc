#include "rules/access_categories.h"

#include <algorithm>
#include <optional>

#include "core/check.h"
#include "rules/case_category.h"
#include "rules/data_table.h"
#include "rules/embedded_data.h"

namespace nightbox {
namespace {

constexpr std::string_view kFile = "access_categories.csv";

std::optional<CaseKind> ParseKind(std::string_view word) {
  if (word == "civil") return CaseKind::kCivil;
  if (word == "criminal") return CaseKind::kCriminal;
  if (word == "unknown") return CaseKind::kUnknown;
  return std::nullopt;
}

std::optional<Known> ParseKnown(std::string_view word) {
  if (word == "yes") return Known::kYes;
  if (word == "no") return Known::kNo;
  if (word == "unknown") return Known::kUnknown;
  return std::nullopt;
}

}  // namespace

Result<std::vector<AccessCategory>> ParseAccessCategories(std::string_view csv,
                                                          std::string_view file_name) {
  static const std::vector<std::string> kColumns = {
      "category",    "kind",           "juvenile",  "mental_health",
      "chapter_455", "effective_from", "confirmed", "source"};
  NB_ASSIGN_OR_RETURN(const std::vector<CsvRow> rows, ParseTable(csv, file_name, kColumns));
  std::vector<AccessCategory> categories;
  for (const CsvRow& row : rows) {
    const auto kind = ParseKind(row.fields[1]);
    const auto juvenile = ParseKnown(row.fields[2]);
    const auto mental_health = ParseKnown(row.fields[3]);
    const auto chapter_455 = ParseKnown(row.fields[4]);
    const auto effective_from = ParseDay(row.fields[5]);
    const auto confirmed = ParseYesNo(row.fields[6]);
    if (row.fields[0].empty() || !kind || !juvenile || !mental_health || !chapter_455 ||
        !effective_from || !confirmed || row.fields[7].empty()) {
      return RefusedLine(file_name, row.line, "a field is not one of its words, or is empty");
    }
    if (std::ranges::count(categories, row.fields[0], &AccessCategory::code) != 0) {
      return RefusedLine(file_name, row.line, "the category occurs twice");
    }
    categories.push_back({row.fields[0], *kind, *juvenile, *mental_health, *chapter_455, *confirmed,
                          row.fields[7], *effective_from});
  }
  return categories;
}

const std::vector<AccessCategory>& AccessCategories() {
  static const std::vector<AccessCategory> categories = [] {
    auto parsed = ParseAccessCategories(EmbeddedRulesData(kFile), kFile);
    NB_CHECK(parsed.has_value());
    return std::move(*parsed);
  }();
  return categories;
}

const AccessCategory* FindAccessCategory(std::string_view code,
                                         const std::vector<AccessCategory>& categories) {
  const auto found = std::ranges::find_if(categories, [&](const AccessCategory& category) {
    return EqualButForCapitals(category.code, code);
  });
  return found == categories.end() ? nullptr : &*found;
}

}  // namespace nightbox
