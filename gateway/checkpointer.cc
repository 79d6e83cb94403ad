#include "gateway/checkpointer.h"

#include "core/log.h"
#include "core/sha256.h"
#include "evidence/inclusion.h"
#include "evidence/package.h"
#include "store/keys.h"

namespace nightbox {

void Checkpointer::Tick() {
  if (progress_->under_way) return;
  const auto view = journal_.view();
  const std::uint64_t size = view->published();
  if (size <= progress_->kept_size) return;
  auto note = signer_.Sign(size, view->root());
  if (!note) {
    Log(LogLevel::kError, "checkpoint not signed", {{"why", note.error().message}});
    return;
  }
  progress_->under_way = true;
  committer_.Submit(KeepCheckpoint{size, std::move(*note)}, [progress = progress_,
                                                             size](const Result<Outcome>& kept) {
    // Overtaken: a later one is kept, and covers it.
    if (kept || kept.error().reason == "CHECKPOINT_OVERTAKEN") {
      progress->kept_size = size;
    } else {
      Log(LogLevel::kWarning, "checkpoint not kept", {{"reason", kept.error().reason}});
    }
    progress->under_way = false;
  });
}

Result<std::string> MakePackage(const View& view, const FilingSnapshot& filing,
                                const std::string& origin, const std::string& root_pem) {
  NB_ASSIGN_OR_RETURN(const auto kept, view.Get(keys::Checkpoint()));
  if (!kept || kept->size() <= 8) return std::string();
  const std::uint64_t size = ReadBigEndian64(std::string_view(*kept).substr(0, 8));
  if (size <= filing.sequence || size > view.published()) return std::string();
  NB_ASSIGN_OR_RETURN(const EntryProof proof, view.Prove(filing.sequence, size));
  Inclusion inclusion;
  inclusion.origin = origin;
  inclusion.leaf_index = proof.index;
  inclusion.tree_size = proof.size;
  inclusion.leaf_data = Sha256(filing.receipt_json);
  inclusion.root = proof.root;
  inclusion.path = proof.path;
  PackageParts parts;
  parts.receipt_json = filing.receipt_json;
  parts.signature = filing.receipt_p7s;
  parts.inclusion_json = RenderInclusion(inclusion);
  parts.checkpoint = kept->substr(8);
  parts.root_pem = root_pem;
  return BuildPackage(parts);
}

}  // namespace nightbox
