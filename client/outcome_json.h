// outcome.json and the lines of attempts.jsonl (docs/nightbox-command.md, "The outbox on disk").
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "client/outbox.h"

namespace nightbox::client {

// A filing without its receipt and warnings; the same members in outcome.json and in --json.
boost::json::object FilingToJson(const FilingState& filing);

std::string OutcomeToJson(const Outcome& outcome);
// kDataLoss when it is not what OutcomeToJson writes.
Result<Outcome> OutcomeFromJson(std::string_view text);

std::string AttemptToJson(const AttemptNote& note);
// nullopt for a line that a crash cut short.
std::optional<AttemptNote> AttemptFromJson(std::string_view line);

}  // namespace nightbox::client
