// Salvage: what a damaged journal still holds of its filings, and what it does not.
//
// Reads only, in place, and skips whatever is damaged. It lists filings by id, delivery key and
// court, so that people can compare with the court's docket and with the receipts filers hold.
// Filings are not delivered again from here: that a filing is found is not yet that it is handed
// over (docs/runbook.md).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/ids.h"
#include "core/result.h"
#include "store/disk.h"
#include "store/head_file.h"
#include "store/journal.h"
#include "store/opening.h"

namespace nightbox {

struct SalvagedFiling {
  std::uint64_t sequence = 0;
  FilingId filing_id;
  Digest delivery_key;
  CourtId court;
  WallTime received_at;
  bool test = false;
  // The stored leaf of the tree is the statement's. Unset: the leaf is lost.
  std::optional<bool> leaf_fits;
  // "pending", "docketed" and so on, as far as the journal still knows; a later change may be among
  // what is missing. Empty: not known.
  std::string last_known;
};

// An entry that cannot be read and is known to have been a filing. What is not known is empty.
struct LostFiling {
  std::uint64_t sequence = 0;
  FilingId filing_id;
  std::optional<Digest> delivery_key;
  CourtId court;
};

struct SalvageReport {
  // Unset: the head file cannot be read, and `entries` is as far as the ledger itself reaches.
  std::optional<Head> head;
  std::string log_id;   // Empty: not known.
  std::string gateway;  // Empty: not known.
  // One more than the highest sequence that was promised or is there.
  std::uint64_t entries = 0;
  std::uint64_t readable_entries = 0;
  std::uint64_t readable_filings = 0;
  std::vector<SequenceRange> missing;
  // Of the missing entries, those of which something else is left. Others may have been filings
  // too.
  std::vector<LostFiling> lost_filings;
};

// `options.directory` is the journal. Calls `visit` for each filing that can be read, in order.
// kNotFound: no ledger there. kDataLoss: it cannot be read at all, not even in part.
Result<SalvageReport> SalvageJournal(const JournalOptions& options, Disk& disk,
                                     const std::function<void(const SalvagedFiling&)>& visit);

}  // namespace nightbox
