// `nightbox court find`: which court somebody means, offline, and what is known of it.
#include <algorithm>

#include "client/command_parts.h"
#include "client/commands.h"
#include "client/court_system_files.h"
#include "rules/circuit_history.h"
#include "rules/court_search.h"

namespace nightbox::client {
namespace {

namespace json = boost::json;

std::string_view KindWord(CourtKind kind) {
  switch (kind) {
    case CourtKind::kSupreme:
      return "supreme";
    case CourtKind::kAppeals:
      return "appeals";
    case CourtKind::kCircuit:
      return "circuit";
    case CourtKind::kCounty:
      return "county_court";
    case CourtKind::kMunicipal:
      return "municipal_division";
  }
  return {};
}

bool IsAppellate(const Court& court) {
  return court.kind == CourtKind::kSupreme || court.kind == CourtKind::kAppeals;
}

struct Clause {
  std::string_view text;
  bool confirmed = false;
};

// Where it is written that there are such courts. The constitution, and the statute by which
// circuits are drawn, were not read; of county courts the rule says "by court, county or circuit",
// and that it is they that take filings is our reading.
Clause ClauseOf(CourtKind kind) {
  switch (kind) {
    case CourtKind::kAppeals:
      return {"RSMo 477.040-477.070", true};
    case CourtKind::kCounty:
      return {"COR 27.01", false};
    case CourtKind::kCircuit:
      return {"RSMo 478.073", false};
    case CourtKind::kSupreme:
    case CourtKind::kMunicipal:
      return {"Mo. Const. art. V", false};
  }
  return {};
}

std::string ClauseLine(const Court& court) {
  const Clause clause = ClauseOf(court.kind);
  std::string line = "    clause: " + std::string(clause.text);
  if (!clause.confirmed) line += " (unconfirmed)";
  if (!court.location_code.empty() && !IsAppellate(court))
    line += "; of the code: COR 4.04.1(3)(a)(2)";
  return line;
}

std::string_view ConfidenceWord(const Court& court) {
  // No list has the appellate courts' prefixes, but every number shows them.
  if (IsAppellate(court)) return "observed";
  switch (court.location_code_confidence) {
    case LocationCodeConfidence::kVerified:
      return "verified";
    case LocationCodeConfidence::kVerifiedIndirectly:
      return "verified-indirect";
    case LocationCodeConfidence::kRecalled:
      return "recalled, unconfirmed";
    case LocationCodeConfidence::kNone:
      return "not known";
  }
  return {};
}

std::vector<CircuitMembership> HistoryOf(const Court& court, const CircuitHistory& circuits) {
  if (court.kind != CourtKind::kCounty && court.kind != CourtKind::kMunicipal) return {};
  return circuits.Of(court);
}

json::object InJson(const CourtMatch& match, const CourtSystem& system) {
  const Court& court = *match.court;
  json::object row;
  row["court_id"] = court.id.str();
  row["name"] = court.name;
  row["found_by"] = match.by;
  row["kind"] = KindWord(court.kind);
  row["destination"] = court.IsDestination();
  row["circuit"] = court.circuit == 0 ? json::value() : json::value(court.circuit);
  row["appellate_district"] = court.appellate_district;
  row["counties"] = json::array(court.counties.begin(), court.counties.end());
  row["location_code"] =
      court.location_code.empty() ? json::value() : json::value(court.location_code);
  row["location_code_confidence"] = ConfidenceWord(court);
  row["clause"] = ClauseOf(court.kind).text;
  row["clause_confirmed"] = ClauseOf(court.kind).confirmed;
  row["source"] = court.source;
  json::array circuits;
  for (const CircuitMembership& member : HistoryOf(court, system.circuits)) {
    const auto day = [](const std::optional<CourtDay>& at) {
      return at ? json::value(FormatDay(*at)) : json::value();
    };
    circuits.push_back({{"circuit", member.circuit},
                        {"first_day", day(member.days.first)},
                        {"last_day", day(member.days.last)},
                        {"confirmed", member.confirmed},
                        {"source", member.source}});
  }
  row["circuits"] = std::move(circuits);
  if (court.kind == CourtKind::kCounty)
    row["divisions_complete"] = system.courts.KnowsAllDivisions(court.id);
  if (court.kind == CourtKind::kMunicipal) {
    row["own_system"] = court.own_system;
    row["confirmed"] = court.confirmed;
  }
  return row;
}

std::string Line(const Court& court, const CircuitHistory& circuits) {
  std::string line = court.id.str() + "  " + court.name;
  if (!court.IsDestination()) line += " (a circuit: choose one of its courts)";
  if (court.kind == CourtKind::kCounty || court.kind == CourtKind::kMunicipal) {
    line += ", circuit " + std::to_string(court.circuit);
    if (!HistoryOf(court, circuits).back().confirmed) line += " (unconfirmed)";
    line += ", district " + court.appellate_district;
  }
  if (court.own_system) line += ", with a case system of its own";
  if (!court.confirmed) line += " (unconfirmed)";
  if (!court.location_code.empty()) {
    line += (IsAppellate(court) ? ", prefix " : ", code ") + court.location_code;
    if (court.location_code_confidence == LocationCodeConfidence::kRecalled)
      line += " (unconfirmed)";
    if (court.location_code_confidence == LocationCodeConfidence::kVerifiedIndirectly)
      line += " (by inference)";
  }
  return line;
}

// A city is not found by its name unless its division is known: whoever asks must learn which are.
std::string KnownDivisions(const CourtDirectory& courts) {
  std::vector<std::string> known;
  for (const Court& court : courts.courts()) {
    if (court.kind != CourtKind::kCounty) continue;
    const auto divisions = courts.Children(court.id);
    if (divisions.empty()) continue;
    const std::string& only = divisions.front()->name;
    known.push_back(divisions.size() > 1 ? court.counties.front() + " County"
                                         : only.substr(0, only.find(" Municipal Division")));
  }
  if (known.empty()) return "No municipal division is known; try the county.";
  std::string names = known.front();
  for (std::size_t i = 1; i < known.size(); ++i)
    names += (i + 1 < known.size() ? ", " : " and ") + known[i];
  return "Of municipal divisions only those of " + names + " are known; try the county.";
}

void SayToPeople(const CourtSearch& search, const CourtSystem& system, Output& out) {
  bool may_have_more = false;
  for (const CourtMatch& match : search.matches) {
    out.Say(Line(*match.court, system.circuits));
    out.Say(ClauseLine(*match.court));
    if (match.court->kind == CourtKind::kMunicipal)
      out.Say("    listed by: " + match.court->source);
    const auto members = HistoryOf(*match.court, system.circuits);
    const bool moved = std::ranges::any_of(members, [&](const CircuitMembership& member) {
      return member.circuit != members.front().circuit;
    });
    for (const CircuitMembership& member : members) {
      if (!moved && !member.confirmed) continue;  // Said beside the number.
      out.Say("    circuit " + std::to_string(member.circuit) +
              (member.days.first ? " from " + FormatDay(*member.days.first) : "") +
              (member.days.last ? " through " + FormatDay(*member.days.last) : "") +
              (member.confirmed ? ": " + member.source : " (unconfirmed)"));
    }
    may_have_more = may_have_more || (match.court->kind == CourtKind::kCounty &&
                                      !system.courts.KnowsAllDivisions(match.court->id));
  }
  if (may_have_more) {
    out.Note("Municipal divisions are listed only where they are known; a court may have more.");
  }
}

}  // namespace

ExitCode RunCourtFind(const Surroundings& around, const std::string& text,
                      const std::string& court_system) {
  const auto system = ReadCourtSystemFiles(court_system);
  if (!system) return FailUsage(around.out, system.error().message, "--court-system");
  const CourtSearch search = FindCourts(system->courts, text);
  if (around.out.json()) {
    json::array courts;
    for (const CourtMatch& match : search.matches) courts.push_back(InJson(match, *system));
    around.out.members()["courts"] = std::move(courts);
    json::array near;
    for (const CourtId& id : search.did_you_mean) near.emplace_back(id.str());
    around.out.members()["did_you_mean"] = std::move(near);
    around.out.members()["rules_from"] = RulesFrom(court_system);
  } else if (search.matches.empty()) {
    around.out.Note("No court is known by that text.");
    for (const CourtId& id : search.did_you_mean)
      around.out.Note("Did you mean " + Line(*system->courts.Find(id), system->circuits) + "?");
    around.out.Note(KnownDivisions(system->courts));
  } else {
    SayToPeople(search, *system, around.out);
  }
  return around.out.Finish(search.matches.empty() ? ExitCode::kRefused : ExitCode::kDone);
}

}  // namespace nightbox::client
