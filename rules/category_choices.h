// CategoryChoices: which optional categories a circuit's court en banc chose for its case numbers
// (COR 4.04.1(3)(c), (d)): those it may have beside the minimum list, and CV, instead of which it
// may have CC and AC.
//
// The data are category_choices.csv, of which none are at hand for any circuit: what no row says is
// not known, and then nothing is said of it. A choice takes effect on a first of January and holds
// until the circuit's next one on that category. Immutable after loading; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ids.h"
#include "core/result.h"
#include "rules/case_category.h"
#include "rules/circuit_history.h"
#include "rules/court_directory.h"

namespace nightbox {

class CategoryChoices {
 public:
  // Refuses, with line and reason, what is no circuit of the directory, no year of new-construct
  // numbers, no category that can be chosen, a choice made twice for a year, rows without a source,
  // and a row that leaves a circuit without a category and all it may have instead of it.
  static Result<CategoryChoices> Parse(std::string_view csv, std::string_view file_name,
                                       const CourtDirectory& courts = CourtDirectory::Missouri(),
                                       const std::vector<CaseYears>& windows = CaseYearWindows());

  // The categories a number of that year may have: all but those of which it is known that the
  // circuit did not choose them. Empty: of none is that known.
  ChosenCategories In(int circuit, int year) const;

  // Whether any choice of the circuit is known.
  bool Knows(int circuit) const;

 private:
  struct Choice {
    bool chosen = false;
    bool confirmed = false;
  };
  // What is known for the year; nullptr: nothing.
  const Choice* Of(int circuit, const std::string& category, int year) const;

  // By circuit and category, what is chosen from that year on.
  std::map<std::pair<int, std::string>, std::map<int, Choice>> choices_;
};

// The categories for CaseCheckContext::categories_chosen: those of the circuit to which the court
// belonged on the first of January of the number's year. Empty where the number has no year, the
// court no circuit, or nothing is known; unconfirmed where the county's circuit of that day is.
ChosenCategories CategoriesChosen(const CategoryChoices& choices, const CircuitHistory& circuits,
                                  const CourtDirectory& courts, const CourtId& court,
                                  std::string_view case_number,
                                  const std::vector<CaseYears>& years = CaseYearWindows());

}  // namespace nightbox
