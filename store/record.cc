#include "store/record.h"

#include "proto/filing_codec.h"

namespace nightbox::record {
namespace {

template <class Message>
Result<Message> Parse(std::string_view bytes, const char* what) {
  Message message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Error{ErrorCode::kDataLoss, std::string("stored ") + what + " does not parse"};
  }
  return message;
}

std::optional<WallTime> OptionalTime(std::int64_t micros) {
  return micros == 0 ? std::nullopt : std::optional(FromMicros(micros));
}

std::int64_t OptionalMicros(const std::optional<WallTime>& time) {
  return time ? ToMicros(*time) : 0;
}

Digest DigestOr(const std::string& bytes) { return Digest::FromBytes(bytes).value_or(Digest{}); }

}  // namespace

std::string Write(const FilingState& state) {
  pb::FilingState out;
  out.set_filing_sequence(state.filing_sequence);
  out.set_filing_id(state.filing_id.str());
  out.set_court_id(state.court.str());
  out.set_delivery(static_cast<pb::FilingState::Delivery>(state.delivery));
  if (state.record) *out.mutable_record() = ToProto(*state.record);
  out.set_consistency_group(state.consistency_group);
  out.set_reason(state.reason);
  out.set_owner(state.owner);
  out.set_withdrawal_requested(state.withdrawal_requested);
  out.set_case_key(std::string(state.case_key.view()));
  out.set_delivery_key(std::string(state.delivery_key.view()));
  out.set_received_at_us(ToMicros(state.received_at));
  out.set_opens_case(state.opens_case);
  out.set_submitting_system(state.system.str());
  out.set_registered_user(state.user.str());
  out.set_changed_sequence(state.changed_sequence);
  out.set_held_from(static_cast<pb::FilingState::Delivery>(state.held_from));
  out.set_deliveries_started(state.deliveries_started);
  return out.SerializeAsString();
}

Result<FilingState> ReadState(std::string_view bytes) {
  NB_ASSIGN_OR_RETURN(const pb::FilingState in, Parse<pb::FilingState>(bytes, "filing state"));
  // What follows counts on one of the states there are.
  if (in.delivery() == pb::FilingState::DELIVERY_UNSPECIFIED ||
      !pb::FilingState::Delivery_IsValid(in.delivery()) ||
      !pb::FilingState::Delivery_IsValid(in.held_from())) {
    return Error{ErrorCode::kDataLoss, "stored filing state has no delivery state"};
  }
  FilingState state;
  state.filing_sequence = in.filing_sequence();
  state.filing_id = FilingId(in.filing_id());
  state.court = CourtId(in.court_id());
  state.delivery = static_cast<Delivery>(in.delivery());
  if (in.has_record()) {
    NB_ASSIGN_OR_RETURN(state.record, FromProto(in.record()));
  }
  state.consistency_group = in.consistency_group();
  state.reason = in.reason();
  state.owner = in.owner();
  state.withdrawal_requested = in.withdrawal_requested();
  state.case_key = DigestOr(in.case_key());
  state.delivery_key = DigestOr(in.delivery_key());
  state.received_at = FromMicros(in.received_at_us());
  state.opens_case = in.opens_case();
  state.system = SystemName(in.submitting_system());
  state.user = UserId(in.registered_user());
  state.changed_sequence = in.changed_sequence();
  state.held_from = static_cast<Delivery>(in.held_from());
  state.deliveries_started = in.deliveries_started();
  return state;
}

void Write(const FilingRecord& record, pb::FilingReceived& out) {
  out.set_filing_id(record.filing_id.str());
  out.set_request_id(record.request_id.str());
  out.set_submitting_system(record.system.str());
  out.set_registered_user(record.user.str());
  out.set_staff(record.staff);
  out.set_delivery_key(std::string(record.delivery_key.view()));
  out.set_fingerprint(std::string(record.fingerprint.view()));
  *out.mutable_header() = ToProto(record.header);
  out.set_received_at_us(ToMicros(record.received_at));
  out.set_attempt_opened_at_us(ToMicros(record.attempt_opened_at));
  out.set_first_byte_at_us(OptionalMicros(record.first_byte_at));
  out.set_last_byte_at_us(OptionalMicros(record.last_byte_at));
  out.set_client_authorized_at_us(OptionalMicros(record.client_authorized_at));
  out.set_client_first_tried_at_us(OptionalMicros(record.client_first_tried_at));
  for (const std::string& gateway : record.possibly_received_by)
    out.add_possibly_received_by(gateway);
  for (const Warning& warning : record.warnings) {
    pb::Warning& written = *out.add_warnings();
    written.set_code(warning.code);
    written.set_message(warning.message);
    written.set_field(warning.field);
  }
  out.set_policy_version(record.policy_version);
}

Result<FilingRecord> ReadFiling(const pb::FilingReceived& in) {
  FilingRecord record;
  record.filing_id = FilingId(in.filing_id());
  record.request_id = RequestId(in.request_id());
  record.system = SystemName(in.submitting_system());
  record.user = UserId(in.registered_user());
  record.staff = in.staff();
  record.delivery_key = DigestOr(in.delivery_key());
  record.fingerprint = DigestOr(in.fingerprint());
  NB_ASSIGN_OR_RETURN(record.header, FromProto(in.header()));
  record.received_at = FromMicros(in.received_at_us());
  record.attempt_opened_at = FromMicros(in.attempt_opened_at_us());
  record.first_byte_at = OptionalTime(in.first_byte_at_us());
  record.last_byte_at = OptionalTime(in.last_byte_at_us());
  record.client_authorized_at = OptionalTime(in.client_authorized_at_us());
  record.client_first_tried_at = OptionalTime(in.client_first_tried_at_us());
  record.possibly_received_by.assign(in.possibly_received_by().begin(),
                                     in.possibly_received_by().end());
  for (const pb::Warning& warning : in.warnings()) {
    record.warnings.push_back({warning.code(), warning.message(), warning.field()});
  }
  record.policy_version = in.policy_version();
  return record;
}

// A balance is ten big-endian numbers: received, then the classes in their order.
std::string Write(const Balance& balance) {
  std::string out = BigEndian64(balance.received);
  for (const std::uint64_t count : balance.classes) AppendBigEndian64(out, count);
  return out;
}

Result<Balance> ReadBalance(std::string_view bytes) {
  if (bytes.size() != 8 * (1 + kBalanceClasses)) {
    return Error{ErrorCode::kDataLoss, "stored balance does not parse"};
  }
  Balance balance;
  balance.received = ReadBigEndian64(bytes.substr(0, 8));
  for (std::size_t i = 0; i < kBalanceClasses; ++i) {
    balance.classes[i] = ReadBigEndian64(bytes.substr(8 * (i + 1), 8));
  }
  return balance;
}

Result<pb::Entry> ReadEntry(std::string_view bytes) { return Parse<pb::Entry>(bytes, "entry"); }

Result<pb::DocumentRecord> ReadDocument(std::string_view bytes) {
  return Parse<pb::DocumentRecord>(bytes, "document record");
}

Result<pb::AttemptState> ReadAttempt(std::string_view bytes) {
  return Parse<pb::AttemptState>(bytes, "attempt state");
}

AttemptSummary Summary(const pb::AttemptState& attempt) {
  AttemptSummary summary;
  summary.first_attempt_id = AttemptId(attempt.first_attempt_id());
  summary.first_at = OptionalTime(attempt.first_at_us());
  summary.count = attempt.count();
  for (const std::string& id : attempt.attempt_ids()) summary.attempt_ids.emplace_back(id);
  return summary;
}

StoredExtent ReadExtent(const pb::Extent& extent) {
  return {extent.segment(), extent.offset(), extent.size(), extent.crc32c()};
}

std::vector<StoredExtent> ReadExtents(
    const google::protobuf::RepeatedPtrField<pb::Extent>& extents) {
  std::vector<StoredExtent> read;
  read.reserve(static_cast<std::size_t>(extents.size()));
  for (const pb::Extent& extent : extents) read.push_back(ReadExtent(extent));
  return read;
}

std::int64_t BytesOf(const std::vector<StoredExtent>& extents) {
  std::int64_t bytes = 0;
  for (const StoredExtent& extent : extents) bytes += extent.size;
  return bytes;
}

void Write(const StoredExtent& extent, pb::Extent& out) {
  out.set_segment(extent.segment);
  out.set_offset(extent.offset);
  out.set_size(extent.size);
  out.set_crc32c(extent.crc32c);
}

}  // namespace nightbox::record
