// The acceptance of unconfirmed values, journaled: who answered for which of them, from when on.
#pragma once

#include "core/result.h"
#include "rules/court_system.h"
#include "store/committer.h"

namespace nightbox {

// The act as it is journaled. The system has an acceptance, of its values (CheckAccepted).
RecordOperatorAct AcceptanceAct(const CourtSystem& system);

// Returns once it is durable. Journaled when it is not the one that was journaled last: however
// often a gateway starts there is one entry, and an acceptance that comes back after another has an
// entry of its own. Where nothing is unconfirmed there is nothing to journal.
Result<void> JournalAcceptance(const CourtSystem& system, Committer& committer);

}  // namespace nightbox
