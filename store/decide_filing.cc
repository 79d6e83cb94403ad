#include <algorithm>
#include <map>

#include "core/fingerprint.h"
#include "store/case_queue.h"
#include "store/decide.h"
#include "store/keys.h"
#include "store/record.h"
#include "store/statement.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::journal::v1;

constexpr int kAttemptIdsKept = 8;

std::string NewId(Group& group) { return Base32Encode(group.random().Bytes(16)); }

// Same content: the first receipt, byte for byte. Other content: refused, nothing changed.
Result<Outcome> Repeated(const Group& group, std::uint64_t sequence, const Digest& fingerprint) {
  NB_ASSIGN_OR_RETURN(FilingSnapshot filing, ReadFiling(group, sequence));
  if (filing.record.fingerprint != fingerprint) {
    return Error{ErrorCode::kAlreadyExists,
                 "this request_id has a receipt for other content (stored " +
                     filing.record.fingerprint.Hex() + ", sent " + fingerprint.Hex() + ")",
                 "REQUEST_ID_REUSED", "request_id"};
  }
  Outcome outcome;
  outcome.repeated = true;
  outcome.filing = std::move(filing);
  return outcome;
}

// A document that rode inline enters the index, in the place of the part of it that was uploaded
// before, or of a damaged one.
Result<pb::DocumentRecord> TakeInline(Group& group, const ReceiveFiling& draft,
                                      const StoredDocument& inlined,
                                      const std::optional<pb::DocumentRecord>& before) {
  pb::DocumentRecord document;
  document.set_sha256(std::string(inlined.sha256.view()));
  document.set_submitting_system(draft.system.str());
  document.set_size_bytes(inlined.size_bytes);
  document.set_complete(true);
  document.set_first_byte_at_us(ToMicros(draft.received_at));
  document.set_last_byte_at_us(ToMicros(draft.received_at));
  document.set_inspection(inlined.inspection);
  document.set_pages(inlined.pages);
  for (const StoredExtent& extent : inlined.extents) {
    record::Write(extent, *document.add_extents());
    // Without this the next start would cut the bytes off as nobody's.
    NB_RETURN_IF_ERROR(NoteExtent(group, extent));
  }
  if (!before) return document;
  document.set_references(before->references());
  FreeExtents(group, record::ReadExtents(before->extents()));
  FreeExtents(group, record::ReadExtents(before->damaged_extents()));
  return document;
}

struct Referred {
  // Of the uploads that were for this filing: what rode inline came with the request, and what an
  // earlier filing refers to was there before.
  std::optional<WallTime> first_byte_at;
  std::optional<WallTime> last_byte_at;
  // As the header's documents.
  std::vector<std::optional<std::uint32_t>> pages;
  // Of what rode inline, the bytes that were there already or that the header does not name.
  std::vector<StoredExtent> not_taken;
};

// Counts one more reference on every document, taking those that rode inline into the index. A
// missing document refuses the filing: the receipt would stand for bytes that are not there.
Result<Referred> ReferToDocuments(Group& group, const ReceiveFiling& draft) {
  Referred referred;
  std::vector<const StoredDocument*> taken;
  std::vector<Digest> seen;
  std::map<Digest, std::uint32_t> pages;
  for (std::size_t i = 0; i < draft.header.documents.size(); ++i) {
    const Document& wanted = draft.header.documents[i];
    if (std::find(seen.begin(), seen.end(), wanted.sha256) != seen.end()) continue;
    seen.push_back(wanted.sha256);
    bool rode_inline = false;
    NB_ASSIGN_OR_RETURN(auto document, FindDocument(group, draft.system, wanted.sha256));
    const bool was_unused = document && document->references() == 0;
    const std::int64_t unused =
        was_unused ? record::BytesOf(record::ReadExtents(document->extents())) : 0;
    if (!document || !document->complete()) {
      const auto inlined =
          std::find_if(draft.inline_documents.begin(), draft.inline_documents.end(),
                       [&](const StoredDocument& each) { return each.sha256 == wanted.sha256; });
      if (inlined != draft.inline_documents.end()) {
        taken.push_back(&*inlined);
        rode_inline = true;
        NB_ASSIGN_OR_RETURN(document, TakeInline(group, draft, *inlined, document));
      }
    }
    if (!document || !document->complete() || document->size_bytes() != wanted.size_bytes) {
      return Error{ErrorCode::kFailedPrecondition,
                   "document " + wanted.sha256.Hex() +
                       " is not completely stored; send it and repeat the request",
                   "DOCUMENT_MISSING", "header.documents[" + std::to_string(i) + "].sha256"};
    }
    if (was_unused) NB_RETURN_IF_ERROR(MoveUnusedBytes(group, draft.system, -unused));
    document->set_references(document->references() + 1);
    group.Put(keys::Document(draft.system, wanted.sha256), document->SerializeAsString());
    if (document->pages() > 0) pages.emplace(wanted.sha256, document->pages());
    if (rode_inline || document->references() > 1) continue;
    const WallTime first = FromMicros(document->first_byte_at_us());
    const WallTime last = FromMicros(document->last_byte_at_us());
    if (!referred.first_byte_at || first < *referred.first_byte_at) referred.first_byte_at = first;
    if (!referred.last_byte_at || last > *referred.last_byte_at) referred.last_byte_at = last;
  }
  for (const Document& document : draft.header.documents) {
    const auto known = pages.find(document.sha256);
    referred.pages.push_back(known == pages.end() ? std::nullopt : std::optional(known->second));
  }
  for (const StoredDocument& each : draft.inline_documents) {
    if (std::find(taken.begin(), taken.end(), &each) != taken.end()) continue;
    referred.not_taken.insert(referred.not_taken.end(), each.extents.begin(), each.extents.end());
  }
  return referred;
}

// Where the filing queues. Sets opens_case, and holds a follower whose opener can no longer lead to
// one case.
Result<void> TakePlaceInCase(const Group& group, const ReceiveFiling& draft, FilingState& state) {
  if (const auto* existing = std::get_if<ExistingCase>(&draft.header.case_reference)) {
    NB_ASSIGN_OR_RETURN(state.case_key, CaseKeyOfNumber(group, state.court, existing->number));
    return {};
  }
  if (std::holds_alternative<NewCase>(draft.header.case_reference)) {
    state.case_key = CaseKeyOfOpener(group, state.filing_id);
    state.opens_case = true;
    return {};
  }
  const auto* opener = std::get_if<OpenedBy>(&draft.header.case_reference);
  if (opener == nullptr)
    return Error{ErrorCode::kInvalidArgument, "the filing names no case", "CASE_MISSING"};
  Error unknown{ErrorCode::kFailedPrecondition,
                "opened_by_filing_id is not a filing of yours that opens a case in this court",
                "OPENER_UNKNOWN", "header.opened_by_filing_id"};
  NB_ASSIGN_OR_RETURN(const auto sequence,
                      FindSequence(group, keys::FilingById(opener->filing_id)));
  if (!sequence) return unknown;
  NB_ASSIGN_OR_RETURN(const auto opening, FindState(group, *sequence));
  if (!opening || !opening->opens_case || opening->court != state.court ||
      opening->system != draft.system || opening->delivery == Delivery::kTest) {
    return unknown;
  }
  state.case_key = opening->case_key;
  if (const auto why = WhyFollowersAreHeld(*opening)) {
    state.held_from = Delivery::kPending;
    state.delivery = Delivery::kHeld;
    state.owner = "nightbox";
    state.reason = *why;
  }
  return {};
}

FilingRecord RecordOf(const ReceiveFiling& draft, const Digest& delivery_key,
                      const Digest& fingerprint) {
  FilingRecord record;
  record.request_id = draft.request_id;
  record.system = draft.system;
  record.user = draft.user;
  record.staff = draft.staff;
  record.delivery_key = delivery_key;
  record.fingerprint = fingerprint;
  record.header = draft.header;
  record.received_at = draft.received_at;
  record.client_authorized_at = draft.client_authorized_at;
  record.client_first_tried_at = draft.client_first_tried_at;
  record.possibly_received_by = draft.possibly_received_by;
  record.warnings = draft.warnings;
  record.policy_version = draft.policy.policy_version;
  return record;
}

void CountAttempt(pb::AttemptState& attempt, const std::string& attempt_id, WallTime at) {
  if (attempt.count() == 0) {
    attempt.set_first_attempt_id(attempt_id);
    attempt.set_first_at_us(ToMicros(at));
  }
  attempt.set_count(attempt.count() + 1);
  if (attempt.attempt_ids_size() < kAttemptIdsKept) attempt.add_attempt_ids(attempt_id);
}

}  // namespace

Result<Outcome> DecideOne(Group& group, const ReceiveFiling& draft) {
  const Digest delivery_key = DeliveryKey(draft.system, draft.request_id);
  const Digest fingerprint = FilingFingerprint(draft.user, draft.header);
  NB_ASSIGN_OR_RETURN(const auto earlier,
                      FindSequence(group, keys::FilingByDeliveryKey(delivery_key)));
  if (earlier) {
    NB_ASSIGN_OR_RETURN(Outcome repeated, Repeated(group, *earlier, fingerprint));
    repeated.not_taken = ExtentsOf(draft);
    return repeated;
  }

  FilingRecord record = RecordOf(draft, delivery_key, fingerprint);
  record.filing_id = FilingId(NewId(group));
  NB_ASSIGN_OR_RETURN(Referred referred, ReferToDocuments(group, draft));
  record.first_byte_at = referred.first_byte_at;
  record.last_byte_at = referred.last_byte_at;
  NB_ASSIGN_OR_RETURN(const auto attempt, FindAttempt(group, delivery_key));
  AttemptSummary attempts;
  if (attempt) attempts = record::Summary(*attempt);
  record.attempt_opened_at = attempts.first_at.value_or(draft.received_at);

  FilingState state;
  state.filing_sequence = group.next_sequence();
  state.filing_id = record.filing_id;
  state.court = draft.header.court;
  state.delivery = draft.header.test ? Delivery::kTest : Delivery::kPending;
  state.delivery_key = delivery_key;
  state.received_at = draft.received_at;
  state.system = draft.system;
  state.user = draft.user;
  NB_RETURN_IF_ERROR(TakePlaceInCase(group, draft, state));
  if (draft.header.test) state.delivery = Delivery::kTest;

  Outcome outcome;
  outcome.not_taken = std::move(referred.not_taken);
  outcome.sequence = group.next_sequence();
  FilingSnapshot filing;
  filing.sequence = group.next_sequence();
  filing.committed_at = group.now();
  filing.receipt_json =
      FilingStatement(group, record, draft.policy, attempts, std::move(referred.pages));
  NB_ASSIGN_OR_RETURN(filing.receipt_p7s, group.signer().Sign(filing.receipt_json, group.now()));

  pb::Entry entry;
  entry.set_kind(pb::ENTRY_KIND_FILING_RECEIVED);
  record::Write(record, *entry.mutable_filing_received());
  group.AddEntry(entry, filing.receipt_json, filing.receipt_p7s);
  const std::string sequence_bytes = BigEndian64(filing.sequence);
  group.Put(keys::FilingByDeliveryKey(delivery_key), sequence_bytes);
  group.Put(keys::FilingById(record.filing_id), sequence_bytes);
  group.Put(keys::UserFiling(draft.system, draft.user, filing.sequence), "");

  if (state.delivery == Delivery::kHeld) {
    // A follower of a case that was not opened: received like any other, then held by an entry of
    // its own.
    FilingState pending = state;
    pending.delivery = Delivery::kPending;
    pending.held_from = Delivery::kUnspecified;
    pending.owner.clear();
    pending.reason.clear();
    NB_RETURN_IF_ERROR(group.SaveState(std::nullopt, pending));
    NB_ASSIGN_OR_RETURN(Outcome held, DecideOne(group, HoldFiling{state.filing_sequence,
                                                                  state.owner, state.reason}));
    filing.state = held.filing->state;
  } else {
    NB_RETURN_IF_ERROR(group.SaveState(std::nullopt, state));
    state.changed_sequence = filing.sequence;
    filing.state = std::move(state);
  }
  filing.record = std::move(record);
  outcome.filing = std::move(filing);
  return outcome;
}

Result<Outcome> DecideOne(Group& group, const OpenAttempt& draft) {
  const Digest delivery_key = DeliveryKey(draft.system, draft.request_id);
  for (const Digest& sha256 : draft.documents) {
    NB_RETURN_IF_ERROR(DecideOne(group, RenewLease{draft.system, sha256, draft.lease_until}));
  }
  NB_ASSIGN_OR_RETURN(auto found, FindAttempt(group, delivery_key));
  pb::AttemptState attempt = found ? std::move(*found) : pb::AttemptState();
  Outcome outcome;
  // One entry per system and request_id; the same header asked about again is the same attempt.
  if (attempt.fingerprint() == draft.fingerprint.view()) {
    outcome.repeated = true;
    outcome.attempt = record::Summary(attempt);
    return outcome;
  }
  const std::string attempt_id = NewId(group);
  pb::Entry entry;
  entry.set_kind(pb::ENTRY_KIND_ATTEMPT_OPENED);
  auto& payload = *entry.mutable_attempt_opened();
  payload.set_attempt_id(attempt_id);
  payload.set_request_id(draft.request_id.str());
  payload.set_submitting_system(draft.system.str());
  payload.set_registered_user(draft.user.str());
  payload.set_court_id(draft.court.str());
  payload.set_delivery_key(std::string(delivery_key.view()));
  payload.set_fingerprint(std::string(draft.fingerprint.view()));
  payload.set_opened_at_us(ToMicros(draft.opened_at));
  Statement statement("attempt.opened");
  statement.Text("attempt_id", attempt_id);
  statement.Text("court", draft.court.str());
  statement.Text("submitting_system", draft.system.str());
  statement.Text("registered_user", draft.user.str());
  statement.Text("request_id", draft.request_id.str());
  statement.Text("fingerprint", draft.fingerprint.Hex());
  statement.Time("opened_at", draft.opened_at);
  outcome.sequence = group.next_sequence();
  AddEntry(group, entry, statement);
  CountAttempt(attempt, attempt_id, draft.opened_at);
  attempt.set_fingerprint(std::string(draft.fingerprint.view()));
  group.Put(keys::Attempt(delivery_key), attempt.SerializeAsString());
  outcome.attempt = record::Summary(attempt);
  return outcome;
}

Result<Outcome> DecideOne(Group& group, const RefuseAttempt& draft) {
  pb::Entry entry;
  entry.set_kind(pb::ENTRY_KIND_ATTEMPT_REFUSED);
  auto& payload = *entry.mutable_attempt_refused();
  payload.set_attempt_id(draft.attempt_id.str());
  payload.set_submitting_system(draft.system.str());
  payload.set_registered_user(draft.user.str());
  payload.set_court_id(draft.court.str());
  payload.set_reason(draft.reason);
  payload.set_refused_at_us(ToMicros(draft.refused_at));
  payload.set_journaled_after_answer(draft.journaled_after_answer);
  Statement statement("attempt.refused");
  statement.Text("attempt_id", draft.attempt_id.str());
  statement.Text("court", draft.court.str());
  statement.Text("submitting_system", draft.system.str());
  statement.Text("registered_user", draft.user.str());
  statement.Text("request_id", draft.request_id.str());
  statement.Text("reason", draft.reason);
  statement.Time("refused_at", draft.refused_at);
  statement.Flag("journaled_after_answer", draft.journaled_after_answer);
  Outcome outcome;
  outcome.sequence = group.next_sequence();
  if (!draft.request_id.empty()) {
    const Digest delivery_key = DeliveryKey(draft.system, draft.request_id);
    payload.set_delivery_key(std::string(delivery_key.view()));
    NB_ASSIGN_OR_RETURN(auto found, FindAttempt(group, delivery_key));
    pb::AttemptState attempt = found ? std::move(*found) : pb::AttemptState();
    CountAttempt(attempt, draft.attempt_id.str(), draft.refused_at);
    if (attempt.first_refused_at_us() == 0)
      attempt.set_first_refused_at_us(ToMicros(draft.refused_at));
    group.Put(keys::Attempt(delivery_key), attempt.SerializeAsString());
    outcome.attempt = record::Summary(attempt);
  }
  AddEntry(group, entry, statement);
  return outcome;
}

Result<Outcome> DecideOne(Group& group, const SuppressAttempts& draft) {
  pb::Entry entry;
  entry.set_kind(pb::ENTRY_KIND_ATTEMPTS_SUPPRESSED);
  auto& payload = *entry.mutable_attempts_suppressed();
  payload.set_submitting_system(draft.system.str());
  payload.set_registered_user(draft.user.str());
  payload.set_count(draft.count);
  payload.set_first_at_us(ToMicros(draft.first_at));
  payload.set_last_at_us(ToMicros(draft.last_at));
  Statement statement("attempts.suppressed");
  statement.Text("submitting_system", draft.system.str());
  statement.Text("registered_user", draft.user.str());
  statement.Number("count", draft.count);
  statement.Time("first_at", draft.first_at);
  statement.Time("last_at", draft.last_at);
  Outcome outcome;
  outcome.sequence = group.next_sequence();
  AddEntry(group, entry, statement);
  return outcome;
}

}  // namespace nightbox
