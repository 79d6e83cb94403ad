// Drafts: everything that may be asked of the committer, as plain structs.
//
// A draft says what happened; sequence, commit time, statement, leaf and signature are the
// journal's to give. Drafts of the ledger become entries; drafts of the document index (StoreExtent
// and the like) change that index only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/filing.h"
#include "core/ids.h"
#include "evidence/receipt.h"
#include "rules/case_number.h"
#include "store/filing_state.h"

namespace nightbox {

struct DeadlineRules;

// What of the court's policy is printed on the receipt.
struct ReceiptPolicy {
  std::string court_name;
  std::string time_zone = "America/Chicago";
  ReceiptAuthority authority = ReceiptAuthority::kUndecided;
  std::string authority_citation;
  // As in ReceiptFacts.
  std::optional<Standing> authority_standing = {};
  bool gateway_unconfirmed = false;
  std::string policy_version;
  // What was known of the court's case system when the filing arrived. Empty: nothing fresh.
  std::optional<bool> case_system_reachable;
  // What the last days on the receipt are computed from, while it is made; outlives the committer.
  // Null: they are not computed.
  const DeadlineRules* deadline_rules = nullptr;
  // What the case number is read by, as its admission read it.
  CaseNumberOptions case_numbers = {};
};

// Bytes that are already synced in a segment (store/segment_file.h).
struct StoredExtent {
  std::uint64_t segment = 0;
  std::uint64_t offset = 0;
  std::uint32_t size = 0;
  std::uint32_t crc32c = 0;

  bool operator==(const StoredExtent&) const = default;
};

// A document that rode inline: stored whole, hash verified, not yet indexed.
struct StoredDocument {
  Digest sha256;
  std::int64_t size_bytes = 0;
  std::vector<StoredExtent> extents;
  std::string inspection;
  // Of a PDF. 0: not known.
  std::uint32_t pages = 0;
};

struct ReceiveFiling {
  SystemName system;
  UserId user;
  std::string staff;
  RequestId request_id;
  FilingHeader header;
  // Arrival in the handler; never changed by a slow sync.
  WallTime received_at;
  std::optional<WallTime> client_authorized_at;
  std::optional<WallTime> client_first_tried_at;
  std::vector<std::string> possibly_received_by;
  std::vector<Warning> warnings;
  ReceiptPolicy policy;
  std::vector<StoredDocument> inline_documents;
};

struct OpenAttempt {
  SystemName system;
  UserId user;
  RequestId request_id;
  CourtId court;
  Digest fingerprint;
  WallTime opened_at;
  // Their leases are renewed.
  std::vector<Digest> documents;
  WallTime lease_until;
};

struct RefuseAttempt {
  SystemName system;
  UserId user;
  // Empty when the caller gave none worth keeping.
  RequestId request_id;
  CourtId court;
  AttemptId attempt_id;
  std::string reason;
  WallTime refused_at;
  bool journaled_after_answer = false;
};

struct SuppressAttempts {
  SystemName system;
  UserId user;
  std::uint64_t count = 0;
  WallTime first_at;
  WallTime last_at;
};

// Durable before the first byte of a delivery leaves.
struct StartDelivery {
  std::uint64_t filing_sequence = 0;
  std::string consistency_group;
  WallTime started_at;
};

struct SettleDelivery {
  enum class Outcome { kSubmitted, kDuplicateOf, kNotDelivered };
  std::uint64_t filing_sequence = 0;
  Outcome outcome = Outcome::kSubmitted;
  // Set unless kNotDelivered.
  CourtRecord record;
  FilingId other_filing_id;
  // The outcome had been uncertain and its consistency group was asked: the case stays in that
  // group while filings of it wait.
  bool asked = false;
};

// A named operator says that the court was asked and does not have the filing, because the
// consistency group that should say so cannot be asked any more. An uncertain filing is pending
// again; its case, or that of a pending filing whose turn it is, need not stay in that group.
struct ResolveDelivery {
  std::uint64_t filing_sequence = 0;
  std::string operator_name;
  std::string reason;
};

// A later word of the court. An empty record delivery key with a cursor only moves the cursor.
struct ChangeReview {
  CourtRecord record;
  std::string case_system;
  std::string cursor;
};

struct HoldFiling {
  std::uint64_t filing_sequence = 0;
  std::string owner;
  std::string reason;
};

struct ReleaseFiling {
  std::uint64_t filing_sequence = 0;
  std::string owner;
  std::string reason;
};

struct WithdrawFiling {
  std::uint64_t filing_sequence = 0;
  UserId user;
  std::string reason;
};

// The case system does not take the wish to withdraw a submitted filing, and asking again does not
// help: it is passed on no more, and the filing's reason says so. The filer may wish again.
struct DropWithdrawal {
  std::uint64_t filing_sequence = 0;
};

struct TerminateFiling {
  std::uint64_t filing_sequence = 0;
  std::vector<std::string> persons;  // Two, or the draft is refused.
  std::string authority;
  std::string reason;
};

struct ChangeAvailability {
  CourtId court;
  std::string service;
  std::string state;
  WallTime last_of_old_state_at;
  WallTime first_of_new_state_at;
  std::string cause;
};

struct RecordOperatorAct {
  std::string operator_name;
  std::string act;
  std::string reason;
  // Journaled only when the latest act of this name (its first word) said something else; else a
  // repeat.
  bool once = false;
};

// ---- The document index ----

// Adds the next extent of an upload. Refused with ABORTED when the stored size is not `from_size`:
// a newer writer won.
struct StoreExtent {
  SystemName system;
  Digest sha256;
  std::int64_t size_bytes = 0;
  std::int64_t from_size = 0;
  StoredExtent extent;
  WallTime first_byte_at;
  WallTime last_byte_at;
  WallTime lease_until;
  // The writer hashed every byte and the hash is `sha256`.
  bool completes = false;
  std::string inspection;
  // Of a PDF. 0: not known.
  std::uint32_t pages = 0;
};

// Somebody means to use what is stored of the document: it is kept at least until then.
struct RenewLease {
  SystemName system;
  Digest sha256;
  WallTime lease_until;
};

// Forgets an upload: its hash was wrong, or nobody refers to it and its lease is over. Of a
// document that is being sent again for the filings that refer to it, what came anew is forgotten.
// Refused with FAILED_PRECONDITION when it is complete and referred to. The extents are on the list
// of what is to be punched (ForgetFreed), and in the outcome.
struct DropDocument {
  SystemName system;
  Digest sha256;
  // Unset: drop whatever the lease says.
  std::optional<WallTime> if_lease_over_at;
};

// A stored document is not what was stored: `extent` does not have its checksum. From here on the
// document counts as missing, so that sending the same bytes again makes it whole; what is left of
// it stays until then. Changes nothing when the index does not name the extent any more.
struct QuarantineDocument {
  SystemName system;
  Digest sha256;
  StoredExtent extent;
  // Segment, offset and what is wrong there.
  std::string what;
  WallTime found_at;
};

// These extents, which the index had let go, have been punched.
struct ForgetFreed {
  std::vector<StoredExtent> punched;
};

// In all segments with lower numbers, whatever no document refers to has been punched, or is on the
// list of what is to be punched.
struct NoteSwept {
  std::uint64_t segments_below = 0;
};

// Keeps a signed checkpoint (evidence/checkpoint.h).
struct KeepCheckpoint {
  std::uint64_t size = 0;
  std::string note;
};

// Keeps a filing's evidence package. The first one stays: a repeat must be byte-identical.
struct KeepPackage {
  std::uint64_t filing_sequence = 0;
  std::string zip;
};

using Draft =
    std::variant<ReceiveFiling, OpenAttempt, RefuseAttempt, SuppressAttempts, StartDelivery,
                 SettleDelivery, ResolveDelivery, ChangeReview, HoldFiling, ReleaseFiling,
                 WithdrawFiling, DropWithdrawal, TerminateFiling, ChangeAvailability,
                 RecordOperatorAct, StoreExtent, RenewLease, DropDocument, QuarantineDocument,
                 ForgetFreed, NoteSwept, KeepCheckpoint, KeepPackage>;

// The extents that were written for a draft and that nothing refers to but the draft.
std::vector<StoredExtent> ExtentsOf(const Draft& draft);

// Roughly how much memory a draft holds: what the committer's byte bound counts.
std::size_t DraftBytes(const Draft& draft);

// What became of a draft. Which members are set follows from the draft.
struct Outcome {
  // The entry it became; unset for drafts of the document index and for repeats.
  std::optional<std::uint64_t> sequence;
  // ReceiveFiling, and every draft that changes a filing: the filing afterwards. Of one that was
  // received and cannot be read back any more: what its state says, without header and receipt.
  std::optional<FilingSnapshot> filing;
  // ReceiveFiling: the request_id had been received before; the receipt is the first one.
  // RecordOperatorAct: it was journaled before.
  bool repeated = false;
  // Of a draft that changes a filing: the case system has acknowledged it, and had not before.
  bool delivered = false;
  // OpenAttempt, RefuseAttempt.
  AttemptSummary attempt;
  // StoreExtent: what is stored now.
  std::int64_t stored_bytes = 0;
  // DropDocument: what the index let go.
  std::vector<StoredExtent> freed;
  // Of ExtentsOf(draft), those the index does not name: the bytes were there already, or not
  // wanted. Nobody will ever refer to them; an error means all of them.
  std::vector<StoredExtent> not_taken;
};

}  // namespace nightbox
