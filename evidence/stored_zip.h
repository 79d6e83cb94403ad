// StoredZip: a zip whose entries are stored, written from front to back while nobody holds it
// whole.
//
// Names, sizes and CRCs of all entries are known before the first byte is written; the bytes
// themselves pass by. Fixed order, fixed times: the same entries make the same bytes. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace nightbox {

struct StoredZipEntry {
  // Plain ASCII, '/' between folders.
  std::string name;
  std::uint64_t size = 0;
  // ZipCrc of its bytes.
  std::uint32_t crc32 = 0;
};

class StoredZip {
 public:
  // What a zip can be without the extensions that not every program reads.
  static constexpr std::uint64_t kBytesMax = 4'000'000'000;
  static constexpr std::size_t kEntriesMax = 65'000;

  // kFailedPrecondition, reason RECORD_TOO_LARGE, when it would be larger.
  static Result<StoredZip> Plan(std::vector<StoredZipEntry> entries);

  const std::vector<StoredZipEntry>& entries() const { return entries_; }
  // Of the whole.
  std::uint64_t size() const { return size_; }
  // What goes before the bytes of an entry.
  std::string Header(std::size_t index) const;
  // What goes behind the last entry.
  std::string Directory() const;

 private:
  std::vector<StoredZipEntry> entries_;
  std::vector<std::uint64_t> offsets_;
  std::uint64_t directory_offset_ = 0;
  std::uint64_t size_ = 0;
};

// The CRC-32 of zip over bytes as they come.
class ZipCrc {
 public:
  void Update(std::string_view data);
  std::uint32_t Value() const { return ~state_; }

 private:
  std::uint32_t state_ = 0xffffffff;
};

}  // namespace nightbox
