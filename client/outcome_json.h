// outcome.json and the lines of attempts.jsonl (docs/nightbox-command.md, "The outbox on disk").
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "client/outbox.h"

namespace nightbox {

std::string OutcomeToJson(const Outcome& outcome);
// kDataLoss when it is not what OutcomeToJson writes.
Result<Outcome> OutcomeFromJson(std::string_view text);

std::string AttemptToJson(const AttemptNote& note);
// nullopt for a line that a crash cut short.
std::optional<AttemptNote> AttemptFromJson(std::string_view line);

}  // namespace nightbox
