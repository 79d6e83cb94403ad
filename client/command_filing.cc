// `nightbox status`, `watch`, `withdraw` and `policy`: what the gateway knows, and asking it to let
// a filing go.
#include "client/command_parts.h"
#include "client/commands.h"
#include "client/follower.h"
#include "client/outcome_json.h"

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

ExitCode ListNewest(const Surroundings& around, IntakeClient& client) {
  const auto filings = client.ListFilings(UserId(around.settings.registered_user), kListedMax);
  if (!filings) return Fail(around.out, filings.error());
  json::array list;
  for (const FilingState& each : *filings) {
    list.push_back(FilingToJson(each));
    around.out.Say(each.filing_id.str() + "  " + each.court.str() + "  " +
                   std::string(ToWord(each.delivery)) + "  " + std::string(ToWord(each.review)));
  }
  around.out.members()["filings"] = std::move(list);
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
  if (!filing) return Fail(around.out, filing.error());
  KeepAndMention(around, opened->outbox, *known, *filing);
  around.out.AddFiling(*filing);
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
      known->user, known->filing_id, timeout, [&](const FilingState& filing) {
        KeepAndMention(around, opened->outbox, *known, filing);
        // A stream that is opened again begins with what is known already.
        const std::string text = json::serialize(FilingToJson(filing));
        if (std::exchange(shown, text) != text) around.out.AddFiling(filing);
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
  if (filing->withdrawal_requested) {
    around.out.Note("The court decides; look again with: nightbox watch " +
                    filing->filing_id.str());
  }
  return around.out.Finish(ExitCode::kDone);
}

ExitCode RunPolicy(const Surroundings& around, const std::string& court) {
  const auto client = OpenClient(around);
  if (!client) return Fail(around.out, client.error());
  const auto policy = (*client)->GetCourtPolicy(CourtId(court));
  if (!policy) return Fail(around.out, policy.error());
  const auto list = [](const std::vector<std::string>& texts, const char* none) {
    std::string joined;
    for (const std::string& each : texts) joined += (joined.empty() ? "" : ", ") + each;
    return joined.empty() ? std::string(none) : joined;
  };
  const auto array = [](const std::vector<std::string>& texts) {
    return json::array(texts.begin(), texts.end());
  };
  Output& out = around.out;
  out.Say("Court              " + policy->court.str() + "  " + policy->court_name);
  out.Say("Document, at most  " + std::to_string(policy->document_size_max_bytes) + " bytes");
  out.Say("Filing, at most    " + std::to_string(policy->filing_size_max_bytes) + " bytes, " +
          std::to_string(policy->documents_max) + " documents");
  out.Say("Kinds of file      " + list(policy->media_types, "none"));
  out.Say("Case types         " + list(policy->case_types, "all"));
  out.Say("Time of receipt    " + policy->receipt_authority +
          (policy->receipt_authority_citation.empty() ? ""
                                                      : ", " + policy->receipt_authority_citation));
  out.Say("Time zone          " + policy->time_zone);
  if (!policy->unconfirmed.empty()) {
    out.Say("Not confirmed      " + list(policy->unconfirmed, ""));
  }
  json::object& members = out.members();
  members["court"] = policy->court.str();
  members["court_name"] = policy->court_name;
  members["version"] = policy->version;
  members["document_size_max_bytes"] = policy->document_size_max_bytes;
  members["filing_size_max_bytes"] = policy->filing_size_max_bytes;
  members["documents_max"] = policy->documents_max;
  members["media_types"] = array(policy->media_types);
  members["case_types"] = array(policy->case_types);
  members["receipt_authority"] = policy->receipt_authority;
  members["receipt_authority_citation"] = policy->receipt_authority_citation;
  members["time_zone"] = policy->time_zone;
  members["unconfirmed"] = array(policy->unconfirmed);
  return out.Finish(ExitCode::kDone);
}

}  // namespace nightbox::client
