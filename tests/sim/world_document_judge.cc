#include "tests/sim/world_document_judge.h"

#include <algorithm>

#include "core/sha256.h"
#include "store/key_reader.h"
#include "store/record.h"
#include "tests/sim/sim_documents.h"

namespace nightbox {
namespace {

std::string NameOf(const WorldModel::DocumentKey& key) {
  return "document " + key.second.Hex().substr(0, 8) + " of " + key.first.str();
}

}  // namespace

bool DocumentJudge::AnyRotted(const std::vector<StoredExtent>& extents) const {
  return std::any_of(extents.begin(), extents.end(), [&](const StoredExtent& extent) {
    return rotted_.contains({extent.segment, extent.offset});
  });
}

std::optional<std::string> DocumentJudge::ReadBytes(
    const std::vector<StoredExtent>& extents) const {
  std::string bytes;
  for (const StoredExtent& extent : extents) {
    const auto file =
        disk_.Open(SimDocuments::SegmentPath(directory_, extent.segment), OpenMode::kRead);
    if (!file && file.error().code == ErrorCode::kNotFound) return "";
    if (!file) return std::nullopt;
    std::string part(extent.size, '\0');
    const auto got = (*file)->ReadAt(extent.offset, part);
    if (!got) return std::nullopt;
    bytes += part.substr(0, *got);
  }
  return bytes;
}

std::optional<std::string> DocumentJudge::CheckOne(const View& view, const WorldModel& model,
                                                   const WorldModel::DocumentKey& key) const {
  const auto document = FindDocument(view, key.first, key.second);
  if (!document) return NameOf(key) + " cannot be looked up: " + document.error().message;
  if (!*document) return NameOf(key) + " is not in the index, and a receipt stands for it";
  if ((*document)->references() != model.documents().at(key)) {
    return "the index counts " + std::to_string((*document)->references()) + " filings of " +
           NameOf(key) + ", and there are " + std::to_string(model.documents().at(key));
  }
  if (!(*document)->complete()) {
    if (model.quarantined().contains(key) && (*document)->damaged_extents_size() > 0)
      return std::nullopt;
    return NameOf(key) + " is not whole, and a receipt stands for it";
  }
  const std::vector<StoredExtent> extents = record::ReadExtents((*document)->extents());
  const auto bytes = ReadBytes(extents);
  if (!bytes || AnyRotted(extents)) return std::nullopt;
  const bool whole = static_cast<std::int64_t>(bytes->size()) == (*document)->size_bytes() &&
                     Sha256(*bytes) == key.second;
  if (whole) return std::nullopt;
  return NameOf(key) + " is not on the disk as it was received";
}

std::optional<std::string> DocumentJudge::CheckFiling(const View& view, const WorldModel& model,
                                                      const ModelFiling& filing) const {
  for (const Document& document : filing.record.header.documents) {
    if (auto wrong = CheckOne(view, model, {filing.record.system, document.sha256})) return wrong;
  }
  return std::nullopt;
}

std::optional<std::string> DocumentJudge::CheckAll(const View& view,
                                                   const WorldModel& model) const {
  for (const auto& [key, references] : model.documents()) {
    if (auto wrong = CheckOne(view, model, key)) return wrong;
  }
  return std::nullopt;
}

std::optional<std::string> DocumentJudge::CheckQuarantined(
    const View& view, const WorldModel::DocumentKey& key) const {
  const auto document = FindDocument(view, key.first, key.second);
  if (!document || !*document) return NameOf(key) + " was called damaged, and is gone";
  // It may have come again with the same group.
  if ((*document)->complete()) return std::nullopt;
  if (AnyRotted(record::ReadExtents((*document)->damaged_extents()))) return std::nullopt;
  return NameOf(key) + " was called damaged, and nobody had damaged it";
}

std::optional<std::string> DocumentJudge::CheckAllWhole(const View& view,
                                                        const WorldModel& model) const {
  for (const WorldModel::DocumentKey& key : model.quarantined()) {
    const auto document = FindDocument(view, key.first, key.second);
    if (!document || !*document || !(*document)->complete()) {
      return NameOf(key) + " was damaged, and never became whole again";
    }
  }
  return std::nullopt;
}

}  // namespace nightbox
