#include "client/upload_meter.h"

#include <algorithm>

namespace nightbox::client {
namespace {

constexpr std::int64_t kChunkBytes = 256 * 1024;
constexpr std::int64_t kSmallestChunkBytes = 4 * 1024;

}  // namespace

UploadMeter::UploadMeter(std::int64_t limit_rate, const Clock& clock, StopSignal& stop)
    : clock_(clock),
      stop_(stop),
      chunk_bytes_(limit_rate == 0 ? kChunkBytes
                                   : std::clamp(limit_rate / 10, kSmallestChunkBytes, kChunkBytes)),
      bucket_(limit_rate, chunk_bytes_) {}

bool UploadMeter::Await(std::int64_t bytes) {
  const Microseconds wait = bucket_.Take(bytes, clock_.BootNow());
  return wait.count() == 0 ? !stop_.raised() : stop_.Wait(wait);
}

void UploadMeter::Sent(std::int64_t bytes, std::int64_t position) {
  bytes_sent_ += bytes;
  if (progress_) progress_(position);
}

}  // namespace nightbox::client
