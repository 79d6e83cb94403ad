// Goal: a checkpoint is C2SP's text to the byte, stock openssl agrees with its signature, and no
// altered one is believed. Method: a throw-away Ed25519 key; the `openssl` program; every byte of a
// note changed in turn; lines a hostile server could send.
#include "evidence/checkpoint.h"

#include <gtest/gtest.h>

#include "core/sha256.h"
#include "tests/support/run_command.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_pki.h"

namespace nightbox {
namespace {

constexpr char kOrigin[] = "nightbox/A7/testlog";

class CheckpointTest : public testing::Test {
 protected:
  TestPki pki_;
  LogSigner signer_ = LogSigner::Load(pki_.log_key(), kOrigin).value();
  const Digest root_ = Sha256("root");
  const std::string note_ = signer_.Sign(42, root_).value();
};

TEST_F(CheckpointTest, ReadsAsTheSpecificationSays) {
  EXPECT_TRUE(note_.starts_with(std::string(kOrigin) + "\n42\n" + Base64Encode(root_.view()) +
                                "\n\n\xE2\x80\x94 " + kOrigin + " "));
  EXPECT_EQ(ParseCheckpoint(note_).value(), (Checkpoint{kOrigin, 42, root_}));
  EXPECT_EQ(VerifyCheckpoint(note_, signer_.verifier_key()).value(),
            (Checkpoint{kOrigin, 42, root_}));
  EXPECT_EQ(signer_.Sign(42, root_).value(), note_);
}

// The example key of golang.org/x/mod/sumdb/note: its key id must come out as published.
TEST_F(CheckpointTest, KeyIdsAreTheSpecifications) {
  const auto why = [&](const char* key) { return VerifyCheckpoint(note_, key).error().message; };
  EXPECT_EQ(why("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
            "checkpoint: is of another log than the key");
  EXPECT_EQ(why("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
            "checkpoint: the log's key is not a C2SP Ed25519 verifier key");
}

TEST_F(CheckpointTest, OpensslAgrees) {
  const TemporaryDirectory dir;
  const std::size_t split = note_.find("\n\n");
  const std::string body = note_.substr(0, split + 1);
  const std::string line = note_.substr(split + 2);
  const std::string base64 = line.substr(line.rfind(' ') + 1);
  const std::string signature = Base64Decode(base64.substr(0, base64.size() - 1)).value().substr(4);
  const auto verify = [&](const std::string& text) {
    return RunCommand({"openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey",
                       pki_.log_public_key().string(), "-in", dir.Write("body", text).string(),
                       "-sigfile", dir.Write("signature", signature).string()})
        .exit_code;
  };
  EXPECT_EQ(verify(body), 0);
  EXPECT_NE(verify(body + "x"), 0);
}

TEST_F(CheckpointTest, EveryChangedByteIsRefused) {
  for (std::size_t i = 0; i < note_.size(); ++i) {
    for (const int bit : {1, 2, 0x20, 0x80}) {
      std::string forged = note_;
      forged[i] = static_cast<char>(forged[i] ^ bit);
      EXPECT_FALSE(VerifyCheckpoint(forged, signer_.verifier_key())) << i << " " << bit;
    }
    EXPECT_FALSE(VerifyCheckpoint(note_.substr(0, i), signer_.verifier_key())) << i;
  }
}

TEST_F(CheckpointTest, OtherKeysAndOtherLogsAreRefused) {
  const TestPki other;
  const auto stranger = LogSigner::Load(other.log_key(), kOrigin).value();
  EXPECT_FALSE(VerifyCheckpoint(note_, stranger.verifier_key()));
  const auto renamed = LogSigner::Load(pki_.log_key(), "nightbox/A7/other").value();
  EXPECT_FALSE(VerifyCheckpoint(note_, renamed.verifier_key()));
  for (const std::string& key :
       {std::string(), std::string("+"), std::string("a+b"), std::string("a+b+c"),
        signer_.verifier_key() + "A", std::string(1000, '+')}) {
    EXPECT_FALSE(VerifyCheckpoint(note_, key)) << key;
  }
}

TEST_F(CheckpointTest, WitnessesMayAddSignaturesUpToABound) {
  const TestPki other;
  const auto witness = LogSigner::Load(other.log_key(), "witness.example/1").value();
  const std::string theirs = witness.Sign(42, root_).value();
  const std::string line = theirs.substr(theirs.find("\n\n") + 2);
  std::string note = note_;
  for (int i = 0; i < 15; ++i) note += line;
  EXPECT_TRUE(VerifyCheckpoint(note, signer_.verifier_key()));
  EXPECT_FALSE(VerifyCheckpoint(note + line, signer_.verifier_key()));
}

TEST_F(CheckpointTest, HostileNotesAreRefused) {
  const std::string signature = note_.substr(note_.find("\n\n"));
  const std::string hash = Base64Encode(root_.view());
  for (const std::string& body :
       {std::string("o\n"), std::string("o\n1\n"), "\n1\n" + hash + "\n", "o\n-1\n" + hash + "\n",
        "o\n01\n" + hash + "\n", "o\n18446744073709551616\n" + hash + "\n", "o\n1 \n" + hash + "\n",
        std::string("o\n1\nAAAA\n"), "o\n1\n" + hash + "\r\n", "o o\n1\n" + hash + "\n"}) {
    EXPECT_FALSE(ParseCheckpoint(body.substr(0, body.size() - 1) + signature)) << body;
  }
  EXPECT_TRUE(ParseCheckpoint("o\n1\n" + hash + "\nextension" + signature));
  EXPECT_FALSE(ParseCheckpoint(std::string(kCheckpointMaxBytes + 1, '\n')));
  EXPECT_FALSE(ParseCheckpoint(std::string(kCheckpointMaxBytes, '\n')));
  EXPECT_FALSE(ParseCheckpoint("o\n1\n" + hash + "\n\n- o AAAAAAAA\n"));
  EXPECT_FALSE(ParseCheckpoint("o\n1\n" + hash + "\n\n\xE2\x80\x94 o AAAA\n"));
}

TEST_F(CheckpointTest, KeysAndOriginsThatDoNotFitAreRefusedAtStart) {
  EXPECT_FALSE(LogSigner::Load(pki_.receipt_signer().key, kOrigin));
  EXPECT_FALSE(LogSigner::Load(pki_.log_public_key(), kOrigin));
  EXPECT_FALSE(LogSigner::Load(pki_.directory() / "none", kOrigin));
  for (const std::string& origin :
       {std::string(), std::string("a b"), std::string("a+b"), std::string("a\nb"),
        std::string(256, 'a'), std::string("\xC3\xA9")}) {
    EXPECT_EQ(LogSigner::Load(pki_.log_key(), origin).error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace nightbox
