// CourtStatement: what the configuration of a court system says about the courts a pattern names.
//
// A court accepts only the case types and filer classes that are enabled for it (COR 27.01), and
// each clerk's office has a custodian of records (COR 2.08). The first statement is about all
// courts; each later one changes what it states, and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/court_contacts.h"
#include "rules/stated.h"

namespace nightbox {

// 1 MB = 1,000,000 bytes.
inline constexpr std::int64_t kMegabyte = 1'000'000;
// No court allows a larger document.
inline constexpr std::int64_t kDocumentHardMaxBytes = 100 * kMegabyte;
// No court allows more documents in one filing.
inline constexpr int kDocumentsHardMax = 100;

// Whose time of receipt is the filing's.
struct ReceiptDecision {
  // "UNDECIDED", "CASE_SYSTEM", which has a citation once it is confirmed, or "GATEWAY", which
  // always has one and counts for nothing until it is confirmed.
  std::string authority = "UNDECIDED";
  // The order that decided it.
  std::string citation = {};
  bool operator==(const ReceiptDecision&) const = default;
};

struct CourtStatement {
  // A court id, or a pattern with '*' ("mo.app.*").
  std::string id = "*";
  std::optional<Stated<bool>> enabled = {};
  std::optional<Stated<std::int64_t>> document_size_max_bytes = {};
  std::optional<Stated<std::int64_t>> filing_size_max_bytes = {};
  std::optional<Stated<int>> documents_max = {};
  std::optional<Stated<std::vector<std::string>>> media_types = {};
  // Case types or categories. Empty: all.
  std::optional<Stated<std::vector<std::string>>> case_types = {};
  // Names that the access directory gives to filers. Empty: all.
  std::optional<Stated<std::vector<std::string>>> filer_classes = {};
  std::optional<Stated<ReceiptDecision>> receipt_authority = {};
  std::optional<Stated<std::string>> time_zone = {};
  // Empty: as for the court system.
  std::optional<Stated<RecordsCustodian>> records_custodian = {};
  std::optional<Stated<FeePolicy>> fees = {};
  // Where it begins in its file.
  int line = 0;

  bool operator==(const CourtStatement&) const = default;
};

// What holds for a court of which nothing else is stated: Missouri's likely limits, unconfirmed.
CourtStatement DefaultCourtStatement();

}  // namespace nightbox
