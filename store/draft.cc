#include "store/draft.h"

namespace nightbox {
namespace {

// What every draft costs besides its texts: the variant, its callback, its place in the queue.
constexpr std::size_t kOverhead = 512;

std::size_t HeaderBytes(const FilingHeader& header) {
  std::size_t bytes = header.note_to_clerk.size() + header.filer_reference.size();
  for (const Document& document : header.documents) {
    bytes += sizeof(Document) + document.title.size() + document.file_name.size() +
             document.media_type.size();
  }
  if (const auto* opened = std::get_if<NewCase>(&header.case_reference)) {
    bytes += opened->title.size() + opened->case_type.size();
    for (const Party& party : opened->parties)
      bytes += sizeof(Party) + party.name.size() + party.role.size();
  }
  for (const std::string& name : header.on_behalf_of) bytes += sizeof(std::string) + name.size();
  for (const std::string& item : header.media_items) bytes += sizeof(std::string) + item.size();
  for (const ServiceRequest& request : header.service_requests) {
    bytes += sizeof(ServiceRequest) + request.name.size() + request.method.size() +
             request.address.size();
  }
  return bytes;
}

struct Weigh {
  std::size_t operator()(const ReceiveFiling& draft) const {
    // The statement, its signature and the record repeat the header three times over while the
    // group is made.
    return kOverhead + 4 * HeaderBytes(draft.header) + 4096;
  }
  std::size_t operator()(const KeepPackage& draft) const { return kOverhead + draft.zip.size(); }
  template <class Other>
  std::size_t operator()(const Other&) const {
    return kOverhead;
  }
};

}  // namespace

std::vector<StoredExtent> ExtentsOf(const Draft& draft) {
  if (const auto* upload = std::get_if<StoreExtent>(&draft)) return {upload->extent};
  std::vector<StoredExtent> extents;
  if (const auto* filing = std::get_if<ReceiveFiling>(&draft)) {
    for (const StoredDocument& document : filing->inline_documents)
      extents.insert(extents.end(), document.extents.begin(), document.extents.end());
  }
  return extents;
}

std::size_t DraftBytes(const Draft& draft) { return std::visit(Weigh{}, draft); }

}  // namespace nightbox
