#include "tests/support/sample_package.h"

#include <map>

#include "core/check.h"
#include "core/sha256.h"
#include "evidence/checkpoint.h"
#include "evidence/cms.h"
#include "evidence/inclusion.h"
#include "evidence/merkle.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {

PackageParts SamplePackage(const TestPki& pki, ReceiptFacts facts, std::uint64_t index,
                           std::uint64_t size, const CertificateFiles& signer,
                           const std::filesystem::path& root) {
  NB_CHECK(index < size);
  const LogSigner log = LogSigner::Load(pki.log_key(), "nightbox/A7/testlog").value();
  facts.log.origin = log.origin();
  facts.log.key = log.verifier_key();
  facts.log.leaf_index = index;
  facts.log.sequence = index + 1;

  PackageParts parts;
  parts.receipt_json = RenderReceipt(facts);
  parts.signature = CmsSigner::Load(signer.certificate, signer.key)
                        .value()
                        .Sign(parts.receipt_json, facts.committed_at)
                        .value();
  parts.root_pem = ReadWholeFile(root);

  MerkleFrontier frontier;
  std::map<std::pair<std::uint32_t, std::uint64_t>, Digest> nodes;
  for (std::uint64_t leaf = 0; leaf < size; ++leaf) {
    const Digest data =
        leaf == index ? Sha256(parts.receipt_json) : Sha256("filler " + std::to_string(leaf));
    for (const MerkleNode& node : frontier.Append(LeafHash(data))) {
      nodes[{node.level, node.index}] = node.hash;
    }
  }
  const NodeReader read = [&](std::uint32_t level, std::uint64_t at) -> Result<Digest> {
    return nodes.at({level, at});
  };
  parts.inclusion_json =
      RenderInclusion({log.origin(), index, size, Sha256(parts.receipt_json), frontier.Root(),
                       InclusionProof(index, size, read).value()});
  parts.checkpoint = log.Sign(size, frontier.Root()).value();
  return parts;
}

PackageParts SamplePackage(const TestPki& pki, ReceiptFacts facts, std::uint64_t index,
                           std::uint64_t size) {
  return SamplePackage(pki, std::move(facts), index, size, pki.receipt_signer(),
                       pki.receipt_root());
}

}  // namespace nightbox
