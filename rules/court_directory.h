// CourtDirectory: which courts there are, how they are grouped, and how they are called.
//
// Read once from courts.csv, filing_locations.csv and municipal_divisions.csv in rules/data (their
// columns: rules/data/README.md) and then only asked. A circuit is a group of county courts that
// share a status; it is never where a filing goes, so "mo.cir.42" is answered with its five courts.
// A municipal division is a child of its county's court; the lists are incomplete and say so.
//
// A county court's id is for ever and means nothing: it is on receipts, in the journal and in
// policies, and stays when the county moves to another circuit. To which one it belongs is said by
// its row alone, and for other days by rules/circuit_history.h.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/ids.h"
#include "core/result.h"

namespace nightbox {

enum class CourtKind { kSupreme, kAppeals, kCircuit, kCounty, kMunicipal };

// How sure the location code is. Only the first may be used in production without a person's
// acceptance.
enum class LocationCodeConfidence { kVerified, kVerifiedIndirectly, kRecalled, kNone };

// A place besides the first where a county's court takes filings, with a code of its own in case
// numbers.
struct FilingLocation {
  std::string location_code;
  std::string name;
  bool confirmed = false;
  std::string source;
};

struct Court {
  CourtId id;
  std::string name;
  CourtKind kind = CourtKind::kCounty;
  int circuit = 0;  // The circuit's number; 0: of no circuit.
  // "ED", "SD" or "WD"; of a circuit that straddles districts, "ED+WD". Empty: the Supreme Court.
  std::string appellate_district;
  std::vector<std::string> counties;  // Exactly one for a county court.
  std::string casenet_code;
  // In case numbers; for the appellate courts their prefix. Empty: not known.
  std::string location_code;
  LocationCodeConfidence location_code_confidence = LocationCodeConfidence::kNone;
  std::vector<FilingLocation> further_locations;
  // Somebody said which further locations there are, or that there is none.
  bool further_locations_stated = false;
  std::string fips;
  // Of a municipal division: its county's court. Empty for all others.
  CourtId parent = {};
  // A division that does not share its circuit's case system, and can be down by itself.
  bool own_system = false;
  bool confirmed = true;
  std::string source;

  // Whether numbers of the court bear the code, and whether anybody has confirmed that.
  bool UsesLocationCode(std::string_view code) const;
  bool IsLocationCodeConfirmed(std::string_view code) const;

  bool IsDestination() const { return kind != CourtKind::kCircuit; }
};

// Immutable after loading; any thread may ask.
class CourtDirectory {
 public:
  // Reads the three tables in the directory. Refuses data that contradicts itself, with line and
  // reason.
  static Result<CourtDirectory> Load(const std::filesystem::path& data_directory);
  // The table of courts, without municipal divisions.
  static Result<CourtDirectory> Parse(std::string_view csv, std::string_view file_name);
  // Pointers to courts that were given before are not valid any more.
  Result<void> AddMunicipalDivisions(std::string_view csv, std::string_view file_name);
  Result<void> AddFilingLocations(std::string_view csv, std::string_view file_name);
  // The shipped tables, compiled in.
  static const CourtDirectory& Missouri();

  // nullptr: there is no such court. The pointer lives as long as the directory.
  const Court* Find(const CourtId& id) const;
  // nullptr: no circuit of today has this number.
  const Court* FindCircuit(int number) const;

  // The county courts of a circuit, the known divisions of a county court, in the file's order;
  // nothing for any other court.
  std::vector<const Court*> Children(const CourtId& above) const;

  // Whether the divisions known of a county court are all it has. Where not, nothing may be said of
  // "all its divisions".
  bool KnowsAllDivisions(const CourtId& county_court) const;

  // Whose status holds for a court, nearest first: its own where one is stated, else that of its
  // county's court, its circuit, the whole state. A division with a case system of its own shares
  // nobody's. Empty: there is no such court.
  std::vector<CourtId> StatusPath(const CourtId& id) const;

  // Up to three courts the filer may have meant, nearest first. Looks at whole ids and at their
  // last parts ("dent"); nothing that differs by more than two letters, nothing for long text.
  std::vector<CourtId> Suggest(const CourtId& unknown) const;

  // In the file's order.
  const std::vector<Court>& courts() const { return courts_; }

 private:
  std::vector<Court> courts_;
  std::unordered_map<CourtId, std::size_t> by_id_;
  std::set<CourtId> complete_;  // County courts all of whose divisions are known.
};

// Stands for every court of Missouri where a status is stated of all of them.
inline constexpr std::string_view kWholeState = "mo";

// The id of the circuit of that number: "mo.cir.05" for 5.
std::string CircuitIdOf(int circuit);

// A location code for a county court that has none known: "X" and two letters or digits made of its
// census code. Distinct for distinct counties and for ever the same. Empty when the court has no
// census code.
std::string SyntheticLocationCode(const Court& court);

}  // namespace nightbox
