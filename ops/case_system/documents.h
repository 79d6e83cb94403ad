// The documents' bytes: each is a file named by its SHA-256, there whole and checked or not at all.
//
// What arrives is spooled to a file, never to memory. Nothing gets its final name before its size
// and hash are right and it is synced; what was being spooled at a crash is removed at the next
// start. Any thread; one IncomingDocument by one thread at a time.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "core/sha256.h"

namespace nightbox {

class IncomingDocument {
 public:
  ~IncomingDocument();  // Removes what was not kept.
  IncomingDocument(const IncomingDocument&) = delete;
  IncomingDocument& operator=(const IncomingDocument&) = delete;

  // Takes the next bytes. Refuses an offset that is not where the last bytes ended, and bytes
  // beyond the size, with kInvalidArgument; whole bytes with another hash with kDataLoss.
  Result<bool> Append(std::int64_t offset, std::string_view data);
  bool IsWhole() const { return whole_; }

 private:
  friend class DocumentStore;
  IncomingDocument(std::filesystem::path path, int file, std::int64_t size, const Digest& digest)
      : path_(std::move(path)), file_(file), size_(size), digest_(digest) {}
  Result<bool> CheckWhole();

  const std::filesystem::path path_;
  const int file_;
  const std::int64_t size_;
  const Digest digest_;
  Sha256Stream hash_;
  std::int64_t written_ = 0;
  bool whole_ = false;
};

class DocumentStore {
 public:
  // Makes DIR/documents and DIR/spool, and empties the spool.
  static Result<std::unique_ptr<DocumentStore>> Open(const std::filesystem::path& data_directory);

  bool Has(const Digest& digest) const;
  Result<std::unique_ptr<IncomingDocument>> Begin(const Digest& digest, std::int64_t size);
  // Gives whole documents their names; on disk when it returns.
  Result<bool> Keep(const std::vector<std::unique_ptr<IncomingDocument>>& documents);

 private:
  explicit DocumentStore(const std::filesystem::path& data_directory)
      : documents_(data_directory / "documents"), spool_(data_directory / "spool") {}

  const std::filesystem::path documents_;
  const std::filesystem::path spool_;
  std::atomic<std::uint64_t> next_spool_file_{1};
};

}  // namespace nightbox
