#include "proto/filing_codec.h"
#include "store/case_queue.h"
#include "store/decide.h"
#include "store/keys.h"
#include "store/statement.h"

namespace nightbox {
namespace {

namespace pb = ::nightbox::journal::v1;

Result<FilingState> StateOf(const Group& group, std::uint64_t filing_sequence) {
  NB_ASSIGN_OR_RETURN(auto state, FindState(group, filing_sequence));
  if (!state) return Error{ErrorCode::kNotFound, "no such filing", "FILING_NOT_FOUND"};
  return std::move(*state);
}

Error NotInThisState(const char* what) {
  return {ErrorCode::kFailedPrecondition, what, "NOT_IN_THIS_STATE"};
}

Error Settled() {
  return {ErrorCode::kFailedPrecondition, "the filing has already come to its end",
          "FILING_SETTLED"};
}

// The case system has said, with its own identifier, that it has the filing or another gateway's
// copy of it.
bool IsAcknowledged(const FilingState& state) {
  return state.delivery == Delivery::kSubmitted || state.delivery == Delivery::kDuplicateOf;
}

Result<Outcome> Saved(Group& group, const FilingState& before, const FilingState& after) {
  NB_RETURN_IF_ERROR(group.SaveState(before, after));
  if (after.opens_case && LeavesCaseQueue(after) && !LeavesCaseQueue(before)) {
    NB_RETURN_IF_ERROR(CloseOpening(group, after));
  }
  Outcome outcome;
  outcome.sequence = group.next_sequence() - 1;
  outcome.delivered = IsAcknowledged(after) && !IsAcknowledged(before);
  // From its state alone if need be. Else a filing in a rotten block of the disk could not even be
  // held, and the court's word on it would be refused, and with it those behind it.
  NB_ASSIGN_OR_RETURN(outcome.filing, ReadFilingOrState(group, after.filing_sequence));
  return outcome;
}

// What the court said, in the words of the evidence types (docs/formats/journal.md).
const char* StatementType(CourtRecordState state) {
  switch (state) {
    case CourtRecordState::kDocketed:
      return "docketed";
    case CourtRecordState::kReturned:
      return "returned";
    case CourtRecordState::kWithdrawn:
      return "withdrawn.by_court";
    default:
      return "delivery.submitted";
  }
}

// The record as the court's word on this filing: kSubmitted, or kDuplicateOf when it recorded
// another gateway's copy.
void TakeRecord(const Group& group, const CourtRecord& record, FilingState& state) {
  const bool other = !record.gateway.empty() && record.gateway != group.identity().gateway;
  state.delivery = other ? Delivery::kDuplicateOf : Delivery::kSubmitted;
  state.record = record;
  state.consistency_group.clear();
  // While a wish to withdraw waits for the court, the reason is the filer's: it is still to be
  // passed on. What the court said besides stands in the record.
  const bool wish_waits = state.withdrawal_requested && ClassOf(state) == BalanceClass::kPending;
  if (!wish_waits) state.reason = record.reason;
}

Statement CourtStatement(const char* type, const FilingState& state, const CourtRecord& record) {
  Statement statement(type);
  statement.Text("filing_id", state.filing_id.str());
  statement.Text("court_filing_id", record.court_filing_id);
  statement.Text("raw_status", record.raw_status);
  if (record.filed_at) statement.Time("court_filed_at", *record.filed_at);
  if (record.docketed_at) statement.Time("court_docketed_at", *record.docketed_at);
  if (!record.reason.empty()) statement.Text("reason", record.reason);
  return statement;
}

// Held and released are one act in two directions: of an owner, with a reason.
template <class Payload, class OwnersDraft>
void AddOwnersEntry(Group& group, pb::Entry& entry, Payload& payload, const char* type,
                    const FilingState& filing, const OwnersDraft& draft) {
  payload.set_filing_sequence(draft.filing_sequence);
  payload.set_owner(draft.owner);
  payload.set_reason(draft.reason);
  Statement statement(type);
  statement.Text("filing_id", filing.filing_id.str());
  statement.Text("owner", draft.owner);
  statement.Text("reason", draft.reason);
  AddEntry(group, entry, statement);
}

}  // namespace

Result<Outcome> DecideOne(Group& group, const StartDelivery& draft) {
  NB_ASSIGN_OR_RETURN(const FilingState before, StateOf(group, draft.filing_sequence));
  if (before.delivery != Delivery::kPending)
    return NotInThisState("only a pending filing can be delivered");
  NB_ASSIGN_OR_RETURN(const auto head, group.Get(keys::CaseHead(before.case_key)));
  if (!head || keys::TrailingNumber(*head) != draft.filing_sequence) {
    return NotInThisState("another filing of its case comes first");
  }
  NB_ASSIGN_OR_RETURN(const std::string stays_in, ReadCaseGroup(group, before.case_key));
  if (!stays_in.empty() && stays_in != draft.consistency_group) {
    return NotInThisState("its case must stay in another consistency group");
  }
  pb::Entry entry;
  entry.set_kind(pb::ENTRY_KIND_DELIVERY_STARTED);
  auto& payload = *entry.mutable_delivery_started();
  payload.set_filing_sequence(draft.filing_sequence);
  payload.set_consistency_group(draft.consistency_group);
  payload.set_started_at_us(ToMicros(draft.started_at));
  Statement statement("delivery.started");
  statement.Text("filing_id", before.filing_id.str());
  statement.Text("consistency_group", draft.consistency_group);
  statement.Time("started_at", draft.started_at);
  AddEntry(group, entry, statement);
  FilingState after = before;
  after.delivery = Delivery::kUncertain;
  after.consistency_group = draft.consistency_group;
  ++after.deliveries_started;
  return Saved(group, before, after);
}

Result<Outcome> DecideOne(Group& group, const SettleDelivery& draft) {
  NB_ASSIGN_OR_RETURN(const FilingState before, StateOf(group, draft.filing_sequence));
  if (before.delivery != Delivery::kUncertain) return NotInThisState("no delivery is under way");
  FilingState after = before;
  const char* type = "delivery.not_delivered";
  pb::Settled::Outcome outcome = pb::Settled::OUTCOME_NOT_DELIVERED;
  if (draft.outcome == SettleDelivery::Outcome::kNotDelivered) {
    // The case system never had it: a filer who asked to withdraw meanwhile has ended it.
    after.delivery = before.withdrawal_requested ? Delivery::kWithdrawn : Delivery::kPending;
    after.withdrawal_requested = false;
    after.consistency_group.clear();
  } else {
    if (draft.record.delivery_key != before.delivery_key || draft.record.court_filing_id.empty()) {
      return Error{ErrorCode::kInvalidArgument,
                   "the case system's answer names another filing or none"};
    }
    TakeRecord(group, draft.record, after);
    type = StatementType(draft.record.state);
    outcome = after.delivery == Delivery::kDuplicateOf ? pb::Settled::OUTCOME_DUPLICATE_OF
                                                       : pb::Settled::OUTCOME_SUBMITTED;
  }
  pb::Entry entry;
  entry.set_kind(pb::ENTRY_KIND_SETTLED);
  auto& payload = *entry.mutable_settled();
  payload.set_filing_sequence(draft.filing_sequence);
  payload.set_outcome(outcome);
  payload.set_other_filing_id(draft.record.filing_id.str());
  if (after.record) *payload.mutable_record() = ToProto(*after.record);
  Statement statement = CourtStatement(type, before, draft.record);
  if (draft.asked) {
    // Failover is for deliveries that were not started. Another group may not have seen what this
    // one had, or what may still creep into it: neither this filing nor the next of its case goes
    // elsewhere.
    payload.set_consistency_group(before.consistency_group);
    statement.Text("consistency_group", before.consistency_group);
    group.Put(keys::CaseGroup(before.case_key), before.consistency_group);
  }
  AddEntry(group, entry, statement);
  return Saved(group, before, after);
}

Result<Outcome> DecideOne(Group& group, const ResolveDelivery& draft) {
  NB_ASSIGN_OR_RETURN(const FilingState before, StateOf(group, draft.filing_sequence));
  const bool uncertain = before.delivery == Delivery::kUncertain;
  std::string asked = before.consistency_group;
  if (!uncertain) {
    NB_ASSIGN_OR_RETURN(asked, ReadCaseGroup(group, before.case_key));
    NB_ASSIGN_OR_RETURN(const auto head, group.Get(keys::CaseHead(before.case_key)));
    const bool its_turn = before.delivery == Delivery::kPending && head &&
                          keys::TrailingNumber(*head) == draft.filing_sequence;
    if (asked.empty() || !its_turn) {
      return NotInThisState(
          "neither is its delivery uncertain, nor is it its turn in a case that must stay in one "
          "consistency group");
    }
  }
  // Who said so and why, in an entry of its own; what follows from it is what would follow from the
  // group's word, but that no group is left to stay in.
  NB_RETURN_IF_ERROR(
      DecideOne(group, RecordOperatorAct{draft.operator_name,
                                         "delivery.resolved filing_id=" + before.filing_id.str() +
                                             " outcome=not_delivered consistency_group=" + asked,
                                         draft.reason}));
  group.Delete(keys::CaseGroup(before.case_key));
  if (!uncertain) return Saved(group, before, before);
  SettleDelivery not_delivered;
  not_delivered.filing_sequence = draft.filing_sequence;
  not_delivered.outcome = SettleDelivery::Outcome::kNotDelivered;
  return DecideOne(group, not_delivered);
}

Result<Outcome> DecideOne(Group& group, const ChangeReview& draft) {
  if (!draft.cursor.empty()) group.Put(keys::Cursor(draft.case_system), draft.cursor);
  if (draft.record.delivery_key == Digest{}) return Outcome{};
  NB_ASSIGN_OR_RETURN(const auto sequence,
                      FindSequence(group, keys::FilingByDeliveryKey(draft.record.delivery_key)));
  if (!sequence) return Outcome{};  // Another gateway's filing; only the cursor moves.
  NB_ASSIGN_OR_RETURN(const FilingState before, StateOf(group, *sequence));
  if (before.record == draft.record) return Outcome{};  // Told again.

  // Recorded even when it moves nothing: late news is evidence too, and never leads back.
  FilingState after = before;
  if (!HasEnded(before)) {
    const bool backwards = before.record && before.record->state > draft.record.state;
    if (!backwards) TakeRecord(group, draft.record, after);
  }
  pb::Entry entry;
  entry.set_kind(pb::ENTRY_KIND_REVIEW_CHANGED);
  auto& payload = *entry.mutable_review_changed();
  payload.set_filing_sequence(*sequence);
  *payload.mutable_record() = ToProto(draft.record);
  payload.set_cursor(draft.cursor);
  AddEntry(group, entry, CourtStatement(StatementType(draft.record.state), before, draft.record));
  return Saved(group, before, after);
}

Result<Outcome> DecideOne(Group& group, const HoldFiling& draft) {
  NB_ASSIGN_OR_RETURN(const FilingState before, StateOf(group, draft.filing_sequence));
  if (before.delivery != Delivery::kPending)
    return NotInThisState("only a pending filing can be held");
  pb::Entry entry;
  entry.set_kind(pb::ENTRY_KIND_HELD);
  AddOwnersEntry(group, entry, *entry.mutable_held(), "held", before, draft);
  FilingState after = before;
  after.held_from = before.delivery;
  after.delivery = Delivery::kHeld;
  after.owner = draft.owner;
  after.reason = draft.reason;
  return Saved(group, before, after);
}

Result<Outcome> DecideOne(Group& group, const ReleaseFiling& draft) {
  NB_ASSIGN_OR_RETURN(const FilingState before, StateOf(group, draft.filing_sequence));
  if (before.delivery != Delivery::kHeld) return NotInThisState("the filing is not held");
  pb::Entry entry;
  entry.set_kind(pb::ENTRY_KIND_RELEASED);
  AddOwnersEntry(group, entry, *entry.mutable_released(), "released", before, draft);
  FilingState after = before;
  after.delivery = before.held_from;
  after.held_from = Delivery::kUnspecified;
  after.owner.clear();
  after.reason.clear();
  return Saved(group, before, after);
}

Result<Outcome> DecideOne(Group& group, const WithdrawFiling& draft) {
  NB_ASSIGN_OR_RETURN(const FilingState before, StateOf(group, draft.filing_sequence));
  if (HasEnded(before)) return Settled();
  if (before.withdrawal_requested) {
    Outcome repeated;
    repeated.repeated = true;
    NB_ASSIGN_OR_RETURN(repeated.filing, ReadFiling(group, draft.filing_sequence));
    return repeated;
  }
  // Once a delivery has been started the case system may have the filing: then only the court can
  // let it go.
  const bool before_submission =
      before.delivery == Delivery::kPending || before.delivery == Delivery::kHeld;
  pb::Entry entry;
  entry.set_kind(pb::ENTRY_KIND_WITHDRAWN);
  auto& payload = *entry.mutable_withdrawn();
  payload.set_filing_sequence(draft.filing_sequence);
  payload.set_registered_user(draft.user.str());
  payload.set_reason(draft.reason);
  payload.set_before_submission(before_submission);
  Statement statement(before_submission ? "withdrawn" : "withdrawal.requested");
  statement.Text("filing_id", before.filing_id.str());
  statement.Text("registered_user", draft.user.str());
  statement.Text("reason", draft.reason);
  AddEntry(group, entry, statement);
  FilingState after = before;
  after.reason = draft.reason;
  if (before_submission) {
    after.delivery = Delivery::kWithdrawn;
  } else {
    after.withdrawal_requested = true;
  }
  return Saved(group, before, after);
}

Result<Outcome> DecideOne(Group& group, const DropWithdrawal& draft) {
  NB_ASSIGN_OR_RETURN(const FilingState before, StateOf(group, draft.filing_sequence));
  const bool passed_on = before.withdrawal_requested && before.delivery == Delivery::kSubmitted;
  if (!passed_on || HasEnded(before) || !before.record) {
    return NotInThisState("no wish to withdraw it waits for the court");
  }
  FilingState after = before;
  after.withdrawal_requested = false;
  after.reason = "the court's case system does not take the request to withdraw: ask the clerk";
  // News from the court's case system, though not of its record, which stays as it was.
  pb::Entry entry;
  entry.set_kind(pb::ENTRY_KIND_REVIEW_CHANGED);
  auto& payload = *entry.mutable_review_changed();
  payload.set_filing_sequence(draft.filing_sequence);
  *payload.mutable_record() = ToProto(*before.record);
  Statement statement("withdrawal.not_taken");
  statement.Text("filing_id", before.filing_id.str());
  statement.Text("court_filing_id", before.record->court_filing_id);
  statement.Text("reason", after.reason);
  AddEntry(group, entry, statement);
  return Saved(group, before, after);
}

Result<Outcome> DecideOne(Group& group, const TerminateFiling& draft) {
  if (draft.persons.size() != 2 || draft.persons[0] == draft.persons[1] ||
      draft.persons[0].empty() || draft.persons[1].empty() || draft.reason.empty() ||
      draft.authority.empty()) {
    return Error{ErrorCode::kInvalidArgument,
                 "two named persons, an authority and a reason are required",
                 "TWO_PERSONS_REQUIRED"};
  }
  NB_ASSIGN_OR_RETURN(const FilingState before, StateOf(group, draft.filing_sequence));
  if (HasEnded(before)) return Settled();
  pb::Entry entry;
  entry.set_kind(pb::ENTRY_KIND_TERMINATED);
  auto& payload = *entry.mutable_terminated();
  payload.set_filing_sequence(draft.filing_sequence);
  for (const std::string& person : draft.persons) payload.add_persons(person);
  payload.set_authority(draft.authority);
  payload.set_reason(draft.reason);
  Statement statement("terminated.by_officer");
  statement.Text("filing_id", before.filing_id.str());
  statement.Text("first_person", draft.persons[0]);
  statement.Text("second_person", draft.persons[1]);
  statement.Text("authority", draft.authority);
  statement.Text("reason", draft.reason);
  AddEntry(group, entry, statement);
  FilingState after = before;
  after.delivery = Delivery::kTerminated;
  after.reason = draft.reason;
  return Saved(group, before, after);
}

}  // namespace nightbox
