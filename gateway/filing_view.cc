#include "gateway/filing_view.h"

#include "proto/filing_codec.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::intake::v1;

pb::Filing::Review ReviewOf(const FilingState& state) {
  if (!state.record) return pb::Filing::REVIEW_UNSPECIFIED;
  switch (state.record->state) {
    case CourtRecordState::kRecorded:
      return pb::Filing::REVIEW_RECORDED;
    case CourtRecordState::kDocketed:
      return pb::Filing::REVIEW_DOCKETED;
    case CourtRecordState::kReturned:
      return pb::Filing::REVIEW_RETURNED;
    case CourtRecordState::kWithdrawn:
      return pb::Filing::REVIEW_WITHDRAWN;
    case CourtRecordState::kUnspecified:
      break;
  }
  return pb::Filing::REVIEW_UNSPECIFIED;
}

using Categories = std::vector<AccessCategory>;

CaseFacts FactsOf(const CaseReference& reference, const Categories& categories) {
  if (const auto* existing = std::get_if<ExistingCase>(&reference))
    return FactsFromNumber(existing->number, categories);
  if (const auto* opened = std::get_if<NewCase>(&reference))
    return FactsFromCategory(opened->category, categories);
  return {};
}

// A filer's "public" opens nothing.
void TakeFilersWord(const FilingHeader& header, CaseFacts& facts) {
  if (header.confidentiality == Confidentiality::kConfidential) facts.confidential = Known::kYes;
  if (header.confidentiality == Confidentiality::kSealed) facts.sealed = Known::kYes;
}

// Nothing where two cases differ: what is said of one must not open the other.
CaseFacts FactsOf(const std::vector<CaseNumber>& numbers, const Categories& categories) {
  const CaseFacts first = FactsFromNumber(numbers.front().number, categories);
  for (const CaseNumber& other : numbers) {
    if (FactsFromNumber(other.number, categories) != first) return {};
  }
  return first;
}

pb::ReceiptAuthority AuthorityOf(ReceiptAuthority authority) {
  switch (authority) {
    case ReceiptAuthority::kGateway:
      return pb::RECEIPT_AUTHORITY_GATEWAY;
    case ReceiptAuthority::kCaseSystem:
      return pb::RECEIPT_AUTHORITY_CASE_SYSTEM;
    case ReceiptAuthority::kUndecided:
      break;
  }
  return pb::RECEIPT_AUTHORITY_UNDECIDED;
}

pb::RecordsCustodian ToProto(const Stated<RecordsCustodian>& stated) {
  pb::RecordsCustodian out;
  out.set_name(stated.value.name);
  out.set_office(stated.value.office);
  out.set_contact(stated.value.contact);
  out.set_clause(stated.value.clause);
  out.set_standing(std::string(StandingWord(stated.from.standing)));
  out.set_source(stated.from.source);
  return out;
}

pb::DutyContact ToProto(const Stated<DutyContact>& stated) {
  pb::DutyContact out;
  out.set_role(stated.value.role);
  out.set_name(stated.value.name);
  out.set_phone(stated.value.phone);
  out.set_email(stated.value.email);
  out.set_hours(stated.value.hours);
  out.set_standing(std::string(StandingWord(stated.from.standing)));
  out.set_source(stated.from.source);
  return out;
}

pb::FeePolicy ToProto(const Stated<FeePolicy>& stated) {
  pb::FeePolicy out;
  out.set_collected_by(stated.value.collected_by);
  out.set_policy(stated.value.policy);
  out.set_schedule(stated.value.schedule);
  out.set_standing(std::string(StandingWord(stated.from.standing)));
  out.set_source(stated.from.source);
  return out;
}

}  // namespace

pb::Warning ToProto(const Warning& warning) {
  pb::Warning out;
  out.set_code(warning.code);
  out.set_message(warning.message);
  out.set_field(warning.field);
  return out;
}

pb::Filing ToProto(const FilingSnapshot& filing, WithReceipt with_receipt) {
  pb::Filing out;
  out.set_filing_id(filing.record.filing_id.str());
  out.set_request_id(filing.record.request_id.str());
  out.set_court_id(filing.record.header.court.str());
  *out.mutable_received_at() = ToProto(filing.record.received_at);
  *out.mutable_committed_at() = ToProto(filing.committed_at);
  // The two enums have the same values; proto/nightbox/intake/v1/intake.proto names them.
  out.set_delivery(static_cast<pb::Filing::Delivery>(filing.state.delivery));
  out.set_review(ReviewOf(filing.state));
  out.set_reason(filing.state.reason);
  if (filing.state.record) {
    *out.mutable_court_record() = ToProto(*filing.state.record);
    for (const CaseNumber& number : filing.state.record->case_numbers)
      *out.add_case_numbers() = ToProto(number);
  }
  for (const Warning& warning : filing.record.warnings) *out.add_warnings() = ToProto(warning);
  out.set_journal_sequence(filing.sequence);
  out.set_test(filing.record.header.test);
  out.set_withdrawal_requested(filing.state.withdrawal_requested);
  if (with_receipt == WithReceipt::kYes) {
    out.mutable_receipt()->set_receipt_json(filing.receipt_json);
    out.mutable_receipt()->set_receipt_p7s(filing.receipt_p7s);
  }
  return out;
}

pb::CourtPolicy ToProto(const CourtPolicy& policy) {
  pb::CourtPolicy out;
  out.set_court_id(policy.court.str());
  out.set_court_name(policy.court_name);
  out.set_version(policy.version);
  out.set_document_size_max_bytes(policy.document_size_max_bytes);
  out.set_filing_size_max_bytes(policy.filing_size_max_bytes);
  out.set_documents_max(policy.documents_max);
  for (const std::string& type : policy.media_types) out.add_media_types(type);
  for (const std::string& type : policy.case_types) out.add_case_types(type);
  out.set_receipt_authority(AuthorityOf(policy.receipt_authority));
  out.set_receipt_authority_citation(policy.receipt_authority_citation);
  out.set_time_zone(policy.time_zone);
  for (const std::string& name : policy.unconfirmed) out.add_unconfirmed(name);
  for (const std::string& name : policy.filer_classes) out.add_filer_classes(name);
  if (policy.records_custodian)
    *out.mutable_records_custodian() = ToProto(*policy.records_custodian);
  for (const auto& contact : policy.duty_contacts) *out.add_duty_contacts() = ToProto(contact);
  if (policy.fees) *out.mutable_fee_policy() = ToProto(*policy.fees);
  out.set_unavailability_rule(policy.unavailability_rule);
  for (const ValueStanding& value : policy.standings) {
    pb::ValueStanding& standing = *out.add_standings();
    standing.set_name(value.name);
    standing.set_standing(std::string(StandingWord(value.standing)));
    standing.set_source(value.source);
  }
  out.set_gateway_time_unconfirmed(policy.gateway_unconfirmed);
  return out;
}

CaseFacts FactsOf(const FilingSnapshot& filing, const Categories& categories) {
  const auto& record = filing.state.record;
  if (!record || record->case_numbers.empty()) return FactsOf(filing.record.header, categories);
  CaseFacts facts = FactsOf(record->case_numbers, categories);
  TakeFilersWord(filing.record.header, facts);
  return facts;
}

CaseFacts FactsOf(const FilingHeader& header, const Categories& categories) {
  CaseFacts facts = FactsOf(header.case_reference, categories);
  TakeFilersWord(header, facts);
  return facts;
}

}  // namespace nightbox
