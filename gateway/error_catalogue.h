// The error catalogue: every reason a caller can be given, and what it means for them.
//
// A reason is a stable word for programs; behind each stands whose fault it is, whether trying
// again helps, and what to do now, so that no caller has to guess at 23:58 (R9). docs/errors.md
// prints the same table; tests/gateway/error_catalogue_test.cc holds the two together. Words are
// for ever: they are never renamed and never reused.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"

namespace nightbox {

enum class Fault { kNobody, kFiler, kGateway, kCaseSystem, kCourt };

// "nobody", "filer", "gateway", "case system", "court".
std::string_view ToString(Fault fault);

struct CatalogueEntry {
  std::string_view reason;
  ErrorCode code;
  Fault fault;
  // Whether the very same request can succeed later.
  bool retry_helps;
  std::string_view meaning;
  std::string_view what_now;
};

// What a filer should know although nothing is refused.
struct WarningEntry {
  std::string_view code;
  std::string_view meaning;
};

// In the order of docs/errors.md.
std::span<const CatalogueEntry> ErrorCatalogue();
std::span<const WarningEntry> WarningCatalogue();

// The entry of a reason, or null.
const CatalogueEntry* FindReason(std::string_view reason);

// The entry that explains an error: that of its reason, or, for a reason the catalogue does not
// know, the general one of its code. Callers are answered with the entry's code: what a full disk
// is called inside (kResourceExhausted) is not what a filer is told (UNAVAILABLE).
const CatalogueEntry& EntryFor(const Error& error);

// An error whose code comes from the catalogue. An unknown reason is our bug.
Error Catalogued(std::string_view reason, std::string message, std::string field = {},
                 std::optional<std::chrono::milliseconds> retry_after = {});

}  // namespace nightbox
