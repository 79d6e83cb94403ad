// The last days a receipt names for the motion of the court system's rule on unavailability (in
// Missouri Rule 103.06(b)): computed once, when it is made, and from then on words like all others
// on it. A later version of the rules changes no receipt.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "evidence/receipt.h"

namespace nightbox {

struct DeadlineRules;

// A client's clock that says it tried earlier than this before the gateway heard of it is not
// believed.
inline constexpr Microseconds kAssertedTryMax = std::chrono::hours(366 * 24);

// Fills in last_days, last_day_rule and unavailability_rule from the attempts, the time of receipt,
// the court, its zone and the reach of its case system, which must stand in the facts already.
// `client_first_tried_at` is the client's own word: it adds a reading if it lies on an earlier day.
// Leaves them empty when the rules say nothing of that day; a rule that gives no days for a motion
// is named with one day that is "not known", and why. Nothing fails: no filing is refused for this.
// Thread-safe.
void AddLastDays(const DeadlineRules& rules, std::optional<WallTime> client_first_tried_at,
                 ReceiptFacts& facts);

// What they are, on every view: where an attempt may have failed, and where none is known to have.
inline constexpr std::string_view kLastDayMeaning =
    "A computation, neither a ruling nor a legal conclusion; it extends no deadline. It takes the "
    "attempt recorded here for an unsuccessful one, as which it counts if the court does not take "
    "this receipt for filing.";
inline constexpr std::string_view kLastDayMeaningIfReceived =
    "A computation, neither a ruling nor a legal conclusion; it extends no deadline. Nothing here "
    "says that an attempt failed: the days matter only if the court does not take this receipt for "
    "filing.";
// The one that the facts have.
std::string_view MeaningOf(const ReceiptFacts& facts);

// "Last day under Rule 103.06": the heading above them, by the rule that holds in the court system.
std::string LastDayHeading(const ReceiptFacts& facts);

// The words of one: "the first unsuccessful attempt (as the filer's software says), leaving out
// days on which the court is closed", and "Thursday 11 July 2024" or why there is no day.
std::string CountedFromWords(const ReceiptLastDay& last_day);
std::string LastDayWords(const ReceiptLastDay& last_day);

// " Last day for the motion, unconfirmed: …", to follow the notice; empty for none.
std::string LastDayNotice(const std::vector<ReceiptLastDay>& last_days);

}  // namespace nightbox
