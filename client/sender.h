// Sender: takes one outbox entry to the gateway and does not let go before its receipt is here, or
// the gateway has refused it, or time is up, or the filer says stop.
//
// It may be run again on the same entry, by another process, after any of these: the request id and
// the bytes are the same, so the gateway gives the same receipt (R3). It claims success only after
// the receipt has been checked against what was sent and stored durably.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "client/backoff.h"
#include "client/call_failure.h"
#include "client/intake_client.h"
#include "client/outbox.h"
#include "client/receipt_check.h"
#include "client/upload_meter.h"
#include "core/clock.h"
#include "core/random.h"

namespace nightbox::client {

struct SendLimits {
  BackoffLimits backoff;
  // How long to go on trying without any progress. The entry stays in the outbox afterwards.
  std::chrono::milliseconds timeout = std::chrono::minutes(10);
  // Bytes per second; 0: as fast as it goes.
  std::int64_t limit_rate = 0;
};

// What happens on the way, for a progress bar or plain lines. Every function may be empty.
struct SendObserver {
  // `position` of the document's bytes are sent.
  std::function<void(std::size_t document, std::int64_t position)> on_progress;
  // An upload goes on from `position` instead of from the start.
  std::function<void(std::size_t document, std::int64_t position)> on_resume;
  // A try failed and is made again after `wait`.
  std::function<void(const CallFailure& failure, std::chrono::milliseconds wait)> on_retry;
};

struct SendReport {
  FilingState filing;
  ReceiptVerdict verdict;
};

// Counted whether the filing got through or not.
struct SendCounts {
  // Calls or uploads that were started over, the first included.
  std::uint64_t tries = 0;
  // Document bytes handed to the network, repeats and inline documents included.
  std::int64_t bytes_sent = 0;
  // Bytes that need not be sent, because the gateway had them.
  std::int64_t bytes_resumed = 0;
};

// One entry at a time.
class Sender {
 public:
  // A document that small may ride along with the request...
  static constexpr std::int64_t kInlineDocumentMax = 64 * 1024;
  // ...if all of them together are no larger.
  static constexpr std::int64_t kInlineFilingMax = 1024 * 1024;

  // All references outlive the sender. `root_pem`: the receipt root, or empty.
  Sender(IntakeClient& client, const Outbox& outbox, std::string root_pem, const Clock& clock,
         Random& random, StopSignal& stop, SendLimits limits, SendObserver observer = {});

  // Precondition: entry.next_step() is kSend.
  //
  // On success the receipt is in the entry, synced; an entry that has thereby ended (a test filing)
  // or was refused for its content is moved to done/. On any other failure the entry waits in the
  // outbox.
  CallResult<SendReport> Send(OutboxEntry& entry);

  const SendCounts& counts() const { return counts_; }

 private:
  CallResult<SendReport> SendOnce(OutboxEntry& entry);
  CallResult<FilingState> CreateInline(OutboxEntry& entry);
  CallResult<FilingState> UploadAndCreate(OutboxEntry& entry);
  CallResult<void> Upload(OutboxEntry& entry, std::size_t index, std::int64_t offset);
  CallResult<UploadState> AskHowFar(const Package& package, const Document& document);
  CallResult<SendReport> Accept(OutboxEntry& entry, const FilingState& filing);
  // Decides and waits. Without failure when the caller may try again.
  CallResult<void> WaitBeforeRetry(OutboxEntry& entry, const CallFailure& failure);
  bool MayStartOver(const CallFailure& failure) const;

  IntakeClient& client_;
  const Outbox& outbox_;
  std::string root_pem_;
  const Clock& clock_;
  StopSignal& stop_;
  SendLimits limits_;
  SendObserver observer_;
  Backoff backoff_;
  UploadMeter meter_;
  SendCounts counts_;
  BootTime give_up_at_{};
  int starts_over_left_ = 0;
};

}  // namespace nightbox::client
