#include "client/file_steps.h"

#include <unistd.h>

#include "client/command_parts.h"
#include "client/follower.h"
#include "client/media_type.h"
#include "client/send_entry.h"

namespace nightbox::client {
namespace {

Error ReusedRequestId() {
  return Error{ErrorCode::kInvalidArgument,
               "this request id was used before with other content, another user or other files; "
               "leave --request-id out to file something new",
               "", "--request-id"};
}

// Says the failure without finishing: there may be other filings to tell of.
ExitCode FailOne(Output& out, const CallFailure& failure) {
  out.AddFailure(failure);
  return ExitCodeOf(failure);
}

}  // namespace

Result<void> CheckSources(const std::vector<std::filesystem::path>& sources) {
  for (const std::filesystem::path& each : sources) {
    std::error_code failed;
    const auto status = std::filesystem::status(each, failed);
    const char* wrong = nullptr;
    if (!std::filesystem::exists(status)) {
      wrong = " is not there";
    } else if (!std::filesystem::is_regular_file(status)) {
      wrong = " is not a file";
    } else if (std::filesystem::file_size(each, failed) == 0 && !failed) {
      wrong = " is empty";
    } else if (::access(each.c_str(), R_OK) != 0) {
      wrong = " may not be read by you";
    }
    if (wrong != nullptr) {
      return Error{ErrorCode::kInvalidArgument, each.string() + wrong, "", "--document"};
    }
  }
  return {};
}

Result<FilingHeader> CompleteFromFiles(HeaderDraft draft) {
  for (std::size_t i = 0; i < draft.sources.size(); ++i) {
    NB_ASSIGN_OR_RETURN(const CopiedFile found, InspectFile(draft.sources[i]));
    Document& document = draft.header.documents[i];
    document.size_bytes = found.size_bytes;
    document.sha256 = found.sha256;
    if (document.media_type.empty()) {
      document.media_type = SniffMediaType(found.head).value_or("");
    }
  }
  return draft.header;
}

Package NewPackage(const Surroundings& around, const RequestId& request_id,
                   const FilingHeader& header) {
  Package package;
  package.request_id = request_id;
  package.server = around.settings.server;
  package.registered_user = UserId(around.settings.registered_user);
  package.staff = around.settings.staff;
  package.authorized_at = around.clock.Now();
  package.header = header;
  return package;
}

Result<Prepared> GoOnWithEarlier(const Outbox& outbox, const RequestId& request_id,
                                 const UserId& user, HeaderDraft draft) {
  std::optional<EntrySummary> earlier = outbox.Find(request_id.str());
  if (!earlier) return Error{ErrorCode::kAborted, "the outbox entry is just being made or moved"};
  if (!earlier->damage.empty()) return Error{ErrorCode::kDataLoss, earlier->damage};
  // Contents are compared, not paths: the filer may have moved the files.
  NB_ASSIGN_OR_RETURN(const FilingHeader header, CompleteFromFiles(std::move(draft)));
  if (earlier->package.registered_user != user || earlier->package.header != header) {
    return ReusedRequestId();
  }
  Prepared prepared;
  if (earlier->outcome) {
    prepared.answered = std::move(earlier);
    return prepared;
  }
  NB_ASSIGN_OR_RETURN(prepared.entry, outbox.Take(request_id));
  if (prepared.entry->next_step() != EntryStep::kSend) {
    // Answered between the two looks.
    prepared.answered = outbox.Find(request_id.str());
    prepared.entry.reset();
  }
  return prepared;
}

ExitCode SendPrepared(const Filing& filing, Prepared& prepared, std::chrono::milliseconds timeout) {
  if (!prepared.entry) {
    filing.around.out.Note("This request id has been answered before. What was known then:");
    return TellEntry(filing.around, *prepared.answered);
  }
  const ExitCode code = SendEntry(filing.around, filing.outbox, filing.client, filing.root_pem,
                                  *prepared.entry, filing.limit_rate, timeout);
  prepared.entry.reset();  // Unlocks it.
  return code;
}

ExitCode WaitForCourt(const Filing& filing, const RequestId& request_id,
                      std::chrono::milliseconds timeout) {
  const Surroundings& around = filing.around;
  const Outbox& outbox = filing.outbox;
  const std::optional<EntrySummary> entry = outbox.Find(request_id.str());
  if (!entry || !entry->outcome) return ExitCode::kLocalTrouble;
  const Conclusion known = entry->outcome->conclusion;
  if (known != Conclusion::kNone) return ExitCodeOf(known);
  around.out.Note("Waiting for the court...");
  Follower follower(filing.client, around.clock, around.random, around.stop);
  const CallResult<FilingState> last =
      follower.WatchUntilEnded(entry->package.registered_user, entry->outcome->filing.filing_id,
                               timeout, [](const FilingState&) {});
  if (!last) {
    around.out.AddFailure(last.error());
    // The receipt is here: whatever befell the waiting, the filing is received.
    return last.error().reason == "interrupted" ? ExitCode::kInterrupted : ExitCode::kStillWaiting;
  }
  const Result<void> kept = KeepNews(outbox, entry, *last, around.clock.Now());
  if (!kept) around.out.Note("The outbox could not keep this: " + kept.error().message);
  around.out.AddFiling(*last);
  const Conclusion conclusion = Concludes(last->delivery, last->review);
  around.out.members()["outcome"] = ToWord(conclusion);
  if (conclusion == Conclusion::kNone) {
    around.out.members()["outcome"] = "received";
    around.out.Note(
        "Received, and the receipt stands; the court has not answered in time. Look again with:");
    around.out.Note("  nightbox watch " + last->filing_id.str());
  }
  return ExitCodeOf(conclusion);
}

ExitCode CheckOnly(const Surroundings& around, IntakeClient& client, HeaderDraft draft) {
  Output& out = around.out;
  Package package;
  package.registered_user = UserId(around.settings.registered_user);
  Result<FilingHeader> header = CompleteFromFiles(std::move(draft));
  if (!header) return FailOne(out, CallFailure::Local(header.error()));
  package.header = std::move(*header);
  const auto validation = client.ValidateFiling(package);
  if (!validation) return FailOne(out, validation.error());
  boost::json::array problems;
  for (const ValidationProblem& each : validation->problems) {
    out.Say("Refused    " + each.reason + ": " + each.message);
    if (!each.what_now.empty()) out.Say("           " + each.what_now);
    problems.push_back(boost::json::object{{"reason", each.reason},
                                           {"field", each.field},
                                           {"message", each.message},
                                           {"what_now", each.what_now}});
  }
  boost::json::array warnings;
  for (const Warning& each : validation->warnings) {
    out.Say("Warning    " + each.message);
    warnings.push_back(
        boost::json::object{{"code", each.code}, {"message", each.message}, {"field", each.field}});
  }
  out.members()["problems"] = std::move(problems);
  out.members()["warnings"] = std::move(warnings);
  out.members()["outcome"] = validation->problems.empty() ? "acceptable" : "refused";
  if (validation->problems.empty()) out.Say("The gateway would take it. Nothing has been filed.");
  return validation->problems.empty() ? ExitCode::kDone : ExitCode::kRefused;
}

}  // namespace nightbox::client
