// The receipt: the facts of one filing, and the exact bytes a filer holds in hand.
//
// The bytes are specified in docs/formats/receipt.md and pinned by golden files. They are made once
// and never again: rendering is for the committer, parsing is for whoever checks or shows them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"
#include "core/filing.h"
#include "core/ids.h"
#include "core/result.h"
#include "rules/stated.h"

namespace nightbox {

// Whose time of receipt is the filing's: only the court decides.
enum class ReceiptAuthority { kUndecided = 0, kGateway = 1, kCaseSystem = 2 };

// What was known of the court's case system when the receipt was made.
enum class CaseSystemReach { kUnknown = 0, kReachable = 1, kNotReachable = 2 };

struct ReceiptClock {
  bool synchronized = false;
  // Empty: no bound is known.
  std::optional<Microseconds> max_error;
  // For example "adjtimex".
  std::string source;
  std::uint32_t epoch = 0;

  bool operator==(const ReceiptClock&) const = default;
};

// On this request_id, up to and with this one.
struct ReceiptAttempts {
  std::uint64_t count = 1;
  WallTime first_at;
  std::vector<AttemptId> ids;

  bool operator==(const ReceiptAttempts&) const = default;
};

struct ReceiptLogPosition {
  std::string origin;
  std::string log_id;
  std::uint64_t sequence = 0;
  std::uint64_t leaf_index = 0;
  // LogSigner::verifier_key(). Empty: not stated.
  std::string key;
  // The whole signed note. Empty: there was none yet.
  std::optional<std::string> checkpoint_before;

  bool operator==(const ReceiptLogPosition&) const = default;
};

// The last day for the motion of the rule on unavailability (in Missouri Rule 103.06(b)), under one
// reading of the rule and the calendar.
struct ReceiptLastDay {
  // "the first unsuccessful attempt".
  std::string counted_from;
  // Whose word that day rests on, or why there is none. Empty: nothing to remark.
  std::string remark;
  // LayerWord() of rules/periods.h. Empty: the day is not known.
  std::string calendar;
  // "2024-07-11" or "not known".
  std::string last_day;
  bool unconfirmed = true;

  bool operator==(const ReceiptLastDay&) const = default;
};

// What the last days were computed by.
struct ReceiptLastDayRule {
  // The rule, its version, the days and the way of counting, in words.
  std::string rule;
  // DeadlineRules::version: which data gave it.
  std::string rules_version;
  // What of the rule nobody has confirmed, in words.
  std::vector<std::string> unconfirmed;
  // What the days are, on every view. Empty: kLastDayMeaning of evidence/receipt_last_day.h.
  std::string meaning = {};

  bool operator==(const ReceiptLastDayRule&) const = default;
};

struct ReceiptFacts {
  std::string gateway;
  FilingId filing_id;
  RequestId request_id;
  std::string court_name;
  // IANA name. One the database does not know is printed in UTC.
  std::string time_zone;

  // Empty: it did not happen.
  std::optional<WallTime> attempt_opened_at;
  std::optional<WallTime> first_byte_at;
  std::optional<WallTime> last_byte_at;
  // Arrival of CreateFiling.
  WallTime received_at;
  WallTime committed_at;
  ReceiptClock clock;

  // "D1", "D2" or "D3": what was reached.
  std::string durability_class = "D1";
  // Where the copies are, in words, for example "gateway A7".
  std::vector<std::string> copies;
  CaseSystemReach case_system = CaseSystemReach::kUnknown;

  SystemName system;
  UserId registered_user;
  std::string staff;
  FilingHeader header;
  // As the header's documents, beside it because the filer does not state them. Empty: not known,
  // as of all that are not there.
  std::vector<std::optional<std::uint32_t>> document_pages;
  // Of an existing case, beside the number as typed. Empty: it has no known form.
  std::string canonical_case_number;
  Digest fingerprint;
  Digest delivery_key;
  ReceiptAttempts attempts;
  std::vector<Warning> warnings;

  // As the court's policy has it; what of it counts: CountedAuthority.
  ReceiptAuthority authority = ReceiptAuthority::kUndecided;
  // Of the court's order. Without one, kGateway is printed as UNDECIDED.
  std::string authority_citation;
  // Of the authority. Empty: not stated, as on receipts of before it was, which are read as they
  // were written. With any other than kConfirmed, kGateway is printed as UNDECIDED.
  std::optional<Standing> authority_standing;
  // The policy gives the gateway's time authority and nobody has confirmed it: `authority` is
  // kUndecided, and the receipt says so.
  bool gateway_unconfirmed = false;
  std::string policy_version;
  // How the rule on unavailable electronic filing is cited that holds in the court system:
  // "Rule 103.06". In the notice, so not printed where the authority is kGateway. Empty: none is
  // known, and the notice names none.
  std::string unavailability_rule;
  // Printed unless the authority is kGateway (evidence/receipt_last_day.h). Empty: printed as not
  // computed.
  std::vector<ReceiptLastDay> last_days;
  std::optional<ReceiptLastDayRule> last_day_rule;

  ReceiptLogPosition log;
  // 256 fresh random bits.
  Digest salt;

  bool operator==(const ReceiptFacts&) const = default;
};

// Whose time counts by these facts: kGateway only by an order that is cited and, where its standing
// is stated, confirmed.
ReceiptAuthority CountedAuthority(const ReceiptFacts& facts);

// The exact bytes of receipt.json. Equal facts, equal bytes. Never fails: whatever is odd about the
// facts is printed as it is.
std::string RenderReceipt(const ReceiptFacts& facts);

inline constexpr std::size_t kReceiptMaxBytes = 4 * 1024 * 1024;

// Reads a receipt of this format, whatever members were added since. Says nothing about whether it
// is genuine (evidence/verify.h). kInvalidArgument names the member that is missing or wrong.
Result<ReceiptFacts> ParseReceipt(std::string_view receipt_json);

// The parts of the receipt's plain words, for views of it.
std::string ReceiptSentence(const ReceiptFacts& facts);
// Empty when the court gave the gateway's time authority.
std::string ReceiptNotice(const ReceiptFacts& facts);

}  // namespace nightbox
