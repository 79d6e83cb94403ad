// Waiting filings: which of them wait, and for what, as an operator has to know it.
//
// Read page by page from the indexes that delivery itself goes by (docs/formats/journal.md). A page
// reads at most so many rows of one index as it is asked for, whatever the journal holds. So it may
// show fewer filings, even none, while there are more: held filings are looked for in the queues of
// all cases, and the uncertain ones of one court among those of all. Nothing of what was filed is
// read but the entry that changed a filing last, for its time.
//
// Through a view; any thread that may read it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/result.h"
#include "store/filing_state.h"
#include "store/view.h"

namespace nightbox {

enum class WaitingClass {
  // Of each case the one filing whose turn it is; what stands behind it is not shown. By court, and
  // in each the oldest first.
  kPending,
  // In no order.
  kHeld,
  // The oldest first.
  kUncertain
};

struct WaitingFiling {
  FilingState state;
  // When the entry was committed that changed it last: received, delivery started, known not to
  // have arrived, held, released. When it was received, if that entry cannot be read.
  WallTime changed_at;
  // Uncertain: the consistency group that was to have it. Pending: the one its case must stay in;
  // empty: any.
  std::string group;
};

struct WaitingQuery {
  WaitingClass which = WaitingClass::kPending;
  // Empty: all.
  CourtId court;
  // `next` of the page before. Empty: from the beginning.
  std::string after;
  // At most so many are read; at least 1.
  std::size_t rows = 1;
};

struct WaitingPage {
  std::vector<WaitingFiling> filings;
  // Where the next page goes on: lower-case hexadecimal digits, which name no case. Empty: there is
  // none.
  std::string next;
};

// kInvalidArgument when `after` belongs to another listing or to none.
Result<WaitingPage> ListWaiting(const View& view, const WaitingQuery& query);

}  // namespace nightbox
