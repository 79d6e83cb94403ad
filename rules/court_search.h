// Finding a court as people name it: by id, circuit number, county, location code or words of its
// name, with "did you mean". Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/court_directory.h"

namespace nightbox {

struct CourtMatch {
  const Court* court;
  // How the text names it: "id", "circuit", "location code", "county" or "name".
  std::string_view by;
};

struct CourtSearch {
  // In the directory's order within each way of naming, the surest way first. A court is there
  // once. A county's court is followed by its known municipal divisions; who names St. Louis gets
  // the county's court and the city's.
  std::vector<CourtMatch> matches;
  // Only when nothing matches: three at most.
  std::vector<CourtId> did_you_mean;
};

CourtSearch FindCourts(const CourtDirectory& directory, std::string_view text);

}  // namespace nightbox
