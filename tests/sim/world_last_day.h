// The last days a receipt must name, computed a second time: from the filing's own times and the
// court's calendar, by the rule's days and way of counting, and nothing of evidence/.
#pragma once

#include <optional>
#include <string>

#include "tests/sim/world_model.h"

namespace nightbox {

struct LastDayFinding {
  // What is wrong with the receipt.
  std::optional<std::string> wrong;
  // The first attempt was on an earlier day than the arrival.
  bool earlier_day = false;
  // There are several: by the court's closures, or by the filer's own word.
  bool several = false;
};

LastDayFinding CheckLastDays(const ModelFiling& filing);

}  // namespace nightbox
