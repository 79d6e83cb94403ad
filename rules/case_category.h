// Case categories: every code that stands in a Missouri case number, with its meaning and the
// clause that lists it; which years a form's two digits mean; and how long its parts may be.
//
// The data are rules/data/case_categories.csv, case_number_years.csv and case_number_lengths.csv,
// compiled in; a court system may have years and lengths of its own. Pure; any thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "rules/case_number.h"
#include "rules/court_day.h"

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
  // The code that the circuit has instead where it did not choose this one. Empty: none.
  std::string instead_of;
  // Of the list that was read. Empty: of no list.
  std::optional<CourtDay> effective_from;
  // Whether that list is the one in force.
  bool confirmed = false;
  std::string clause;
  std::string source;
};

// What a circuit's numbers of one year have as their category, as far as its choice is known.
struct ChosenCategories {
  // Empty: nothing is known.
  std::set<std::string> codes;
  // Those that are not among them by a choice that nobody has confirmed.
  std::set<std::string> left_out_unconfirmed;
};

// Some of a form's years, or all of them: a hundred at most, so that two digits mean one.
struct CaseYears {
  CaseNumberForm form;
  int first = 0;
  int last = 0;
  bool confirmed = false;
  std::string clause;
};

// How many characters a part has in numbers of `first_year` and later: the digits of a citation's
// number, or the location of the new construct.
struct CaseNumberLength {
  CaseNumberForm form;
  // 0: from the form's first year on.
  int first_year = 0;
  int shortest = 0;
  int longest = 0;
  bool confirmed = false;
  std::string clause;
  std::string source;
};

// Refuse, with line and reason, what contradicts itself: a code twice in a form, a code that no
// number of the form can have, years of a form with a gap or of more than a hundred, a length that
// the program cannot read.
Result<std::vector<CaseCategory>> ParseCaseCategories(std::string_view csv, std::string_view name);
Result<std::vector<CaseYears>> ParseCaseYears(std::string_view csv, std::string_view name);
Result<std::vector<CaseNumberLength>> ParseCaseLengths(std::string_view csv, std::string_view name);

// The shipped ones.
const std::vector<CaseCategory>& CaseCategories();
const std::vector<CaseYears>& CaseYearWindows();
const std::vector<CaseNumberLength>& CaseNumberLengths();

// nullptr: the form lists no such code.
const CaseCategory* FindCaseCategory(CaseNumberForm form, std::string_view code);

// The codes of the new construct that stand for cases such as those of this category: the one with
// its meaning, and what circuits have instead of that or it instead of. Empty: not known.
std::set<std::string> CodesAlike(const CaseCategory& category);
// Whether the list of enabled case types has one of these codes or its meaning, capitals or not.
bool HasCategory(const std::vector<std::string>& case_types, const std::set<std::string>& codes);
// ASCII letters only.
bool EqualButForCapitals(std::string_view a, std::string_view b);

// All years of the form, confirmed if each is. Empty: its numbers hold no year, or nobody says
// which.
std::optional<CaseYears> FindCaseYears(CaseNumberForm form,
                                       const std::vector<CaseYears>& windows = CaseYearWindows());
// Whether it is confirmed that numbers of the form were given in that year.
bool IsCaseYearConfirmed(CaseNumberForm form, int year, const std::vector<CaseYears>& windows);

// The length that holds in that year. nullptr: nobody says. Lives as long as the lengths.
const CaseNumberLength* FindCaseLength(CaseNumberForm form, int year,
                                       const std::vector<CaseNumberLength>& lengths);
// What ParseCaseNumber is to take.
CaseNumberOptions NumberOptions(const std::vector<CaseNumberLength>& lengths);

// The year in the form's window that ends in these two digits; empty when the form has no window
// or the window has no such year.
std::optional<int> FullYear(CaseNumberForm form, std::string_view two_digits,
                            const std::vector<CaseYears>& windows = CaseYearWindows());

}  // namespace nightbox
