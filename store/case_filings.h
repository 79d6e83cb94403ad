// The filings of one case, and what the ledger says of each: for its official record (COR 4.03).
//
// There is no index from a case to its filings: queues hold what is under way and no more, and an
// index for every case ever would be paid for by every receipt. It is looked for instead: once
// through the states of all filings (some 600 bytes each), and, when there are any, once through
// the ledger from the first of them on. That is the whole journal at worst. Reads through a view;
// any thread that may wait for the disk.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/ids.h"
#include "core/result.h"
#include "store/group.h"
#include "store/view.h"

namespace nightbox {

inline constexpr std::size_t kCaseFilingsMax = 5'000;
// Entries about them beside their receipts.
inline constexpr std::size_t kCaseEntriesMax = 50'000;

struct CaseFiling {
  std::uint64_t sequence = 0;
  // It follows a filing by which the court opened several cases, and nobody has said which of them
  // it belongs to.
  bool perhaps = false;
  // Entries about it after its own, in order.
  std::vector<std::uint64_t> entries;
};

// In the order of the ledger; empty when there are none. A filing is of the case when its filer
// named the number, when it follows the filing that opened the case, and when the court gave it
// this number among others. Test filings are left out. kFailedPrecondition, reason
// RECORD_TOO_LARGE, beyond the bounds above. `go_on` is asked at every row; kCancelled once it says
// no.
Result<std::vector<CaseFiling>> FindCaseFilings(
    const View& view, const LedgerIdentity& identity, const CourtId& court,
    const std::string& number, const std::function<bool()>& go_on = [] { return true; });

}  // namespace nightbox
