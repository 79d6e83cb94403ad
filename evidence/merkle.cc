#include "evidence/merkle.h"

#include <bit>

#include "core/sha256.h"

namespace nightbox {
namespace {

// The complete subtrees that make up `size` leaves starting at `begin`, from left to right. `begin`
// is a multiple of the smallest power of two that is not below `size`, as everywhere in RFC 6962.
template <class Visit>
Result<void> VisitSubtrees(std::uint64_t begin, std::uint64_t size, Visit visit) {
  while (size > 0) {
    const auto level = static_cast<std::uint32_t>(std::bit_width(size) - 1);
    NB_RETURN_IF_ERROR(visit(level, begin >> level));
    begin += std::uint64_t{1} << level;
    size -= std::uint64_t{1} << level;
  }
  return {};
}

// The hashes of complete subtrees, largest first, folded into the root above them.
Digest Fold(std::span<const Digest> subtrees) {
  if (subtrees.empty()) return EmptyRoot();
  Digest hash = subtrees.back();
  for (std::size_t i = subtrees.size() - 1; i-- > 0;) hash = NodeHash(subtrees[i], hash);
  return hash;
}

Result<std::vector<Digest>> ReadSubtrees(std::uint64_t begin, std::uint64_t size,
                                         const NodeReader& read) {
  std::vector<Digest> hashes;
  NB_RETURN_IF_ERROR(
      VisitSubtrees(begin, size, [&](std::uint32_t level, std::uint64_t index) -> Result<void> {
        NB_ASSIGN_OR_RETURN(const Digest hash, read(level, index));
        hashes.push_back(hash);
        return {};
      }));
  return hashes;
}

Result<Digest> HashOfRange(std::uint64_t begin, std::uint64_t end, const NodeReader& read) {
  NB_ASSIGN_OR_RETURN(const std::vector<Digest> hashes, ReadSubtrees(begin, end - begin, read));
  return Fold(hashes);
}

// The largest power of two below `size`; size >= 2.
std::uint64_t SplitPoint(std::uint64_t size) { return std::bit_floor(size - 1); }

Error WrongSizes(const char* what) { return Error{ErrorCode::kInvalidArgument, what}; }

}  // namespace

Digest MerkleLeafHash(std::string_view data) {
  Sha256Stream stream;
  stream.Update(std::string_view("\0", 1));
  stream.Update(data);
  return stream.Finish();
}

Digest LeafHash(const Digest& leaf_data) { return MerkleLeafHash(leaf_data.view()); }

Digest NodeHash(const Digest& left, const Digest& right) {
  std::string bytes;
  bytes.reserve(65);
  bytes.push_back('\x01');
  bytes.append(left.view());
  bytes.append(right.view());
  return Sha256(bytes);
}

Digest EmptyRoot() { return Sha256({}); }

Digest MerkleFrontier::Root() const { return Fold(subtrees_); }

std::vector<MerkleNode> MerkleFrontier::Append(const Digest& leaf_hash) {
  std::vector<MerkleNode> completed = {{0, size_, leaf_hash}};
  // Each trailing one bit of the size is a complete subtree waiting for its right sibling.
  for (std::uint64_t waiting = size_; (waiting & 1) != 0; waiting >>= 1) {
    const MerkleNode& right = completed.back();
    const Digest hash = NodeHash(subtrees_.back(), right.hash);
    completed.push_back({right.level + 1, right.index >> 1, hash});
    subtrees_.pop_back();
  }
  subtrees_.push_back(completed.back().hash);
  ++size_;
  return completed;
}

std::string MerkleFrontier::Serialise() const {
  std::string bytes = BigEndian64(size_);
  for (const Digest& hash : subtrees_) bytes.append(hash.view());
  return bytes;
}

Result<MerkleFrontier> MerkleFrontier::Parse(std::string_view bytes) {
  if (bytes.size() < 8) return Error{ErrorCode::kDataLoss, "frontier: shorter than its size field"};
  MerkleFrontier frontier;
  frontier.size_ = ReadBigEndian64(bytes.substr(0, 8));
  const auto count = static_cast<std::size_t>(std::popcount(frontier.size_));
  if (bytes.size() != 8 + 32 * count) {
    return Error{ErrorCode::kDataLoss, "frontier: the number of hashes does not fit the tree size"};
  }
  for (std::size_t i = 0; i < count; ++i) {
    frontier.subtrees_.push_back(*Digest::FromBytes(bytes.substr(8 + 32 * i, 32)));
  }
  return frontier;
}

Result<Digest> RootAt(std::uint64_t size, const NodeReader& read) {
  return HashOfRange(0, size, read);
}

Result<MerkleFrontier> FrontierAt(std::uint64_t size, const NodeReader& read) {
  NB_ASSIGN_OR_RETURN(const std::vector<Digest> hashes, ReadSubtrees(0, size, read));
  std::string bytes = BigEndian64(size);
  for (const Digest& hash : hashes) bytes.append(hash.view());
  return MerkleFrontier::Parse(bytes);
}

Result<std::vector<Digest>> InclusionProof(std::uint64_t index, std::uint64_t size,
                                           const NodeReader& read) {
  if (index >= size) return WrongSizes("inclusion proof: no such leaf in a tree of this size");
  // Walk down from the root towards the leaf and note the sibling of every node passed.
  std::vector<Digest> path;
  std::uint64_t begin = 0;
  std::uint64_t end = size;
  while (end - begin > 1) {
    const std::uint64_t middle = begin + SplitPoint(end - begin);
    const bool left = index < middle;
    NB_ASSIGN_OR_RETURN(const Digest sibling,
                        left ? HashOfRange(middle, end, read) : HashOfRange(begin, middle, read));
    path.push_back(sibling);
    (left ? end : begin) = middle;
  }
  return std::vector<Digest>(path.rbegin(), path.rend());
}

Result<std::vector<Digest>> ConsistencyProof(std::uint64_t old_size, std::uint64_t new_size,
                                             const NodeReader& read) {
  if (old_size > new_size) return WrongSizes("consistency proof: the old tree is the larger one");
  if (old_size == 0 || old_size == new_size) return std::vector<Digest>{};
  std::vector<Digest> proof;
  std::uint64_t begin = 0;
  std::uint64_t end = new_size;
  // Walk down to the node whose right edge is the right edge of the old tree.
  while (old_size != end) {
    const std::uint64_t middle = begin + SplitPoint(end - begin);
    const bool left = old_size <= middle;
    NB_ASSIGN_OR_RETURN(const Digest sibling,
                        left ? HashOfRange(middle, end, read) : HashOfRange(begin, middle, read));
    proof.push_back(sibling);
    (left ? end : begin) = middle;
  }
  // Its hash is known to the verifier only when it is the whole old tree.
  if (begin != 0) {
    NB_ASSIGN_OR_RETURN(const Digest hash, HashOfRange(begin, end, read));
    proof.push_back(hash);
  }
  return std::vector<Digest>(proof.rbegin(), proof.rend());
}

// The two checks below follow RFC 9162, 2.1.3.2 and 2.1.4.2, step by step.
bool VerifyInclusion(const Digest& leaf_hash, std::uint64_t index, std::uint64_t size,
                     std::span<const Digest> path, const Digest& root) {
  if (index >= size) return false;
  std::uint64_t node = index;
  std::uint64_t last = size - 1;
  Digest hash = leaf_hash;
  for (const Digest& sibling : path) {
    if (last == 0) return false;
    if ((node & 1) != 0 || node == last) {
      hash = NodeHash(sibling, hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = NodeHash(hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && hash == root;
}

bool VerifyConsistency(std::uint64_t old_size, const Digest& old_root, std::uint64_t new_size,
                       const Digest& new_root, std::span<const Digest> proof) {
  if (old_size > new_size) return false;
  if (old_size == 0) {
    const bool new_is_empty = new_size == 0;
    return proof.empty() && old_root == EmptyRoot() && (!new_is_empty || new_root == EmptyRoot());
  }
  if (old_size == new_size) return proof.empty() && old_root == new_root;
  if (proof.empty()) return false;

  std::uint64_t node = old_size - 1;
  std::uint64_t last = new_size - 1;
  while ((node & 1) != 0) {
    node >>= 1;
    last >>= 1;
  }
  // An old tree that is one complete subtree starts from its own root; others from the first hash.
  const bool whole = std::has_single_bit(old_size);
  Digest old_hash = whole ? old_root : proof.front();
  Digest new_hash = old_hash;
  for (const Digest& hash : proof.subspan(whole ? 0 : 1)) {
    if (last == 0) return false;
    if ((node & 1) != 0 || node == last) {
      old_hash = NodeHash(hash, old_hash);
      new_hash = NodeHash(hash, new_hash);
      while ((node & 1) == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      new_hash = NodeHash(new_hash, hash);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && old_hash == old_root && new_hash == new_root;
}

}  // namespace nightbox
