#include "ops/case_system/filing_row.h"

#include <algorithm>
#include <array>

#include "core/check.h"
#include "proto/filing_codec.h"

namespace nightbox {
namespace {

constexpr std::array<std::string_view, 5> kStates = {"", "recorded", "docketed", "returned",
                                                     "withdrawn"};
constexpr std::array<std::string_view, 5> kRawStatuses = {"", "RECORDED", "DOCKETED", "RETURNED",
                                                          "WITHDRAWN"};

std::string_view StateText(CourtRecordState state) {
  return kStates.at(static_cast<std::size_t>(state));
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

const std::string& LeadTitle(const FilingHeader& header) {
  for (const Document& document : header.documents) {
    if (document.role == DocumentRole::kLead) return document.title;
  }
  return header.documents.front().title;
}

}  // namespace

CourtRecordState StateOf(std::string_view text) {
  const auto* const found = std::find(kStates.begin(), kStates.end(), text);
  NB_CHECK(found != kStates.end());  // The schema's CHECK lets nothing else in.
  return static_cast<CourtRecordState>(found - kStates.begin());
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

Result<std::optional<FilingRow>> FindFilingRow(Database& database, const Digest& delivery_key) {
  NB_ASSIGN_OR_RETURN(
      const auto rows,
      database.Query(
          "SELECT seq, fingerprint, court_filing_id, state, filing_id, gateway, received_at, "
          "recorded_at, filed_at, reviewed_at, docketed_at, review_due_at, reason, "
          "resolved_case_number, header FROM filings WHERE delivery_key = ?",
          {Blob{delivery_key.view()}}));
  if (rows.empty()) return std::optional<FilingRow>();
  const SqlRow& found = rows.front();
  FilingRow row;
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
      database.Query("SELECT case_number, party, synthetic_location FROM case_numbers "
                     "WHERE filing_seq = ? ORDER BY position",
                     {row.seq}));
  for (const SqlRow& number : numbers) {
    row.record.case_numbers.push_back({number.Text(0), number.Text(1), number.Int(2) != 0});
  }
  return std::optional<FilingRow>(std::move(row));
}

Result<void> InsertFilingRow(Database& database, const Delivery& delivery, WallTime now,
                             const std::optional<WallTime>& review_due) {
  NB_ASSIGN_OR_RETURN(const auto next,
                      database.Query("SELECT coalesce(max(seq), 0) + 1 FROM filings"));
  const std::int64_t seq = next.at(0).Int(0);
  std::string digits = std::to_string(seq);
  digits.insert(0, digits.size() < 8 ? 8 - digits.size() : 0, '0');
  const std::string court_filing_id = "CF-" + digits;
  const std::string header = ToProto(delivery.header).SerializeAsString();
  NB_RETURN_IF_ERROR(database.Query(
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
    NB_RETURN_IF_ERROR(database.Query(
        "INSERT INTO documents(filing_seq, position, title, sha256, size_bytes) "
        "VALUES(?, ?, ?, ?, ?)",
        {seq, position++, document.title, Blob{document.sha256.view()}, document.size_bytes}));
  }
  return {};
}

Result<void> InsertDocketRows(Database& database, const FilingRow& row, WallTime now) {
  std::int64_t position = 0;
  for (const CaseNumber& number : row.record.case_numbers) {
    NB_RETURN_IF_ERROR(database.Query(
        "INSERT INTO case_numbers(filing_seq, position, case_number, party, synthetic_location) "
        "VALUES(?, ?, ?, ?, ?)",
        {row.seq, position++, number.number, number.party,
         std::int64_t{number.synthetic_location}}));
    NB_RETURN_IF_ERROR(database.Query(
        "INSERT INTO docket(delivery_key, filing_id, gateway, court_id, case_number, title, "
        "document_count, received_at, docketed_at) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {Blob{row.record.delivery_key.view()}, row.record.filing_id.str(), row.record.gateway,
         row.header.court.str(), number.number, LeadTitle(row.header),
         static_cast<std::int64_t>(row.header.documents.size()), ToMicros(row.received_at),
         ToMicros(now)}));
  }
  return {};
}

Result<void> SaveFilingRow(Database& database, FilingRow& row, WallTime now) {
  CourtRecord& told = row.record;
  told.raw_status = kRawStatuses.at(static_cast<std::size_t>(told.state));
  const bool waits = told.state == CourtRecordState::kRecorded;
  NB_RETURN_IF_ERROR(database.Query(
      "UPDATE filings SET state = ?, filed_at = ?, reviewed_at = ?, docketed_at = ?, "
      "review_due_at = ?, reason = ? WHERE seq = ?",
      {StateText(told.state), TimeOrNull(told.filed_at), TimeOrNull(told.reviewed_at),
       TimeOrNull(told.docketed_at), waits ? TimeOrNull(row.review_due) : SqlValue(), told.reason,
       row.seq}));
  const std::string record = ToProto(told).SerializeAsString();
  NB_RETURN_IF_ERROR(database.Query("INSERT INTO events(delivery_key, at, record) VALUES(?, ?, ?)",
                                    {Blob{told.delivery_key.view()}, ToMicros(now), Blob{record}}));
  return {};
}

}  // namespace nightbox
