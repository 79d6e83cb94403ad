// DiskWatch: how much room is left, and what may therefore still be taken.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "gateway/admission.h"
#include "gateway/config.h"
#include "store/disk.h"

namespace nightbox {

// Uploads stop first, then filings; what is free is still room for settlements and the log. Pure.
DiskState DiskStateFor(std::uint64_t free_bytes, const CapacityConfig& capacity);

class DiskWatch {
 public:
  // `disk` outlives it. Looks once.
  DiskWatch(Disk& disk, const GatewayConfig& config);

  // On the loop. A disk that cannot be asked stays as it was last seen.
  void Look();

  // Any thread.
  DiskState state() const { return state_; }
  std::uint64_t free_bytes() const { return free_bytes_; }

 private:
  Disk& disk_;
  const std::string directory_;
  const CapacityConfig capacity_;
  std::atomic<DiskState> state_ = DiskState::kPlenty;
  std::atomic<std::uint64_t> free_bytes_ = 0;
};

}  // namespace nightbox
