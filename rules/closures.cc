#include "rules/closures.h"

#include <algorithm>

namespace nightbox {
namespace {

using std::chrono::days;

constexpr days kLongest{366};

}  // namespace

Result<Closures> Closures::Parse(std::string_view csv, std::string_view file_name,
                                 const CourtDirectory& courts, const CircuitHistory& circuits) {
  static const std::vector<std::string> kColumns = {"court_id", "form",   "first_day", "last_day",
                                                    "kind",     "reason", "confirmed", "source"};
  NB_ASSIGN_OR_RETURN(const std::vector<CsvRow> rows, ParseTable(csv, file_name, kColumns));
  Closures closures;
  for (const Court& court : courts.courts()) {
    if (court.kind != CourtKind::kCounty && court.kind != CourtKind::kMunicipal) continue;
    closures.above_[court.id.str()] = {court.parent.str(), circuits.Of(court)};
  }
  for (const CsvRow& row : rows) {
    const auto refused = [&](std::string_view why) {
      return RefusedLine(file_name, row.line, why);
    };
    Closure closure;
    closure.court = row.fields[0];
    if (closure.court != kWholeState && courts.Find(CourtId(closure.court)) == nullptr) {
      return refused("court_id is not mo, nor a court or circuit of the courts' tables");
    }
    closure.fridays_before_saturday_holidays = row.fields[1] == "friday_before_saturday_holiday";
    if (!closure.fridays_before_saturday_holidays && row.fields[1] != "days") {
      return refused("form is not days or friday_before_saturday_holiday");
    }
    const auto range = ParseDayRange(row.fields[2], row.fields[3]);
    if (!range) return refused(range.error());
    closure.days = *range;
    if (!closure.fridays_before_saturday_holidays) {
      if (!range->first || !range->last) return refused("a closure has a first and a last day");
      if (*range->last - *range->first > kLongest) return refused("it is longer than a year");
    }
    if (row.fields[4] != "order" && row.fields[4] != "practice") {
      return refused("kind is not order or practice");
    }
    closure.kind = row.fields[4] == "order" ? ClosureKind::kOrder : ClosureKind::kPractice;
    const auto confirmed = ParseYesNo(row.fields[6]);
    if (!confirmed) return refused("confirmed is not yes or no");
    closure.reason = row.fields[5];
    closure.confirmed = *confirmed;
    closure.source = row.fields[7];
    if (closure.reason.empty() || closure.source.empty()) {
      return refused("reason or source is empty: every row says where it comes from");
    }
    closures.closures_.push_back(std::move(closure));
  }
  return closures;
}

bool Closures::Covers(const Closure& closure, const CourtId& court, CourtDay day) const {
  if (closure.court == kWholeState || closure.court == court.str()) return true;
  const auto found = above_.find(court.str());
  if (found == above_.end()) return false;
  const Above& above = found->second;
  return closure.court == above.county_court ||
         std::ranges::any_of(above.circuits, [&](const CircuitMembership& member) {
           return member.days.Contains(day) && closure.court == CircuitIdOf(member.circuit);
         });
}

const Closure* Closures::On(CourtDay day, const CourtId& court, const Holidays& holidays) const {
  for (const Closure& closure : closures_) {
    if (!closure.days.Contains(day) || !Covers(closure, court, day)) continue;
    if (!closure.fridays_before_saturday_holidays) return &closure;
    if (WeekdayOf(day) == std::chrono::Friday && holidays.On(day + days(1))) return &closure;
  }
  return nullptr;
}

}  // namespace nightbox
