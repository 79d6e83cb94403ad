// Goal: a decoder takes only what its encoder writes, so that no value has two spellings.
#include "core/bytes.h"
#include "core/check.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nightbox;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto raw = HexDecode(text)) NB_CHECK(HexEncode(*raw) == text);
  if (const auto raw = Base64Decode(text)) NB_CHECK(Base64Encode(*raw) == text);
  if (const auto digest = Digest::FromHex(text)) NB_CHECK(digest->Hex() == text);
  NB_CHECK(HexDecode(HexEncode(text)) == text);
  NB_CHECK(Base64Decode(Base64Encode(text)) == text);
  NB_CHECK(Base32Encode(text).size() == (size * 8 + 4) / 5);
  return 0;
}
