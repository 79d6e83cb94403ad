#include "ops/case_system/schema.h"

namespace nightbox {

const char kCaseSystemSchema[] = R"sql(
CREATE TABLE filings(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  delivery_key BLOB NOT NULL UNIQUE CHECK(length(delivery_key) = 32),
  fingerprint BLOB NOT NULL CHECK(length(fingerprint) = 32),
  court_filing_id TEXT NOT NULL UNIQUE,
  court_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK(state IN ('recorded', 'docketed', 'returned', 'withdrawn')),
  filing_id TEXT NOT NULL,
  gateway TEXT NOT NULL,
  submitting_system TEXT NOT NULL,
  registered_user TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  filed_at INTEGER,
  reviewed_at INTEGER,
  docketed_at INTEGER,
  review_due_at INTEGER,
  reason TEXT NOT NULL DEFAULT '',
  withdrawal_requested_at INTEGER,
  withdrawal_reason TEXT,
  resolved_case_number TEXT NOT NULL,
  header BLOB NOT NULL,
  receipt_json BLOB NOT NULL,
  receipt_p7s BLOB NOT NULL
) STRICT;
CREATE INDEX filings_by_filing_id ON filings(filing_id);
CREATE INDEX filings_by_due ON filings(review_due_at) WHERE review_due_at IS NOT NULL;
CREATE INDEX filings_to_review ON filings(court_id, seq) WHERE state = 'recorded';

CREATE TABLE case_numbers(
  filing_seq INTEGER NOT NULL REFERENCES filings(seq),
  position INTEGER NOT NULL,
  case_number TEXT NOT NULL,
  party TEXT NOT NULL,
  synthetic_location INTEGER NOT NULL,
  PRIMARY KEY(filing_seq, position)
) STRICT;

CREATE TABLE documents(
  filing_seq INTEGER NOT NULL REFERENCES filings(seq),
  position INTEGER NOT NULL,
  title TEXT NOT NULL,
  sha256 BLOB NOT NULL,
  size_bytes INTEGER NOT NULL,
  PRIMARY KEY(filing_seq, position)
) STRICT;

CREATE TABLE docket(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  delivery_key BLOB NOT NULL,
  filing_id TEXT NOT NULL,
  gateway TEXT NOT NULL,
  court_id TEXT NOT NULL,
  case_number TEXT NOT NULL,
  title TEXT NOT NULL,
  document_count INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  docketed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX docket_by_key ON docket(delivery_key);
CREATE INDEX docket_by_case ON docket(court_id, case_number, id);

CREATE TABLE events(
  cursor INTEGER PRIMARY KEY AUTOINCREMENT,
  delivery_key BLOB NOT NULL,
  at INTEGER NOT NULL,
  record BLOB NOT NULL
) STRICT;

CREATE TABLE case_sequences(
  scope TEXT PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT;
)sql";

}  // namespace nightbox
