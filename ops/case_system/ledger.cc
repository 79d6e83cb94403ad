#include "ops/case_system/ledger.h"

#include <algorithm>
#include <array>

#include "core/check.h"
#include "ops/case_system/schema.h"
#include "proto/filing_codec.h"
#include "rules/case_number.h"

namespace nightbox {
namespace {

constexpr std::array<std::string_view, 5> kStates = {"", "recorded", "docketed", "returned",
                                                     "withdrawn"};
constexpr std::array<std::string_view, 5> kRawStatuses = {"", "RECORDED", "DOCKETED", "RETURNED",
                                                          "WITHDRAWN"};

std::string_view StateText(CourtRecordState state) {
  return kStates.at(static_cast<std::size_t>(state));
}

CourtRecordState StateOf(std::string_view text) {
  const auto* const found = std::find(kStates.begin(), kStates.end(), text);
  NB_CHECK(found != kStates.end());  // The schema's CHECK lets nothing else in.
  return static_cast<CourtRecordState>(found - kStates.begin());
}

std::string_view FeeText(FeeState fee) {
  switch (fee) {
    case FeeState::kNone:
    case FeeState::kGovernment:
      return "none due";
    case FeeState::kWaiverRequested:
      return "waiver to be decided";
    case FeeState::kPending:
      return "due";
    case FeeState::kAuthorized:
      return "authorized";
    case FeeState::kUnspecified:
      break;
  }
  return "";
}

SqlValue TimeOrNull(const std::optional<WallTime>& time) {
  if (!time) return std::monostate{};
  return ToMicros(*time);
}

std::optional<WallTime> TimeAt(const SqlRow& row, std::size_t column) {
  const auto micros = row.MaybeInt(column);
  if (!micros) return std::nullopt;
  return FromMicros(*micros);
}

Digest DigestAt(const SqlRow& row, std::size_t column) {
  const auto digest = Digest::FromBytes(row.Text(column));
  NB_CHECK(digest.has_value());  // The schema's CHECK lets nothing else in.
  return *digest;
}

const std::string& LeadTitle(const FilingHeader& header) {
  for (const Document& document : header.documents) {
    if (document.role == DocumentRole::kLead) return document.title;
  }
  return header.documents.front().title;
}

Error UnknownKey() {
  return Error{ErrorCode::kNotFound, "no filing has this delivery key", "FILING_UNKNOWN"};
}

// The canonical text where the number has a known form; else as the filer typed it, since the court
// knows its old cases better than any grammar.
std::string CanonicalOrRaw(const std::string& text) {
  const auto number = ParseCaseNumber(text);
  return number ? Canonical(*number) : text;
}

}  // namespace

// One row of filings, its case numbers and its header.
struct Ledger::Row {
  std::int64_t seq = 0;
  CourtRecord record;
  WallTime received_at;
  std::optional<WallTime> review_due;
  std::string resolved_case_number;
  FilingHeader header;
};

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

Result<std::optional<Ledger::Row>> Ledger::FindRow(const Digest& delivery_key) {
  NB_ASSIGN_OR_RETURN(
      const auto rows,
      database_.Query(
          "SELECT seq, fingerprint, court_filing_id, state, filing_id, gateway, received_at, "
          "recorded_at, filed_at, reviewed_at, docketed_at, review_due_at, reason, "
          "resolved_case_number, header FROM filings WHERE delivery_key = ?",
          {Blob{delivery_key.view()}}));
  if (rows.empty()) return std::optional<Row>();
  const SqlRow& found = rows.front();
  Row row;
  row.seq = found.Int(0);
  row.record.delivery_key = delivery_key;
  row.record.fingerprint = DigestAt(found, 1);
  row.record.court_filing_id = found.Text(2);
  row.record.state = StateOf(found.Text(3));
  row.record.filing_id = FilingId(found.Text(4));
  row.record.gateway = found.Text(5);
  row.received_at = FromMicros(found.Int(6));
  row.record.recorded_at = TimeAt(found, 7);
  row.record.filed_at = TimeAt(found, 8);
  row.record.reviewed_at = TimeAt(found, 9);
  row.record.docketed_at = TimeAt(found, 10);
  row.review_due = TimeAt(found, 11);
  row.record.reason = found.Text(12);
  row.resolved_case_number = found.Text(13);
  filing::v1::FilingHeader header;
  NB_CHECK(header.ParseFromString(found.Text(14)));
  NB_ASSIGN_OR_RETURN(row.header, FromProto(header));
  row.record.raw_status = kRawStatuses.at(static_cast<std::size_t>(row.record.state));
  row.record.fee_state = FeeText(row.header.fee_state);
  NB_ASSIGN_OR_RETURN(
      const auto numbers,
      database_.Query("SELECT case_number, party, synthetic_location FROM case_numbers "
                      "WHERE filing_seq = ? ORDER BY position",
                      {row.seq}));
  for (const SqlRow& number : numbers) {
    row.record.case_numbers.push_back({number.Text(0), number.Text(1), number.Int(2) != 0});
  }
  return std::optional<Row>(std::move(row));
}

Result<std::optional<StoredRecord>> Ledger::Find(const Digest& delivery_key) {
  const std::lock_guard lock(mutex_);
  NB_ASSIGN_OR_RETURN(const auto row, FindRow(delivery_key));
  if (!row) return std::optional<StoredRecord>();
  return std::optional(StoredRecord{row->record, row->header.court});
}

Result<Recorded> Ledger::Record(const Delivery& delivery, const Disposition& disposition,
                                WallTime now) {
  const std::lock_guard lock(mutex_);
  NB_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(database_));
  NB_ASSIGN_OR_RETURN(const auto known, FindRow(delivery.delivery_key));
  if (known) {
    if (known->record.fingerprint != delivery.fingerprint) {
      return Error{ErrorCode::kAlreadyExists,
                   "this delivery key was recorded with another fingerprint", "OTHER_CONTENT"};
    }
    return Recorded{known->record, false};
  }
  NB_RETURN_IF_ERROR(Insert(delivery, now, disposition.review_due));
  NB_ASSIGN_OR_RETURN(auto row, FindRow(delivery.delivery_key));
  switch (disposition.kind) {
    case Disposition::Kind::kDocket:
      NB_RETURN_IF_ERROR(DocketRow(*row, now));
      break;
    case Disposition::Kind::kReview:
      NB_RETURN_IF_ERROR(Save(*row, now));
      break;
    case Disposition::Kind::kReturn:
      NB_RETURN_IF_ERROR(ReturnRow(*row, disposition.reason, now));
      break;
  }
  NB_RETURN_IF_ERROR(transaction.Commit());
  return Recorded{row->record, true};
}

Result<bool> Ledger::Insert(const Delivery& delivery, WallTime now,
                            const std::optional<WallTime>& review_due) {
  NB_ASSIGN_OR_RETURN(const auto next,
                      database_.Query("SELECT coalesce(max(seq), 0) + 1 FROM filings"));
  const std::int64_t seq = next.at(0).Int(0);
  std::string digits = std::to_string(seq);
  digits.insert(0, digits.size() < 8 ? 8 - digits.size() : 0, '0');
  const std::string court_filing_id = "CF-" + digits;
  const std::string header = ToProto(delivery.header).SerializeAsString();
  NB_RETURN_IF_ERROR(database_.Query(
      "INSERT INTO filings(seq, delivery_key, fingerprint, court_filing_id, court_id, state, "
      "filing_id, gateway, submitting_system, registered_user, received_at, recorded_at, "
      "review_due_at, resolved_case_number, header, receipt_json, receipt_p7s) "
      "VALUES(?, ?, ?, ?, ?, 'recorded', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {seq, Blob{delivery.delivery_key.view()}, Blob{delivery.fingerprint.view()}, court_filing_id,
       delivery.header.court.str(), delivery.filing_id.str(), delivery.gateway,
       delivery.submitting_system.str(), delivery.registered_user.str(),
       ToMicros(delivery.received_at), ToMicros(now), TimeOrNull(review_due),
       delivery.resolved_case_number, Blob{header}, Blob{delivery.receipt_json},
       Blob{delivery.receipt_p7s}}));
  std::int64_t position = 0;
  for (const Document& document : delivery.header.documents) {
    NB_RETURN_IF_ERROR(database_.Query(
        "INSERT INTO documents(filing_seq, position, title, sha256, size_bytes) "
        "VALUES(?, ?, ?, ?, ?)",
        {seq, position++, document.title, Blob{document.sha256.view()}, document.size_bytes}));
  }
  return true;
}

Result<bool> Ledger::DocketRow(Row& row, WallTime now) {
  NB_ASSIGN_OR_RETURN(row.record.case_numbers, CaseNumbersOf(row, now));
  std::int64_t position = 0;
  for (const CaseNumber& number : row.record.case_numbers) {
    NB_RETURN_IF_ERROR(database_.Query(
        "INSERT INTO case_numbers(filing_seq, position, case_number, party, synthetic_location) "
        "VALUES(?, ?, ?, ?, ?)",
        {row.seq, position++, number.number, number.party,
         std::int64_t{number.synthetic_location}}));
    NB_RETURN_IF_ERROR(database_.Query(
        "INSERT INTO docket(delivery_key, filing_id, gateway, court_id, case_number, title, "
        "document_count, received_at, docketed_at) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {Blob{row.record.delivery_key.view()}, row.record.filing_id.str(), row.record.gateway,
         row.header.court.str(), number.number, LeadTitle(row.header),
         static_cast<std::int64_t>(row.header.documents.size()), ToMicros(row.received_at),
         ToMicros(now)}));
  }
  row.record.state = CourtRecordState::kDocketed;
  row.record.filed_at = row.received_at;  // COR 27: filed when the gateway received it.
  row.record.reviewed_at = now;
  row.record.docketed_at = now;
  return Save(row, now);
}

Result<bool> Ledger::ReturnRow(Row& row, std::string_view reason, WallTime now) {
  row.record.state = CourtRecordState::kReturned;
  row.record.reason = reason;
  row.record.reviewed_at = now;
  return Save(row, now);
}

Result<bool> Ledger::Save(Row& row, WallTime now) {
  CourtRecord& told = row.record;
  told.raw_status = kRawStatuses.at(static_cast<std::size_t>(told.state));
  const bool waits = told.state == CourtRecordState::kRecorded;
  NB_RETURN_IF_ERROR(database_.Query(
      "UPDATE filings SET state = ?, filed_at = ?, reviewed_at = ?, docketed_at = ?, "
      "review_due_at = ?, reason = ? WHERE seq = ?",
      {StateText(told.state), TimeOrNull(told.filed_at), TimeOrNull(told.reviewed_at),
       TimeOrNull(told.docketed_at), waits ? TimeOrNull(row.review_due) : SqlValue(), told.reason,
       row.seq}));
  const std::string record = ToProto(told).SerializeAsString();
  NB_RETURN_IF_ERROR(
      database_.Query("INSERT INTO events(delivery_key, at, record) VALUES(?, ?, ?)",
                      {Blob{told.delivery_key.view()}, ToMicros(now), Blob{record}}));
  return true;
}

Result<std::vector<CaseNumber>> Ledger::CaseNumbersOf(const Row& row, WallTime now) {
  const CaseReference& reference = row.header.case_reference;
  if (const auto* existing = std::get_if<ExistingCase>(&reference)) {
    return std::vector{CaseNumber{CanonicalOrRaw(existing->number), {}, false}};
  }
  if (const auto* opener = std::get_if<OpenedBy>(&reference)) {
    if (!row.resolved_case_number.empty()) {
      return std::vector{CaseNumber{CanonicalOrRaw(row.resolved_case_number), {}, false}};
    }
    NB_ASSIGN_OR_RETURN(const std::string number, NumberOpenedBy(opener->filing_id));
    return std::vector{CaseNumber{number, {}, false}};
  }
  // A case begun by a uniform citation keeps the citation's number as its file number.
  if (!row.header.uniform_citation_number.empty()) {
    return std::vector{CaseNumber{CanonicalOrRaw(row.header.uniform_citation_number), {}, false}};
  }
  const auto* opened = std::get_if<NewCase>(&reference);
  NB_CHECK(opened != nullptr);  // ReadDelivery refuses a filing without a case.
  const Court* court = courts_.Find(row.header.court);
  if (court == nullptr) {
    return Error{ErrorCode::kFailedPrecondition, "the court is no longer in the directory",
                 "COURT_UNKNOWN"};
  }
  return AllotNumbers(*court, *opened, row.received_at, now);
}

Result<std::vector<CaseNumber>> Ledger::AllotNumbers(const Court& court, const NewCase& opened,
                                                     WallTime received_at, WallTime now) {
  NB_ASSIGN_OR_RETURN(const NumberingPlan plan,
                      PlanNumbers(court, opened, received_at, now, numbering_));
  std::vector<CaseNumber> numbers;
  for (const std::string& party : plan.parties) {
    NB_ASSIGN_OR_RETURN(
        const auto drawn,
        database_.Query("INSERT INTO case_sequences(scope, last) VALUES(?, 1) "
                        "ON CONFLICT(scope) DO UPDATE SET last = last + 1 RETURNING last",
                        {plan.scope}));
    // A refusal here rolls the draw back with everything else.
    NB_ASSIGN_OR_RETURN(const std::string number, NumberAt(plan, drawn.at(0).Int(0)));
    numbers.push_back({number, party, plan.synthetic_location});
  }
  return numbers;
}

Result<std::string> Ledger::NumberOpenedBy(const FilingId& opener) {
  NB_ASSIGN_OR_RETURN(const auto rows,
                      database_.Query("SELECT case_number FROM case_numbers JOIN filings "
                                      "ON filing_seq = seq WHERE filing_id = ?",
                                      {opener.str()}));
  if (rows.size() == 1) return rows.front().Text(0);
  return Error{ErrorCode::kFailedPrecondition,
               rows.empty() ? "the filing that opens the case is not docketed here"
                            : "the filing that opens the case got several numbers: name one",
               "CASE_NOT_OPENED"};
}

Result<Ledger::Row> Ledger::RowToReview(const Digest& delivery_key) {
  NB_ASSIGN_OR_RETURN(auto row, FindRow(delivery_key));
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
  NB_ASSIGN_OR_RETURN(Row row, RowToReview(delivery_key));
  NB_RETURN_IF_ERROR(DocketRow(row, now));
  NB_RETURN_IF_ERROR(transaction.Commit());
  return row.record;
}

Result<CourtRecord> Ledger::Return(const Digest& delivery_key, std::string_view reason,
                                   WallTime now) {
  const std::lock_guard lock(mutex_);
  NB_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(database_));
  NB_ASSIGN_OR_RETURN(Row row, RowToReview(delivery_key));
  NB_RETURN_IF_ERROR(ReturnRow(row, reason, now));
  NB_RETURN_IF_ERROR(transaction.Commit());
  return row.record;
}

Result<CourtRecord> Ledger::RequestWithdrawal(const Digest& delivery_key, std::string_view reason,
                                              WallTime now) {
  const std::lock_guard lock(mutex_);
  NB_ASSIGN_OR_RETURN(Transaction transaction, Transaction::Begin(database_));
  NB_ASSIGN_OR_RETURN(auto row, FindRow(delivery_key));
  if (!row) return UnknownKey();
  NB_RETURN_IF_ERROR(
      database_.Query("UPDATE filings SET withdrawal_requested_at = ?, withdrawal_reason = ? "
                      "WHERE seq = ? AND withdrawal_requested_at IS NULL",
                      {ToMicros(now), reason, row->seq}));
  if (row->record.state == CourtRecordState::kRecorded) {
    row->record.state = CourtRecordState::kWithdrawn;
    row->record.reason = "withdrawn at the filer's request";
    row->record.reviewed_at = now;
    NB_RETURN_IF_ERROR(Save(*row, now));
  }
  NB_RETURN_IF_ERROR(transaction.Commit());
  return row->record;
}

Result<std::vector<Digest>> Ledger::Keys(const Result<std::vector<SqlRow>>& rows) {
  if (!rows) return rows.error();
  std::vector<Digest> keys;
  for (const SqlRow& row : *rows) keys.push_back(DigestAt(row, 0));
  return keys;
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
