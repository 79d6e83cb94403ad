// PosixDisk: the machine's file system.
//
// Files are made 0600 and directories 0700: filings are other people's. Holds no state, so it may
// be used from any thread; files and locks may outlive it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "store/disk.h"

namespace nightbox {

class PosixDisk : public Disk {
 public:
  Result<std::unique_ptr<DiskFile>> Open(const std::string& path, OpenMode mode) override;
  Result<FileStatus> Stat(const std::string& path) const override;
  Result<std::vector<std::string>> List(const std::string& directory) const override;
  Result<void> Rename(const std::string& from, const std::string& to) override;
  Result<void> Unlink(const std::string& path) override;
  Result<void> MakeDirectory(const std::string& path) override;
  Result<void> SyncDirectory(const std::string& path) override;
  Result<std::unique_ptr<DiskLock>> Lock(const std::string& path) override;
  Result<std::uint64_t> FreeBytes(const std::string& path) const override;
};

}  // namespace nightbox
