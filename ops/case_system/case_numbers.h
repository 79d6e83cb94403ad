// Under which case numbers a filing is docketed: the number it names, the number of its citation,
// or new ones.
//
// New ones are drawn from the sequences of ops/case_system/numbering.h in the caller's transaction:
// when that is rolled back, no number is lost.
#pragma once

#include <vector>

#include "core/clock.h"
#include "core/filing.h"
#include "core/result.h"
#include "ops/case_system/filing_row.h"
#include "ops/case_system/numbering.h"
#include "ops/case_system/sqlite.h"
#include "rules/court_directory.h"

namespace nightbox {

// At least one. kFailedPrecondition: the case it refers to is not opened here, or a sequence is
// used up.
Result<std::vector<CaseNumber>> CaseNumbersFor(Database& database, const CourtDirectory& courts,
                                               const NumberingOptions& options,
                                               const FilingRow& row, WallTime now);

}  // namespace nightbox
