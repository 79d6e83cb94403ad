// Goal: of all evidence packages there are, the only one that verifies holds the one receipt that
// was signed; and what a package holds comes out of it as it went in.
#include "core/check.h"
#include "core/sha256.h"
#include "evidence/package.h"
#include "evidence/verify.h"
#include "rules/court_time.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/trusted.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nightbox;
  static const WallTime at = *ParseUtc(kTrustedAt);
  const std::string_view zip(reinterpret_cast<const char*>(data), size);
  const auto parts = ReadPackage(zip);
  const Verification alone = VerifyPackage(zip, {}, {}, at);
  NB_CHECK(alone.verdict != Verdict::kVerified);
  if (!parts) {
    NB_CHECK(alone.verdict == Verdict::kRefused && !alone.reason.empty());
    return 0;
  }
  Trust trust;
  trust.roots_pem = kTrustedRootPem;
  const Verification proven = VerifyPackage(zip, {}, trust, at);
  if (proven.verdict == Verdict::kVerified) {
    NB_CHECK(Sha256(parts->receipt_json).Hex() == kTrustedReceiptSha256);
    NB_CHECK(proven.in_log && proven.facts.has_value());
  }
  if (const auto built = BuildPackage(*parts)) {
    const auto again = ReadPackage(*built);
    NB_CHECK(again && *again == *parts);
  }
  return 0;
}
