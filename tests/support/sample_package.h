// A genuine receipt of a throw-away gateway, with everything that proves it.
#pragma once

#include <cstdint>
#include <filesystem>

#include "evidence/package.h"
#include "evidence/receipt.h"
#include "tests/support/test_pki.h"

namespace nightbox {

// The receipt of leaf `index` in a log of `size` entries; every other entry is filler. `facts` says
// the rest; its log position is set here. Signed with `signer`, whose root is `root`.
PackageParts SamplePackage(const TestPki& pki, ReceiptFacts facts, std::uint64_t index,
                           std::uint64_t size, const CertificateFiles& signer,
                           const std::filesystem::path& root);
// The same, from the PKI's receipt signer.
PackageParts SamplePackage(const TestPki& pki, ReceiptFacts facts, std::uint64_t index,
                           std::uint64_t size);

}  // namespace nightbox
