// Where a filing stands, and the view of it that readers get.
//
// Two axes, never one enum: delivery is what Nightbox did, review is what the court did. One
// published map (ClassOf) takes both to the classes of the balance:
//   received = docketed + returned + withdrawn + duplicate_of + terminated + held + pending +
//   uncertain; tests apart.
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

namespace nightbox {

enum class Delivery {
  kUnspecified = 0,
  kPending = 1,
  kUncertain = 2,
  kSubmitted = 3,
  kHeld = 4,
  kDuplicateOf = 5,
  kWithdrawn = 6,
  kTerminated = 7,
  kTest = 8
};

enum class BalanceClass {
  kDocketed,
  kReturned,
  kWithdrawn,
  kDuplicateOf,
  kTerminated,
  kHeld,
  kPending,
  kUncertain,
  kTest
};
inline constexpr int kBalanceClasses = 9;

struct FilingState {
  std::uint64_t filing_sequence = 0;
  FilingId filing_id;
  CourtId court;
  Delivery delivery = Delivery::kUnspecified;
  // What the court said last; review is its state.
  std::optional<CourtRecord> record;
  // The endpoint group that alone can settle an uncertain delivery.
  std::string consistency_group;
  // The clerk's words on a return, or why it is held.
  std::string reason;
  std::string owner;
  bool withdrawal_requested = false;
  // Which queue it stands in: an HMAC, never a case number.
  Digest case_key;
  Digest delivery_key;
  WallTime received_at;
  bool opens_case = false;
  SystemName system;
  UserId user;
  // The entry that changed it last.
  std::uint64_t changed_sequence = 0;
  // What it was before it was held.
  Delivery held_from = Delivery::kUnspecified;
  std::uint32_t deliveries_started = 0;
};

// The published map from the two axes to the balance. A submitted filing that no clerk has reviewed
// is pending: for its filer nothing is settled.
BalanceClass ClassOf(const FilingState& state);
// "docketed", "returned", "duplicate_of", …
std::string_view ToWord(BalanceClass which);

// Its story is over: nothing that the court or anybody says moves it any more, as far as Nightbox
// knows.
bool HasEnded(const FilingState& state);

// True when the filing no longer stands in its case's queue: the case goes on.
bool LeavesCaseQueue(const FilingState& state);

struct AttemptSummary {
  AttemptId first_attempt_id;
  std::optional<WallTime> first_at;
  std::uint64_t count = 0;
  std::vector<AttemptId> attempt_ids;  // The first eight.
};

// What was received, as it was journaled.
struct FilingRecord {
  FilingId filing_id;
  RequestId request_id;
  SystemName system;
  UserId user;
  std::string staff;
  Digest delivery_key;
  Digest fingerprint;
  FilingHeader header;
  WallTime received_at;
  WallTime attempt_opened_at;
  std::optional<WallTime> first_byte_at;
  std::optional<WallTime> last_byte_at;
  std::optional<WallTime> client_authorized_at;
  std::optional<WallTime> client_first_tried_at;
  std::vector<std::string> possibly_received_by;
  std::vector<Warning> warnings;
  std::string policy_version;
};

struct FilingSnapshot {
  std::uint64_t sequence = 0;
  WallTime committed_at;
  FilingRecord record;
  FilingState state;
  // The exact signed bytes.
  std::string receipt_json;
  std::string receipt_p7s;
};

struct Balance {
  std::uint64_t received = 0;
  // Indexed by BalanceClass.
  std::uint64_t classes[kBalanceClasses] = {};

  std::uint64_t Of(BalanceClass which) const { return classes[static_cast<int>(which)]; }
  // The equation at the top of this file.
  bool Holds() const;
};

}  // namespace nightbox
