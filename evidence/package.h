// The evidence package: one zip with everything that proves a receipt offline
// (docs/formats/receipt.md).
//
// Stored entries, fixed times, fixed order: the same parts make the same bytes. Made once, with the
// first checkpoint that covers the leaf, then stored.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace nightbox {

struct PackageParts {
  std::string receipt_json;
  std::string signature;  // receipt.json.p7s
  std::string inclusion_json;
  std::string checkpoint;  // The whole signed note.
  std::string root_pem;

  bool operator==(const PackageParts&) const = default;
};

// The zip. kInvalidArgument when receipt_json is no receipt.
Result<std::string> BuildPackage(const PackageParts& parts);

inline constexpr std::size_t kPackageMaxBytes = 16'000'000;
inline constexpr std::size_t kPackageEntriesMax = 32;

// The parts of a package somebody hands in; the views are left aside. Refuses with kInvalidArgument
// what is too large, compressed, encrypted, inconsistent, holds a name twice or lacks a part. Says
// nothing about whether it is genuine (evidence/verify.h). `page`, if given, becomes receipt.html
// as it came along, empty if it cannot be read; without one it stays unset.
Result<PackageParts> ReadPackage(std::string_view zip, std::optional<std::string>* page = nullptr);

}  // namespace nightbox
