// Goal: a proof is read as it was written, and holds for one root only.
#include "core/check.h"
#include "evidence/inclusion.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nightbox;
  auto proof = ParseInclusion({reinterpret_cast<const char*>(data), size});
  if (!proof) return 0;
  const std::string rendered = RenderInclusion(*proof);
  const auto again = ParseInclusion(rendered);
  NB_CHECK(again && *again == *proof);
  NB_CHECK(RenderInclusion(*again) == rendered);
  if (InclusionHolds(*proof)) {
    proof->root.bytes[0] ^= 1;
    NB_CHECK(!InclusionHolds(*proof));
  }
  return 0;
}
