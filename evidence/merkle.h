// The append-only Merkle tree of the log: RFC 6962 (and RFC 9162) hashing, proofs and their checks.
//
// The data of a leaf is the SHA-256 of an entry's exact statement bytes. Nodes are named by level
// and index: level 0 are the leaf hashes, node (l, i) covers the leaves [i << l, (i + 1) << l).
// Only complete nodes are ever stored, and a stored node never changes; with them a root or a
// proof, at this size or at any earlier one, costs O(log n) reads. Everything here is pure: storage
// is handed in as a NodeReader.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

namespace nightbox {

struct MerkleNode {
  std::uint32_t level = 0;
  std::uint64_t index = 0;
  Digest hash;

  bool operator==(const MerkleNode&) const = default;
};

// SHA-256(0x00 || data).
Digest MerkleLeafHash(std::string_view data);
// The leaf hash of an entry: leaf_data is the SHA-256 of its statement bytes.
Digest LeafHash(const Digest& leaf_data);
// SHA-256(0x01 || left || right).
Digest NodeHash(const Digest& left, const Digest& right);
// The root of the tree with no leaves: SHA-256 of nothing.
Digest EmptyRoot();

// The right edge of a tree: enough to append and to know the root, at most 64 hashes however large
// the tree. One thread at a time.
class MerkleFrontier {
 public:
  MerkleFrontier() = default;

  std::uint64_t size() const { return size_; }
  // The right edge: one complete subtree per set bit of size(), the largest first.
  const std::vector<Digest>& subtrees() const { return subtrees_; }
  Digest Root() const;

  // Adds a leaf. Returns every node that became complete: first the leaf itself, (0, old size),
  // then upwards. The caller stores all of them in the batch that stores the entry.
  std::vector<MerkleNode> Append(const Digest& leaf_hash);

  // The size as 8 big-endian bytes, then the hashes from the largest subtree to the smallest.
  std::string Serialise() const;
  // Refuses whatever Serialise would not have written.
  static Result<MerkleFrontier> Parse(std::string_view bytes);

  bool operator==(const MerkleFrontier&) const = default;

 private:
  std::uint64_t size_ = 0;
  std::vector<Digest> subtrees_;  // One per set bit of size_, the largest first.
};

// Reads a stored complete node. An error of the reader is passed on as it came.
using NodeReader = std::function<Result<Digest>(std::uint32_t level, std::uint64_t index)>;

// The root of the first `size` leaves. The reader must know every complete node among them.
Result<Digest> RootAt(std::uint64_t size, const NodeReader& read);

// The frontier of the first `size` leaves: how a log is taken up again after a restart.
Result<MerkleFrontier> FrontierAt(std::uint64_t size, const NodeReader& read);

// The audit path of leaf `index` in the tree of `size` leaves; index < size or kInvalidArgument.
Result<std::vector<Digest>> InclusionProof(std::uint64_t index, std::uint64_t size,
                                           const NodeReader& read);

// That the tree of `old_size` leaves is a prefix of the tree of `new_size`; old_size <= new_size or
// kInvalidArgument. Empty when old_size is 0 or the sizes are equal.
Result<std::vector<Digest>> ConsistencyProof(std::uint64_t old_size, std::uint64_t new_size,
                                             const NodeReader& read);

// True only if the leaf stands at `index` in the tree of `size` leaves with this root.
bool VerifyInclusion(const Digest& leaf_hash, std::uint64_t index, std::uint64_t size,
                     std::span<const Digest> path, const Digest& root);

// True only if the tree (old_size, old_root) is a prefix of the tree (new_size, new_root).
bool VerifyConsistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t new_size,
                       const Digest& new_root, std::span<const Digest> proof);

}  // namespace nightbox
