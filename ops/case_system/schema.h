// The reference case system's database: DIR/case_system.sqlite (WAL mode, synchronous=FULL).
//
// Others may read it while the program runs (a checker does); nobody else writes it. All times are
// microseconds since 1970 in UTC, 0 or more; keys and fingerprints are 32-byte BLOBs. One
// transaction writes a filing, its case numbers, its docket rows and its event, or nothing.
//
//   filings        one row per delivery key, for ever
//     seq                  order of recording
//     delivery_key         UNIQUE
//     fingerprint
//     court_filing_id      UNIQUE; the case system's own name of the filing
//     court_id             "mo.cir.42.dent"
//     state                recorded | docketed | returned | withdrawn
//     filing_id, gateway   whose copy was recorded; submitting_system, registered_user
//     received_at          when the gateway received it
//     recorded_at          when it came here
//     filed_at             what the court counts from; NULL unless docketed
//     reviewed_at, docketed_at   NULL until it happened
//     review_due_at        when a recorded filing will be docketed by itself; NULL: on command
//     reason               the clerk's words on a return or withdrawal
//     withdrawal_requested_at, withdrawal_reason   the filer's wish; NULL: none
//     resolved_case_number what the gateway resolved opened_by_filing_id to; '' otherwise
//     header               nightbox.filing.v1.FilingHeader
//     receipt_json, receipt_p7s   as they were delivered
//   case_numbers   the numbers of a docketed filing, one row each, by position from 0
//     filing_seq, position, case_number, party, synthetic_location (0 or 1)
//   documents      of every filing, by position from 0; the bytes are DIR/documents/HEX-OF-SHA256
//     filing_seq, position, title, sha256, size_bytes
//   docket         one row per docketed filing and case number, in the order of docketing
//     id                   ascending in the order of docketing
//     delivery_key, filing_id, gateway, court_id, case_number
//     title                of the lead document
//     document_count
//     received_at, docketed_at
//   events         every change of a record, for WatchRecords
//     cursor, delivery_key, at, record (nightbox.filing.v1.CourtRecord as it was then)
//   case_sequences the last number allotted in each sequence
//     scope                "2024/SL/CC" (year, location, category) or "SC"
//     last
//
// The docket is not UNIQUE by delivery key on purpose: it is the table a checker looks at, and a
// check that the database made unfailable would prove nothing.
#pragma once

namespace nightbox {

inline constexpr int kCaseSystemSchemaVersion = 1;
extern const char kCaseSystemSchema[];

}  // namespace nightbox
