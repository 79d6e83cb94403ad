// Closures: days on which a court was or is closed without a legal holiday, from
// rules/data/closures.csv.
//
// Closed by order, or by practice such as the Friday before a Saturday holiday. Whether such a day
// counts as a holiday is for the court to say, so these days stand apart from rules/holidays.h and
// make a second reading wherever they change a day.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "core/result.h"
#include "rules/circuit_history.h"
#include "rules/court_directory.h"
#include "rules/data_table.h"
#include "rules/holidays.h"

namespace nightbox {

enum class ClosureKind { kOrder, kPractice };

struct Closure {
  // "mo" is every court; a circuit stands for the courts of its counties of that day, a county's
  // court also for its divisions.
  std::string court;
  // Every Friday before a holiday on a Saturday, within `days`; otherwise all of `days`.
  bool fridays_before_saturday_holidays = false;
  DayRange days;
  ClosureKind kind = ClosureKind::kOrder;
  std::string reason;
  bool confirmed = false;
  std::string source;
};

// Immutable after loading; any thread may ask.
class Closures {
 public:
  // Refuses, with line and reason, closures of what is no court of the directory (a closure that
  // nothing matches would silently change no day), those without days or longer than a year, and
  // rows without a source.
  static Result<Closures> Parse(std::string_view csv, std::string_view file_name,
                                const CourtDirectory& courts = CourtDirectory::Missouri(),
                                const CircuitHistory& circuits = CircuitHistory::Missouri());

  // nullptr: not closed, as far as is known. An empty court: only what closes every court. The
  // pointer lives as long as the Closures.
  const Closure* On(CourtDay day, const CourtId& court, const Holidays& holidays) const;

  // In the file's order.
  const std::vector<Closure>& all() const { return closures_; }

 private:
  // What a court is closed with.
  struct Above {
    std::string county_court;  // Of a municipal division.
    std::vector<CircuitMembership> circuits;
  };
  bool Covers(const Closure& closure, const CourtId& court, CourtDay day) const;

  std::vector<Closure> closures_;
  std::map<std::string, Above> above_;  // Of county courts and their divisions.
};

// What a day is in a court's calendar: both layers, each by itself.
struct CourtCalendar {
  Holidays holidays;
  Closures closures;
};

}  // namespace nightbox
