// Goal: spellings are exact and strict, since ids, digests and signatures are compared by them.
#include "core/bytes.h"

#include <gtest/gtest.h>

#include "core/crc32c.h"
#include "core/random.h"
#include "core/sha256.h"

namespace nightbox {
namespace {

TEST(BytesTest, KnownSpellings) {
  EXPECT_EQ(HexEncode(std::string("\x00\xff\x10", 3)), "00ff10");
  EXPECT_EQ(Base32Encode("foobar"), "mzxw6ytboi");  // RFC 4648 section 10.
  EXPECT_EQ(Base64Encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(Base64Encode("fooba"), "Zm9vYmE=");
  EXPECT_EQ(Base32Encode(std::string(16, '\0')).size(), 26u);
}

TEST(BytesTest, DecodersRefuseWhatNoEncoderWrote) {
  EXPECT_FALSE(HexDecode("0"));
  EXPECT_FALSE(HexDecode("0G"));
  EXPECT_FALSE(HexDecode("AB"));
  EXPECT_FALSE(Base64Decode("Zm9vYmF"));
  EXPECT_FALSE(Base64Decode("Zm9v YmFy"));
  EXPECT_FALSE(Base64Decode("Zm9vYmF="));  // Stray bits.
  EXPECT_FALSE(Digest::FromHex("ab"));
  EXPECT_EQ(Base64Decode(""), "");
}

TEST(BytesTest, RoundTrips) {
  SeededRandom random(7);
  for (std::size_t size = 0; size < 70; ++size) {
    const std::string raw = random.Bytes(size);
    EXPECT_EQ(HexDecode(HexEncode(raw)), raw);
    EXPECT_EQ(Base64Decode(Base64Encode(raw)), raw);
  }
  EXPECT_EQ(ReadBigEndian64(BigEndian64(0x0102030405060708)), 0x0102030405060708u);
}

TEST(BytesTest, KnownHashes) {
  EXPECT_EQ(Sha256("abc").Hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256Stream stream;
  stream.Update("a");
  stream.Update("bc");
  EXPECT_EQ(stream.Finish(), Sha256("abc"));
  EXPECT_EQ(
      HmacSha256("Jefe", "what do ya want for nothing?").Hex(),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");  // RFC 4231 case 2.
  EXPECT_EQ(Crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(Crc32c("6789", Crc32c("12345")), 0xe3069283u);
}

}  // namespace
}  // namespace nightbox
