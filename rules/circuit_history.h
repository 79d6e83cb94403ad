// CircuitHistory: to which circuit a county belonged on a day.
//
// Circuits are redrawn by the judicial conference (RSMo 478.073): what was true of a county in an
// earlier outage need not be true today. The data are rules/data/circuit_membership.csv; a county
// that is not there has been in its circuit for as long as is known. Immutable; any thread.
#pragma once

#include <map>
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
  // Refuses, with line and reason, counties that are not courts of the directory, days of a county
  // that overlap or leave a gap, and a latest circuit that is not the directory's.
  static Result<CircuitHistory> Parse(std::string_view csv, std::string_view file_name,
                                      const CourtDirectory& today);
  // The shipped data over the shipped courts.
  static const CircuitHistory& Missouri();

  // `court`: a county court or a municipal division of the directory.
  CircuitMembership On(const Court& court, CourtDay day) const;
  // All that is known of a county's circuits, earliest first; empty: always today's.
  std::vector<CircuitMembership> Of(const Court& court) const;

 private:
  std::map<std::string, std::vector<CircuitMembership>> by_county_;
};

}  // namespace nightbox
