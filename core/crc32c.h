// CRC-32C (Castagnoli), by Intel's ISA-L: what guards every stored extent and the head file against
// a flipped byte.
#pragma once

#include <cstdint>
#include <string_view>

namespace nightbox {

// The CRC of `data`, or of what `seed` covers followed by `data`.
std::uint32_t Crc32c(std::string_view data, std::uint32_t seed = 0);

}  // namespace nightbox
