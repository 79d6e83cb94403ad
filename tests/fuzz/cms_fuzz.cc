// Goal: no signature but the signer's is believed, and none for bytes that were not signed.
// Method: the first byte says whether the rest is a signature or certificates.
#include "core/check.h"
#include "evidence/cms.h"
#include "rules/court_time.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/trusted.h"

namespace nightbox {
namespace {

constexpr char kContent[] = "what was signed\n";
constexpr char kOtherContent[] = "what was not signed\n";

void CheckSignature(std::string_view p7s) {
  static const WallTime at = *ParseUtc(kTrustedAt);
  const auto consistent = VerifyCmsWithoutRoot(kContent, p7s);
  NB_CHECK(consistent || consistent.error().code == ErrorCode::kDataLoss);
  const auto proven = VerifyCms(kContent, p7s, kTrustedRootPem, at);
  if (proven) {
    NB_CHECK(consistent && consistent->signer == proven->signer);
    NB_CHECK(proven->signer.fingerprint.Hex() == kTrustedSignerSha256);
    NB_CHECK(proven->root.has_value());
  }
  if (consistent) NB_CHECK(!VerifyCmsWithoutRoot(kOtherContent, p7s));
}

void CheckCertificates(std::string_view pem) {
  const auto certificates = ReadCertificates(pem);
  if (!certificates) return;
  NB_CHECK(!certificates->empty() && certificates->size() <= 16);
  for (const CertificateInfo& certificate : *certificates) {
    NB_CHECK(FingerprintText(certificate.fingerprint).size() == 32 * 3 - 1);
  }
}

}  // namespace
}  // namespace nightbox

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nightbox;
  FuzzInput input(data, size);
  if (input.Choice(2) == 0) {
    CheckSignature(input.Rest());
  } else {
    CheckCertificates(input.Rest());
  }
  return 0;
}
