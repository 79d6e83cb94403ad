// What several commands do alike: open the outbox and the connection, find a filing by either id,
// and say what went wrong.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "client/commands.h"
#include "client/intake_client.h"
#include "client/outbox.h"

namespace nightbox {
class CourtDirectory;
}

namespace nightbox::client {

// Says the failure and answers its exit code.
ExitCode Fail(Output& out, const CallFailure& failure);
ExitCode Fail(Output& out, const Error& error);
// The same for wrong options and settings.
ExitCode FailUsage(Output& out, const std::string& message, const std::string& option = {});

// What to say of a court that the rules do not know, with the nearest that they do.
std::string UnknownCourt(const CourtId& court, const CourtDirectory& courts);

Result<Outbox> OpenOutbox(const Settings& settings);

// The gateway of the settings, or, where they name none, `server`. Wrong settings are
// kInvalidArgument.
Result<std::unique_ptr<IntakeClient>> OpenClient(const Surroundings& around,
                                                 const std::string& server = {});

// The PEM text of the receipt root, or empty when none is configured.
Result<std::string> ReadReceiptRoot(const Settings& settings);

// A filing somebody asks about: where it is known here, and its id at the gateway.
struct KnownFiling {
  std::optional<EntrySummary> entry;
  FilingId filing_id;
  UserId user;
};

// By filing id or request id; asks the gateway only when the outbox does not know.
CallResult<KnownFiling> FindFiling(const Surroundings& around, const Outbox& outbox,
                                   IntakeClient& client, const std::string& id);

// Says what the gateway's last answer leaves out by the policy on public access.
void SayNotShown(Output& out, const IntakeClient& client);

// Writes news into the outbox, and moves the entry to done/ when it has ended. An entry that
// somebody else works on is left to them; one that is unknown or done needs nothing.
Result<void> KeepNews(const Outbox& outbox, const std::optional<EntrySummary>& entry,
                      const FilingState& filing, WallTime now);

}  // namespace nightbox::client
