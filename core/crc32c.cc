#include "core/crc32c.h"

#include <isa-l/crc.h>

namespace nightbox {

std::uint32_t Crc32c(std::string_view data, std::uint32_t seed) {
  // ISA-L neither inverts on the way in nor out and takes an int length; our pieces are at most a
  // few MiB.
  auto* bytes = reinterpret_cast<unsigned char*>(const_cast<char*>(data.data()));
  return ~crc32_iscsi(bytes, static_cast<int>(data.size()), ~seed);
}

}  // namespace nightbox
