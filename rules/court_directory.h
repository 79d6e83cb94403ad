// CourtDirectory: which courts there are, how they are grouped, and how they are called.
//
// Read once from rules/data/courts.csv (its columns: rules/data/README.md) and then only asked.
// A circuit is a group of county courts that share a status; it is never where a filing goes, so
// "mo.cir.42" is answered with its five courts.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/ids.h"
#include "core/result.h"

namespace nightbox {

enum class CourtKind { kSupreme, kAppeals, kCircuit, kCounty };

// How sure the location code is. Only the first two may be used in production without a person's
// acceptance.
enum class LocationCodeConfidence { kVerified, kVerifiedIndirectly, kRecalled, kNone };

struct Court {
  CourtId id;
  std::string name;
  CourtKind kind = CourtKind::kCounty;
  int circuit = 0;  // 1 to 46; 0: of no circuit.
  // "ED", "SD" or "WD"; of a circuit that straddles districts, "ED+WD". Empty: the Supreme Court.
  std::string appellate_district;
  std::vector<std::string> counties;  // Exactly one for a county court.
  std::string casenet_code;
  // In case numbers; for the appellate courts their prefix. Empty: not known.
  std::string location_code;
  LocationCodeConfidence location_code_confidence = LocationCodeConfidence::kNone;
  std::string fips;
  std::string source;

  bool IsDestination() const { return kind != CourtKind::kCircuit; }
};

// Immutable after loading; any thread may ask.
class CourtDirectory {
 public:
  // Reads courts.csv in the directory. Refuses data that contradicts itself, with line and reason.
  static Result<CourtDirectory> Load(const std::filesystem::path& data_directory);
  static Result<CourtDirectory> Parse(std::string_view csv, std::string_view file_name);

  // nullptr: there is no such court. The pointer lives as long as the directory.
  const Court* Find(const CourtId& id) const;

  // The county courts of a circuit, in the file's order; nothing for any other court.
  std::vector<const Court*> Children(const CourtId& circuit) const;

  // Up to three courts the filer may have meant, nearest first. Looks at whole ids and at their
  // last parts ("dent"); nothing that differs by more than two letters, nothing for long text.
  std::vector<CourtId> Suggest(const CourtId& unknown) const;

  // In the file's order.
  const std::vector<Court>& courts() const { return courts_; }

 private:
  std::vector<Court> courts_;
  std::unordered_map<CourtId, std::size_t> by_id_;
};

// A location code for a county court that has none known: "X" and two letters or digits made of its
// census code. Distinct for distinct counties and for ever the same. Empty when the court has no
// census code.
std::string SyntheticLocationCode(const Court& court);

}  // namespace nightbox
