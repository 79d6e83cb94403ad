#include "ops/case_system/documents.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/check.h"

namespace nightbox {
namespace {

Error Failed(std::string_view doing) {
  return Error{ErrorCode::kUnavailable,
               "the case system's document store: " + std::string(doing) + ": " +
                   std::generic_category().message(errno),
               "DOCUMENT_STORE"};
}

Error Refused(std::string_view why) {
  return Error{ErrorCode::kInvalidArgument, std::string(why), "DOCUMENT_CHUNK", "chunk"};
}

Result<bool> SyncDirectory(const std::filesystem::path& directory) {
  const int opened = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return Failed("open directory");
  const bool synced = fsync(opened) == 0;
  close(opened);
  if (!synced) return Failed("sync directory");
  return true;
}

}  // namespace

IncomingDocument::~IncomingDocument() {
  close(file_);
  unlink(path_.c_str());  // After Keep the name is gone and this does nothing.
}

Result<bool> IncomingDocument::Append(std::int64_t offset, std::string_view data) {
  if (whole_) return Refused("the document is whole already");
  if (offset != written_) return Refused("the bytes do not follow the last ones");
  if (static_cast<std::int64_t>(data.size()) > size_ - written_) {
    return Refused("there are more bytes than the document's size says");
  }
  hash_.Update(data);
  while (!data.empty()) {
    const ssize_t wrote = pwrite(file_, data.data(), data.size(), written_);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return Failed("write");
    written_ += wrote;
    data.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return CheckWhole();
}

Result<bool> IncomingDocument::CheckWhole() {
  if (written_ < size_) return true;
  if (hash_.Finish() != digest_) {
    return Error{ErrorCode::kDataLoss, "a document's bytes are not what its SHA-256 says",
                 "DOCUMENT_HASH"};
  }
  whole_ = true;
  return true;
}

Result<std::unique_ptr<DocumentStore>> DocumentStore::Open(
    const std::filesystem::path& data_directory) {
  std::unique_ptr<DocumentStore> store(new DocumentStore(data_directory));
  std::error_code error;
  std::filesystem::remove_all(store->spool_, error);
  if (!error) std::filesystem::create_directories(store->spool_, error);
  if (!error) std::filesystem::create_directories(store->documents_, error);
  if (error) {
    return Error{ErrorCode::kUnavailable, "the case system's document store: " + error.message(),
                 "DOCUMENT_STORE"};
  }
  NB_RETURN_IF_ERROR(SyncDirectory(data_directory));
  return store;
}

bool DocumentStore::Has(const Digest& digest) const {
  return access((documents_ / digest.Hex()).c_str(), F_OK) == 0;
}

Result<std::unique_ptr<IncomingDocument>> DocumentStore::Begin(const Digest& digest,
                                                               std::int64_t size) {
  const std::filesystem::path path = spool_ / std::to_string(next_spool_file_++);
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return Failed("create");
  std::unique_ptr<IncomingDocument> document(new IncomingDocument(path, file, size, digest));
  NB_RETURN_IF_ERROR(document->CheckWhole());  // An empty document is whole at once.
  return document;
}

Result<bool> DocumentStore::Keep(const std::vector<std::unique_ptr<IncomingDocument>>& documents) {
  for (const auto& document : documents) {
    NB_CHECK(document->IsWhole());
    if (fdatasync(document->file_) != 0) return Failed("sync");
    const std::filesystem::path name = documents_ / document->digest_.Hex();
    // Two deliveries of one document end in the same bytes, whichever comes last.
    if (rename(document->path_.c_str(), name.c_str()) != 0) return Failed("rename");
  }
  if (documents.empty()) return true;
  return SyncDirectory(documents_);
}

}  // namespace nightbox
