#include "core/filing.h"

namespace nightbox {

std::int64_t FilingHeader::TotalBytes() const {
  std::int64_t total = 0;
  for (const Document& document : documents) total += document.size_bytes;
  return total;
}

}  // namespace nightbox
