// UploadMeter: paces the bytes of an upload, counts them, and tells how far they are.
#pragma once

#include <cstdint>
#include <functional>

#include "client/stop_signal.h"
#include "client/token_bucket.h"
#include "core/clock.h"

namespace nightbox::client {

// One thread at a time.
class UploadMeter {
 public:
  // `position` bytes of the document are sent.
  using Progress = std::function<void(std::int64_t position)>;

  // `limit_rate` in bytes per second; 0: as fast as it goes.
  UploadMeter(std::int64_t limit_rate, const Clock& clock, StopSignal& stop);

  // What the next document's progress is told to.
  void set_progress(Progress progress) { progress_ = std::move(progress); }

  // How many bytes to send in one piece: 256 KiB, or about a tenth of a second's worth.
  std::int64_t chunk_bytes() const { return chunk_bytes_; }
  // Waits until `bytes` more may be sent; false when told to stop.
  bool Await(std::int64_t bytes);
  void Sent(std::int64_t bytes, std::int64_t position);

  // Document bytes handed to the network, repeats included.
  std::int64_t bytes_sent() const { return bytes_sent_; }

 private:
  const Clock& clock_;
  StopSignal& stop_;
  std::int64_t chunk_bytes_;
  TokenBucket bucket_;
  std::int64_t bytes_sent_ = 0;
  Progress progress_;
};

}  // namespace nightbox::client
