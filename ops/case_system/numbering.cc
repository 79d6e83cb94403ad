#include "ops/case_system/numbering.h"

#include <date/tz.h>
#include <fnmatch.h>

#include <algorithm>
#include <limits>

#include "rules/case_number.h"
#include "rules/separate_files.h"

namespace nightbox {
namespace {

std::string UpperCase(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

std::optional<std::string> SubCaseOf(const CourtId& court, const NumberingOptions& options) {
  for (const auto& [pattern, code] : options.sub_cases) {
    if (fnmatch(pattern.c_str(), court.str().c_str(), 0) == 0) return code;
  }
  return std::nullopt;
}

std::vector<std::string> Defendants(const NewCase& opened) {
  std::vector<std::string> names;
  for (const std::size_t i : FindParties(SeparateFilesRule::kDefendants, opened.parties).parties)
    names.push_back(opened.parties[i].name);
  return names;
}

}  // namespace

int CourtYear(WallTime time) {
  // Located once: the pointer is good for the life of the process.
  static const date::time_zone* const zone = date::locate_zone("America/Chicago");
  const date::year_month_day day(date::floor<date::days>(zone->to_local(time)));
  return static_cast<int>(day.year());
}

Result<NumberingPlan> PlanNumbers(const Court& court, const NewCase& opened, WallTime received_at,
                                  WallTime docketed_at, const NumberingOptions& options) {
  NumberingPlan plan;
  plan.parties = {""};
  if (court.kind == CourtKind::kSupreme || court.kind == CourtKind::kAppeals) {
    plan.location = court.location_code;
    plan.scope = court.location_code;
    return plan;
  }
  plan.category = UpperCase(opened.category);
  if (!IsNewConstructCategory(plan.category)) {
    return Error{ErrorCode::kInvalidArgument,
                 "header.new_case.category is none of COR 4.04.1; ask the court for its list",
                 "CASE_CATEGORY_UNKNOWN", "header.new_case.category"};
  }
  plan.year = CourtYear(options.year_from == YearFrom::kReceivedAt ? received_at : docketed_at);
  plan.location = court.location_code;
  if (plan.location.empty()) {
    plan.location = SyntheticLocationCode(court);
    plan.synthetic_location = true;
  }
  if (plan.location.empty()) {
    return Error{ErrorCode::kFailedPrecondition, "the court has no location code for case numbers",
                 "LOCATION_CODE_UNKNOWN"};
  }
  plan.sub_case = SubCaseOf(court.id, options);
  plan.scope = std::to_string(plan.year) + "/" + plan.location + "/" + plan.category;
  if (options.number_per_defendant && plan.category == "CR") {
    if (std::vector<std::string> names = Defendants(opened); names.size() > 1) {
      plan.parties = std::move(names);
    }
  }
  return plan;
}

Result<std::string> NumberAt(const NumberingPlan& plan, std::int64_t sequence) {
  const int number =
      static_cast<int>(std::min<std::int64_t>(sequence, std::numeric_limits<int>::max()));
  if (plan.category.empty()) {
    NB_ASSIGN_OR_RETURN(const AppellateNumber made, MakeAppellate(plan.location, number));
    return Canonical(made);
  }
  NB_ASSIGN_OR_RETURN(
      const NewConstructNumber made,
      MakeNewConstruct(plan.year, plan.location, plan.category, number, plan.sub_case));
  return Canonical(made);
}

}  // namespace nightbox
