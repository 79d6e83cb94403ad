// `nightbox file`: into the outbox first, then to the gateway.
#include <unistd.h>

#include "client/command_parts.h"
#include "client/commands.h"
#include "client/follower.h"
#include "client/media_type.h"
#include "client/send_entry.h"

namespace nightbox::client {
namespace {

// What was prepared or found: an entry to send, or one that has been answered already.
struct Prepared {
  std::optional<OutboxEntry> entry;
  std::optional<EntrySummary> answered;
};

Error ReusedRequestId() {
  return Error{ErrorCode::kInvalidArgument,
               "this request id was used before with other content, another user or other files; "
               "leave --request-id out to file something new",
               "", "--request-id"};
}

// The header with sizes, digests and kinds as the files are now, without copying them.
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

// A slip in a path is found before anything is made here or sent.
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

Result<Prepared> Prepare(const Surroundings& around, Outbox& outbox, const FileOptions& options,
                         HeaderDraft draft) {
  Package package;
  package.request_id =
      options.request_id.empty() ? NewRequestId(around.random) : RequestId(options.request_id);
  package.server = around.settings.server;
  package.registered_user = UserId(around.settings.registered_user);
  package.staff = around.settings.staff;
  package.authorized_at = around.clock.Now();
  package.header = draft.header;
  Result<OutboxEntry> entry = outbox.Prepare(package, draft.sources);
  if (entry) {
    Prepared prepared;
    prepared.entry = std::move(*entry);
    return prepared;
  }
  if (entry.error().code != ErrorCode::kAlreadyExists) return entry.error();
  return GoOnWithEarlier(outbox, package.request_id, package.registered_user, std::move(draft));
}

ExitCode WaitForCourt(const Surroundings& around, const Outbox& outbox, IntakeClient& client,
                      const RequestId& request_id, std::chrono::milliseconds timeout) {
  const std::optional<EntrySummary> entry = outbox.Find(request_id.str());
  if (!entry || !entry->outcome) return ExitCode::kLocalTrouble;
  const Conclusion known = entry->outcome->conclusion;
  if (known != Conclusion::kNone) return ExitCodeOf(known);
  around.out.Note("Waiting for the court...");
  Follower follower(client, around.clock, around.random, around.stop);
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

// Every check that needs no bytes, made by the gateway; nothing is stored anywhere.
ExitCode Check(const Surroundings& around, IntakeClient& client, HeaderDraft draft) {
  Output& out = around.out;
  Package package;
  package.registered_user = UserId(around.settings.registered_user);
  Result<FilingHeader> header = CompleteFromFiles(std::move(draft));
  if (!header) return Fail(out, header.error());
  package.header = std::move(*header);
  const auto validation = client.ValidateFiling(package);
  if (!validation) return Fail(out, validation.error());
  boost::json::array problems;
  for (const ValidationProblem& each : validation->problems) {
    out.Say("Refused    " + each.reason + ": " + each.message);
    if (!each.what_now.empty()) out.Say("           " + each.what_now);
    problems.push_back(boost::json::object{{"reason", each.reason},
                                           {"field", each.field},
                                           {"message", each.message},
                                           {"what_now", each.what_now}});
  }
  for (const Warning& each : validation->warnings) out.Say("Warning    " + each.message);
  out.members()["problems"] = std::move(problems);
  out.members()["outcome"] = validation->problems.empty() ? "acceptable" : "refused";
  if (validation->problems.empty()) out.Say("The gateway would take it. Nothing has been filed.");
  return out.Finish(validation->problems.empty() ? ExitCode::kDone : ExitCode::kRefused);
}

}  // namespace

ExitCode RunFile(const Surroundings& around, const FileOptions& options) {
  Output& out = around.out;
  if (around.settings.registered_user.empty()) {
    return FailUsage(out, "no registered user is given", "--user");
  }
  if (!options.request_id.empty() && !IsValidRequestId(options.request_id)) {
    return FailUsage(out, "a request id is 16 to 64 of A-Z a-z 0-9 - _", "--request-id");
  }
  Result<HeaderDraft> draft = BuildHeader(options.header);
  if (!draft) return Fail(out, draft.error());
  const Result<void> there = CheckSources(draft->sources);
  if (!there) return Fail(out, there.error());
  const Result<std::string> root = ReadReceiptRoot(around.settings);
  if (!root) return Fail(out, root.error());
  const auto client = OpenClient(around);
  if (!client) return Fail(out, client.error());
  if (options.check_only) return Check(around, **client, std::move(*draft));
  Result<Outbox> outbox = OpenOutbox(around.settings);
  if (!outbox) return Fail(out, outbox.error());

  Result<Prepared> prepared = Prepare(around, *outbox, options, std::move(*draft));
  if (!prepared) return Fail(out, prepared.error());
  ExitCode code = ExitCode::kDone;
  RequestId request_id;
  if (prepared->entry) {
    request_id = prepared->entry->package().request_id;
    out.Note("In the outbox as " + request_id.str());
    code = SendEntry(around, *outbox, **client, *root, *prepared->entry, options.limit_rate,
                     options.timeout);
    prepared->entry.reset();  // Unlocks it.
  } else {
    request_id = prepared->answered->request_id;
    out.Note("This request id has been answered before. What was known then:");
    code = TellEntry(around, *prepared->answered);
  }
  if (code == ExitCode::kDone && options.wait_docketed) {
    code = WaitForCourt(around, *outbox, **client, request_id, options.timeout);
  }
  return out.Finish(code);
}

}  // namespace nightbox::client
