// FilingState: a filing as its filer sees it, as a plain struct.
//
// The fields are those of nightbox.intake.v1.Filing; client/intake_codec.h converts. What the
// outbox does with a filing follows from Concludes().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/filing.h"
#include "core/ids.h"

namespace nightbox::client {

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

enum class Review { kUnspecified = 0, kRecorded = 1, kDocketed = 2, kReturned = 3, kWithdrawn = 4 };

// Exactly the bytes the gateway signed and the signature over them.
struct ReceiptBytes {
  std::string json;
  std::string p7s;
  // The evidence package. Empty until the gateway has made it.
  std::string zip;

  bool empty() const { return json.empty(); }
};

struct FilingState {
  FilingId filing_id;
  RequestId request_id;
  CourtId court;
  std::optional<WallTime> received_at;
  std::optional<WallTime> committed_at;
  Delivery delivery = Delivery::kUnspecified;
  Review review = Review::kUnspecified;
  std::string reason;
  std::vector<CaseNumber> case_numbers;
  std::string court_filing_id;
  std::optional<WallTime> filed_at;
  std::optional<WallTime> docketed_at;
  ReceiptBytes receipt;
  std::vector<Warning> warnings;
  std::uint64_t journal_sequence = 0;
  bool test = false;
  bool withdrawal_requested = false;
};

// How a filing ended, as far as its filer is concerned.
enum class Conclusion {
  // It has not ended: delivery or review is still to come.
  kNone = 0,
  kDocketed = 1,
  kReturned = 2,
  kWithdrawn = 3,
  kTerminated = 4,
  // Another gateway's copy was delivered; both receipts stand.
  kDuplicate = 5,
  // A test filing ends with its receipt.
  kTest = 6,
  // The gateway refused the content; nothing was received.
  kRefused = 7
};

// The court's word counts before ours: a filing that was docketed after all is docketed, whatever
// became of its delivery.
Conclusion Concludes(Delivery delivery, Review review);

// Lower-case words, the same in --json, in the outbox and in the documentation.
std::string_view ToWord(Delivery delivery);
std::string_view ToWord(Review review);
std::string_view ToWord(Conclusion conclusion);
std::optional<Delivery> DeliveryFromWord(std::string_view word);
std::optional<Review> ReviewFromWord(std::string_view word);
std::optional<Conclusion> ConclusionFromWord(std::string_view word);

}  // namespace nightbox::client
