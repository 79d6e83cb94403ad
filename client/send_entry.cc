#include "client/send_entry.h"

#include <array>
#include <cstdio>
#include <string_view>

namespace nightbox::client {
namespace {

std::string Seconds(std::chrono::milliseconds wait) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f s", static_cast<double>(wait.count()) / 1000.0);
  return text.data();
}

SendObserver Observe(Output& out, const OutboxEntry& entry) {
  const std::vector<Document> documents = entry.package().header.documents;
  SendObserver observer;
  observer.on_progress = [&out, documents](std::size_t index, std::int64_t position) {
    out.Progress(documents[index].file_name, position, documents[index].size_bytes);
  };
  observer.on_resume = [&out, documents](std::size_t index, std::int64_t position) {
    out.Note(documents[index].file_name + ": " + std::to_string(position) +
             " bytes are stored already; going on from there");
  };
  observer.on_retry = [&out](const CallFailure& failure, std::chrono::milliseconds wait) {
    out.Note("Not through (" + failure.reason + ": " + failure.message +
             "); the same request again in " + Seconds(wait));
  };
  return observer;
}

void SayKept(const Surroundings& around, const OutboxEntry& entry, ExitCode code) {
  if (code == ExitCode::kContradiction) {
    around.out.Note("The filing is kept in " + entry.directory().string());
    return;
  }
  if (code == ExitCode::kLocalTrouble) {
    around.out.Note("This machine failed; a receipt may have come that could not be kept here.");
    around.out.Note("The filing is kept in the outbox; the same receipt comes again with:");
    around.out.Note("  nightbox outbox resume --request-id " + entry.package().request_id.str());
    return;
  }
  around.out.Note("No receipt has come. The filing is kept in the outbox; send it with:");
  around.out.Note("  nightbox outbox resume --request-id " + entry.package().request_id.str());
}

// What of the receipt's notice no warning has said already: the last days follow the same words.
std::string_view NotSaidYet(std::string_view notice, const std::vector<Warning>& warnings) {
  for (const Warning& each : warnings) {
    if (!each.message.empty() && notice.starts_with(each.message))
      notice.remove_prefix(each.message.size());
  }
  if (notice.starts_with(' ')) notice.remove_prefix(1);
  return notice;
}

// Of a filing that has its receipt. It may have ended by now: what is sent again, or looked at
// again, is answered with the same receipt for ever.
ExitCode TellReceived(Output& out, const FilingState& filing) {
  out.AddFiling(filing);
  const Conclusion conclusion = Concludes(filing.delivery, filing.review);
  if (conclusion == Conclusion::kNone || ExitCodeOf(conclusion) == ExitCode::kDone) {
    out.members()["outcome"] = "received";
    return ExitCode::kDone;
  }
  out.members()["outcome"] = ToWord(conclusion);
  return ExitCodeOf(conclusion);
}

void AddReceipt(Output& out, const OutboxEntry& entry, const SendReport& report) {
  const ReceiptVerdict& verdict = report.verdict;
  out.members()["receipt_path"] = (entry.directory() / "receipt.json").string();
  out.members()["root_proven"] = verdict.root_proven;
  out.members()["fingerprint"] = verdict.fingerprint;
  if (!verdict.notice.empty()) out.members()["notice"] = verdict.notice;
  out.Say(verdict.sentence);
  const std::string_view notice = NotSaidYet(verdict.notice, report.filing.warnings);
  if (!notice.empty()) out.Say(std::string(notice));
  out.Say("Receipt    " + (entry.directory() / "receipt.json").string());
  if (!verdict.root_proven) {
    out.Note("No receipt root is configured: the receipt is consistent, its root unproven.");
    out.Note("Compare the signer's fingerprint: " + verdict.fingerprint);
  }
}

}  // namespace

ExitCode SendEntry(const Surroundings& around, const Outbox& outbox, IntakeClient& client,
                   const std::string& root_pem, OutboxEntry& entry, std::int64_t limit_rate,
                   std::chrono::milliseconds timeout) {
  Output& out = around.out;
  SendLimits limits;
  limits.timeout = timeout;
  limits.limit_rate = limit_rate;
  Sender sender(client, outbox, root_pem, around.clock, around.random, around.stop, limits,
                Observe(out, entry));
  const CallResult<SendReport> report = sender.Send(entry);

  out.members()["request_id"] = entry.package().request_id.str();
  out.members()["outbox_entry"] = entry.directory().string();
  out.members()["tries"] = sender.counts().tries;
  out.members()["bytes_sent"] = sender.counts().bytes_sent;
  out.members()["bytes_resumed"] = sender.counts().bytes_resumed;
  if (report) {
    const ExitCode code = TellReceived(out, report->filing);
    AddReceipt(out, entry, *report);
    return code;
  }
  const ExitCode code = ExitCodeOf(report.error());
  const bool ended = entry.next_step() == EntryStep::kFileAway;
  out.members()["outcome"] = ended                            ? "refused"
                             : code == ExitCode::kInterrupted ? "interrupted"
                             : code == ExitCode::kUnreachable ? "unreachable"
                                                              : "failed";
  out.AddFailure(report.error());
  if (!ended) SayKept(around, entry, code);
  return code;
}

ExitCode TellEntry(const Surroundings& around, const EntrySummary& entry) {
  Output& out = around.out;
  out.members()["request_id"] = entry.request_id.str();
  out.members()["outbox_entry"] = entry.directory.string();
  if (!entry.outcome) {
    out.members()["outcome"] = "waiting";
    out.Say("Waiting to be sent.");
    return ExitCode::kStillWaiting;
  }
  if (entry.outcome->conclusion == Conclusion::kRefused) {
    out.members()["outcome"] = "refused";
    out.AddFailure(entry.outcome->refusal);
    return ExitCode::kRefused;
  }
  out.members()["receipt_path"] = (entry.directory / "receipt.json").string();
  return TellReceived(out, entry.outcome->filing);
}

}  // namespace nightbox::client
