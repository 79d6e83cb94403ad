// FilingRow: one filing as the database holds it, and the statements that read and write it.
//
// The tables are described in ops/case_system/schema.h. What belongs together is written in one
// transaction, which is the caller's (ops/case_system/ledger.h), and so is the mutex.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/filing.h"
#include "core/result.h"
#include "ops/case_system/delivery.h"
#include "ops/case_system/sqlite.h"

namespace nightbox {

struct FilingRow {
  std::int64_t seq = 0;
  CourtRecord record;  // With its case numbers.
  WallTime received_at;
  std::optional<WallTime> review_due;
  std::string resolved_case_number;
  FilingHeader header;
};

Result<std::optional<FilingRow>> FindFilingRow(Database& database, const Digest& delivery_key);

// The filing and its documents, recorded and not yet reviewed.
Result<void> InsertFilingRow(Database& database, const Delivery& delivery, WallTime now,
                             const std::optional<WallTime>& review_due);

// Its case numbers, and a docket row for each.
Result<void> InsertDocketRows(Database& database, const FilingRow& row, WallTime now);

// The row's new state and the event that tells of it; raw_status follows the state.
Result<void> SaveFilingRow(Database& database, FilingRow& row, WallTime now);

// Of the word in filings.state.
CourtRecordState StateOf(std::string_view text);

// Of a column that may be NULL, or that the schema keeps to 32 bytes.
std::optional<WallTime> TimeAt(const SqlRow& row, std::size_t column);
Digest DigestAt(const SqlRow& row, std::size_t column);

}  // namespace nightbox
