#include "store/rocks.h"

namespace nightbox {

Error ToError(const rocksdb::Status& status) {
  const ErrorCode code = status.IsCorruption() ? ErrorCode::kDataLoss : ErrorCode::kUnavailable;
  return {code, "journal: " + status.ToString()};
}

Result<void> ScanWith(rocksdb::Iterator& it, const std::string& prefix, const std::string& from,
                      const KeyReader::Visit& visit) {
  for (it.Seek(from > prefix ? from : prefix); it.Valid() && it.key().starts_with(prefix);
       it.Next()) {
    if (!visit(it.key().ToStringView(), it.value().ToStringView())) break;
  }
  if (!it.status().ok()) return ToError(it.status());
  return {};
}

}  // namespace nightbox
