// SimDisk::File: one open file of a SimDisk.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "store/sim_disk.h"
#include "store/sim_node.h"

namespace nightbox {

class SimDisk::File : public DiskFile {
 public:
  File(SimDisk& disk, NodePtr node, std::string path, bool writable, std::uint64_t generation);

  Result<std::size_t> ReadAt(std::uint64_t offset, std::span<char> into) const override;
  Result<void> WriteAt(std::uint64_t offset, std::string_view data) override;
  Result<void> Sync() override;
  Result<void> Allocate(std::uint64_t offset, std::uint64_t length) override;
  Result<void> Punch(std::uint64_t offset, std::uint64_t length) override;
  Result<void> Truncate(std::uint64_t size) override;
  Result<std::uint64_t> Size() const override;

 private:
  Result<void> Usable(std::string_view call) const;
  Result<void> Change(std::string_view call, DiskOperation operation,
                      const std::function<Result<void>()>& act);

  SimDisk& disk_;
  const NodePtr node_;
  const std::string path_;
  const bool writable_;
  const std::uint64_t generation_;
};

}  // namespace nightbox
