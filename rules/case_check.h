// What a person, a clerk or the gateway wants to know of a case number: what form it has, what its
// parts mean, what is odd about it, and what may have been meant instead (COR 4.04.1).
//
// Lenient about shape: nothing here is a reason to refuse a filing in an existing case. Strict
// about identity: a suggestion is offered, never taken, and the number as typed is kept. Pure; any
// thread. Case numbers can be confidential: the result is for whoever typed the number.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/case_category.h"
#include "rules/case_number.h"
#include "rules/court_directory.h"

namespace nightbox {

class CircuitHistory;

// What is odd. Each stands in docs/rules.md with its clause.
enum class CaseNumberFlag {
  // None of the forms. It may still be a number of the court's: older numbers were converted only
  // "substantially" as the rule says.
  kNoKnownForm,
  // Of a form that no rule at hand settles: converted, whose length the rule leaves open; a
  // citation's or an appellate court's, which are as they have been observed.
  kUnverifiedFormat,
  // Not letter for letter the canonical text: spaces or lower case were typed.
  kWrittenDifferently,
  // The rule lists no such category.
  kCategoryUnknown,
  // The circuit's judges have not chosen this category for that year.
  kCategoryNotChosen,
  // The court takes other case types through this gateway. Said only where the category has a code
  // by which enabled case types could name it.
  kCategoryNotEnabled,
  // Location codes of that year had another length.
  kLocationLengthOfOtherYear,
  // No court is known to use this location code; the list is incomplete.
  kLocationUnknown,
  // The court is known to use the code, but nobody has confirmed it.
  kLocationUnconfirmed,
  // The location code is another court's.
  kLocationOfOtherCourt,
  // The prefix or the form is not one this court numbers its cases by.
  kFormOfOtherCourt,
  // The number names a circuit that the court has never been of, as far as is known.
  kCircuitOfOtherCourt,
  // Before the form was in use, after it, or after today.
  kYearBeforeForm,
  kYearAfterForm,
  kYearInFuture,
  // Sequences begin at 00001.
  kSequenceZero,
};

// The word for programs, for example "UNVERIFIED_FORMAT".
std::string_view ToString(CaseNumberFlag flag);
// The sentence for people.
std::string_view Explain(CaseNumberFlag flag);

struct CaseCheckContext {
  // May be null: then nothing is said of locations.
  const CourtDirectory* courts = nullptr;
  // The court the filing is for; a circuit stands for any of its courts. Empty: not said.
  CourtId court = {};
  // The categories the circuit chose for the number's year.
  ChosenCategories categories_chosen = {};
  // The case types that the court takes, and whether that is confirmed. Null or empty: all.
  const std::vector<std::string>* case_types = nullptr;
  bool case_types_confirmed = false;
  // The court's year now. 0: not said.
  int this_year = 0;
  // Which years two digits mean, how long parts are, and to which circuit a county belonged when.
  // May be null: as compiled in.
  const std::vector<CaseYears>* years = nullptr;
  const std::vector<CaseNumberLength>* lengths = nullptr;
  const CircuitHistory* circuits = nullptr;
};

struct CaseNumberReading {
  std::string raw;
  // Empty: no form was recognised.
  std::optional<TypedCaseNumber> number;
  std::string canonical;
  // All four digits, where the form holds a year and its window says which century. Empty also when
  // no number of the form was given in such a year.
  std::optional<int> year;
  bool year_confirmed = false;
  // Of a converted number, which alone names its circuit.
  std::optional<int> circuit;
  // As written in the number; empty where the form has none.
  std::string location;
  std::string category;
  std::string category_meaning;
  // Whether the list that has the category is the one in force.
  bool category_confirmed = false;
  // The courts that are known to use the location code or the prefix.
  std::vector<CourtId> courts;
  std::vector<CaseNumberFlag> flags;
  // Those of the flags that rest on something nobody has confirmed.
  std::set<CaseNumberFlag> unconfirmed;
  // Canonical numbers that may have been meant, likeliest first; three at most, and only when the
  // text has no form.
  std::vector<std::string> suggestions;
  // The clause the form comes from.
  std::string clause;

  bool Has(CaseNumberFlag flag) const;
};

// The sentence about this number: says more than the flag's own where there is more to say, and
// that it is unconfirmed where it is.
std::string Explain(CaseNumberFlag flag, const CaseNumberReading& reading);
// Where in the rules the flag's reason stands: the form's own clause unless a narrower one has it.
std::string ClauseOf(CaseNumberFlag flag, const CaseNumberReading& reading);

CaseNumberReading ReadCaseNumber(std::string_view text, const CaseCheckContext& context = {});

}  // namespace nightbox
