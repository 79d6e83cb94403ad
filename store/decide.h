// Decide: what a draft becomes.
//
// Pure decisions over a Group: they read what is stored, refuse with an Error that leaves no trace,
// or write the entry and the projections that follow from it. No clock, no network, no disk of
// their own.
#pragma once

#include "core/result.h"
#include "store/draft.h"
#include "store/group.h"

namespace nightbox {

// Refusals the filer sees carry their reason from the error catalogue:
//   REQUEST_ID_REUSED     same request_id, other content; nothing changed
//   DOCUMENT_MISSING      a document is not completely stored; the field names its digest
//   OPENER_UNKNOWN        opened_by_filing_id is no filing of this user in this court
//   FILING_SETTLED        it has ended; nothing is left to withdraw, hold or terminate
//   NOT_IN_THIS_STATE     the act does not fit where the filing stands
Result<Outcome> Decide(Group& group, const Draft& draft);

// One per kind of draft, in decide_filing.cc, decide_delivery.cc and decide_document.cc.
Result<Outcome> DecideOne(Group& group, const ReceiveFiling& draft);
Result<Outcome> DecideOne(Group& group, const OpenAttempt& draft);
Result<Outcome> DecideOne(Group& group, const RefuseAttempt& draft);
Result<Outcome> DecideOne(Group& group, const SuppressAttempts& draft);
Result<Outcome> DecideOne(Group& group, const StartDelivery& draft);
Result<Outcome> DecideOne(Group& group, const SettleDelivery& draft);
Result<Outcome> DecideOne(Group& group, const ResolveDelivery& draft);
Result<Outcome> DecideOne(Group& group, const ChangeReview& draft);
Result<Outcome> DecideOne(Group& group, const HoldFiling& draft);
Result<Outcome> DecideOne(Group& group, const ReleaseFiling& draft);
Result<Outcome> DecideOne(Group& group, const WithdrawFiling& draft);
Result<Outcome> DecideOne(Group& group, const DropWithdrawal& draft);
Result<Outcome> DecideOne(Group& group, const TerminateFiling& draft);
Result<Outcome> DecideOne(Group& group, const ChangeAvailability& draft);
Result<Outcome> DecideOne(Group& group, const RecordOperatorAct& draft);
Result<Outcome> DecideOne(Group& group, const StoreExtent& draft);
Result<Outcome> DecideOne(Group& group, const RenewLease& draft);
Result<Outcome> DecideOne(Group& group, const DropDocument& draft);
Result<Outcome> DecideOne(Group& group, const QuarantineDocument& draft);
Result<Outcome> DecideOne(Group& group, const ForgetFreed& draft);
Result<Outcome> DecideOne(Group& group, const NoteSwept& draft);
Result<Outcome> DecideOne(Group& group, const KeepCheckpoint& draft);
Result<Outcome> DecideOne(Group& group, const KeepPackage& draft);

// Every extent that enters the index says how far its segment is referred to.
Result<void> NoteExtent(Group& group, const StoredExtent& extent);

// The index lets the extents go. They are punched later, by store/reclaimer.h; the list of them is
// durable with this commit, so that a crash in between forgets none.
void FreeExtents(Group& group, const std::vector<StoredExtent>& extents);

// Moves what a system has stored without any filing referring to it: what its upload quota is
// about.
Result<void> MoveUnusedBytes(Group& group, const SystemName& system, std::int64_t by);

// The wall clock was stepped: a new epoch begins, whose receipts say "unsynchronised" unless
// `trusted`.
void DecideClockChanged(Group& group, Microseconds step, bool trusted);

}  // namespace nightbox
