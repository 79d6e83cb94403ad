// The steps of `nightbox file`, whether it files one package or several that belong together: look
// at the files, put the filing into the outbox or find it there, send it, wait for the court.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "client/commands.h"
#include "client/header_options.h"
#include "client/intake_client.h"
#include "client/outbox.h"

namespace nightbox::client {

// What was prepared or found: an entry to send, or one that has been answered already.
struct Prepared {
  std::optional<OutboxEntry> entry;
  std::optional<EntrySummary> answered;

  const RequestId& request_id() const {
    return entry ? entry->package().request_id : answered->request_id;
  }
};

// Where everything is kept and sent; outlives the steps.
struct Filing {
  const Surroundings& around;
  Outbox& outbox;
  IntakeClient& client;
  const std::string& root_pem;
  std::int64_t limit_rate = 0;
};

// A slip in a path is found before anything is made here or sent.
Result<void> CheckSources(const std::vector<std::filesystem::path>& sources);

// The header with sizes, digests and kinds as the files are now, without copying them.
Result<FilingHeader> CompleteFromFiles(HeaderDraft draft);

// The package to put into the outbox; the outbox completes its header.
Package NewPackage(const Surroundings& around, const RequestId& request_id,
                   const FilingHeader& header);

// An entry made earlier under this request id, if its content is the same.
Result<Prepared> GoOnWithEarlier(const Outbox& outbox, const RequestId& request_id,
                                 const UserId& user, HeaderDraft draft);

// Sends it, or tells what is known of one that has been answered; its lock is free afterwards.
ExitCode SendPrepared(const Filing& filing, Prepared& prepared, std::chrono::milliseconds timeout);

// Until the court has spoken, or the time is up.
ExitCode WaitForCourt(const Filing& filing, const RequestId& request_id,
                      std::chrono::milliseconds timeout);

// Every check that needs no bytes, made by the gateway; nothing is stored anywhere. Puts what was
// found into the output's members.
ExitCode CheckOnly(const Surroundings& around, IntakeClient& client, HeaderDraft draft);

// One filing for each draft, all of them in the outbox before the first is sent, each sent by its
// own and reported with the others. Finishes the output.
ExitCode FileSeparately(const Filing& filing, const FileOptions& options,
                        std::vector<HeaderDraft> drafts);

}  // namespace nightbox::client
