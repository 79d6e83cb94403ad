#include "store/decide.h"

#include "store/keys.h"
#include "store/statement.h"

namespace nightbox {

namespace pb = ::nightbox::journal::v1;

Result<Outcome> Decide(Group& group, const Draft& draft) {
  group.Begin();
  Result<Outcome> outcome =
      std::visit([&](const auto& one) { return DecideOne(group, one); }, draft);
  if (outcome) {
    group.Keep();
  } else {
    group.TakeBack();
  }
  return outcome;
}

Result<Outcome> DecideOne(Group& group, const ChangeAvailability& draft) {
  pb::Entry entry;
  entry.set_kind(pb::ENTRY_KIND_AVAILABILITY_CHANGED);
  auto& payload = *entry.mutable_availability_changed();
  payload.set_court_id(draft.court.str());
  payload.set_service(draft.service);
  payload.set_state(draft.state);
  payload.set_last_of_old_state_at_us(ToMicros(draft.last_of_old_state_at));
  payload.set_first_of_new_state_at_us(ToMicros(draft.first_of_new_state_at));
  payload.set_cause(draft.cause);
  Statement statement("availability.changed");
  statement.Text("court", draft.court.str());
  statement.Text("service", draft.service);
  statement.Text("state", draft.state);
  statement.Time("last_of_old_state_at", draft.last_of_old_state_at);
  statement.Time("first_of_new_state_at", draft.first_of_new_state_at);
  statement.Text("cause", draft.cause);
  Outcome outcome;
  outcome.sequence = group.next_sequence();
  AddEntry(group, entry, statement);
  return outcome;
}

Result<Outcome> DecideOne(Group& group, const RecordOperatorAct& draft) {
  Outcome outcome;
  if (draft.once) {
    const std::string key = keys::ActOnce(draft.operator_name, draft.act, draft.reason);
    NB_ASSIGN_OR_RETURN(const auto before, group.Get(key));
    outcome.repeated = before.has_value();
    if (outcome.repeated) return outcome;
    group.Put(key, BigEndian64(group.next_sequence()));
  }
  pb::Entry entry;
  entry.set_kind(pb::ENTRY_KIND_OPERATOR_ACTED);
  auto& payload = *entry.mutable_operator_acted();
  payload.set_operator_(draft.operator_name);
  payload.set_act(draft.act);
  payload.set_reason(draft.reason);
  Statement statement("operator.acted");
  statement.Text("operator", draft.operator_name);
  statement.Text("act", draft.act);
  statement.Text("reason", draft.reason);
  outcome.sequence = group.next_sequence();
  AddEntry(group, entry, statement);
  return outcome;
}

void DecideClockChanged(Group& group, Microseconds step, bool trusted) {
  LedgerTip& tip = group.tip();
  ++tip.clock_epoch;
  tip.clock_trusted = trusted;
  tip.clock_step = step;
  group.Put(std::string(keys::kClockTrusted), trusted ? "1" : "0");
  pb::Entry entry;
  entry.set_kind(pb::ENTRY_KIND_CLOCK_CHANGED);
  auto& payload = *entry.mutable_clock_changed();
  payload.set_step_us(step.count());
  payload.set_new_epoch(tip.clock_epoch);
  payload.set_synchronized(trusted && group.quality().synchronized);
  Statement statement("clock.changed");
  statement.Signed("step_us", step.count());
  statement.Number("new_epoch", tip.clock_epoch);
  statement.Flag("synchronized", payload.synchronized());
  AddEntry(group, entry, statement);
}

}  // namespace nightbox
