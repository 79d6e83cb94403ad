// Where everything lies in RocksDB: one column family, one prefix byte per kind
// (docs/formats/journal.md has the table).
//
// One column family on purpose: with several, a torn log can leave one ahead of the other
// (facebook/rocksdb issue 7784). No key holds a name, a case number or a title; what would need one
// is an HMAC under the installation key.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/ids.h"

namespace nightbox::keys {

// ---- The ledger ----
std::string Entry(std::uint64_t sequence);
std::string TreeNode(std::uint32_t level, std::uint64_t index);
inline constexpr std::string_view kMeta = "M";
inline constexpr std::string_view kInstallationKey = "K";
// "0" while the current clock epoch is one that began with a step.
inline constexpr std::string_view kClockTrusted = "Y";
// How many commits were made, this one included: each rewrites it, and the head file promises it.
inline constexpr std::string_view kCommits = "c";

// ---- Projections ----
std::string FilingByDeliveryKey(const Digest& delivery_key);
std::string FilingById(const FilingId& filing_id);
std::string State(std::uint64_t filing_sequence);
std::string Attempt(const Digest& delivery_key);
// A user's filings, newest first.
std::string UserPrefix(const SystemName& system, const UserId& user);
std::string UserFiling(const SystemName& system, const UserId& user, std::uint64_t filing_sequence);
// The filings of a case that are not done with it, oldest first.
std::string CaseQueuePrefix(const Digest& case_key);
std::string CaseQueue(const Digest& case_key, std::uint64_t filing_sequence);
// The one runnable filing of a case, if its head is pending.
std::string CaseHead(const Digest& case_key);
// The consistency group that the waiting filings of a case must stay in.
std::string CaseGroup(const Digest& case_key);
// The numbers the court gave a case that began here.
std::string CaseNumbers(const Digest& case_key);
// A case number that came out of a filing here: its queue is the opener's.
std::string CaseAlias(const Digest& number_key);
std::string RunnablePrefix(const CourtId& court);
std::string Runnable(const CourtId& court, std::uint64_t filing_sequence);
std::string UncertainPrefix();
std::string Uncertain(std::uint64_t filing_sequence);
// Withdrawals to be passed on to the court.
std::string WithdrawalPrefix();
std::string Withdrawal(std::uint64_t filing_sequence);
// Empty court: the whole.
std::string BalanceOf(const CourtId& court);
std::string BalancePrefix();
std::string Cursor(std::string_view case_system);
std::string Checkpoint();
std::string Package(std::uint64_t filing_sequence);

// The latest act of this name, of those that are journaled only when they say something new:
// sequence and digest of its words.
std::string LatestAct(std::string_view name);

// ---- The document index ----
std::string DocumentPrefix();
std::string Document(const SystemName& system, const Digest& sha256);
// How many bytes a system has stored that no filing refers to.
std::string UnusedBytes(const SystemName& system);
// How far a segment is referred to: what lies behind may be cut off at the next start.
std::string SegmentEndPrefix();
std::string SegmentEnd(std::uint64_t segment);

// An extent that the index has let go and that is not known to be punched; the value is its size.
std::string FreedPrefix();
std::string Freed(std::uint64_t segment, std::uint64_t offset);
// Segments below this number hold nothing that nobody refers to, but for the list above.
inline constexpr std::string_view kSweptBelow = "g";

// The number at the end of a key that ends in one.
std::uint64_t TrailingNumber(std::string_view key);
// The court in the key of a balance or a runnable entry.
CourtId CourtOf(std::string_view key);

}  // namespace nightbox::keys
