// Goal: every leaf of every tree can be proven, no other leaf by its proof, and a proof that
// somebody made up is answered, not followed.
#include <map>

#include "core/check.h"
#include "core/sha256.h"
#include "evidence/merkle.h"
#include "tests/fuzz/fuzz_target.h"

namespace nightbox {
namespace {

Digest DigestOf(FuzzInput& input) {
  return Sha256(std::string(1, static_cast<char>(input.Byte())));
}

void CheckFrontier(std::string_view bytes) {
  const auto frontier = MerkleFrontier::Parse(bytes);
  if (!frontier) return;
  NB_CHECK(frontier->Serialise() == bytes);
  (void)frontier->Root();
}

void CheckMadeUp(FuzzInput input) {
  const std::uint64_t index = input.Number();
  const std::uint64_t size = input.Number();
  const Digest leaf = DigestOf(input);
  const Digest root = DigestOf(input);
  std::vector<Digest> path(input.Choice(80));
  for (Digest& hash : path) hash = DigestOf(input);
  if (VerifyInclusion(leaf, index, size, path, root)) NB_CHECK(index < size);
  if (VerifyConsistency(index, leaf, size, root, path)) NB_CHECK(index <= size);
}

void CheckTree(FuzzInput input) {
  const std::uint64_t size = 1 + input.Choice(100);
  const std::uint64_t index = input.Byte() % size;
  const std::uint64_t old_size = input.Byte() % (size + 1);
  MerkleFrontier frontier;
  std::map<std::pair<std::uint32_t, std::uint64_t>, Digest> nodes;
  Digest proven;
  Digest old_root = EmptyRoot();
  for (std::uint64_t leaf = 0; leaf < size; ++leaf) {
    const Digest hash = LeafHash(DigestOf(input));
    if (leaf == index) proven = hash;
    for (const MerkleNode& node : frontier.Append(hash))
      nodes[{node.level, node.index}] = node.hash;
    if (leaf + 1 == old_size) old_root = frontier.Root();
  }
  const NodeReader read = [&](std::uint32_t level, std::uint64_t at) -> Result<Digest> {
    const auto node = nodes.find({level, at});
    NB_CHECK(node != nodes.end());
    return node->second;
  };
  const Digest root = frontier.Root();
  NB_CHECK(RootAt(size, read).value() == root);
  NB_CHECK(RootAt(old_size, read).value() == old_root);
  auto path = InclusionProof(index, size, read).value();
  NB_CHECK(VerifyInclusion(proven, index, size, path, root));
  NB_CHECK(!VerifyInclusion(LeafHash(root), index, size, path, root));
  NB_CHECK(!VerifyInclusion(proven, size, size, path, root));
  path.push_back(root);
  NB_CHECK(!VerifyInclusion(proven, index, size, path, root));
  const auto growth = ConsistencyProof(old_size, size, read).value();
  NB_CHECK(VerifyConsistency(old_size, old_root, size, root, growth));
}

}  // namespace
}  // namespace nightbox

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  nightbox::CheckFrontier({reinterpret_cast<const char*>(data), size});
  nightbox::CheckMadeUp({data, size});
  nightbox::CheckTree({data, size});
  return 0;
}
