// Goal: the tree is exactly RFC 6962's, at every size and every earlier size, and no altered proof
// is ever accepted. Method: the published vectors of Certificate Transparency; a naive recursive
// tree written straight from the RFC for all sizes up to 130; every bit-level mutation of proofs.
#include "evidence/merkle.h"

#include <gtest/gtest.h>

#include <bit>
#include <map>
#include <utility>

#include "core/sha256.h"

namespace nightbox {
namespace {

constexpr std::uint64_t kLargest = 130;

// MTH, PATH and SUBPROOF as RFC 6962, section 2.1, defines them.
using Leaves = std::span<const Digest>;

std::size_t Split(std::size_t size) { return std::bit_floor(size - 1); }

Digest NaiveRoot(Leaves leaves) {
  if (leaves.empty()) return EmptyRoot();
  if (leaves.size() == 1) return leaves[0];
  const std::size_t k = Split(leaves.size());
  return NodeHash(NaiveRoot(leaves.first(k)), NaiveRoot(leaves.subspan(k)));
}

std::vector<Digest> NaivePath(std::size_t m, Leaves leaves) {
  if (leaves.size() <= 1) return {};
  const std::size_t k = Split(leaves.size());
  auto path = m < k ? NaivePath(m, leaves.first(k)) : NaivePath(m - k, leaves.subspan(k));
  path.push_back(m < k ? NaiveRoot(leaves.subspan(k)) : NaiveRoot(leaves.first(k)));
  return path;
}

std::vector<Digest> NaiveSubproof(std::size_t m, Leaves leaves, bool whole) {
  if (m == leaves.size()) return whole ? std::vector<Digest>{} : std::vector{NaiveRoot(leaves)};
  const std::size_t k = Split(leaves.size());
  if (m <= k) {
    auto proof = NaiveSubproof(m, leaves.first(k), whole);
    proof.push_back(NaiveRoot(leaves.subspan(k)));
    return proof;
  }
  auto proof = NaiveSubproof(m - k, leaves.subspan(k), false);
  proof.push_back(NaiveRoot(leaves.first(k)));
  return proof;
}

// A tree kept the way the journal keeps it: a frontier, and a table of complete nodes.
class Tree {
 public:
  explicit Tree(std::uint64_t size) {
    for (std::uint64_t i = 0; i < size; ++i) Add(LeafHash(Sha256("entry " + std::to_string(i))));
  }
  void Add(const Digest& leaf) {
    leaves.push_back(leaf);
    for (const MerkleNode& node : frontier.Append(leaf)) {
      EXPECT_TRUE(nodes.emplace(std::pair(node.level, node.index), node.hash).second)
          << "a stored node was written twice";
    }
  }
  NodeReader Reader() {
    return [this](std::uint32_t level, std::uint64_t index) -> Result<Digest> {
      ++reads;
      const auto found = nodes.find({level, index});
      if (found == nodes.end()) return Error{ErrorCode::kDataLoss, "no such node"};
      return found->second;
    };
  }
  Leaves First(std::uint64_t size) const { return Leaves(leaves).first(size); }

  std::vector<Digest> leaves;
  MerkleFrontier frontier;
  std::map<std::pair<std::uint32_t, std::uint64_t>, Digest> nodes;
  int reads = 0;
};

Digest Flipped(Digest digest, int bit) {
  digest.bytes[static_cast<std::size_t>(bit / 8)] ^= static_cast<std::uint8_t>(1 << (bit % 8));
  return digest;
}

TEST(MerkleTest, AgreesWithThePublishedVectors) {
  using namespace std::string_view_literals;
  const std::vector<std::string_view> data = {""sv,
                                              "\x00"sv,
                                              "\x10"sv,
                                              "\x20\x21"sv,
                                              "\x30\x31"sv,
                                              "\x40\x41\x42\x43"sv,
                                              "\x50\x51\x52\x53\x54\x55\x56\x57"sv,
                                              "\x60\x61\x62\x63\x64\x65\x66\x67"
                                              "\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"sv};
  const std::vector<std::string> roots = {
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  MerkleFrontier frontier;
  EXPECT_EQ(frontier.Root().Hex(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (std::size_t i = 0; i < data.size(); ++i) {
    frontier.Append(MerkleLeafHash(data[i]));
    EXPECT_EQ(frontier.Root().Hex(), roots[i]) << "size " << i + 1;
  }
}

TEST(MerkleTest, EveryRootAtEveryEarlierSizeIsTheNaiveOne) {
  Tree tree(kLargest);
  MerkleFrontier grown;
  for (std::uint64_t size = 0; size <= kLargest; ++size) {
    const Digest root = NaiveRoot(tree.First(size));
    EXPECT_EQ(grown.Root(), root);
    EXPECT_EQ(RootAt(size, tree.Reader()).value(), root);
    EXPECT_EQ(FrontierAt(size, tree.Reader()).value(), grown);
    if (size < kLargest) grown.Append(tree.leaves[size]);
  }
}

TEST(MerkleTest, EveryInclusionProofIsTheNaiveOneAndVerifies) {
  Tree tree(kLargest);
  for (std::uint64_t size = 1; size <= kLargest; ++size) {
    const Digest root = NaiveRoot(tree.First(size));
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto path = InclusionProof(index, size, tree.Reader()).value();
      ASSERT_EQ(path, NaivePath(index, tree.First(size)));
      ASSERT_TRUE(VerifyInclusion(tree.leaves[index], index, size, path, root));
    }
  }
}

TEST(MerkleTest, EveryConsistencyProofIsTheNaiveOneAndVerifies) {
  Tree tree(kLargest);
  for (std::uint64_t size = 0; size <= kLargest; ++size) {
    const Digest root = NaiveRoot(tree.First(size));
    for (std::uint64_t old = 0; old <= size; ++old) {
      const auto proof = ConsistencyProof(old, size, tree.Reader()).value();
      if (old > 0) {
        ASSERT_EQ(proof, NaiveSubproof(old, tree.First(size), true));
      }
      ASSERT_TRUE(VerifyConsistency(old, NaiveRoot(tree.First(old)), size, root, proof));
    }
  }
}

TEST(MerkleTest, EveryMutationOfAnInclusionProofIsRefused) {
  Tree tree(40);
  for (const std::uint64_t size : {1, 2, 3, 7, 8, 13, 32, 33, 40}) {
    const Digest root = NaiveRoot(tree.First(size));
    for (std::uint64_t index = 0; index < size; ++index) {
      const Digest leaf = tree.leaves[index];
      const auto path = InclusionProof(index, size, tree.Reader()).value();
      for (int bit = 0; bit < 256; bit += 37) {
        EXPECT_FALSE(VerifyInclusion(Flipped(leaf, bit), index, size, path, root));
        EXPECT_FALSE(VerifyInclusion(leaf, index, size, path, Flipped(root, bit)));
        for (std::size_t step = 0; step < path.size(); ++step) {
          auto changed = path;
          changed[step] = Flipped(changed[step], bit);
          EXPECT_FALSE(VerifyInclusion(leaf, index, size, changed, root));
        }
      }
      for (std::uint64_t other = 0; other <= size; ++other) {
        if (other != index) {
          EXPECT_FALSE(VerifyInclusion(leaf, other, size, path, root));
        }
      }
      for (std::size_t step = 0; step < path.size(); ++step) {
        auto shorter = path;
        shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(step));
        EXPECT_FALSE(VerifyInclusion(leaf, index, size, shorter, root));
        auto doubled = path;
        doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(step), path[step]);
        EXPECT_FALSE(VerifyInclusion(leaf, index, size, doubled, root));
        if (step > 0) {
          auto swapped = path;
          std::swap(swapped[step], swapped[step - 1]);
          EXPECT_FALSE(VerifyInclusion(leaf, index, size, swapped, root));
        }
      }
      auto longer = path;
      longer.push_back(leaf);
      EXPECT_FALSE(VerifyInclusion(leaf, index, size, longer, root));
    }
  }
  EXPECT_FALSE(VerifyInclusion(tree.leaves[0], 0, 0, {}, EmptyRoot()));
}

TEST(MerkleTest, EveryMutationOfAConsistencyProofIsRefused) {
  Tree tree(33);
  for (std::uint64_t size = 1; size <= 33; ++size) {
    const Digest root = NaiveRoot(tree.First(size));
    for (std::uint64_t old = 1; old <= size; ++old) {
      const Digest old_root = NaiveRoot(tree.First(old));
      const auto proof = ConsistencyProof(old, size, tree.Reader()).value();
      EXPECT_FALSE(VerifyConsistency(old, Flipped(old_root, 3), size, root, proof));
      EXPECT_FALSE(VerifyConsistency(old, old_root, size, Flipped(root, 9), proof));
      for (std::size_t step = 0; step < proof.size(); ++step) {
        auto changed = proof;
        changed[step] = Flipped(changed[step], 200);
        EXPECT_FALSE(VerifyConsistency(old, old_root, size, root, changed));
        auto shorter = proof;
        shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(step));
        EXPECT_FALSE(VerifyConsistency(old, old_root, size, root, shorter));
        auto doubled = proof;
        doubled.insert(doubled.begin() + static_cast<std::ptrdiff_t>(step), proof[step]);
        EXPECT_FALSE(VerifyConsistency(old, old_root, size, root, doubled));
      }
      auto longer = proof;
      longer.push_back(root);
      EXPECT_FALSE(VerifyConsistency(old, old_root, size, root, longer));
      for (std::uint64_t other = 0; other <= size + 1; ++other) {
        if (other != old) {
          EXPECT_FALSE(VerifyConsistency(other, old_root, size, root, proof));
        }
      }
    }
  }
  EXPECT_FALSE(VerifyConsistency(2, EmptyRoot(), 1, EmptyRoot(), {}));
  EXPECT_FALSE(VerifyConsistency(0, tree.leaves[0], 1, tree.leaves[0], {}));
  EXPECT_FALSE(VerifyConsistency(0, EmptyRoot(), 0, tree.leaves[0], {}));
}

TEST(MerkleTest, AProofCostsLogarithmicallyManyReads) {
  Tree tree(5000);
  tree.reads = 0;
  ASSERT_TRUE(RootAt(4999, tree.Reader()));
  EXPECT_LE(tree.reads, 13);
  tree.reads = 0;
  ASSERT_TRUE(InclusionProof(17, 4999, tree.Reader()));
  EXPECT_LE(tree.reads, 26);
  tree.reads = 0;
  ASSERT_TRUE(ConsistencyProof(2731, 4999, tree.Reader()));
  EXPECT_LE(tree.reads, 26);
}

TEST(MerkleTest, AMissingNodeIsAnErrorNotAWrongProof) {
  Tree tree(20);
  tree.nodes.erase({4, 0});
  EXPECT_EQ(RootAt(20, tree.Reader()).error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(InclusionProof(19, 20, tree.Reader()).error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(ConsistencyProof(18, 20, tree.Reader()).error().code, ErrorCode::kDataLoss);
}

TEST(MerkleTest, ImpossibleProofsAreRefused) {
  Tree tree(5);
  EXPECT_EQ(InclusionProof(5, 5, tree.Reader()).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(InclusionProof(0, 0, tree.Reader()).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ConsistencyProof(5, 4, tree.Reader()).error().code, ErrorCode::kInvalidArgument);
}

TEST(MerkleTest, AFrontierSurvivesSerialisingAtEverySize) {
  Tree tree(0);
  for (std::uint64_t size = 0; size <= kLargest; ++size) {
    const std::string bytes = tree.frontier.Serialise();
    EXPECT_LE(bytes.size(), 8U + 64 * 32);
    EXPECT_EQ(MerkleFrontier::Parse(bytes).value(), tree.frontier);
    EXPECT_FALSE(MerkleFrontier::Parse(bytes + "x"));
    EXPECT_FALSE(MerkleFrontier::Parse(std::string_view(bytes).substr(0, bytes.size() - 1)));
    tree.Add(LeafHash(Sha256(std::to_string(size))));
  }
  // The largest tree there can be names all 64 subtrees.
  EXPECT_TRUE(MerkleFrontier::Parse(std::string(8, '\xff') + std::string(64 * 32, 'h')));
  EXPECT_FALSE(MerkleFrontier::Parse(std::string(8, '\xff') + std::string(63 * 32, 'h')));
}

}  // namespace
}  // namespace nightbox
