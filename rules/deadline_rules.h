// DeadlineRules: everything a deadline is computed from, read once and then only asked.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "core/result.h"
#include "rules/closures.h"
#include "rules/periods.h"
#include "rules/unavailability_rules.h"

namespace nightbox {

// Missouri's rule on unavailability, which holds where no court system says otherwise.
inline constexpr std::string_view kMissouriUnavailability = "mo.103.06";

// A table, and what to call it in refusals.
struct RulesText {
  std::string name;
  std::string text;
};

struct DeadlineRules {
  CourtCalendar calendar;
  PeriodRules periods;
  UnavailabilityRules unavailability;
  // Which of them holds here: an id among them, unless the data lack Missouri's.
  std::string unavailability_rule{kMissouriUnavailability};
  // Which ways of counting hold here, by the kind of case.
  std::string civil_periods = "44.01";
  std::string criminal_periods = "20.01";
  // 16 hexadecimal digits over all the data: another text, another version.
  std::string version;

  // Asks `read` for holidays.csv, closures.csv, periods.csv and unavailability.csv. Refuses data
  // that contradicts itself, or closes what is no court, with file, line and reason.
  static Result<DeadlineRules> Parse(
      const std::function<Result<RulesText>(const std::string& name)>& read,
      const CourtDirectory& courts = CourtDirectory::Missouri(),
      const CircuitHistory& circuits = CircuitHistory::Missouri());
  // From the directory; a file that is not there is taken as it was compiled in.
  static Result<DeadlineRules> Load(const std::filesystem::path& data_directory);

  // As compiled in.
  static const DeadlineRules& BuiltIn();
};

}  // namespace nightbox
