// CircuitGroup: a judicial circuit on the status page, a group of courts and never one itself.
//
// It is up, partly up or down by its county courts, as far as this gateway serves them. A municipal
// division goes with its county's court as long as nothing else is shown of it, and one with a case
// system of its own is not of the group. Of divisions that are not known nothing is said.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/court_directory.h"

namespace nightbox {

struct CircuitGroup {
  CourtId id;
  std::string name;
  // Its county courts that this gateway serves: at least one. And how many it has.
  std::vector<CourtId> courts;
  std::size_t county_courts = 0;
  // Of these the divisions that this gateway serves and that share their county's case system, and
  // those known, served or not, that have one of their own.
  std::vector<CourtId> divisions;
  std::vector<CourtId> apart;
  // Whether these courts have no others.
  bool divisions_complete = false;
  // All of that in words: "its county court, with 8 municipal divisions served here …".
  // What nobody has confirmed is called so.
  std::string covers;
};

// The circuits of which a county court is among `served`, in the directory's order. Pure.
std::vector<CircuitGroup> CircuitGroupsOf(const CourtDirectory& directory,
                                          const std::vector<CourtId>& served);

enum class CircuitState { kUp, kPartly, kDown, kUnknown };

// How many county courts' case systems are delivered to, are not, and are not known of. Up and down
// are said of all of them only, and nothing that is not known counts for either. Pure.
CircuitState CircuitStateOf(std::size_t delivering, std::size_t delayed, std::size_t unknown);

}  // namespace nightbox
