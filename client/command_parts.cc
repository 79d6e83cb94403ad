#include "client/command_parts.h"

#include "client/time_text.h"
#include "rules/court_directory.h"

namespace nightbox::client {
namespace {

constexpr std::size_t kRootBytesMax = 1'000'000;
constexpr std::size_t kFilingIdSize = 26;

bool LooksLikeFilingId(const std::string& id) {
  return id.size() == kFilingIdSize &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567") == std::string::npos;
}

// Only a remark: it is the gateway's clock that counts.
void SayIfExpired(const Surroundings& around, WallTime certificate_ends) {
  if (around.clock.Now() < certificate_ends) return;
  around.out.Note("Your certificate was valid until " + LocalText(certificate_ends) +
                  ". The gateway will hardly accept it: ask its operator for a new one.");
}

// The failure of a question about a filing that still waits here.
CallFailure NotSentYet(CallFailure failure, const RequestId& request_id) {
  if (failure.code == CallCode::kNotFound) {
    failure.message = "the gateway has not received this filing; it waits in the outbox";
    failure.what_now.clear();
  }
  failure.what_now += std::string(failure.what_now.empty() ? "" : " ") +
                      "Send it with: nightbox outbox resume --request-id " + request_id.str();
  return failure;
}

}  // namespace

ExitCode Fail(Output& out, const CallFailure& failure) {
  out.AddFailure(failure);
  return out.Finish(ExitCodeOf(failure));
}

ExitCode Fail(Output& out, const Error& error) {
  if (error.code == ErrorCode::kInvalidArgument) return FailUsage(out, error.message, error.field);
  return Fail(out, CallFailure::Local(error));
}

ExitCode FailUsage(Output& out, const std::string& message, const std::string& option) {
  CallFailure failure;
  failure.code = CallCode::kInvalidArgument;
  failure.message = message;
  failure.reason = "usage";
  failure.field = option;
  failure.fault = "filer";
  failure.what_now =
      "Correct the command or the settings; 'nightbox --help' and "
      "docs/nightbox-command.md say how. Nothing was sent.";
  out.AddFailure(failure);
  return out.Finish(ExitCode::kUsage);
}

std::string UnknownCourt(const CourtId& court, const CourtDirectory& courts) {
  std::string message = "no court is called " + court.str();
  for (const CourtId& near : courts.Suggest(court)) message += "; did you mean " + near.str() + "?";
  return message;
}

Result<Outbox> OpenOutbox(const Settings& settings) {
  return Outbox::Open(settings.state, FileOperations());
}

Result<std::unique_ptr<IntakeClient>> OpenClient(const Surroundings& around,
                                                 const std::string& server) {
  GatewayAddress address = around.settings.Address();
  if (address.server.empty()) address.server = server;
  Result<std::unique_ptr<IntakeClient>> client = IntakeClient::Open(address, around.stop);
  if (client) {
    SayIfExpired(around, (*client)->certificate_ends());
    return client;
  }
  // A PEM file that cannot be read is a wrong setting, whatever the reason.
  Error error = client.error();
  error.code = ErrorCode::kInvalidArgument;
  return error;
}

Result<std::string> ReadReceiptRoot(const Settings& settings) {
  if (settings.receipt_root.empty()) return std::string();
  Result<std::string> pem = ReadWholeFile(settings.receipt_root, kRootBytesMax);
  if (pem) return pem;
  return Error{ErrorCode::kInvalidArgument, pem.error().message, "", "receipt_root"};
}

CallResult<KnownFiling> FindFiling(const Surroundings& around, const Outbox& outbox,
                                   IntakeClient& client, const std::string& id) {
  KnownFiling known;
  known.user = UserId(around.settings.registered_user);
  known.entry = outbox.Find(id);
  if (known.entry && known.entry->damage.empty()) {
    known.user = known.entry->package.registered_user;
    if (known.entry->outcome) known.filing_id = known.entry->outcome->filing.filing_id;
  }
  if (!known.filing_id.empty()) return known;
  if (known.entry && known.entry->outcome &&
      known.entry->outcome->conclusion == Conclusion::kRefused) {
    return known.entry->outcome->refusal;
  }
  if (LooksLikeFilingId(id)) {
    known.filing_id = FilingId(id);
    return known;
  }
  const CallResult<FilingState> filing = client.GetFiling(known.user, RequestId(id));
  if (!filing && known.entry && known.entry->damage.empty() && !known.entry->outcome) {
    return NotSentYet(filing.error(), known.entry->request_id);
  }
  if (!filing) return filing.error();
  known.filing_id = filing->filing_id;
  return known;
}

void SayNotShown(Output& out, const IntakeClient& client) {
  if (client.not_shown().empty()) return;
  out.members()["not_shown"] = client.not_shown();
  out.Note("Not shown, and empty for no other reason: " + client.not_shown());
}

Result<void> KeepNews(const Outbox& outbox, const std::optional<EntrySummary>& entry,
                      const FilingState& filing, WallTime now) {
  if (!entry || entry->done || !entry->damage.empty()) return {};
  Result<OutboxEntry> taken = outbox.Take(entry->request_id);
  if (!taken) return {};
  // Without its receipt an entry is still to be sent; `nightbox outbox resume` fetches it.
  if (taken->next_step() == EntryStep::kSend) return {};
  NB_RETURN_IF_ERROR(outbox.RecordNews(*taken, filing, now));
  if (taken->next_step() == EntryStep::kFileAway) return outbox.FileAway(*taken);
  return {};
}

}  // namespace nightbox::client
