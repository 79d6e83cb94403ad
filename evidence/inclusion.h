// inclusion.json: where a receipt stands in the log, and the way to prove it
// (docs/formats/receipt.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

namespace nightbox {

struct Inclusion {
  std::string origin;
  std::uint64_t leaf_index = 0;
  std::uint64_t tree_size = 0;
  // SHA-256 of receipt.json.
  Digest leaf_data;
  // Of the tree of tree_size leaves: the checkpoint's.
  Digest root;
  // From the leaf upwards, at most 64.
  std::vector<Digest> path;

  bool operator==(const Inclusion&) const = default;
};

std::string RenderInclusion(const Inclusion& inclusion);
// kInvalidArgument for anything that is not such a file; says nothing about whether it is true.
Result<Inclusion> ParseInclusion(std::string_view json);
// True only if the path leads from the leaf to the root.
bool InclusionHolds(const Inclusion& inclusion);

}  // namespace nightbox
