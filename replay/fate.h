// What may become of a delivery, a question or a probe: the words that the case system's
// implementations, the replayer and the planner share.
//
// What matters most is the line between "known not to be recorded" (the filing is pending again,
// anywhere) and "unknown" (the filing is uncertain, and only its consistency group can say).
#pragma once

#include <string>
#include <vector>

#include "core/ids.h"

namespace nightbox {

enum class DeliveryFate {
  // The case system has it, whichever answer it gave.
  kSettled,

  // ---- Known not to be recorded ----
  kNotStarted,     // The endpoint was not reached: nothing had left.
  kPushback,       // Not now, says the case system.
  kCourtAway,      // The endpoint answered that this court is away.
  kNotRecorded,    // The case system answered that it does not take the filing.
  kBrokenOff,      // The connection broke while documents it waits for had not been sent.
  kStalled,        // The same for want of an answer in time.
  kUndeliverable,  // Cannot succeed by repeating: a document that cannot be read, a conflict.
  kNotRunnable,    // The store says it may not go now: withdrawn, held, settled.

  // ---- Unknown ----
  kUnknownLost,  // The connection broke when the case system may have had all it needs.
  kUnknownLate,  // No answer in time.
};

enum class QueryFate {
  kSettled,      // It was recorded.
  kNotFound,     // It was not, and is not under way, says its group.
  kUnreachable,  // The endpoint was not reached, or broke off.
  kNoAnswer,     // No usable answer.
};

// What an endpoint said to a probe.
struct ProbeReport {
  bool reachable = false;
  // Endpoints with the same value share one consistent record.
  std::string consistency_group = {};
  // Courts it does not name are taken to be away.
  std::vector<CourtId> available = {};
};

// For logs: "settled", "unknown: late".
const char* ToString(DeliveryFate fate);
const char* ToString(QueryFate fate);

}  // namespace nightbox
