#include "store/key_reader.h"

#include "proto/filing_codec.h"
#include "store/keys.h"
#include "store/record.h"

namespace nightbox {
namespace {

Error Missing(const char* what, std::uint64_t sequence) {
  return {ErrorCode::kDataLoss,
          std::string(what) + " of entry " + std::to_string(sequence) + " is missing"};
}

}  // namespace

Result<std::optional<FilingState>> FindState(const KeyReader& reader,
                                             std::uint64_t filing_sequence) {
  NB_ASSIGN_OR_RETURN(const auto bytes, reader.Get(keys::State(filing_sequence)));
  if (!bytes) return std::optional<FilingState>();
  NB_ASSIGN_OR_RETURN(FilingState state, record::ReadState(*bytes));
  return std::optional(std::move(state));
}

Result<std::optional<std::uint64_t>> FindSequence(const KeyReader& reader, const std::string& key) {
  NB_ASSIGN_OR_RETURN(const auto bytes, reader.Get(key));
  if (!bytes) return std::optional<std::uint64_t>();
  if (bytes->size() != 8) return Error{ErrorCode::kDataLoss, "stored index entry does not parse"};
  return std::optional(ReadBigEndian64(*bytes));
}

Result<std::optional<journal::v1::DocumentRecord>> FindDocument(const KeyReader& reader,
                                                                const SystemName& system,
                                                                const Digest& sha256) {
  NB_ASSIGN_OR_RETURN(const auto bytes, reader.Get(keys::Document(system, sha256)));
  if (!bytes) return std::optional<journal::v1::DocumentRecord>();
  NB_ASSIGN_OR_RETURN(auto document, record::ReadDocument(*bytes));
  return std::optional(std::move(document));
}

Result<std::optional<journal::v1::AttemptState>> FindAttempt(const KeyReader& reader,
                                                             const Digest& delivery_key) {
  NB_ASSIGN_OR_RETURN(const auto bytes, reader.Get(keys::Attempt(delivery_key)));
  if (!bytes) return std::optional<journal::v1::AttemptState>();
  NB_ASSIGN_OR_RETURN(auto attempt, record::ReadAttempt(*bytes));
  return std::optional(std::move(attempt));
}

Result<Balance> ReadBalance(const KeyReader& reader, const CourtId& court) {
  NB_ASSIGN_OR_RETURN(const auto bytes, reader.Get(keys::BalanceOf(court)));
  return bytes ? record::ReadBalance(*bytes) : Balance{};
}

Result<journal::v1::Entry> ReadEntry(const KeyReader& reader, std::uint64_t sequence) {
  NB_ASSIGN_OR_RETURN(const auto bytes, reader.Get(keys::Entry(sequence)));
  if (!bytes) return Missing("the record", sequence);
  NB_ASSIGN_OR_RETURN(auto entry, record::ReadEntry(*bytes));
  if (entry.sequence() != sequence) return Missing("the true record", sequence);
  return entry;
}

Result<FilingSnapshot> ReadFiling(const KeyReader& reader, std::uint64_t sequence) {
  NB_ASSIGN_OR_RETURN(auto entry, ReadEntry(reader, sequence));
  if (!entry.has_filing_received()) return Missing("the filing", sequence);
  NB_ASSIGN_OR_RETURN(auto state, FindState(reader, sequence));
  if (!state) return Missing("the state", sequence);
  FilingSnapshot filing;
  filing.sequence = sequence;
  filing.committed_at = FromMicros(entry.committed_at_us());
  NB_ASSIGN_OR_RETURN(filing.record, record::ReadFiling(entry.filing_received()));
  filing.state = std::move(*state);
  filing.receipt_json = std::move(*entry.mutable_statement());
  filing.receipt_p7s = std::move(*entry.mutable_signature());
  return filing;
}

Result<FilingSnapshot> ReadFilingOrState(const KeyReader& reader, std::uint64_t sequence) {
  if (auto filing = ReadFiling(reader, sequence)) return std::move(*filing);
  NB_ASSIGN_OR_RETURN(auto state, FindState(reader, sequence));
  if (!state) return Missing("the state", sequence);
  FilingSnapshot known;
  known.sequence = sequence;
  known.record.filing_id = state->filing_id;
  known.record.system = state->system;
  known.record.user = state->user;
  known.record.delivery_key = state->delivery_key;
  known.record.received_at = state->received_at;
  known.record.header.court = state->court;
  known.state = std::move(*state);
  return known;
}

Result<std::string> ReadCaseGroup(const KeyReader& reader, const Digest& case_key) {
  NB_ASSIGN_OR_RETURN(auto group, reader.Get(keys::CaseGroup(case_key)));
  return std::move(group).value_or("");
}

Result<std::vector<CaseNumber>> ReadCaseNumbers(const KeyReader& reader, const Digest& case_key) {
  NB_ASSIGN_OR_RETURN(const auto bytes, reader.Get(keys::CaseNumbers(case_key)));
  if (!bytes) return std::vector<CaseNumber>();
  filing::v1::CourtRecord stored;
  if (!stored.ParseFromString(*bytes))
    return Error{ErrorCode::kDataLoss, "stored case numbers do not parse"};
  NB_ASSIGN_OR_RETURN(CourtRecord record, FromProto(stored));
  return std::move(record.case_numbers);
}

}  // namespace nightbox
