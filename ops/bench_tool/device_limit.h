// The device's limit: what appending and syncing alone can do, with nothing around it.
#pragma once

#include <cstdint>
#include <filesystem>

#include "core/clock.h"
#include "core/result.h"

namespace nightbox::bench {

struct DeviceLoad {
  // A file of its own is made here and removed afterwards.
  std::filesystem::path directory;
  std::size_t piece_bytes = 100'000;
  // Pieces that share one fdatasync: what as many clients at once could share at best.
  int group = 1;
  Microseconds duration = std::chrono::seconds(1);
};

// Durable pieces per second: each written after the one before into reserved space, padded to 4
// KiB as documents are; one fdatasync a group.
Result<double> MeasureDevice(const DeviceLoad& load, const Clock& clock);

}  // namespace nightbox::bench
