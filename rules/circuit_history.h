// CircuitHistory: to which circuit a county belonged on a day.
//
// Circuits are redrawn by the judicial conference (RSMo 478.073): what was true of a county in an
// earlier outage need not be true today. The data are rules/data/circuit_membership.csv. A county
// that is not there is taken to be in today's circuit on every day, which is confirmed only for the
// days of which the source of the courts' table speaks (the row of county "*"). Immutable; any
// thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/court_directory.h"
#include "rules/data_table.h"

namespace nightbox {

struct CircuitMembership {
  int circuit = 0;
  DayRange days;
  bool confirmed = true;
  std::string source;
};

class CircuitHistory {
 public:
  // Refuses, with line and reason, counties that are not courts of the directory, circuits that it
  // does not have (an earlier one may be gone), days of a county that overlap or leave a gap, and a
  // latest circuit that is not the directory's.
  static Result<CircuitHistory> Parse(std::string_view csv, std::string_view file_name,
                                      const CourtDirectory& today);
  // The shipped data over the shipped courts.
  static const CircuitHistory& Missouri();

  // `court`: a county court or a municipal division of the directory.
  CircuitMembership On(const Court& court, CourtDay day) const;
  // The same of all days, earliest first: never empty, and without gaps.
  std::vector<CircuitMembership> Of(const Court& court) const;
  // Whether the county has rows of its own.
  bool HasRows(const Court& court) const;
  // The days for which the courts' table is sourced. Nothing: for none.
  const std::optional<CircuitMembership>& listed() const { return listed_; }

 private:
  std::optional<CircuitMembership> listed_;  // Its circuit is 0: each county's own.
  std::map<std::string, std::vector<CircuitMembership>> by_county_;
};

}  // namespace nightbox
