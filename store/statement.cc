#include "store/statement.h"

#include "evidence/receipt.h"
#include "evidence/receipt_last_day.h"
#include "rules/case_number.h"
#include "rules/court_time.h"

namespace nightbox {
namespace {

Digest NewSalt(Group& group) { return Digest::FromBytes(group.random().Bytes(32)).value(); }

CaseSystemReach Reach(const std::optional<bool>& reachable) {
  if (!reachable) return CaseSystemReach::kUnknown;
  return *reachable ? CaseSystemReach::kReachable : CaseSystemReach::kNotReachable;
}

ReceiptClock ClockOf(const Group& group) {
  ReceiptClock clock;
  clock.source = "adjtimex";
  clock.epoch = group.tip().clock_epoch;
  clock.synchronized = group.tip().clock_trusted && group.quality().synchronized;
  if (clock.synchronized) {
    clock.max_error = group.quality().max_error;
  } else if (!group.tip().clock_trusted) {
    // What is known after a step: the true time lies within it, or within the kernel's own bound.
    clock.max_error = std::max(std::chrono::abs(group.tip().clock_step), group.quality().max_error);
  }
  return clock;
}

}  // namespace

void Statement::Text(std::string_view name, std::string_view value) {
  members_.emplace_back(name, value);
}
void Statement::Number(std::string_view name, std::uint64_t value) {
  members_.emplace_back(name, value);
}
void Statement::Signed(std::string_view name, std::int64_t value) {
  members_.emplace_back(name, value);
}
void Statement::Flag(std::string_view name, bool value) { members_.emplace_back(name, value); }
void Statement::Time(std::string_view name, WallTime value) {
  members_.emplace_back(name, FormatUtc(value));
}

void AddEntry(Group& group, journal::v1::Entry& entry, const Statement& statement) {
  StatementHead head;
  head.type = statement.type();
  head.gateway = group.identity().gateway;
  head.log_id = group.identity().log_id;
  head.sequence = group.next_sequence();
  head.committed_at = group.now();
  head.salt = NewSalt(group);
  group.AddEntry(entry, RenderStatement(head, statement.members()), "");
}

std::string FilingStatement(Group& group, const FilingRecord& record, const ReceiptPolicy& policy,
                            const AttemptSummary& attempts,
                            std::vector<std::optional<std::uint32_t>> document_pages) {
  ReceiptFacts facts;
  facts.gateway = group.identity().gateway;
  facts.filing_id = record.filing_id;
  facts.request_id = record.request_id;
  facts.court_name = policy.court_name;
  facts.time_zone = policy.time_zone;
  facts.attempt_opened_at = record.attempt_opened_at;
  facts.first_byte_at = record.first_byte_at;
  facts.last_byte_at = record.last_byte_at;
  facts.received_at = record.received_at;
  facts.committed_at = group.now();
  facts.clock = ClockOf(group);
  facts.copies = {"gateway " + group.identity().gateway};
  facts.case_system = Reach(policy.case_system_reachable);
  facts.system = record.system;
  facts.registered_user = record.user;
  facts.staff = record.staff;
  facts.header = record.header;
  facts.document_pages = std::move(document_pages);
  if (const auto* existing = std::get_if<ExistingCase>(&record.header.case_reference)) {
    if (const auto number = ParseCaseNumber(existing->number, policy.case_numbers))
      facts.canonical_case_number = Canonical(*number);
  }
  facts.fingerprint = record.fingerprint;
  facts.delivery_key = record.delivery_key;
  // This request counts as one more attempt only when nothing announced it.
  facts.attempts.count = std::max<std::uint64_t>(1, attempts.count);
  facts.attempts.first_at = attempts.first_at.value_or(record.received_at);
  facts.attempts.ids = attempts.attempt_ids;
  facts.warnings = record.warnings;
  facts.authority = policy.authority;
  facts.authority_citation = policy.authority_citation;
  facts.authority_standing = policy.authority_standing;
  facts.gateway_unconfirmed = policy.gateway_unconfirmed;
  facts.policy_version = policy.policy_version;
  if (policy.deadline_rules != nullptr) {
    AddLastDays(*policy.deadline_rules, record.client_first_tried_at, facts);
  }
  facts.log.origin = group.identity().origin;
  facts.log.log_id = group.identity().log_id;
  facts.log.sequence = group.next_sequence();
  facts.log.leaf_index = group.next_sequence();
  facts.log.key = group.identity().log_key;
  if (!group.tip().checkpoint.empty()) facts.log.checkpoint_before = group.tip().checkpoint;
  facts.salt = NewSalt(group);
  return RenderReceipt(facts);
}

}  // namespace nightbox
