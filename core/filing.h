// What a filer says about a filing, as plain structs: the inside of the house speaks these, never
// generated types.
//
// The fields and their meaning are those of proto/nightbox/filing/v1/filing.proto;
// proto/filing_codec.h converts. Two headers have the same content exactly when their fingerprints
// are equal (docs/formats/fingerprint.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/ids.h"

namespace nightbox {

enum class DocumentRole { kUnspecified = 0, kLead = 1, kAttachment = 2 };
enum class Confidentiality { kUnspecified = 0, kPublic = 1, kConfidential = 2, kSealed = 3 };
enum class FeeState {
  kUnspecified = 0,
  kNone = 1,
  kWaiverRequested = 2,
  kGovernment = 3,
  kPending = 4,
  kAuthorized = 5
};
enum class EmergencyClass {
  kUnspecified = 0,
  kWarrant = 1,
  kSearchWarrant = 2,
  kProtectionOrder = 3,
  kTemporaryRestrainingOrder = 4,
  kInvoluntaryCommitment = 5
};

struct Document {
  std::string title;
  DocumentRole role = DocumentRole::kUnspecified;
  std::string file_name;
  std::string media_type;
  std::int64_t size_bytes = 0;
  Digest sha256;
  Confidentiality confidentiality = Confidentiality::kUnspecified;

  bool operator==(const Document&) const = default;
};

struct Party {
  std::string name;
  std::string role;

  bool operator==(const Party&) const = default;
};

// The number of an existing case, as the filer typed it.
struct ExistingCase {
  std::string number;
  bool operator==(const ExistingCase&) const = default;
};

// A case the filing asks the court to open.
struct NewCase {
  std::string category;
  std::string case_type;
  std::string title;
  std::vector<Party> parties;
  bool operator==(const NewCase&) const = default;
};

// The case that another filing opens, while it has no number.
struct OpenedBy {
  FilingId filing_id;
  bool operator==(const OpenedBy&) const = default;
};

// monostate: the filer named no case, which admission refuses.
using CaseReference = std::variant<std::monostate, ExistingCase, NewCase, OpenedBy>;

struct ServiceRequest {
  std::string name;
  std::string method;
  std::string address;
  bool operator==(const ServiceRequest&) const = default;
};

struct FilingHeader {
  CourtId court;
  CaseReference case_reference;
  std::vector<Document> documents;
  std::string uniform_citation_number;
  Confidentiality confidentiality = Confidentiality::kUnspecified;
  std::string signer;
  std::string signature_form;
  std::string paper_original_custodian;
  FeeState fee_state = FeeState::kUnspecified;
  std::string fee_authorization_reference;
  std::vector<std::string> on_behalf_of;
  std::vector<ServiceRequest> service_requests;
  EmergencyClass emergency_class = EmergencyClass::kUnspecified;
  FilingId corrects_filing_id;
  std::string related_group_id;
  std::vector<std::string> media_items;
  std::uint32_t paper_copies = 0;
  std::string note_to_clerk;
  std::string filer_reference;
  bool test = false;

  bool operator==(const FilingHeader&) const = default;

  std::int64_t TotalBytes() const;
};

// Something the filer should know; never a reason to refuse.
struct Warning {
  std::string code;
  std::string message;
  std::string field;
  bool operator==(const Warning&) const = default;
};

enum class CourtRecordState {
  kUnspecified = 0,
  kRecorded = 1,
  kDocketed = 2,
  kReturned = 3,
  kWithdrawn = 4
};

struct CaseNumber {
  std::string number;
  std::string party;
  bool synthetic_location = false;
  bool operator==(const CaseNumber&) const = default;
};

// What the court's case system says about one filing. Times are the court's.
struct CourtRecord {
  Digest delivery_key;
  std::string court_filing_id;
  CourtRecordState state = CourtRecordState::kUnspecified;
  std::vector<CaseNumber> case_numbers;
  std::optional<WallTime> recorded_at;
  std::optional<WallTime> filed_at;
  std::optional<WallTime> reviewed_at;
  std::optional<WallTime> docketed_at;
  std::string reason;
  std::string raw_status;
  std::string fee_state;
  Digest fingerprint;
  // Whose copy was recorded.
  FilingId filing_id;
  std::string gateway;
  bool operator==(const CourtRecord&) const = default;
};

}  // namespace nightbox
