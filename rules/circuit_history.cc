#include "rules/circuit_history.h"

#include <algorithm>

#include "core/check.h"
#include "rules/embedded_data.h"

namespace nightbox {
namespace {

// The county of the row that is about all counties without one of their own.
constexpr std::string_view kEveryOther = "*";
constexpr int kCircuitDigitsMax = 99;

const Court* CourtOfCounty(const CourtDirectory& courts, const std::string& county) {
  for (const Court& court : courts.courts()) {
    if (court.kind == CourtKind::kCounty && court.counties.front() == county) return &court;
  }
  return nullptr;
}

// Whether `next` begins on the day after `before` ends.
bool Follows(const CircuitMembership& before, const CircuitMembership& next) {
  return before.days.last && next.days.first &&
         *next.days.first == *before.days.last + std::chrono::days(1);
}

}  // namespace

Result<CircuitHistory> CircuitHistory::Parse(std::string_view csv, std::string_view file_name,
                                             const CourtDirectory& today) {
  NB_ASSIGN_OR_RETURN(const auto rows, ParseTable(csv, file_name,
                                                  {"county", "circuit", "first_day", "last_day",
                                                   "confirmed", "source"}));
  CircuitHistory history;
  std::map<std::string, int> last_line;
  for (const CsvRow& row : rows) {
    const auto refuse = [&](std::string_view why) { return RefusedLine(file_name, row.line, why); };
    const std::string& county = row.fields[0];
    const bool every_other = county == kEveryOther;
    if (!every_other && CourtOfCounty(today, county) == nullptr)
      return refuse("no court has this county");
    const auto circuit =
        every_other && row.fields[1].empty() ? std::optional(0) : ParseSmallNumber(row.fields[1]);
    if (!circuit || *circuit > kCircuitDigitsMax || (*circuit == 0) != every_other)
      return refuse("circuit is a number, and empty for the county *");
    const auto days = ParseDayRange(row.fields[2], row.fields[3]);
    if (!days) return refuse(days.error());
    const auto confirmed = ParseYesNo(row.fields[4]);
    if (!confirmed) return refuse("confirmed is yes or no");
    if (row.fields[5].empty()) return refuse("source is empty: every row says where it comes from");
    CircuitMembership member{*circuit, *days, *confirmed, row.fields[5]};
    if (every_other) {
      if (history.listed_) return refuse("there is one row for the county *");
      history.listed_ = std::move(member);
      continue;
    }
    if (!days->last && today.FindCircuit(*circuit) == nullptr)
      return refuse("the courts' table has no such circuit");
    auto& members = history.by_county_[county];
    if (members.empty() ? member.days.first.has_value() : !Follows(members.back(), member))
      return refuse("the county's days overlap, leave a gap or are not in order");
    members.push_back(std::move(member));
    last_line[county] = row.line;
  }
  for (const auto& [county, members] : history.by_county_) {
    if (members.back().days.last || members.back().circuit != CourtOfCounty(today, county)->circuit)
      return RefusedLine(file_name, last_line[county],
                         "the county's last circuit is not the one of the courts' table");
  }
  return history;
}

const CircuitHistory& CircuitHistory::Missouri() {
  static const CircuitHistory history = [] {
    auto read = Parse(EmbeddedRulesData("circuit_membership.csv"), "circuit_membership.csv",
                      CourtDirectory::Missouri());
    NB_CHECK(read.has_value());
    return *std::move(read);
  }();
  return history;
}

CircuitMembership CircuitHistory::On(const Court& court, CourtDay day) const {
  for (const CircuitMembership& member : Of(court)) {
    if (member.days.Contains(day)) return member;
  }
  CheckFailed("days without a gap", __FILE__, __LINE__);
}

std::vector<CircuitMembership> CircuitHistory::Of(const Court& court) const {
  NB_CHECK(court.counties.size() == 1);
  const auto found = by_county_.find(court.counties.front());
  if (found != by_county_.end()) return found->second;
  const CircuitMembership assumed{court.circuit, {}, false, "today's table of courts"};
  if (!listed_) return {assumed};
  std::vector<CircuitMembership> members;
  if (listed_->days.first) {
    members.push_back(assumed);
    members.back().days.last = *listed_->days.first - std::chrono::days(1);
  }
  members.push_back(*listed_);
  members.back().circuit = court.circuit;
  if (listed_->days.last) {
    members.push_back(assumed);
    members.back().days.first = *listed_->days.last + std::chrono::days(1);
  }
  return members;
}

bool CircuitHistory::HasRows(const Court& court) const {
  return !court.counties.empty() && by_county_.contains(court.counties.front());
}

}  // namespace nightbox
