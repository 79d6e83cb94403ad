#include "ops/case_system/ledger.h"

#include <utility>

#include "ops/case_system/case_numbers.h"
#include "ops/case_system/filing_row.h"
#include "ops/case_system/schema.h"

namespace nightbox {
namespace {

Error UnknownKey() {
  return Error{ErrorCode::kNotFound, "no filing has this delivery key", "FILING_UNKNOWN"};
}

// As told by the rows' first column.
Result<std::vector<Digest>> Keys(const Result<std::vector<SqlRow>>& rows) {
  if (!rows) return rows.error();
  std::vector<Digest> keys;
  for (const SqlRow& row : *rows) keys.push_back(DigestAt(row, 0));
  return keys;
}

}  // namespace

Result<std::unique_ptr<Ledger>> Ledger::Open(const std::filesystem::path& data_directory,
                                             const CourtDirectory& courts,
                                             NumberingOptions numbering) {
  NB_ASSIGN_OR_RETURN(Database database, Database::Open(data_directory / "case_system.sqlite"));
  // What is answered must survive a power cut: every commit is synced.
  NB_RETURN_IF_ERROR(database.Execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"));
  NB_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(database));
  NB_ASSIGN_OR_RETURN(const auto version, database.Query("PRAGMA user_version"));
  if (version.at(0).Int(0) == 0) {
    NB_RETURN_IF_ERROR(database.Execute(kCaseSystemSchema));
    NB_RETURN_IF_ERROR(database.Execute(
        ("PRAGMA user_version = " + std::to_string(kCaseSystemSchemaVersion)).c_str()));
  } else if (version.at(0).Int(0) != kCaseSystemSchemaVersion) {
    return Error{ErrorCode::kFailedPrecondition,
                 "the database was made by another version of the case system", "DATABASE"};
  }
  NB_RETURN_IF_ERROR(transaction.Commit());
  return std::unique_ptr<Ledger>(new Ledger(std::move(database), courts, std::move(numbering)));
}

Result<std::optional<StoredRecord>> Ledger::Find(const Digest& delivery_key) {
  const std::lock_guard lock(mutex_);
  NB_ASSIGN_OR_RETURN(const auto row, FindFilingRow(database_, delivery_key));
  if (!row) return std::optional<StoredRecord>();
  return std::optional(StoredRecord{row->record, row->header.court});
}

Result<Recorded> Ledger::Record(const Delivery& delivery, const Disposition& disposition,
                                WallTime now) {
  const std::lock_guard lock(mutex_);
  NB_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(database_));
  NB_ASSIGN_OR_RETURN(const auto known, FindFilingRow(database_, delivery.delivery_key));
  if (known) {
    if (known->record.fingerprint != delivery.fingerprint) {
      return Error{ErrorCode::kAlreadyExists,
                   "this delivery key was recorded with another fingerprint", "OTHER_CONTENT"};
    }
    return Recorded{known->record, false};
  }
  NB_RETURN_IF_ERROR(InsertFilingRow(database_, delivery, now, disposition.review_due));
  NB_ASSIGN_OR_RETURN(auto row, FindFilingRow(database_, delivery.delivery_key));
  switch (disposition.kind) {
    case Disposition::Kind::kDocket:
      NB_RETURN_IF_ERROR(DocketRow(*row, now));
      break;
    case Disposition::Kind::kReview:
      NB_RETURN_IF_ERROR(SaveFilingRow(database_, *row, now));
      break;
    case Disposition::Kind::kReturn:
      NB_RETURN_IF_ERROR(ReturnRow(*row, disposition.reason, now));
      break;
  }
  NB_RETURN_IF_ERROR(transaction.Commit());
  return Recorded{row->record, true};
}

Result<void> Ledger::DocketRow(FilingRow& row, WallTime now) {
  NB_ASSIGN_OR_RETURN(row.record.case_numbers,
                      CaseNumbersFor(database_, courts_, numbering_, row, now));
  NB_RETURN_IF_ERROR(InsertDocketRows(database_, row, now));
  row.record.state = CourtRecordState::kDocketed;
  row.record.filed_at = row.received_at;  // COR 27: filed when the gateway received it.
  row.record.reviewed_at = now;
  row.record.docketed_at = now;
  return SaveFilingRow(database_, row, now);
}

Result<void> Ledger::ReturnRow(FilingRow& row, std::string_view reason, WallTime now) {
  row.record.state = CourtRecordState::kReturned;
  row.record.reason = reason;
  row.record.reviewed_at = now;
  return SaveFilingRow(database_, row, now);
}

Result<FilingRow> Ledger::RowToReview(const Digest& delivery_key) {
  NB_ASSIGN_OR_RETURN(auto row, FindFilingRow(database_, delivery_key));
  if (!row) return UnknownKey();
  if (row->record.state != CourtRecordState::kRecorded) {
    return Error{ErrorCode::kFailedPrecondition, "the filing is not waiting for review",
                 "NOT_WAITING"};
  }
  return *std::move(row);
}

Result<CourtRecord> Ledger::Docket(const Digest& delivery_key, WallTime now) {
  const std::lock_guard lock(mutex_);
  NB_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(database_));
  NB_ASSIGN_OR_RETURN(FilingRow row, RowToReview(delivery_key));
  NB_RETURN_IF_ERROR(DocketRow(row, now));
  NB_RETURN_IF_ERROR(transaction.Commit());
  return row.record;
}

Result<CourtRecord> Ledger::Return(const Digest& delivery_key, std::string_view reason,
                                   WallTime now) {
  const std::lock_guard lock(mutex_);
  NB_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(database_));
  NB_ASSIGN_OR_RETURN(FilingRow row, RowToReview(delivery_key));
  NB_RETURN_IF_ERROR(ReturnRow(row, reason, now));
  NB_RETURN_IF_ERROR(transaction.Commit());
  return row.record;
}

Result<CourtRecord> Ledger::RequestWithdrawal(const Digest& delivery_key, std::string_view reason,
                                              WallTime now) {
  const std::lock_guard lock(mutex_);
  NB_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(database_));
  NB_ASSIGN_OR_RETURN(auto row, FindFilingRow(database_, delivery_key));
  if (!row) return UnknownKey();
  NB_RETURN_IF_ERROR(
      database_.Query("UPDATE filings SET withdrawal_requested_at = ?, withdrawal_reason = ? "
                      "WHERE seq = ? AND withdrawal_requested_at IS NULL",
                      {ToMicros(now), reason, row->seq}));
  if (row->record.state == CourtRecordState::kRecorded) {
    row->record.state = CourtRecordState::kWithdrawn;
    row->record.reason = "withdrawn at the filer's request";
    row->record.reviewed_at = now;
    NB_RETURN_IF_ERROR(SaveFilingRow(database_, *row, now));
  }
  NB_RETURN_IF_ERROR(transaction.Commit());
  return row->record;
}

Result<std::vector<Digest>> Ledger::WaitingIn(const CourtId& court) {
  const std::lock_guard lock(mutex_);
  return Keys(database_.Query(
      "SELECT delivery_key FROM filings WHERE court_id = ? AND state = 'recorded' ORDER BY seq",
      {court.str()}));
}

Result<std::vector<Digest>> Ledger::DueAt(WallTime now) {
  const std::lock_guard lock(mutex_);
  return Keys(database_.Query(
      "SELECT delivery_key FROM filings WHERE review_due_at <= ? ORDER BY seq LIMIT 100",
      {ToMicros(now)}));
}

Result<std::optional<WallTime>> Ledger::NextDue() {
  const std::lock_guard lock(mutex_);
  NB_ASSIGN_OR_RETURN(const auto rows, database_.Query("SELECT min(review_due_at) FROM filings "
                                                       "WHERE review_due_at IS NOT NULL"));
  return TimeAt(rows.at(0), 0);
}

Result<bool> Ledger::LeaveToClerk(const Digest& delivery_key) {
  const std::lock_guard lock(mutex_);
  NB_RETURN_IF_ERROR(
      database_.Query("UPDATE filings SET review_due_at = NULL WHERE delivery_key = ?",
                      {Blob{delivery_key.view()}}));
  return true;
}

Result<std::vector<LedgerEvent>> Ledger::EventsAfter(std::int64_t cursor, int max) {
  const std::lock_guard lock(mutex_);
  NB_ASSIGN_OR_RETURN(
      const auto rows,
      database_.Query("SELECT cursor, record FROM events WHERE cursor > ? ORDER BY cursor LIMIT ?",
                      {cursor, std::int64_t{max}}));
  std::vector<LedgerEvent> events;
  for (const SqlRow& row : rows) events.push_back({row.Int(0), row.Text(1)});
  return events;
}

Result<std::int64_t> Ledger::LastCursor() {
  const std::lock_guard lock(mutex_);
  NB_ASSIGN_OR_RETURN(const auto rows,
                      database_.Query("SELECT coalesce(max(cursor), 0) FROM events"));
  return rows.at(0).Int(0);
}

Result<LedgerCounts> Ledger::Count() {
  const std::lock_guard lock(mutex_);
  NB_ASSIGN_OR_RETURN(const auto rows,
                      database_.Query("SELECT state, count(*) FROM filings GROUP BY state"));
  LedgerCounts counts;
  for (const SqlRow& row : rows) {
    switch (StateOf(row.Text(0))) {
      case CourtRecordState::kRecorded:
        counts.recorded = row.Int(1);
        break;
      case CourtRecordState::kDocketed:
        counts.docketed = row.Int(1);
        break;
      case CourtRecordState::kReturned:
        counts.returned = row.Int(1);
        break;
      case CourtRecordState::kWithdrawn:
        counts.withdrawn = row.Int(1);
        break;
      case CourtRecordState::kUnspecified:
        break;
    }
  }
  NB_ASSIGN_OR_RETURN(const auto docket, database_.Query("SELECT count(*) FROM docket"));
  counts.docket_rows = docket.at(0).Int(0);
  return counts;
}

}  // namespace nightbox
