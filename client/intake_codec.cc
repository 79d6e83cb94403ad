#include "client/intake_codec.h"

#include "proto/filing_codec.h"

namespace nightbox::client {
namespace {

Delivery DeliveryOf(intake::v1::Filing::Delivery delivery) {
  return intake::v1::Filing::Delivery_IsValid(delivery) ? static_cast<Delivery>(delivery)
                                                        : Delivery::kUnspecified;
}

Review ReviewOf(intake::v1::Filing::Review review) {
  return intake::v1::Filing::Review_IsValid(review) ? static_cast<Review>(review)
                                                    : Review::kUnspecified;
}

template <class Repeated>
std::vector<std::string> Texts(const Repeated& repeated) {
  return {repeated.begin(), repeated.end()};
}

std::string AuthorityWord(intake::v1::ReceiptAuthority authority) {
  switch (authority) {
    case intake::v1::RECEIPT_AUTHORITY_GATEWAY:
      return "gateway";
    case intake::v1::RECEIPT_AUTHORITY_CASE_SYSTEM:
      return "case-system";
    case intake::v1::RECEIPT_AUTHORITY_UNDECIDED:
      return "undecided";
    default:
      return "unspecified";
  }
}

Result<std::optional<WallTime>> OptionalTime(bool set, const google::protobuf::Timestamp& time,
                                             std::string_view path) {
  if (!set) return std::optional<WallTime>();
  NB_ASSIGN_OR_RETURN(const WallTime read, nightbox::FromProto(time, path));
  return std::optional<WallTime>(read);
}

}  // namespace

ReceiptBytes FromProto(const intake::v1::Receipt& receipt) {
  return {receipt.receipt_json(), receipt.receipt_p7s(), receipt.evidence_zip()};
}

std::vector<Warning> FromProto(
    const google::protobuf::RepeatedPtrField<intake::v1::Warning>& warnings) {
  std::vector<Warning> read;
  for (const intake::v1::Warning& each : warnings) {
    read.push_back({each.code(), each.message(), each.field()});
  }
  return read;
}

Result<FilingState> FromProto(const intake::v1::Filing& filing) {
  FilingState state;
  state.filing_id = FilingId(filing.filing_id());
  state.request_id = RequestId(filing.request_id());
  state.court = CourtId(filing.court_id());
  NB_ASSIGN_OR_RETURN(state.received_at,
                      OptionalTime(filing.has_received_at(), filing.received_at(), "received_at"));
  NB_ASSIGN_OR_RETURN(state.committed_at, OptionalTime(filing.has_committed_at(),
                                                       filing.committed_at(), "committed_at"));
  state.delivery = DeliveryOf(filing.delivery());
  state.review = ReviewOf(filing.review());
  state.reason = filing.reason();
  for (const filing::v1::CaseNumber& each : filing.case_numbers()) {
    NB_ASSIGN_OR_RETURN(CaseNumber number, nightbox::FromProto(each, "case_numbers"));
    state.case_numbers.push_back(std::move(number));
  }
  if (filing.has_court_record()) {
    const filing::v1::CourtRecord& record = filing.court_record();
    state.court_filing_id = record.court_filing_id();
    NB_ASSIGN_OR_RETURN(state.filed_at,
                        OptionalTime(record.has_filed_at(), record.filed_at(), "filed_at"));
    NB_ASSIGN_OR_RETURN(state.docketed_at, OptionalTime(record.has_docketed_at(),
                                                        record.docketed_at(), "docketed_at"));
  }
  if (filing.has_receipt()) state.receipt = FromProto(filing.receipt());
  state.warnings = FromProto(filing.warnings());
  state.journal_sequence = filing.journal_sequence();
  state.test = filing.test();
  state.withdrawal_requested = filing.withdrawal_requested();
  return state;
}

CourtPolicy FromProto(const intake::v1::CourtPolicy& policy) {
  CourtPolicy read;
  read.court = CourtId(policy.court_id());
  read.court_name = policy.court_name();
  read.version = policy.version();
  read.document_size_max_bytes = policy.document_size_max_bytes();
  read.filing_size_max_bytes = policy.filing_size_max_bytes();
  read.documents_max = policy.documents_max();
  read.media_types = Texts(policy.media_types());
  read.case_types = Texts(policy.case_types());
  read.filer_classes = Texts(policy.filer_classes());
  read.receipt_authority = AuthorityWord(policy.receipt_authority());
  read.receipt_authority_citation = policy.receipt_authority_citation();
  read.time_zone = policy.time_zone();
  if (policy.has_records_custodian()) {
    const auto& stated = policy.records_custodian();
    read.records_custodian = {stated.name(),   stated.office(),   stated.contact(),
                              stated.clause(), stated.standing(), stated.source()};
  }
  for (const intake::v1::DutyContact& stated : policy.duty_contacts()) {
    read.duty_contacts.push_back({stated.role(), stated.name(), stated.phone(), stated.email(),
                                  stated.hours(), stated.standing(), stated.source()});
  }
  if (policy.has_fee_policy()) {
    const auto& stated = policy.fee_policy();
    read.fees = {stated.collected_by(), stated.policy(), stated.schedule(), stated.standing(),
                 stated.source()};
  }
  read.unavailability_rule = policy.unavailability_rule();
  read.unconfirmed = Texts(policy.unconfirmed());
  for (const intake::v1::ValueStanding& value : policy.standings()) {
    read.standings.push_back({value.name(), value.standing(), value.source()});
  }
  read.gateway_time_unconfirmed = policy.gateway_time_unconfirmed();
  return read;
}

}  // namespace nightbox::client
