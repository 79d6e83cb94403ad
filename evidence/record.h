// The official record of one case, as far as Nightbox holds it: record.json, which names every file
// of the bundle with its SHA-256 and is signed like a receipt, and the page people read.
//
// The bytes are specified in docs/formats/official-record.md. Equal facts, equal bytes. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/filing.h"
#include "core/ids.h"
#include "rules/court_contacts.h"
#include "rules/official_record.h"
#include "rules/stated.h"

namespace nightbox {

struct RecordFile {
  std::string name;
  std::uint64_t bytes = 0;
  Digest sha256;
};

struct RecordDocument {
  Document document;
  // Empty: its bytes are not in the bundle, and `missing` says why.
  std::string file;
  std::string missing;
};

// An entry of the log about a filing.
struct RecordEvent {
  std::uint64_t sequence = 0;
  // "delivery.submitted".
  std::string type;
  WallTime committed_at;
  // The words that came with it, if any: why it was returned, held, withdrawn.
  std::string reason;
  // The exact statement bytes.
  std::string file;
};

struct RecordFiling {
  std::uint64_t sequence = 0;
  FilingId filing_id;
  WallTime received_at;
  // "docketed", "returned", … as in the balance.
  std::string state;
  // Why it is there, where the number of the case alone does not say it. Empty: it does.
  std::string remark;
  FilingId corrects;
  // The court's last word.
  std::optional<CourtRecord> court;
  std::vector<RecordDocument> documents;
  std::vector<RecordEvent> events;
  // "filings/0001".
  std::string folder;
};

struct RecordFacts {
  std::string gateway;
  CourtId court;
  std::string court_name;
  std::string time_zone;
  // As asked for, and as the rule writes it (empty: it has no known form).
  std::string case_number;
  std::string canonical_case_number;
  // As the court system's directory has it. Empty: it names nobody, and nothing is printed.
  std::optional<Stated<RecordsCustodian>> records_custodian;
  std::string log_id;
  std::string origin;
  // Entries 0 to published - 1 were looked at, under this root.
  std::uint64_t published = 0;
  Digest root;
  RecordSheetChoice sheet;
  std::vector<SheetRow> rows;
  // In the order of the log.
  std::vector<RecordFiling> filings;
  // All files of the bundle but record.json and its signature, in its order.
  std::vector<RecordFile> files;

  // No document is missing.
  bool complete() const;
};

inline constexpr char kRecordFormat[] = "nightbox-record/1";
inline constexpr char kRecordJson[] = "record.json";
inline constexpr char kRecordSignature[] = "record.json.p7s";

std::string RenderRecord(const RecordFacts& facts);
// sheet.html: the sheet and what was filed, without script, for people. Does not depend on `files`.
std::string RenderRecordPage(const RecordFacts& facts);
// VERIFY.txt.
std::string RecordVerifyText();
// SHA256SUMS, as sha256sum writes it, of the files so far.
std::string RenderRecordSums(const std::vector<RecordFile>& files);

}  // namespace nightbox
