// Case categories: every code that stands in a Missouri case number, with its meaning and the
// clause that lists it; and which years a form's two digits mean.
//
// The data are rules/data/case_categories.csv and case_number_years.csv, compiled in; a court
// system may have years of its own. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "rules/case_number.h"

namespace nightbox {

enum class CategoryStanding {
  kListed,     // The form has one list.
  kMandatory,  // On the minimum list of every circuit.
  kOptional,   // The court en banc may have chosen it, from a first of January on.
};

struct CaseCategory {
  CaseNumberForm form;
  std::string code;
  std::string meaning;
  CategoryStanding standing = CategoryStanding::kListed;
  std::string clause;
  std::string source;
};

// A hundred years at most, so that two digits mean one of them.
struct CaseYears {
  CaseNumberForm form;
  int first = 0;
  int last = 0;
  bool confirmed = false;
  std::string clause;
};

// Refuse, with line and reason, what contradicts itself: a code twice in a form, a code that no
// number of the form can have, a window of more than a hundred years.
Result<std::vector<CaseCategory>> ParseCaseCategories(std::string_view csv, std::string_view name);
Result<std::vector<CaseYears>> ParseCaseYears(std::string_view csv, std::string_view name);

// The shipped ones.
const std::vector<CaseCategory>& CaseCategories();
const std::vector<CaseYears>& CaseYearWindows();

// nullptr: the form lists no such code.
const CaseCategory* FindCaseCategory(CaseNumberForm form, std::string_view code);

// nullptr: numbers of the form hold no year, or nobody says which. Lives as long as the windows.
const CaseYears* FindCaseYears(CaseNumberForm form,
                               const std::vector<CaseYears>& windows = CaseYearWindows());

// The year in the form's window that ends in these two digits; empty when the form has no window
// or the window has no such year.
std::optional<int> FullYear(CaseNumberForm form, std::string_view two_digits,
                            const std::vector<CaseYears>& windows = CaseYearWindows());

}  // namespace nightbox
