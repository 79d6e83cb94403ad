// Ledger: what the reference case system knows, in SQLite, and every way it may change.
//
// A filing is recorded once per delivery key, for ever. Each method that changes something is one
// transaction with the event that tells of it (ops/case_system/schema.h); when it answers, that is
// on disk. The documents' bytes must be on disk before Record is called.
//
// Thread-safe: one mutex lets one caller at the connection; held across SQLite's syncs, which is
// why no gRPC thread comes here (ops/case_system/service.cc).
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/filing.h"
#include "core/result.h"
#include "ops/case_system/delivery.h"
#include "ops/case_system/filing_row.h"
#include "ops/case_system/numbering.h"
#include "ops/case_system/sqlite.h"
#include "rules/court_directory.h"

namespace nightbox {

// What becomes of a filing that arrives.
struct Disposition {
  enum class Kind { kDocket, kReview, kReturn };
  Kind kind = Kind::kDocket;
  // kReview: when it is docketed by itself; nullopt: when a clerk says so.
  std::optional<WallTime> review_due;
  // kReturn: the clerk's words.
  std::string reason;
};

struct Recorded {
  CourtRecord record;
  // False: the delivery key was known; nothing was changed.
  bool fresh = false;
};

struct StoredRecord {
  CourtRecord record;
  CourtId court;
};

struct LedgerEvent {
  std::int64_t cursor = 0;
  std::string record;  // nightbox.filing.v1.CourtRecord, serialized as it was then.
};

struct LedgerCounts {
  std::int64_t recorded = 0, docketed = 0, returned = 0, withdrawn = 0, docket_rows = 0;
};

class Ledger {
 public:
  // Creates the database when there is none. `courts` must outlive the ledger.
  static Result<std::unique_ptr<Ledger>> Open(const std::filesystem::path& data_directory,
                                              const CourtDirectory& courts,
                                              NumberingOptions numbering);

  // The record under a key with its court, or nullopt.
  Result<std::optional<StoredRecord>> Find(const Digest& delivery_key);

  // Records, and dockets or returns when the disposition says so. A known key answers its record;
  // a known key with another fingerprint is kAlreadyExists.
  Result<Recorded> Record(const Delivery& delivery, const Disposition& disposition, WallTime now);

  // A clerk's review of a recorded filing. kNotFound: unknown key; kFailedPrecondition: it is not
  // waiting for review.
  Result<CourtRecord> Docket(const Digest& delivery_key, WallTime now);
  Result<CourtRecord> Return(const Digest& delivery_key, std::string_view reason, WallTime now);

  // Keys of filings waiting for review in a court, in the order they came.
  Result<std::vector<Digest>> WaitingIn(const CourtId& court);
  // Keys whose review is due, in the order they came; at most 100.
  Result<std::vector<Digest>> DueAt(WallTime now);
  Result<std::optional<WallTime>> NextDue();
  // The filing will wait for a clerk: its review cannot be done by itself.
  Result<bool> LeaveToClerk(const Digest& delivery_key);

  // A recorded filing is withdrawn; on any other the wish is noted and the record stays.
  Result<CourtRecord> RequestWithdrawal(const Digest& delivery_key, std::string_view reason,
                                        WallTime now);

  // Oldest first. At most `max`.
  Result<std::vector<LedgerEvent>> EventsAfter(std::int64_t cursor, int max);
  Result<std::int64_t> LastCursor();
  Result<LedgerCounts> Count();

 private:
  Ledger(Database database, const CourtDirectory& courts, NumberingOptions numbering)
      : database_(std::move(database)), courts_(courts), numbering_(std::move(numbering)) {}

  // All below are called with the mutex held, the changing ones inside a transaction.
  Result<FilingRow> RowToReview(const Digest& delivery_key);
  Result<void> DocketRow(FilingRow& row, WallTime now);
  Result<void> ReturnRow(FilingRow& row, std::string_view reason, WallTime now);

  std::mutex mutex_;  // Guards database_.
  Database database_;
  const CourtDirectory& courts_;
  const NumberingOptions numbering_;
};

}  // namespace nightbox
