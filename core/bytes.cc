#include "core/bytes.h"

#include <openssl/evp.h>

#include <algorithm>

#include "core/check.h"

namespace nightbox {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

int HexValue(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  return -1;
}

}  // namespace

std::string HexEncode(std::string_view raw) {
  std::string hex;
  hex.reserve(raw.size() * 2);
  for (const unsigned char byte : raw) {
    hex.push_back(kHexDigits[byte >> 4]);
    hex.push_back(kHexDigits[byte & 15]);
  }
  return hex;
}

std::optional<std::string> HexDecode(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string raw;
  raw.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = HexValue(hex[i]);
    const int low = HexValue(hex[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    raw.push_back(static_cast<char>(high * 16 + low));
  }
  return raw;
}

std::string Digest::Hex() const { return HexEncode(view()); }

std::optional<Digest> Digest::FromBytes(std::string_view raw) {
  Digest digest;
  if (raw.size() != digest.bytes.size()) return std::nullopt;
  std::copy(raw.begin(), raw.end(), digest.bytes.begin());
  return digest;
}

std::optional<Digest> Digest::FromHex(std::string_view hex) {
  const auto raw = HexDecode(hex);
  return raw ? FromBytes(*raw) : std::nullopt;
}

std::string Base32Encode(std::string_view raw) {
  constexpr char kAlphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
  std::string text;
  std::uint32_t bits = 0;
  int held = 0;
  for (const unsigned char byte : raw) {
    bits = (bits << 8) | byte;
    held += 8;
    while (held >= 5) {
      held -= 5;
      text.push_back(kAlphabet[(bits >> held) & 31]);
    }
  }
  if (held > 0) text.push_back(kAlphabet[(bits << (5 - held)) & 31]);
  return text;
}

std::string Base64Encode(std::string_view raw) {
  std::string text(4 * ((raw.size() + 2) / 3), '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                  reinterpret_cast<const unsigned char*>(raw.data()), static_cast<int>(raw.size()));
  return text;
}

std::optional<std::string> Base64Decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string raw(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(raw.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  const std::size_t padding = text.size() - std::min(text.size(), text.find_last_not_of('=') + 1);
  if (padding > 2) return std::nullopt;
  raw.resize(static_cast<std::size_t>(size) - padding);
  // OpenSSL skips white space and ignores stray bits; only the one canonical spelling is accepted
  // here.
  if (Base64Encode(raw) != text) return std::nullopt;
  return raw;
}

void AppendBigEndian32(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

void AppendBigEndian64(std::string& out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift));
}

std::string BigEndian64(std::uint64_t value) {
  std::string raw;
  AppendBigEndian64(raw, value);
  return raw;
}

std::uint64_t ReadBigEndian64(std::string_view eight_bytes) {
  NB_CHECK(eight_bytes.size() == 8);
  std::uint64_t value = 0;
  for (const unsigned char byte : eight_bytes) value = (value << 8) | byte;
  return value;
}

}  // namespace nightbox
