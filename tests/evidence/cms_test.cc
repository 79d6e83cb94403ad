// Goal: what we sign verifies with stock openssl and with ours, and whatever either refuses is
// refused by both. Method: a throw-away PKI; the real `openssl` program on files; every forgery a
// holder of the files could make: a flipped byte anywhere, another root, another receipt's
// signature, an expired certificate, damaged encodings.
#include "evidence/cms.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>

#include "core/sha256.h"
#include "tests/support/run_command.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_pki.h"

namespace nightbox {
namespace {

const char kContent[] = "{\n  \"statement\": \"Nightbox gateway A7 received this filing\"\n}\n";

class CmsTest : public testing::Test {
 protected:
  CmsTest() {
    const CertificateFiles files = pki_.receipt_signer();
    signer_.emplace(CmsSigner::Load(files.certificate, files.key).value());
    root_ = ReadWholeFile(pki_.receipt_root());
  }

  bool OpensslAccepts(std::string_view content, std::string_view p7s,
                      const std::filesystem::path& root) const {
    const TemporaryDirectory dir;
    const auto json = dir.Write("receipt.json", content);
    const auto signature = dir.Write("receipt.json.p7s", p7s);
    return RunCommand({"openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in",
                       signature.string(), "-content", json.string(), "-CAfile", root.string(),
                       "-no-CApath", "-no-CAstore", "-purpose", "any", "-out", "/dev/null"})
               .exit_code == 0;
  }
  bool WeAccept(std::string_view content, std::string_view p7s, std::string_view root) const {
    return VerifyCms(content, p7s, root, now_).has_value();
  }
  std::string Sign(std::string_view content) const { return signer_->Sign(content, now_).value(); }

  TestPki pki_;
  std::optional<CmsSigner> signer_;
  std::string root_;
  const WallTime now_ = SystemClock().Now();
};

TEST_F(CmsTest, AGoodSignatureVerifiesHereAndWithOpenssl) {
  for (const std::string& content :
       {std::string(kContent), std::string(), std::string("line\r\nend\0of", 12),
        std::string(300'000, 'x')}) {
    const std::string p7s = Sign(content);
    EXPECT_LT(p7s.size(), 1600U);
    EXPECT_TRUE(OpensslAccepts(content, p7s, pki_.receipt_root()));
    const auto verified = VerifyCms(content, p7s, root_, now_);
    ASSERT_TRUE(verified) << verified.error().message;
    EXPECT_EQ(verified->signer, signer_->certificate());
    EXPECT_EQ(verified->root, ReadCertificates(root_).value().at(0));
    EXPECT_EQ(verified->signing_time, std::chrono::floor<std::chrono::seconds>(now_));
  }
}

TEST_F(CmsTest, TheFingerprintIsTheOneOpensslPrints) {
  const auto printed = RunCommand({"openssl", "x509", "-in", pki_.receipt_root().string(), "-noout",
                                   "-fingerprint", "-sha256"});
  EXPECT_EQ(printed.output, "sha256 Fingerprint=" +
                                FingerprintText(ReadCertificates(root_).value()[0].fingerprint) +
                                "\n");
}

TEST_F(CmsTest, TheSignedAttributesNameTheCertificate) {
  const TemporaryDirectory dir;
  const auto file = dir.Write("p7s", Sign(kContent));
  const auto printed =
      RunCommand({"openssl", "cms", "-cmsout", "-print", "-inform", "DER", "-in", file.string()});
  EXPECT_NE(printed.output.find("signingCertificateV2"), std::string::npos);
  EXPECT_NE(printed.output.find("ecdsa-with-SHA256"), std::string::npos);
  EXPECT_NE(printed.output.find("eContent: <ABSENT>"), std::string::npos);
}

TEST_F(CmsTest, AFlippedByteOfTheContentIsRefusedByBoth) {
  const std::string p7s = Sign(kContent);
  for (std::size_t i = 0; i + 1 < sizeof kContent; ++i) {
    std::string forged = kContent;
    forged[i] = static_cast<char>(forged[i] ^ 1);
    EXPECT_FALSE(WeAccept(forged, p7s, root_)) << i;
    if (i % 16 == 0) {
      EXPECT_FALSE(OpensslAccepts(forged, p7s, pki_.receipt_root())) << i;
    }
  }
  EXPECT_FALSE(WeAccept(std::string(kContent) + "\n", p7s, root_));
  EXPECT_FALSE(OpensslAccepts(std::string(kContent) + "\n", p7s, pki_.receipt_root()));
}

TEST_F(CmsTest, AFlippedByteOfTheSignatureIsNeverAcceptedHereUnlessOpensslAcceptsIt) {
  const std::string p7s = Sign(kContent);
  int accepted = 0;
  for (std::size_t i = 0; i < p7s.size(); ++i) {
    std::string forged = p7s;
    forged[i] = static_cast<char>(forged[i] ^ 0x10);
    const bool ours = WeAccept(kContent, forged, root_);
    accepted += ours ? 1 : 0;
    // Some bytes mean nothing (a NULL parameter, an unsigned algorithm name); those agree too.
    if (ours || i % 64 == 0) {
      EXPECT_EQ(ours, OpensslAccepts(kContent, forged, pki_.receipt_root())) << i;
    }
  }
  EXPECT_LT(accepted, 32);
}

TEST_F(CmsTest, AnotherRootIsRefusedByBoth) {
  const CertificateFiles files = pki_.forged_receipt_signer();
  const std::string p7s =
      CmsSigner::Load(files.certificate, files.key).value().Sign(kContent, now_).value();
  EXPECT_FALSE(WeAccept(kContent, p7s, root_));
  EXPECT_FALSE(OpensslAccepts(kContent, p7s, pki_.receipt_root()));
  // The forged package verifies with the root it brings along: trust must come from outside.
  EXPECT_TRUE(WeAccept(kContent, p7s, ReadWholeFile(pki_.forged_receipt_root())));
  EXPECT_TRUE(OpensslAccepts(kContent, p7s, pki_.forged_receipt_root()));
  EXPECT_TRUE(VerifyCmsWithoutRoot(kContent, p7s));
  EXPECT_EQ(VerifyCmsWithoutRoot(kContent, p7s)->root, std::nullopt);
}

TEST_F(CmsTest, AnotherContentsSignatureIsRefused) {
  const std::string p7s = Sign("other");
  EXPECT_FALSE(WeAccept(kContent, p7s, root_));
  EXPECT_FALSE(VerifyCmsWithoutRoot(kContent, p7s));
}

TEST_F(CmsTest, ACertificateOutsideItsValidityIsRefusedByBoth) {
  for (const Validity validity : {Validity::kExpired, Validity::kNotYet}) {
    const CertificateFiles files = pki_.IssueReceiptSigner(validity);
    const std::string p7s =
        CmsSigner::Load(files.certificate, files.key).value().Sign(kContent, now_).value();
    EXPECT_FALSE(WeAccept(kContent, p7s, root_));
    EXPECT_FALSE(OpensslAccepts(kContent, p7s, pki_.receipt_root()));
  }
  // A receipt still verifies in 24 years, and no longer in 26.
  const std::string p7s = Sign(kContent);
  constexpr auto kYear = std::chrono::hours(24 * 365);
  EXPECT_TRUE(VerifyCms(kContent, p7s, root_, now_ + 24 * kYear));
  EXPECT_FALSE(VerifyCms(kContent, p7s, root_, now_ + 26 * kYear));
}

TEST_F(CmsTest, DamagedAndHostileSignaturesAreRefused) {
  const std::string p7s = Sign(kContent);
  EXPECT_FALSE(WeAccept(kContent, "", root_));
  EXPECT_FALSE(WeAccept(kContent, p7s + "x", root_));
  EXPECT_FALSE(WeAccept(kContent, std::string(kSignatureMaxBytes + 1, '\x30'), root_));
  EXPECT_FALSE(WeAccept(kContent, std::string(kSignatureMaxBytes, '\x30'), root_));
  for (std::size_t size = 0; size < p7s.size(); size += 7) {
    EXPECT_FALSE(WeAccept(kContent, p7s.substr(0, size), root_)) << size;
  }
  // A message that carries a content of its own, made by openssl with our own key.
  const TemporaryDirectory dir;
  const auto in = dir.Write("in", kContent);
  const auto out = dir.path() / "out";
  ASSERT_EQ(RunCommand({"openssl", "cms", "-sign", "-binary", "-nodetach", "-outform", "DER", "-in",
                        in.string(), "-signer", pki_.receipt_signer().certificate.string(),
                        "-inkey", pki_.receipt_signer().key.string(), "-out", out.string()})
                .exit_code,
            0);
  EXPECT_FALSE(WeAccept(kContent, ReadWholeFile(out), root_));
}

TEST_F(CmsTest, DamagedRootsAreRefused) {
  const std::string p7s = Sign(kContent);
  EXPECT_FALSE(WeAccept(kContent, p7s, ""));
  EXPECT_FALSE(WeAccept(kContent, p7s, "-----BEGIN CERTIFICATE-----\nAAAA\n"));
  EXPECT_FALSE(WeAccept(kContent, p7s, root_.substr(0, root_.size() / 2)));
  EXPECT_FALSE(WeAccept(kContent, p7s, std::string(300 * 1024, 'x')));
  std::string many;
  for (int i = 0; i < 16; ++i) many += root_;
  EXPECT_TRUE(WeAccept(kContent, p7s, many));
  EXPECT_FALSE(WeAccept(kContent, p7s, many + root_));
}

TEST_F(CmsTest, AKeyThatDoesNotFitIsRefusedAtStart) {
  const CertificateFiles ours = pki_.receipt_signer();
  const CertificateFiles other = pki_.forged_receipt_signer();
  const auto code = [](const std::filesystem::path& certificate, const std::filesystem::path& key) {
    return CmsSigner::Load(certificate, key).error().code;
  };
  EXPECT_EQ(code(ours.certificate, other.key), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(code(ours.certificate, pki_.log_key()), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(code(ours.certificate, pki_.directory() / "none"), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(code(ours.key, ours.key), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(code(ours.certificate, pki_.directory()), ErrorCode::kFailedPrecondition);
}

TEST_F(CmsTest, SeveralThreadsMaySignAtOnce) {
  std::vector<std::string> signatures(4);
  std::vector<std::thread> threads;
  threads.reserve(signatures.size());
  for (std::size_t i = 0; i < signatures.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 50; ++round) signatures[i] = Sign("content " + std::to_string(i));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < signatures.size(); ++i) {
    EXPECT_TRUE(WeAccept("content " + std::to_string(i), signatures[i], root_));
  }
}

TEST_F(CmsTest, ThePkiKeepsKeysPrivate) {
  for (const auto& key : {pki_.receipt_signer().key, pki_.log_key(), pki_.IssueServer("A7").key,
                          pki_.IssueClient("system", "acme").key}) {
    struct stat info {};
    ASSERT_EQ(stat(key.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600U) << key;
  }
  const auto client = pki_.IssueClient("system", "acme").certificate;
  const auto text = RunCommand({"openssl", "x509", "-in", client.string(), "-noout", "-text"});
  EXPECT_NE(text.output.find("URI:urn:nightbox:system:acme"), std::string::npos);
  EXPECT_EQ(RunCommand({"openssl", "verify", "-CAfile", pki_.tls_root().string(), "-purpose",
                        "sslclient", client.string()})
                .exit_code,
            0);
  EXPECT_EQ(RunCommand({"openssl", "verify", "-CAfile", pki_.tls_root().string(), "-purpose",
                        "sslserver", "-verify_ip", "127.0.0.1", "-verify_hostname", "localhost",
                        pki_.IssueServer("A7").certificate.string()})
                .exit_code,
            0);
  EXPECT_NE(RunCommand({"openssl", "verify", "-CAfile", pki_.tls_root().string(),
                        pki_.IssueStranger("system", "acme").certificate.string()})
                .exit_code,
            0);
}

TEST(FingerprintTest, WhatIsPrintedIsReadBackHoweverItIsWritten) {
  const Digest digest = Sha256("root");
  EXPECT_EQ(ParseFingerprint(FingerprintText(digest)), digest);
  EXPECT_EQ(ParseFingerprint(digest.Hex()), digest);
  EXPECT_FALSE(ParseFingerprint(digest.Hex().substr(1)));
  EXPECT_FALSE(ParseFingerprint("G" + digest.Hex().substr(1)));
  EXPECT_FALSE(ParseFingerprint(""));
}

}  // namespace
}  // namespace nightbox
