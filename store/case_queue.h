// The queue of one case: who waits for whom.
//
// A case is an existing number, or a filing that opens it; later filings may name either. Both end
// in one queue: when the court gives the opener its number, that number becomes another name of the
// opener's queue. Keys are HMACs under the installation key, so that no case number is a key.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"
#include "store/group.h"

namespace nightbox {

// What stands for a number in keys. White space and small letters do not count.
Digest CaseNumberKey(const LedgerIdentity& identity, const CourtId& court,
                     const std::string& number);
// The queue a number leads to: its own, or that of the filing which opened the case here.
Result<Digest> CaseKeyOfNumber(const Group& group, const CourtId& court, const std::string& number);
// The queue of a case that `opener` opens.
Digest CaseKeyOfOpener(const Group& group, const FilingId& opener);

// The opener `after` has just come to its end. One number: it joins the queue, with whatever waits
// under it already. Several numbers, or none: every follower is held with the reason and its filer
// sees why.
Result<void> CloseOpening(Group& group, const FilingState& after);

// Why a filing that follows this opener cannot be delivered, if so: the case was not opened, or has
// several numbers.
std::optional<std::string> WhyFollowersAreHeld(const FilingState& opener);

}  // namespace nightbox
