#include "gateway/acceptance.h"

#include <future>
#include <utility>

#include "core/check.h"

namespace nightbox {

RecordOperatorAct AcceptanceAct(const CourtSystem& system) {
  NB_CHECK(system.acceptance.has_value());
  const Acceptance& acceptance = *system.acceptance;
  RecordOperatorAct act;
  act.operator_name = acceptance.person + ", " + acceptance.office;
  act.act = "court_system.unconfirmed_values_accepted court_system=" + system.name +
            " date=" + FormatDay(acceptance.date) + " values_sha256=" + acceptance.values.Hex();
  act.once = true;
  // Whoever reads this in ten years has no configuration of today at hand.
  if (!acceptance.remark.empty()) act.reason = acceptance.remark + '\n';
  for (const UnconfirmedValue& value : system.unconfirmed) {
    act.reason += value.key + " = " + value.value + " (" +
                  std::string(StandingWord(value.standing)) + "; source: " + value.source + ")\n";
  }
  return act;
}

Result<void> JournalAcceptance(const CourtSystem& system, Committer& committer) {
  if (system.unconfirmed.empty()) return {};
  std::promise<Result<Outcome>> outcome;
  committer.Submit(AcceptanceAct(system),
                   [&](const Result<Outcome>& became) { outcome.set_value(became); });
  const Result<Outcome> became = outcome.get_future().get();
  if (!became) return became.error().In("the acceptance of unconfirmed values is not journaled");
  return {};
}

}  // namespace nightbox
