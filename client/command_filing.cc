// `nightbox status`, `watch` and `withdraw`: what the gateway knows, and asking it to let a filing
// go.
#include "client/command_parts.h"
#include "client/commands.h"
#include "client/follower.h"
#include "client/outcome_json.h"
#include "client/time_text.h"
#include "rules/court_time.h"

namespace nightbox::client {
namespace {

namespace json = boost::json;

constexpr std::int32_t kListedMax = 50;
// A question a person waits for is repeated only so long.
constexpr std::chrono::milliseconds kPatience = std::chrono::seconds(20);

// What the three filing commands need open. A failure has been said already.
struct Opened {
  Outbox outbox;
  std::unique_ptr<IntakeClient> client;
};

Result<Opened> OpenBoth(const Surroundings& around) {
  if (around.settings.registered_user.empty()) {
    return Error{ErrorCode::kInvalidArgument, "no registered user is given", "", "--user"};
  }
  NB_ASSIGN_OR_RETURN(Outbox outbox, OpenOutbox(around.settings));
  NB_ASSIGN_OR_RETURN(auto client, OpenClient(around));
  return Opened{std::move(outbox), std::move(client)};
}

void KeepAndMention(const Surroundings& around, const Outbox& outbox, const KnownFiling& known,
                    const FilingState& filing) {
  const Result<void> kept = KeepNews(outbox, known.entry, filing, around.clock.Now());
  if (!kept) around.out.Note("The outbox could not keep this: " + kept.error().message);
}

// In an outage of the gateway: what the outbox heard last.
void SayLastKnown(Output& out, const KnownFiling& known) {
  if (!known.entry || !known.entry->outcome) return;
  out.members()["as_of"] = FormatUtc(known.entry->outcome->updated_at);
  out.Note("The gateway cannot be asked. What this machine knew at " +
           LocalText(known.entry->outcome->updated_at) + ":");
  out.AddFiling(known.entry->outcome->filing);
}

ExitCode ListNewest(const Surroundings& around, IntakeClient& client) {
  const auto filings = client.ListFilings(UserId(around.settings.registered_user), kListedMax);
  if (!filings) return Fail(around.out, filings.error());
  json::array list;
  for (const FilingState& each : *filings) {
    list.push_back(FilingToJson(each));
    std::string line = each.filing_id.str() + "  " +
                       (each.received_at ? ShortLocalText(*each.received_at) : "") + "  " +
                       each.court.str() + "  " + std::string(ToWord(each.delivery)) + "  " +
                       std::string(ToWord(each.review));
    for (const CaseNumber& number : each.case_numbers) line += "  " + number.number;
    around.out.Say(line);
  }
  if (filings->empty()) around.out.Note("The gateway has received no filing of this user.");
  around.out.members()["filings"] = std::move(list);
  SayNotShown(around.out, client);
  return around.out.Finish(ExitCode::kDone);
}

}  // namespace

ExitCode RunStatus(const Surroundings& around, const std::string& id) {
  const Result<Opened> opened = OpenBoth(around);
  if (!opened) return Fail(around.out, opened.error());
  if (id.empty()) return ListNewest(around, *opened->client);
  const auto known = FindFiling(around, opened->outbox, *opened->client, id);
  if (!known) return Fail(around.out, known.error());
  Follower follower(*opened->client, around.clock, around.random, around.stop);
  const auto filing = follower.Ask(known->user, known->filing_id, kPatience);
  if (!filing) {
    if (filing.error().not_reached()) SayLastKnown(around.out, *known);
    return Fail(around.out, filing.error());
  }
  KeepAndMention(around, opened->outbox, *known, *filing);
  around.out.AddFiling(*filing);
  SayNotShown(around.out, *opened->client);
  return around.out.Finish(ExitCode::kDone);
}

ExitCode RunWatch(const Surroundings& around, const std::string& id,
                  std::chrono::milliseconds timeout) {
  const Result<Opened> opened = OpenBoth(around);
  if (!opened) return Fail(around.out, opened.error());
  const auto known = FindFiling(around, opened->outbox, *opened->client, id);
  if (!known) return Fail(around.out, known.error());
  Follower follower(*opened->client, around.clock, around.random, around.stop);
  std::string shown;
  const auto last = follower.WatchUntilEnded(
      known->user, known->filing_id, timeout,
      [&](const FilingState& filing) {
        KeepAndMention(around, opened->outbox, *known, filing);
        // A stream that is opened again begins with what is known already.
        const std::string text = json::serialize(FilingToJson(filing));
        if (std::exchange(shown, text) != text) around.out.AddFiling(filing);
      },
      [&](const CallFailure& failure) {
        around.out.Note(failure.message + " Asking again until it answers; the receipt stands.");
      });
  if (!last) return Fail(around.out, last.error());
  return around.out.Finish(ExitCodeOf(Concludes(last->delivery, last->review)));
}

ExitCode RunWithdraw(const Surroundings& around, const std::string& id, const std::string& reason) {
  const Result<Opened> opened = OpenBoth(around);
  if (!opened) return Fail(around.out, opened.error());
  const auto known = FindFiling(around, opened->outbox, *opened->client, id);
  if (!known) return Fail(around.out, known.error());
  const auto filing = opened->client->WithdrawFiling(known->user, known->filing_id, reason);
  if (!filing) return Fail(around.out, filing.error());
  KeepAndMention(around, opened->outbox, *known, *filing);
  around.out.AddFiling(*filing);
  SayNotShown(around.out, *opened->client);
  if (filing->withdrawal_requested) {
    around.out.Note("The court decides; look again with: nightbox watch " +
                    filing->filing_id.str());
  }
  return around.out.Finish(ExitCode::kDone);
}

}  // namespace nightbox::client
