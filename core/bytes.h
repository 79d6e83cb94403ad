// Bytes and their spellings: hexadecimal, base32, base64, big-endian numbers.
//
// All functions are pure. Decoders are strict: they answer nullopt for anything an encoder here
// would not have written.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nightbox {

// A SHA-256 value. Ordered and hashable as bytes.
struct Digest {
  std::array<std::uint8_t, 32> bytes{};

  auto operator<=>(const Digest&) const = default;

  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  std::string Hex() const;
  // 32 bytes, or nullopt.
  static std::optional<Digest> FromBytes(std::string_view raw);
  // 64 lower-case hexadecimal digits, or nullopt.
  static std::optional<Digest> FromHex(std::string_view hex);
};

std::string HexEncode(std::string_view raw);
std::optional<std::string> HexDecode(std::string_view hex);

// RFC 4648 base32, lower case, no padding: what filing ids are written in.
std::string Base32Encode(std::string_view raw);

// RFC 4648 base64 with padding.
std::string Base64Encode(std::string_view raw);
std::optional<std::string> Base64Decode(std::string_view text);

// Big-endian, so that keys sort as numbers do.
std::string BigEndian64(std::uint64_t value);
std::uint64_t ReadBigEndian64(std::string_view eight_bytes);
void AppendBigEndian32(std::string& out, std::uint32_t value);
void AppendBigEndian64(std::string& out, std::uint64_t value);

}  // namespace nightbox

template <>
struct std::hash<nightbox::Digest> {
  std::size_t operator()(const nightbox::Digest& digest) const noexcept {
    return std::hash<std::string_view>()(digest.view());
  }
};
