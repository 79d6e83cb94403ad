#include "gateway/circuit_status.h"

#include <algorithm>
#include <utility>

namespace nightbox {
namespace {

// "its county court", "3 of its 5 county courts".
std::string CountyCourtsWords(const CircuitGroup& group) {
  if (group.county_courts == 1) return "its county court";
  std::string words = "its " + std::to_string(group.county_courts) + " county courts";
  if (group.courts.size() == group.county_courts) return words;
  return std::to_string(group.courts.size()) + " of " + words;
}

std::string CoversWords(const CircuitGroup& group, const CourtDirectory& directory) {
  std::string words = CountyCourtsWords(group);
  if (const std::size_t served = group.divisions.size(); served > 0) {
    const bool confirmed = std::ranges::all_of(
        group.divisions, [&](const CourtId& id) { return directory.Find(id)->confirmed; });
    words += ", with " + std::to_string(served) + " municipal division" + (served == 1 ? "" : "s") +
             " served here" + (confirmed ? "" : " (unconfirmed)") +
             " unless another state is shown";
  }
  for (const CourtId& id : group.apart) {
    const Court* court = directory.Find(id);
    words += "; without " + court->name + ", which has a case system of its own" +
             (court->confirmed ? "" : " (unconfirmed)");
  }
  if (!group.divisions_complete) words += "; the list of its municipal divisions is not complete";
  return words;
}

void AddDivisions(const CourtDirectory& directory, const CourtId& county_court,
                  const std::vector<CourtId>& served, CircuitGroup& group) {
  for (const Court* division : directory.Children(county_court)) {
    if (division->own_system) {
      group.apart.push_back(division->id);
    } else if (std::ranges::find(served, division->id) != served.end()) {
      group.divisions.push_back(division->id);
    }
  }
}

}  // namespace

std::vector<CircuitGroup> CircuitGroupsOf(const CourtDirectory& directory,
                                          const std::vector<CourtId>& served) {
  std::vector<CircuitGroup> groups;
  for (const Court& court : directory.courts()) {
    if (court.kind != CourtKind::kCircuit) continue;
    CircuitGroup group;
    group.id = court.id;
    group.name = court.name;
    group.divisions_complete = true;
    for (const Court* county_court : directory.Children(court.id)) {
      ++group.county_courts;
      if (std::ranges::find(served, county_court->id) == served.end()) continue;
      group.courts.push_back(county_court->id);
      AddDivisions(directory, county_court->id, served, group);
      group.divisions_complete =
          group.divisions_complete && directory.KnowsAllDivisions(county_court->id);
    }
    if (group.courts.empty()) continue;
    group.covers = CoversWords(group, directory);
    groups.push_back(std::move(group));
  }
  return groups;
}

CircuitState CircuitStateOf(std::size_t delivering, std::size_t delayed, std::size_t unknown) {
  if (delivering > 0 && delayed > 0) return CircuitState::kPartly;
  if (unknown > 0 || delivering + delayed == 0) return CircuitState::kUnknown;
  return delivering > 0 ? CircuitState::kUp : CircuitState::kDown;
}

}  // namespace nightbox
