#include "gateway/disk_watch.h"

namespace nightbox {

DiskState DiskStateFor(std::uint64_t free_bytes, const CapacityConfig& capacity) {
  if (free_bytes < static_cast<std::uint64_t>(capacity.disk_reserve_filings_bytes)) {
    return DiskState::kNoFilings;
  }
  if (free_bytes < static_cast<std::uint64_t>(capacity.disk_reserve_uploads_bytes)) {
    return DiskState::kNoUploads;
  }
  return DiskState::kPlenty;
}

DiskWatch::DiskWatch(Disk& disk, const GatewayConfig& config)
    : disk_(disk), directory_(config.data_directory.string()), capacity_(config.capacity) {
  Look();
}

void DiskWatch::Look() {
  const auto free = disk_.FreeBytes(directory_);
  if (!free) return;
  free_bytes_ = *free;
  state_ = DiskStateFor(*free, capacity_);
}

}  // namespace nightbox
