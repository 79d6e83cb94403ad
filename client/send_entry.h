// Sending one outbox entry with a person or a program looking on: what `nightbox file` and
// `nightbox outbox resume` have in common.
#pragma once

#include <chrono>

#include "client/commands.h"
#include "client/intake_client.h"
#include "client/outbox.h"
#include "client/sender.h"

namespace nightbox::client {

// Sends the entry, says how it goes, and puts the outcome into the output's members; finishes
// nothing. Precondition: entry.next_step() is kSend.
ExitCode SendEntry(const Surroundings& around, const Outbox& outbox, IntakeClient& client,
                   const std::string& root_pem, OutboxEntry& entry, std::int64_t limit_rate,
                   std::chrono::milliseconds timeout);

// Says where an entry stands that needs no sending, and puts it into the output's members. Of both:
// a filing that has its receipt is done, unless it has been returned, withdrawn or terminated
// since.
ExitCode TellEntry(const Surroundings& around, const EntrySummary& entry);

}  // namespace nightbox::client
