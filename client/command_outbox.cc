// `nightbox outbox`: what is kept here, and sending it.
#include "client/command_parts.h"
#include "client/commands.h"
#include "client/follower.h"
#include "client/send_entry.h"
#include "client/time_text.h"
#include "rules/court_time.h"

namespace nightbox::client {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

std::string StageWord(const EntrySummary& entry) {
  if (!entry.damage.empty()) return "damaged";
  if (!entry.outcome) return "waiting";
  if (entry.outcome->conclusion == Conclusion::kNone) return "received";
  return std::string(ToWord(entry.outcome->conclusion));
}

json::object EntryToJson(const EntrySummary& entry) {
  json::object object{{"request_id", entry.request_id.str()},
                      {"stage", StageWord(entry)},
                      {"directory", entry.directory.string()}};
  if (!entry.damage.empty()) {
    object["damage"] = entry.damage;
    return object;
  }
  object["court"] = entry.package.header.court.str();
  object["server"] = entry.package.server;
  object["authorized_at"] = FormatUtc(entry.package.authorized_at);
  object["documents"] = entry.package.header.documents.size();
  object["bytes"] = entry.package.header.TotalBytes();
  if (entry.outcome) object["filing_id"] = entry.outcome->filing.filing_id.str();
  if (entry.last_attempt) {
    object["last_attempt"] = json::object{{"at", FormatUtc(entry.last_attempt->at)},
                                          {"step", entry.last_attempt->step},
                                          {"reason", entry.last_attempt->reason}};
  }
  return object;
}

void SayEntry(Output& out, const EntrySummary& entry) {
  std::string line = entry.request_id.str() + "  " + StageWord(entry);
  if (!entry.damage.empty()) {
    out.Say(line + "  " + entry.damage + "; left as it is in " + entry.directory.string());
    return;
  }
  line += "  " + entry.package.header.court.str() + "  " + LocalText(entry.package.authorized_at);
  if (entry.last_attempt && !entry.last_attempt->reason.empty()) {
    line += "  last: " + entry.last_attempt->reason;
  }
  out.Say(line);
}

// What one entry came to. Its own Output collects what the command would have said, so that
// `outbox resume --json` is one object with a list.
struct Resumed {
  ExitCode code = ExitCode::kDone;
  json::object members;
};

ExitCode AskGateway(const Surroundings& around, const Outbox& outbox, IntakeClient& client,
                    OutboxEntry& entry, milliseconds timeout) {
  Follower follower(client, around.clock, around.random, around.stop);
  const CallResult<FilingState> filing =
      follower.Ask(entry.package().registered_user, entry.outcome()->filing.filing_id, timeout);
  if (!filing) {
    around.out.AddFailure(filing.error());
    return ExitCodeOf(filing.error());
  }
  around.out.AddFiling(*filing);
  const Result<void> kept = outbox.RecordNews(entry, *filing, around.clock.Now());
  if (!kept) {
    around.out.AddFailure(CallFailure::Local(kept.error()));
    return ExitCode::kLocalTrouble;
  }
  const Conclusion conclusion = Concludes(filing->delivery, filing->review);
  return conclusion == Conclusion::kNone ? ExitCode::kDone : ExitCodeOf(conclusion);
}

ExitCode ResumeOne(const Surroundings& around, const Outbox& outbox, const EntrySummary& summary,
                   const std::string& root_pem, std::int64_t limit_rate, milliseconds timeout) {
  Output& out = around.out;
  out.members()["request_id"] = summary.request_id.str();
  const auto fail = [&out](const Error& error) {
    out.AddFailure(CallFailure::Local(error));
    return ExitCode::kLocalTrouble;
  };
  if (!summary.damage.empty()) return fail({ErrorCode::kDataLoss, summary.damage});
  Result<OutboxEntry> entry = outbox.Take(summary.request_id);
  if (!entry) return fail(entry.error());

  ExitCode code = ExitCode::kDone;
  if (entry->next_step() != EntryStep::kFileAway) {
    const auto client = OpenClient(around, entry->package().server);
    if (!client) return fail(client.error());
    code = entry->next_step() == EntryStep::kSend
               ? SendEntry(around, outbox, **client, root_pem, *entry, limit_rate, timeout)
               : AskGateway(around, outbox, **client, *entry, timeout);
  }
  // A crash may have left an ended entry here; one that was just sent is moved already.
  const bool moved = entry->directory().parent_path().filename() == "done";
  if (entry->next_step() == EntryStep::kFileAway && !moved) {
    const Result<void> filed_away = outbox.FileAway(*entry);
    if (!filed_away) return fail(filed_away.error());
  }
  return code;
}

}  // namespace

ExitCode RunOutboxList(const Surroundings& around) {
  const Result<Outbox> outbox = OpenOutbox(around.settings);
  if (!outbox) return Fail(around.out, outbox.error());
  json::array entries;
  const std::vector<EntrySummary> waiting = outbox->List();
  for (const EntrySummary& each : waiting) {
    SayEntry(around.out, each);
    entries.push_back(EntryToJson(each));
  }
  if (waiting.empty()) around.out.Note("The outbox is empty.");
  around.out.members()["entries"] = std::move(entries);
  return around.out.Finish(ExitCode::kDone);
}

ExitCode RunOutboxResume(const Surroundings& around, const OutboxOptions& options) {
  const Result<std::string> root = ReadReceiptRoot(around.settings);
  if (!root) return Fail(around.out, root.error());
  const Result<Outbox> outbox = OpenOutbox(around.settings);
  if (!outbox) return Fail(around.out, outbox.error());

  const BootTime give_up_at = around.clock.BootNow() + options.timeout;
  ExitCode worst = ExitCode::kDone;
  json::array entries;
  bool any = false;
  for (const EntrySummary& each : outbox->List()) {
    if (!options.request_id.empty() && each.request_id.str() != options.request_id) continue;
    if (around.stop.raised()) {
      worst = ExitCode::kInterrupted;
      break;
    }
    any = true;
    around.out.Note(each.request_id.str() + ":");
    // Each entry fills the members anew; what is common is put back at the end.
    const json::object common = std::exchange(around.out.members(), {});
    const auto left = std::chrono::duration_cast<milliseconds>(give_up_at - around.clock.BootNow());
    const ExitCode code = ResumeOne(around, *outbox, each, *root, options.limit_rate,
                                    std::max(left, milliseconds(0)));
    around.out.members()["exit_code"] = static_cast<int>(code);
    entries.push_back(std::exchange(around.out.members(), common));
    worst = MoreSerious(worst, code);
  }
  if (!any) {
    if (!options.request_id.empty()) {
      return FailUsage(around.out, "no such entry waits in the outbox", "--request-id");
    }
    around.out.Note("The outbox is empty.");
  }
  around.out.members()["entries"] = std::move(entries);
  return around.out.Finish(worst);
}

ExitCode RunOutboxPrune(const Surroundings& around, std::int64_t days) {
  const Result<Outbox> outbox = OpenOutbox(around.settings);
  if (!outbox) return Fail(around.out, outbox.error());
  const Result<std::size_t> pruned =
      outbox->PruneDone(around.clock.Now() - std::chrono::hours(24 * days));
  if (!pruned) return Fail(around.out, pruned.error());
  around.out.members()["pruned"] = *pruned;
  around.out.Say("Removed the document copies of " + std::to_string(*pruned) +
                 " ended filings; packages and receipts stay.");
  return around.out.Finish(ExitCode::kDone);
}

}  // namespace nightbox::client
