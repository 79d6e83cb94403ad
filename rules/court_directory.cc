#include "rules/court_directory.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "core/check.h"
#include "rules/csv.h"
#include "rules/data_table.h"
#include "rules/edit_distance.h"
#include "rules/embedded_data.h"

namespace nightbox {
namespace {

const std::vector<std::string> kColumns = {"court_id",
                                           "name",
                                           "kind",
                                           "circuit",
                                           "appellate_district",
                                           "counties",
                                           "casenet_code",
                                           "location_code",
                                           "location_code_confidence",
                                           "fips",
                                           "source"};

constexpr std::size_t kSuggestTextMax = 64;
constexpr std::size_t kSuggestionsMax = 3;
constexpr int kSuggestDistanceMax = 2;

std::string Quoted(const std::string& text) { return "\"" + text + "\""; }

std::optional<CourtKind> KindOf(std::string_view word) {
  if (word == "supreme") return CourtKind::kSupreme;
  if (word == "appeals") return CourtKind::kAppeals;
  if (word == "circuit") return CourtKind::kCircuit;
  if (word == "county_court") return CourtKind::kCounty;
  return std::nullopt;
}

std::optional<LocationCodeConfidence> ConfidenceOf(std::string_view word) {
  if (word.empty()) return LocationCodeConfidence::kNone;
  if (word == "verified") return LocationCodeConfidence::kVerified;
  if (word == "verified-indirect") return LocationCodeConfidence::kVerifiedIndirectly;
  if (word == "recalled") return LocationCodeConfidence::kRecalled;
  return std::nullopt;
}

bool IsDistrict(std::string_view word) { return word == "ED" || word == "SD" || word == "WD"; }

bool IsCodeText(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
}

bool IsIdText(std::string_view text) {
  return text.starts_with("mo.") && text.size() <= kSuggestTextMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '-';
         });
}

// Why a row cannot be right by itself; empty when it can.
std::string WrongAlone(const Court& court) {
  if (!IsIdText(court.id.str())) return "court_id is not of the form mo.…";
  if (court.name.empty()) return "name is empty";
  if (court.source.empty()) return "source is empty: every row says where it comes from";
  if (court.counties.empty()) return "counties is empty";
  if (!IsCodeText(court.location_code)) return "location_code has other than A-Z and 0-9";
  const std::vector<std::string> districts = SplitText(court.appellate_district, '+');
  if (!std::all_of(districts.begin(), districts.end(), IsDistrict)) {
    return "appellate_district is not ED, SD or WD";
  }
  const bool circuit_level = court.kind == CourtKind::kCircuit || court.kind == CourtKind::kCounty;
  if (circuit_level != (court.circuit >= 1)) {
    return "circuit must be a number from 1 for circuits and county courts, and empty for others";
  }
  switch (court.kind) {
    case CourtKind::kSupreme:
      if (court.location_code != "SC") return "the Supreme Court's prefix is SC";
      break;
    case CourtKind::kAppeals:
      if (districts.size() != 1 || court.location_code != court.appellate_district) {
        return "a court of appeals has one district, which is its prefix";
      }
      break;
    case CourtKind::kCircuit:
      if (court.id.str() != CircuitIdOf(court.circuit)) return "court_id does not fit the circuit";
      if (!court.location_code.empty()) return "a circuit has no location code";
      break;
    case CourtKind::kCounty:
      // Not that the id fits the circuit: a county that has moved keeps its court's id.
      if (court.counties.size() != 1) return "a county court has one county";
      if (districts.size() != 1) return "a county court has one appellate district";
      if (court.location_code.size() == 1 || court.location_code.size() > 3) {
        return "location_code has two or three characters";
      }
      if (court.location_code.empty() !=
          (court.location_code_confidence == LocationCodeConfidence::kNone)) {
        return "location_code and location_code_confidence go together";
      }
      if (court.fips.size() != 5 || !court.fips.starts_with("29") ||
          court.fips.find_first_not_of("0123456789") != std::string::npos) {
        return "fips is not 29 and three digits";
      }
      break;
    case CourtKind::kMunicipal:
      return "municipal divisions have a table of their own";
  }
  return {};
}

struct Refusal {
  std::string_view file_name;
  Error operator()(int line, std::string_view why) const {
    return Error{ErrorCode::kInvalidArgument,
                 std::string(file_name) + " line " + std::to_string(line) + ": " + std::string(why),
                 "MALFORMED_DATA"};
  }
};

Result<Court> ReadCourt(const CsvRow& row, const Refusal& refused) {
  const auto& field = row.fields;
  Court court;
  court.id = CourtId(field[0]);
  court.name = field[1];
  const auto kind = KindOf(field[2]);
  if (!kind) return refused(row.line, "kind " + Quoted(field[2]) + " is not known");
  court.kind = *kind;
  if (!field[3].empty()) {
    if (field[3].size() > 2 || field[3].find_first_not_of("0123456789") != std::string::npos) {
      return refused(row.line, "circuit is not a number");
    }
    court.circuit = std::stoi(field[3]);
  }
  court.appellate_district = field[4];
  court.counties = SplitText(field[5], ';');
  court.casenet_code = field[6];
  court.location_code = field[7];
  const auto confidence = ConfidenceOf(field[8]);
  if (!confidence) {
    return refused(row.line, "location_code_confidence " + Quoted(field[8]) + " is not known");
  }
  court.location_code_confidence = *confidence;
  court.fips = field[9];
  court.source = field[10];
  if (const std::string wrong = WrongAlone(court); !wrong.empty()) return refused(row.line, wrong);
  return court;
}

// What the rows must be to each other. The file says several things twice; that is what catches a
// county lost in an edit.
class Consistency {
 public:
  explicit Consistency(Refusal refused) : refused_(refused) {}

  // Refuses what an earlier row has already: ids, county courts' counties and codes.
  Result<bool> Add(const Court& court, int line) {
    if (!ids_.insert(court.id).second) return refused_(line, "court_id occurs twice");
    if (court.kind != CourtKind::kCounty) {
      groups_.push_back({&court, line});
      return true;
    }
    if (!counties_.insert(court.counties[0]).second) {
      return refused_(line, "the county has a court already");
    }
    for (const std::string& code : {court.location_code, SyntheticLocationCode(court)}) {
      if (!code.empty() && !codes_.insert(code).second) {
        return refused_(line, "location code " + code + " belongs to another court");
      }
    }
    Member(CircuitIdOf(court.circuit), court, line);
    Member(court.appellate_district, court, line);
    return true;
  }

  // Refuses groups that are not what their county courts say.
  Result<bool> CheckGroups() const {
    std::set<std::string> circuits;
    for (const auto& [group, line] : groups_) {
      if (group->kind == CourtKind::kSupreme) continue;
      const bool circuit = group->kind == CourtKind::kCircuit;
      const auto found = members_.find(circuit ? group->id.str() : group->appellate_district);
      if (found == members_.end()) return refused_(line, "no county court belongs to it");
      const std::set<std::string> said(group->counties.begin(), group->counties.end());
      if (said != found->second.counties || said.size() != group->counties.size()) {
        return refused_(line, "its counties are not those of its county courts");
      }
      const std::vector<std::string> districts = SplitText(group->appellate_district, '+');
      if (std::set<std::string>(districts.begin(), districts.end()) != found->second.districts) {
        return refused_(line, "its districts are not those of its county courts");
      }
      if (circuit) circuits.insert(group->id.str());
    }
    for (const auto& [name, members] : members_) {
      if (name.starts_with("mo.") && !circuits.contains(name)) {
        return refused_(members.first_line, "its circuit has no row");
      }
    }
    return true;
  }

 private:
  struct Members {
    int first_line = 0;
    std::set<std::string> counties;
    std::set<std::string> districts;
  };

  void Member(const std::string& group, const Court& court, int line) {
    Members& members = members_.try_emplace(group, Members{line, {}, {}}).first->second;
    members.counties.insert(court.counties[0]);
    members.districts.insert(court.appellate_district);
  }

  Refusal refused_;
  std::set<CourtId> ids_;
  std::set<std::string> counties_;
  std::set<std::string> codes_;
  std::map<std::string, Members> members_;
  std::vector<std::pair<const Court*, int>> groups_;
};

std::string LowerCase(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

Result<std::string> ReadDataFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return Error{ErrorCode::kNotFound, "cannot read " + path.string(), "MALFORMED_DATA"};
  }
  return text.str();
}

std::string_view LastPart(std::string_view id) { return id.substr(id.rfind('.') + 1); }

}  // namespace

bool Court::UsesLocationCode(std::string_view code) const {
  if (code.empty()) return false;
  return location_code == code ||
         std::any_of(further_locations.begin(), further_locations.end(),
                     [&](const FilingLocation& place) { return place.location_code == code; });
}

bool Court::IsLocationCodeConfirmed(std::string_view code) const {
  if (location_code == code) {
    return location_code_confidence == LocationCodeConfidence::kVerified ||
           location_code_confidence == LocationCodeConfidence::kVerifiedIndirectly;
  }
  return std::any_of(
      further_locations.begin(), further_locations.end(),
      [&](const FilingLocation& place) { return place.location_code == code && place.confirmed; });
}

Result<CourtDirectory> CourtDirectory::Load(const std::filesystem::path& data_directory) {
  const std::filesystem::path courts = data_directory / "courts.csv";
  NB_ASSIGN_OR_RETURN(const std::string courts_csv, ReadDataFile(courts));
  NB_ASSIGN_OR_RETURN(CourtDirectory directory, Parse(courts_csv, courts.string()));
  const std::filesystem::path divisions = data_directory / "municipal_divisions.csv";
  NB_ASSIGN_OR_RETURN(const std::string divisions_csv, ReadDataFile(divisions));
  NB_RETURN_IF_ERROR(directory.AddMunicipalDivisions(divisions_csv, divisions.string()));
  const std::filesystem::path locations = data_directory / "filing_locations.csv";
  NB_ASSIGN_OR_RETURN(const std::string locations_csv, ReadDataFile(locations));
  NB_RETURN_IF_ERROR(directory.AddFilingLocations(locations_csv, locations.string()));
  return directory;
}

const CourtDirectory& CourtDirectory::Missouri() {
  static const CourtDirectory shipped = [] {
    auto directory = Parse(EmbeddedRulesData("courts.csv"), "courts.csv");
    NB_CHECK(directory.has_value());
    NB_CHECK(directory->AddMunicipalDivisions(EmbeddedRulesData("municipal_divisions.csv"),
                                              "municipal_divisions.csv"));
    NB_CHECK(directory->AddFilingLocations(EmbeddedRulesData("filing_locations.csv"),
                                           "filing_locations.csv"));
    return *std::move(directory);
  }();
  return shipped;
}

Result<CourtDirectory> CourtDirectory::Parse(std::string_view csv, std::string_view file_name) {
  const Refusal refused{file_name};
  NB_ASSIGN_OR_RETURN(const std::vector<CsvRow> rows, ParseCsv(csv, file_name));
  if (rows.front().fields != kColumns) return refused(1, "the columns are not the known ones");
  CourtDirectory directory;
  directory.courts_.reserve(rows.size());  // Consistency points into it.
  Consistency consistency(refused);
  for (auto row = rows.begin() + 1; row != rows.end(); ++row) {
    NB_ASSIGN_OR_RETURN(Court court, ReadCourt(*row, refused));
    directory.by_id_.emplace(court.id, directory.courts_.size());
    directory.courts_.push_back(std::move(court));
    NB_RETURN_IF_ERROR(consistency.Add(directory.courts_.back(), row->line));
  }
  NB_RETURN_IF_ERROR(consistency.CheckGroups());
  return directory;
}

Result<void> CourtDirectory::AddMunicipalDivisions(std::string_view csv,
                                                   std::string_view file_name) {
  NB_ASSIGN_OR_RETURN(const std::vector<CsvRow> rows,
                      ParseTable(csv, file_name,
                                 {"court_id", "name", "parent", "own_system", "list_complete",
                                  "confirmed", "source"}));
  std::map<CourtId, bool> complete;
  std::set<CourtId> without;
  for (const CsvRow& row : rows) {
    const auto refuse = [&](std::string_view why) { return RefusedLine(file_name, row.line, why); };
    const Court* parent = Find(CourtId(row.fields[2]));
    if (parent == nullptr || parent->kind != CourtKind::kCounty)
      return refuse("parent is not a county court");
    const auto own_system = ParseYesNo(row.fields[3]);
    const auto list_complete = ParseYesNo(row.fields[4]);
    const auto confirmed = ParseYesNo(row.fields[5]);
    if (!own_system || !list_complete || !confirmed)
      return refuse("own_system, list_complete and confirmed are yes or no");
    if (row.fields[0].empty() && row.fields[1].empty() && *list_complete) {
      // The parent has none. What is said of one must not be said twice.
      if (complete.contains(parent->id)) return refuse("the parent has divisions, or stands twice");
      if (row.fields[6].empty()) return refuse("source is empty");
      complete.emplace(parent->id, true);
      without.insert(parent->id);
      continue;
    }
    if (without.contains(parent->id)) return refuse("the parent is said to have no division");
    if (!row.fields[0].starts_with(parent->id.str() + ".") || !IsIdText(row.fields[0]))
      return refuse("court_id does not fit the parent");
    if (Find(CourtId(row.fields[0])) != nullptr) return refuse("court_id occurs twice");
    if (row.fields[1].empty() || row.fields[6].empty()) return refuse("name or source is empty");
    if (complete.try_emplace(parent->id, *list_complete).first->second != *list_complete)
      return refuse("the parent's list cannot be both complete and not");
    Court division;
    division.id = CourtId(row.fields[0]);
    division.name = row.fields[1];
    division.kind = CourtKind::kMunicipal;
    division.parent = parent->id;
    division.circuit = parent->circuit;
    division.appellate_district = parent->appellate_district;
    division.counties = parent->counties;
    division.own_system = *own_system;
    division.confirmed = *confirmed;
    division.source = row.fields[6];
    by_id_.emplace(division.id, courts_.size());
    courts_.push_back(std::move(division));
  }
  for (const auto& [parent, all_known] : complete) {
    if (all_known) complete_.insert(parent);
  }
  return {};
}

Result<void> CourtDirectory::AddFilingLocations(std::string_view csv, std::string_view file_name) {
  NB_ASSIGN_OR_RETURN(
      const std::vector<CsvRow> rows,
      ParseTable(csv, file_name, {"court_id", "location_code", "name", "confirmed", "source"}));
  for (const CsvRow& row : rows) {
    const auto refuse = [&](std::string_view why) { return RefusedLine(file_name, row.line, why); };
    const auto found = by_id_.find(CourtId(row.fields[0]));
    if (found == by_id_.end() || courts_[found->second].kind != CourtKind::kCounty)
      return refuse("court_id is not a county court");
    FilingLocation place{row.fields[1], row.fields[2], false, row.fields[4]};
    Court& at = courts_[found->second];
    const bool none = place.location_code.empty() && place.name.empty();
    if (at.further_locations_stated && (none || at.further_locations.empty()))
      return refuse("the court is said to have no further place, and stands twice");
    at.further_locations_stated = true;
    if (none) {
      if (!ParseYesNo(row.fields[3]) || place.source.empty())
        return refuse("confirmed is yes or no, and source is not empty");
      continue;
    }
    if ((place.location_code.size() != 2 && place.location_code.size() != 3) ||
        !IsCodeText(place.location_code)) {
      return refuse("location_code is two or three characters of A-Z and 0-9");
    }
    for (const Court& court : courts_) {
      if (court.UsesLocationCode(place.location_code) ||
          SyntheticLocationCode(court) == place.location_code) {
        return refuse("location code " + place.location_code + " belongs to a court already");
      }
    }
    const auto confirmed = ParseYesNo(row.fields[3]);
    if (!confirmed) return refuse("confirmed is yes or no");
    place.confirmed = *confirmed;
    if (place.name.empty() || place.source.empty()) return refuse("name or source is empty");
    at.further_locations.push_back(std::move(place));
  }
  return {};
}

const Court* CourtDirectory::Find(const CourtId& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &courts_[found->second];
}

const Court* CourtDirectory::FindCircuit(int number) const {
  const Court* const found = number < 1 ? nullptr : Find(CourtId(CircuitIdOf(number)));
  return found != nullptr && found->kind == CourtKind::kCircuit ? found : nullptr;
}

std::vector<const Court*> CourtDirectory::Children(const CourtId& above) const {
  std::vector<const Court*> children;
  const Court* group = Find(above);
  if (group == nullptr) return children;
  for (const Court& court : courts_) {
    const bool of_circuit = group->kind == CourtKind::kCircuit &&
                            court.kind == CourtKind::kCounty && court.circuit == group->circuit;
    if (of_circuit || court.parent == group->id) children.push_back(&court);
  }
  return children;
}

bool CourtDirectory::KnowsAllDivisions(const CourtId& county_court) const {
  return complete_.contains(county_court);
}

std::vector<CourtId> CourtDirectory::StatusPath(const CourtId& id) const {
  std::vector<CourtId> path;
  const Court* court = Find(id);
  if (court == nullptr) return path;
  path.push_back(court->id);
  if (court->own_system) return path;
  if (court->kind == CourtKind::kMunicipal) path.push_back(court->parent);
  if (court->kind == CourtKind::kMunicipal || court->kind == CourtKind::kCounty)
    path.emplace_back(CircuitIdOf(court->circuit));
  path.emplace_back(std::string(kWholeState));
  return path;
}

std::vector<CourtId> CourtDirectory::Suggest(const CourtId& unknown) const {
  if (unknown.empty() || unknown.str().size() > kSuggestTextMax) return {};
  const std::string meant = LowerCase(unknown.str());
  std::vector<std::pair<int, const Court*>> near;
  for (const Court& court : courts_) {
    const std::string& id = court.id.str();
    const int distance = std::min(EditDistance(meant, id),
                                  EditDistance(LastPart(meant), LastPart(id)) +
                                      (LastPart(meant).size() < 3 ? kSuggestDistanceMax : 0));
    if (distance <= kSuggestDistanceMax) near.emplace_back(distance, &court);
  }
  std::sort(near.begin(), near.end());  // Equally near ones in the file's order.
  std::vector<CourtId> suggested;
  for (const auto& [distance, court] : near) {
    if (suggested.size() == kSuggestionsMax) break;
    suggested.push_back(court->id);
  }
  return suggested;
}

std::string CircuitIdOf(int circuit) {
  return std::string("mo.cir.") + (circuit < 10 ? "0" : "") + std::to_string(circuit);
}

std::string SyntheticLocationCode(const Court& court) {
  if (court.kind != CourtKind::kCounty || court.fips.size() != 5) return {};
  constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  // Census codes of counties are below 36 * 36.
  const auto county = static_cast<std::size_t>(std::stoi(court.fips.substr(2)));
  return {'X', kDigits[county / 36 % 36], kDigits[county % 36]};
}

}  // namespace nightbox
