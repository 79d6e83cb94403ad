#include "replay/stored_documents.h"

#include <utility>
#include <vector>

#include "store/extent_reader.h"
#include "store/record.h"

namespace nightbox {
namespace {

// Held filings carry this as their reason: it is read by the person who is to mend it.
Error Damaged(const Digest& sha256, const std::string& where) {
  return {ErrorCode::kDataLoss,
          "document " + sha256.Hex() + " is damaged (" + where +
              "): have its filer send the same file again, then release the filing",
          "DOCUMENT_BYTES_LOST"};
}

class StoredDocuments final : public DocumentSource {
 public:
  struct Stored {
    Digest sha256;
    std::unique_ptr<ExtentReader> reader;
  };

  StoredDocuments(SystemName system, std::vector<Stored> documents, DamageFound on_damage)
      : system_(std::move(system)),
        documents_(std::move(documents)),
        on_damage_(std::move(on_damage)) {}

  Result<std::string> Read(std::size_t document_index, std::int64_t offset,
                           std::size_t max) override {
    const Stored& document = documents_.at(document_index);
    std::string bytes;
    while (bytes.size() < max) {
      const auto piece = document.reader->Read(offset + static_cast<std::int64_t>(bytes.size()),
                                               max - bytes.size());
      if (!piece && document.reader->damaged()) {
        const std::string& where = piece.error().message;
        on_damage_({system_, document.sha256, *document.reader->damaged(), where, {}});
        return Damaged(document.sha256, where);
      }
      if (!piece) return piece.error();
      if (piece->empty()) break;
      bytes += *piece;
    }
    return bytes;
  }

 private:
  const SystemName system_;
  const std::vector<Stored> documents_;
  const DamageFound on_damage_;
};

}  // namespace

Result<std::shared_ptr<DocumentSource>> OpenStoredDocuments(const View& view,
                                                            SegmentFiles& segments,
                                                            const FilingSnapshot& filing,
                                                            DamageFound on_damage) {
  std::vector<StoredDocuments::Stored> documents;
  for (const Document& document : filing.record.header.documents) {
    NB_ASSIGN_OR_RETURN(const auto stored,
                        FindDocument(view, filing.record.system, document.sha256));
    if (stored && stored->damaged_extents_size() > 0)
      return Damaged(document.sha256, "not sent again yet");
    if (!stored || !stored->complete()) {
      return Error{ErrorCode::kDataLoss, "a document of the filing is not there"};
    }
    documents.push_back({document.sha256, std::make_unique<ExtentReader>(
                                              segments, record::ReadExtents(stored->extents()))});
  }
  return std::shared_ptr<DocumentSource>(std::make_shared<StoredDocuments>(
      filing.record.system, std::move(documents), std::move(on_damage)));
}

}  // namespace nightbox
