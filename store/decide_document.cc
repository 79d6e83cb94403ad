#include <algorithm>

#include "core/check.h"
#include "store/decide.h"
#include "store/keys.h"
#include "store/record.h"
#include "store/statement.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::journal::v1;

}  // namespace

Result<void> NoteExtent(Group& group, const StoredExtent& extent) {
  const std::string key = keys::SegmentEnd(extent.segment);
  NB_ASSIGN_OR_RETURN(const auto end, FindSequence(group, key));
  const std::uint64_t new_end = extent.offset + extent.size;
  if (!end || *end < new_end) group.Put(key, BigEndian64(new_end));
  return {};
}

Result<void> MoveUnusedBytes(Group& group, const SystemName& system, std::int64_t by) {
  const std::string key = keys::UnusedBytes(system);
  NB_ASSIGN_OR_RETURN(const auto held, FindSequence(group, key));
  const std::int64_t now = static_cast<std::int64_t>(held.value_or(0)) + by;
  NB_CHECK(now >= 0);
  if (now == 0) {
    group.Delete(key);
  } else {
    group.Put(key, BigEndian64(static_cast<std::uint64_t>(now)));
  }
  return {};
}

void FreeExtents(Group& group, const std::vector<StoredExtent>& extents) {
  for (const StoredExtent& extent : extents)
    group.Put(keys::Freed(extent.segment, extent.offset), BigEndian64(extent.size));
}

Result<Outcome> DecideOne(Group& group, const StoreExtent& draft) {
  NB_ASSIGN_OR_RETURN(auto found, FindDocument(group, draft.system, draft.sha256));
  pb::DocumentRecord document;
  std::int64_t stored = 0;
  if (found) {
    document = std::move(*found);
    stored = record::BytesOf(record::ReadExtents(document.extents()));
  } else {
    document.set_sha256(std::string(draft.sha256.view()));
    document.set_submitting_system(draft.system.str());
    document.set_size_bytes(draft.size_bytes);
    document.set_first_byte_at_us(ToMicros(draft.first_byte_at));
  }
  if (document.size_bytes() != draft.size_bytes) {
    return Error{ErrorCode::kFailedPrecondition, "the document was announced with another size",
                 "DOCUMENT_SIZE_CHANGED"};
  }
  if (document.complete() || stored != draft.from_size) {
    return Error{ErrorCode::kAborted,
                 "another writer has stored more of this document; continue from there",
                 "UPLOAD_OVERTAKEN"};
  }
  record::Write(draft.extent, *document.add_extents());
  NB_RETURN_IF_ERROR(NoteExtent(group, draft.extent));
  // What replaces a damaged document is used from its first byte on.
  if (document.references() == 0)
    NB_RETURN_IF_ERROR(MoveUnusedBytes(group, draft.system, draft.extent.size));
  stored += draft.extent.size;
  // The times of the upload that a receipt stands for do not change when the bytes come again.
  if (document.references() == 0) document.set_last_byte_at_us(ToMicros(draft.last_byte_at));
  document.set_lease_until_us(std::max(document.lease_until_us(), ToMicros(draft.lease_until)));
  if (draft.completes) {
    if (stored != draft.size_bytes)
      return Error{ErrorCode::kInternal, "a document completed at the wrong size"};
    document.set_complete(true);
    document.set_inspection(draft.inspection);
    document.set_pages(draft.pages);
    FreeExtents(group, record::ReadExtents(document.damaged_extents()));
    document.clear_damaged_extents();
  }
  group.Put(keys::Document(draft.system, draft.sha256), document.SerializeAsString());
  Outcome outcome;
  outcome.stored_bytes = stored;
  return outcome;
}

Result<Outcome> DecideOne(Group& group, const RenewLease& draft) {
  NB_ASSIGN_OR_RETURN(auto document, FindDocument(group, draft.system, draft.sha256));
  if (!document || document->lease_until_us() >= ToMicros(draft.lease_until)) return Outcome{};
  document->set_lease_until_us(ToMicros(draft.lease_until));
  group.Put(keys::Document(draft.system, draft.sha256), document->SerializeAsString());
  return Outcome{};
}

Result<Outcome> DecideOne(Group& group, const DropDocument& draft) {
  NB_ASSIGN_OR_RETURN(auto document, FindDocument(group, draft.system, draft.sha256));
  if (!document) return Outcome{};
  if (document->references() > 0 && document->complete()) {
    return Error{ErrorCode::kFailedPrecondition, "a filing refers to the document",
                 "DOCUMENT_REFERRED_TO"};
  }
  if (draft.if_lease_over_at && document->lease_until_us() > ToMicros(*draft.if_lease_over_at)) {
    return Error{ErrorCode::kFailedPrecondition, "the lease of the upload is not over",
                 "LEASE_NOT_OVER"};
  }
  Outcome outcome;
  outcome.freed = record::ReadExtents(document->extents());
  FreeExtents(group, outcome.freed);
  if (document->references() > 0) {
    document->clear_extents();
    group.Put(keys::Document(draft.system, draft.sha256), document->SerializeAsString());
    return outcome;
  }
  group.Delete(keys::Document(draft.system, draft.sha256));
  NB_RETURN_IF_ERROR(MoveUnusedBytes(group, draft.system, -record::BytesOf(outcome.freed)));
  return outcome;
}

Result<Outcome> DecideOne(Group& group, const QuarantineDocument& draft) {
  NB_ASSIGN_OR_RETURN(auto document, FindDocument(group, draft.system, draft.sha256));
  if (!document) return Outcome{};
  const std::vector<StoredExtent> extents = record::ReadExtents(document->extents());
  // Sent again meanwhile, or what was read is a hole that was punched behind the reader.
  if (std::find(extents.begin(), extents.end(), draft.extent) == extents.end()) return Outcome{};
  // Nobody was promised anything about it, or about the part of it that has come again.
  if (document->references() == 0 || !document->complete())
    return DecideOne(group, DropDocument{draft.system, draft.sha256, std::nullopt});
  document->set_complete(false);
  document->mutable_damaged_extents()->MergeFrom(document->extents());
  document->clear_extents();
  group.Put(keys::Document(draft.system, draft.sha256), document->SerializeAsString());

  pb::Entry entry;
  entry.set_kind(pb::ENTRY_KIND_DOCUMENT_QUARANTINED);
  auto& payload = *entry.mutable_document_quarantined();
  payload.set_sha256(std::string(draft.sha256.view()));
  payload.set_submitting_system(draft.system.str());
  payload.set_what(draft.what);
  payload.set_found_at_us(ToMicros(draft.found_at));
  Statement statement("document.quarantined");
  statement.Text("sha256", draft.sha256.Hex());
  statement.Text("submitting_system", draft.system.str());
  statement.Text("what", draft.what);
  statement.Time("found_at", draft.found_at);
  Outcome outcome;
  outcome.sequence = group.next_sequence();
  AddEntry(group, entry, statement);
  return outcome;
}

Result<Outcome> DecideOne(Group& group, const ForgetFreed& draft) {
  for (const StoredExtent& extent : draft.punched)
    group.Delete(keys::Freed(extent.segment, extent.offset));
  return Outcome{};
}

Result<Outcome> DecideOne(Group& group, const NoteSwept& draft) {
  group.Put(std::string(keys::kSweptBelow), BigEndian64(draft.segments_below));
  return Outcome{};
}

Result<Outcome> DecideOne(Group& group, const KeepCheckpoint& draft) {
  if (draft.size < group.tip().checkpoint_size) {
    return Error{ErrorCode::kFailedPrecondition, "a later checkpoint is kept already",
                 "CHECKPOINT_OVERTAKEN"};
  }
  group.Put(keys::Checkpoint(), BigEndian64(draft.size) + draft.note);
  group.tip().checkpoint = draft.note;
  group.tip().checkpoint_size = draft.size;
  return Outcome{};
}

Result<Outcome> DecideOne(Group& group, const KeepPackage& draft) {
  const std::string key = keys::Package(draft.filing_sequence);
  NB_ASSIGN_OR_RETURN(const auto kept, group.Get(key));
  Outcome outcome;
  outcome.repeated = kept.has_value();
  if (!kept) group.Put(key, draft.zip);
  return outcome;
}

}  // namespace nightbox
