// Which number a new case gets: COR 4.04.1's new construct in the circuit courts, prefix and
// running number in the appellate ones.
//
// A plan is made from facts alone; the ledger then draws the next number of the plan's scope in the
// transaction that dockets the filing. Pure functions over the time zone database.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/filing.h"
#include "core/result.h"
#include "rules/court_directory.h"

namespace nightbox {

enum class YearFrom {
  kReceivedAt,  // The year the filing was received: right for what waited over New Year.
  kDocketedAt,
};

struct NumberingOptions {
  YearFrom year_from = YearFrom::kReceivedAt;
  // Sub-case code by court pattern (fnmatch), the first match counts. None: no sub-case.
  std::vector<std::pair<std::string, std::string>> sub_cases;
  // COR 4.05: a criminal case with several defendants gets a number for each.
  bool number_per_defendant = false;
};

struct NumberingPlan {
  // Names the sequence: "2024/SL/CC" or "SC".
  std::string scope;
  // Who gets a number; one empty name unless several parties do.
  std::vector<std::string> parties;
  bool synthetic_location = false;

  // The parts of the number; an empty category means an appellate court.
  int year = 0;
  std::string location;
  std::string category;
  std::optional<std::string> sub_case;
};

// kInvalidArgument when the category is none of the rule's; kFailedPrecondition when the court has
// no location code and none can be made up.
Result<NumberingPlan> PlanNumbers(const Court& court, const NewCase& opened, WallTime received_at,
                                  WallTime docketed_at, const NumberingOptions& options);

// The number with this place in the plan's sequence; refuses beyond the sequence's end.
Result<std::string> NumberAt(const NumberingPlan& plan, std::int64_t sequence);

// The year on the court's calendar (America/Chicago).
int CourtYear(WallTime time);

}  // namespace nightbox
