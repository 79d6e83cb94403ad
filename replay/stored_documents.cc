#include "replay/stored_documents.h"

#include <utility>

namespace nightbox {
namespace {

class StoredDocuments final : public DocumentSource {
 public:
  explicit StoredDocuments(std::vector<std::unique_ptr<ExtentReader>> readers)
      : readers_(std::move(readers)) {}

  Result<std::string> Read(std::size_t document_index, std::int64_t offset,
                           std::size_t max) override {
    std::string bytes;
    while (bytes.size() < max) {
      NB_ASSIGN_OR_RETURN(
          const std::string piece,
          readers_.at(document_index)
              ->Read(offset + static_cast<std::int64_t>(bytes.size()), max - bytes.size()));
      if (piece.empty()) break;
      bytes += piece;
    }
    return bytes;
  }

 private:
  const std::vector<std::unique_ptr<ExtentReader>> readers_;
};

}  // namespace

Result<std::shared_ptr<DocumentSource>> OpenStoredDocuments(const View& view,
                                                            SegmentFiles& segments,
                                                            const FilingSnapshot& filing) {
  std::vector<std::unique_ptr<ExtentReader>> readers;
  for (const Document& document : filing.record.header.documents) {
    NB_ASSIGN_OR_RETURN(const auto stored,
                        FindDocument(view, filing.record.system, document.sha256));
    if (!stored || !stored->complete()) {
      return Error{ErrorCode::kDataLoss, "a document of the filing is not there"};
    }
    std::vector<StoredExtent> extents;
    extents.reserve(static_cast<std::size_t>(stored->extents_size()));
    for (const auto& extent : stored->extents()) {
      extents.push_back({extent.segment(), extent.offset(), extent.size(), extent.crc32c()});
    }
    readers.push_back(std::make_unique<ExtentReader>(segments, std::move(extents)));
  }
  return std::shared_ptr<DocumentSource>(std::make_shared<StoredDocuments>(std::move(readers)));
}

}  // namespace nightbox
