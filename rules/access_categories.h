// What a case number's category says about access to the case: rules/data/access_categories.csv.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "rules/access_policy.h"

namespace nightbox {

struct AccessCategory {
  std::string code;
  CaseKind kind = CaseKind::kUnknown;
  Known juvenile = Known::kUnknown;
  Known mental_health = Known::kUnknown;
  Known chapter_455 = Known::kUnknown;
  bool confirmed = false;
  std::string source;
  // Of the text that lists the category. Its code in an older number means the same.
  CourtDay effective_from{};
};

// Refuses, with file, line and reason, unknown words, no first day, and a code that occurs twice.
Result<std::vector<AccessCategory>> ParseAccessCategories(std::string_view csv,
                                                          std::string_view file_name);

// As compiled in.
const std::vector<AccessCategory>& AccessCategories();

// nullptr: nothing is known of cases of this category. Lives as long as the categories.
const AccessCategory* FindAccessCategory(
    std::string_view code, const std::vector<AccessCategory>& categories = AccessCategories());

}  // namespace nightbox
