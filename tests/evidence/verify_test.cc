// Goal: nightbox verify, verify.sh and stock openssl say the same of good receipts and of forged
// ones, and nobody is told "verified" by a package that brings its own trust. Method: genuine
// packages in logs of every small shape, and forgeries of each part, put to both our verdict and
// the script as it stands in the package.
#include "evidence/verify.h"

#include <gtest/gtest.h>
#include <zip.h>

#include <functional>

#include "core/sha256.h"
#include "evidence/checkpoint.h"
#include "evidence/inclusion.h"
#include "evidence/package.h"
#include "evidence/package_files.h"
#include "evidence/receipt_page.h"
#include "tests/support/receipt_samples.h"
#include "tests/support/run_command.h"
#include "tests/support/sample_package.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

// What verify.sh exits with.
constexpr int kVerified = 0;
constexpr int kRefused = 1;
constexpr int kUnproven = 3;

class VerifyTest : public testing::Test {
 protected:
  ReceiptFacts Facts() const {
    ReceiptFacts facts = FullReceipt();
    facts.header.documents[0].sha256 = Sha256("the motion");
    return facts;
  }
  PackageParts Genuine() const { return SamplePackage(pki_, Facts(), 5, 11); }
  // A package by somebody with a root of his own.
  PackageParts Forged() const {
    return SamplePackage(pki_, Facts(), 5, 11, pki_.forged_receipt_signer(),
                         pki_.forged_receipt_root());
  }
  Digest RootFingerprint() const { return ReadCertificates(root_).value()[0].fingerprint; }
  Trust TrustedRoot() const { return {root_, std::nullopt}; }
  Trust TrustedFingerprint() const { return {std::nullopt, RootFingerprint()}; }

  Verification Ours(const PackageParts& parts, const Trust& trust,
                    const std::vector<HeldDocument>& documents = {}) const {
    ReceiptFiles files;
    files.receipt_json = parts.receipt_json;
    files.signature = parts.signature;
    files.inclusion_json = parts.inclusion_json;
    files.checkpoint = parts.checkpoint;
    files.carried_root_pem = parts.root_pem;
    return VerifyReceiptFiles(files, documents, trust, now_);
  }
  // The script beside the files, run from another directory with these arguments.
  static CommandResult Script(const PackageParts& parts,
                              const std::vector<std::string>& arguments) {
    const TemporaryDirectory dir;
    dir.Write("receipt.json", parts.receipt_json);
    dir.Write("receipt.json.p7s", parts.signature);
    dir.Write("inclusion.json", parts.inclusion_json);
    dir.Write("checkpoint.txt", parts.checkpoint);
    dir.Write("root.pem", parts.root_pem);
    std::vector<std::string> words = {"sh", dir.Write("verify.sh", kVerifyScript).string()};
    for (std::string argument : arguments) {
      if (argument == "own root.pem") argument = (dir.path() / "root.pem").string();
      words.push_back(argument);
    }
    return RunCommand(words);
  }
  std::string FingerprintArgument() const { return FingerprintText(RootFingerprint()); }

  TestPki pki_;
  const std::string root_ = ReadWholeFile(pki_.receipt_root());
  const WallTime now_ = SystemClock().Now();
};

TEST_F(VerifyTest, AGenuinePackageIsVerifiedByBoth) {
  const PackageParts parts = Genuine();
  for (const Trust& trust : {TrustedRoot(), TrustedFingerprint()}) {
    const Verification ours = Ours(parts, trust, {{"motion.pdf", Sha256("the motion")}});
    EXPECT_EQ(ours.verdict, Verdict::kVerified) << ours.reason;
    EXPECT_TRUE(ours.in_log);
    EXPECT_EQ(ours.facts->filing_id, Facts().filing_id);
    EXPECT_EQ(ours.root->fingerprint, RootFingerprint());
    EXPECT_EQ(ours.checks.size(), 4U);
  }
  const TemporaryDirectory dir;
  const std::string motion = dir.Write("my motion.pdf", "the motion").string();
  const auto by_root = Script(parts, {pki_.receipt_root().string(), motion});
  EXPECT_EQ(by_root.exit_code, kVerified) << by_root.output;
  EXPECT_NE(by_root.output.find("VERIFIED\n"), std::string::npos);
  EXPECT_NE(by_root.output.find("Monday 1 July 2024"), std::string::npos);
  EXPECT_EQ(Script(parts, {FingerprintArgument(), motion}).exit_code, kVerified);
  EXPECT_EQ(Script(parts, {RootFingerprint().Hex()}).exit_code, kVerified);
}

TEST_F(VerifyTest, WithoutTrustFromOutsideTheRootIsUnproven) {
  for (const PackageParts& parts : {Genuine(), Forged()}) {
    const Verification ours = Ours(parts, {});
    EXPECT_EQ(ours.verdict, Verdict::kRootUnproven) << ours.reason;
    EXPECT_EQ(ours.root->fingerprint, ReadCertificates(parts.root_pem).value()[0].fingerprint);
    const auto script = Script(parts, {});
    EXPECT_EQ(script.exit_code, kUnproven) << script.output;
    EXPECT_NE(script.output.find(FingerprintText(ours.root->fingerprint)), std::string::npos);
    // Naming the package's own root is no trust from outside.
    EXPECT_EQ(Script(parts, {"own root.pem"}).exit_code, kUnproven);
  }
}

TEST_F(VerifyTest, AForgersOwnRootIsRefusedOnceThereIsTrust) {
  const PackageParts forged = Forged();
  EXPECT_EQ(Ours(forged, TrustedRoot()).verdict, Verdict::kRefused);
  EXPECT_EQ(Ours(forged, TrustedFingerprint()).verdict, Verdict::kRefused);
  EXPECT_EQ(Script(forged, {pki_.receipt_root().string()}).exit_code, kRefused);
  EXPECT_EQ(Script(forged, {FingerprintArgument()}).exit_code, kRefused);

  // The genuine root in front, the forger's behind: the fingerprint fits, the chain does not.
  PackageParts hidden = forged;
  hidden.root_pem = root_ + forged.root_pem;
  EXPECT_EQ(Ours(hidden, TrustedFingerprint()).verdict, Verdict::kRefused);
  EXPECT_EQ(Script(hidden, {FingerprintArgument()}).exit_code, kRefused);
}

TEST_F(VerifyTest, EveryShapeOfTreeIsVerifiedByTheScript) {
  for (std::uint64_t size = 1; size <= 6; ++size) {
    for (std::uint64_t index = 0; index < size; ++index) {
      const PackageParts parts = SamplePackage(pki_, Facts(), index, size);
      EXPECT_EQ(Ours(parts, TrustedRoot()).verdict, Verdict::kVerified);
      const auto script = Script(parts, {FingerprintArgument()});
      EXPECT_EQ(script.exit_code, kVerified) << index << "/" << size << "\n" << script.output;
    }
  }
}

std::string Edited(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST_F(VerifyTest, ForgeriesOfEveryPartAreRefusedByBoth) {
  const PackageParts good = Genuine();
  const PackageParts elsewhere = SamplePackage(pki_, Facts(), 6, 11);
  const TestPki stranger;
  const auto stranger_log = LogSigner::Load(stranger.log_key(), "nightbox/A7/testlog").value();
  const Inclusion inclusion = ParseInclusion(good.inclusion_json).value();
  const auto with_inclusion = [&](const std::function<void(Inclusion&)>& change) {
    Inclusion changed = inclusion;
    change(changed);
    return RenderInclusion(changed);
  };
  struct Forgery {
    const char* what;
    std::function<void(PackageParts&)> make;
  };
  const std::vector<Forgery> forgeries = {
      {"another minute",
       [&](auto& p) { p.receipt_json = Edited(p.receipt_json, "11:59", "11:58"); }},
      {"a space more", [&](auto& p) { p.receipt_json += " "; }},
      {"no receipt", [&](auto& p) { p.receipt_json.clear(); }},
      {"another receipt's signature", [&](auto& p) { p.signature = elsewhere.signature; }},
      {"half a signature", [&](auto& p) { p.signature.resize(p.signature.size() / 2); }},
      {"a flipped bit in the signature",
       [&](auto& p) { p.signature[p.signature.size() - 9] ^= 1; }},
      {"another receipt's proof", [&](auto& p) { p.inclusion_json = elsewhere.inclusion_json; }},
      {"another index",
       [&](auto& p) { p.inclusion_json = with_inclusion([](auto& i) { i.leaf_index = 4; }); }},
      {"a changed step",
       [&](auto& p) {
         p.inclusion_json = with_inclusion([](auto& i) { i.path[1].bytes[0] ^= 1; });
       }},
      {"a step less",
       [&](auto& p) { p.inclusion_json = with_inclusion([](auto& i) { i.path.pop_back(); }); }},
      {"a step more",
       [&](auto& p) {
         p.inclusion_json = with_inclusion([](auto& i) { i.path.push_back(i.path[0]); });
       }},
      {"no path",
       [&](auto& p) { p.inclusion_json = with_inclusion([](auto& i) { i.path.clear(); }); }},
      {"an empty proof", [&](auto& p) { p.inclusion_json = "{}\n"; }},
      {"another log's checkpoint", [&](auto& p) { p.checkpoint = elsewhere.checkpoint; }},
      {"a checkpoint of another key",
       [&](auto& p) { p.checkpoint = stranger_log.Sign(11, inclusion.root).value(); }},
      {"another size", [&](auto& p) { p.checkpoint = Edited(p.checkpoint, "\n11\n", "\n12\n"); }},
      {"a checkpoint without signature",
       [&](auto& p) { p.checkpoint.resize(p.checkpoint.find("\n\n") + 2); }},
      {"no checkpoint", [&](auto& p) { p.checkpoint.clear(); }},
      {"an older checkpoint",
       [&](auto& p) { p.checkpoint = SamplePackage(pki_, Facts(), 2, 5).checkpoint; }},
      {"no root", [&](auto& p) { p.root_pem = "no certificate"; }},
  };
  for (const Forgery& forgery : forgeries) {
    PackageParts parts = good;
    forgery.make(parts);
    const auto script = Script(parts, {FingerprintArgument()});
    EXPECT_EQ(script.exit_code, kRefused) << forgery.what << "\n" << script.output;
    EXPECT_EQ(script.output.find("VERIFIED"), std::string::npos) << forgery.what;
    EXPECT_EQ(Script(parts, {}).exit_code, kRefused) << forgery.what;
    const Verification ours = Ours(parts, TrustedFingerprint());
    EXPECT_EQ(ours.verdict, Verdict::kRefused) << forgery.what;
    EXPECT_FALSE(ours.reason.empty()) << forgery.what;
    EXPECT_FALSE(ours.in_log);
  }
}

TEST_F(VerifyTest, ADocumentThatIsNotOnTheReceiptIsRefusedByBoth) {
  const PackageParts parts = Genuine();
  EXPECT_EQ(Ours(parts, TrustedRoot(), {{"other.pdf", Sha256("other")}}).reason,
            "other.pdf is not a document of this receipt");
  // The salt and the fingerprint are 64 digits too, but no documents.
  EXPECT_EQ(Ours(parts, TrustedRoot(), {{"salt", Facts().salt}}).verdict, Verdict::kRefused);
  const TemporaryDirectory dir;
  const std::string salt = dir.Write("salt", "salt").string();
  ASSERT_EQ(Sha256("salt"), Facts().salt);
  EXPECT_EQ(Script(parts, {FingerprintArgument(), salt}).exit_code, kRefused);
  EXPECT_EQ(Script(parts, {FingerprintArgument(), "/nonexistent"}).exit_code, kRefused);
}

TEST_F(VerifyTest, TheScriptRefusesTrustItCannotRead) {
  const PackageParts parts = Genuine();
  for (const char* trust : {"/nonexistent", "AB:CD", "/dev/null", "."}) {
    EXPECT_EQ(Script(parts, {trust}).exit_code, kRefused) << trust;
  }
  EXPECT_EQ(Script(parts, {std::string(64, '0')}).exit_code, kRefused);
}

TEST_F(VerifyTest, AReceiptWithoutItsProofIsVerifiedButNotSaidToBeInTheLog) {
  const PackageParts parts = Genuine();
  ReceiptFiles files;
  files.receipt_json = parts.receipt_json;
  files.signature = parts.signature;
  Verification ours = VerifyReceiptFiles(files, {}, TrustedRoot(), now_);
  EXPECT_EQ(ours.verdict, Verdict::kVerified);
  EXPECT_FALSE(ours.in_log);

  ours = VerifyReceiptFiles(files, {}, {}, now_);
  EXPECT_EQ(ours.verdict, Verdict::kRootUnproven);
  EXPECT_FALSE(ours.root);
  EXPECT_TRUE(ours.signer);

  // A fingerprint needs something to be the fingerprint of.
  EXPECT_EQ(VerifyReceiptFiles(files, {}, TrustedFingerprint(), now_).verdict, Verdict::kRefused);
  files.inclusion_json = parts.inclusion_json;
  EXPECT_EQ(VerifyReceiptFiles(files, {}, TrustedRoot(), now_).verdict, Verdict::kRefused);
}

TEST_F(VerifyTest, ASignedTextThatIsNoReceiptIsRefused) {
  ReceiptFiles files;
  files.receipt_json = "{\"format\": \"nightbox-statement/1\"}\n";
  const CertificateFiles signer = pki_.receipt_signer();
  files.signature = CmsSigner::Load(signer.certificate, signer.key)
                        .value()
                        .Sign(files.receipt_json, now_)
                        .value();
  EXPECT_EQ(VerifyReceiptFiles(files, {}, TrustedRoot(), now_).reason,
            "receipt: member \"format\" is not nightbox-receipt/1");
}

TEST_F(VerifyTest, AnExpiredTrustIsRefused) {
  const PackageParts parts = Genuine();
  ReceiptFiles files;
  files.receipt_json = parts.receipt_json;
  files.signature = parts.signature;
  const auto in_26_years = now_ + std::chrono::hours(24 * 365 * 26);
  EXPECT_EQ(VerifyReceiptFiles(files, {}, TrustedRoot(), in_26_years).verdict, Verdict::kRefused);
}

TEST_F(VerifyTest, AZipIsVerifiedAsItsFilesAre) {
  const std::string zip = BuildPackage(Genuine()).value();
  EXPECT_EQ(VerifyPackage(zip, {}, TrustedFingerprint(), now_).verdict, Verdict::kVerified);
  EXPECT_EQ(VerifyPackage(zip, {}, {}, now_).verdict, Verdict::kRootUnproven);
  EXPECT_EQ(VerifyPackage("not a zip", {}, TrustedRoot(), now_).verdict, Verdict::kRefused);
}

// The page is what people read: one that says something else must not pass unseen.
TEST_F(VerifyTest, APageThatIsNotTheReceiptsIsNamed) {
  std::string zip = BuildPackage(Genuine()).value();
  EXPECT_TRUE(VerifyPackage(zip, {}, TrustedRoot(), now_).remarks.empty());
  const std::string page = RenderReceiptPage(Genuine().receipt_json).value();
  const std::size_t at = zip.find(page);
  ASSERT_NE(at, std::string::npos);
  zip[at + page.find("Nightbox gateway")] = 'n';
  const Verification changed = VerifyPackage(zip, {}, TrustedRoot(), now_);
  EXPECT_EQ(changed.verdict, Verdict::kVerified);
  ASSERT_EQ(changed.remarks.size(), 1U);
  EXPECT_TRUE(changed.remarks[0].starts_with("receipt.html is not the page"));
}

TEST_F(VerifyTest, AnAuditorsLaptopNeedsNeitherDatabaseNorRpc) {
  const std::string libraries = ReadWholeFile("/proc/self/maps");
  EXPECT_NE(libraries.find("libcrypto"), std::string::npos);
  for (const char* heavy : {"librocksdb", "libgrpc", "libprotobuf"}) {
    EXPECT_EQ(libraries.find(heavy), std::string::npos) << heavy;
  }
}

}  // namespace
}  // namespace nightbox
