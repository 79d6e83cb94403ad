#include "store/decide.h"

#include "core/sha256.h"
#include "store/keys.h"
#include "store/statement.h"

namespace nightbox {

namespace pb = ::nightbox::journal::v1;

namespace {

// "court_system.unconfirmed_values_accepted": what follows the name says of what.
std::string_view NameOf(const RecordOperatorAct& draft) {
  return std::string_view(draft.act).substr(0, draft.act.find(' '));
}

Digest DigestOfWords(const RecordOperatorAct& draft) {
  std::string words;
  for (const std::string_view text :
       {std::string_view(draft.operator_name), std::string_view(draft.act),
        std::string_view(draft.reason)}) {
    AppendBigEndian64(words, text.size());
    words += text;
  }
  return Sha256(words);
}

// Whether the ledger's latest act of this name says the same. Not whether any does: what comes back
// after something else was in force holds from another moment on, and the ledger says so.
Result<bool> RepeatsTheLatest(Group& group, const RecordOperatorAct& draft) {
  const std::string key = keys::LatestAct(NameOf(draft));
  const Digest words = DigestOfWords(draft);
  NB_ASSIGN_OR_RETURN(const auto latest, group.Get(key));
  if (latest && latest->ends_with(words.view())) return true;
  group.Put(key, BigEndian64(group.next_sequence()) + std::string(words.view()));
  return false;
}

}  // namespace

Result<Outcome> Decide(Group& group, const Draft& draft) {
  group.Begin();
  Result<Outcome> outcome =
      std::visit([&](const auto& one) { return DecideOne(group, one); }, draft);
  if (outcome && group.unreadable())
    outcome =
        Error{ErrorCode::kInvalidArgument, "a text to be journaled is not UTF-8", "FIELD_NOT_TEXT"};
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
    NB_ASSIGN_OR_RETURN(outcome.repeated, RepeatsTheLatest(group, draft));
    if (outcome.repeated) return outcome;
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
