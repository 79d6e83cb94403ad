// Statement bytes of every journal entry that is not a receipt (docs/formats/receipt.md, "Other
// statements"): what the leaf of the log is made of.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/clock.h"

namespace nightbox {

// What every statement opens with.
struct StatementHead {
  std::string type;  // For example "delivery.submitted".
  std::string gateway;
  std::string log_id;
  std::uint64_t sequence = 0;
  WallTime committed_at;
  Digest salt;  // 256 fresh random bits.
};

struct StatementMember {
  StatementMember(std::string_view n, std::string_view v) : name(n), value(std::string(v)) {}
  StatementMember(std::string_view n, const char* v) : name(n), value(std::string(v)) {}
  StatementMember(std::string_view n, const std::string& v) : name(n), value(v) {}
  StatementMember(std::string_view n, std::int64_t v) : name(n), value(v) {}
  StatementMember(std::string_view n, std::uint64_t v) : name(n), value(v) {}
  StatementMember(std::string_view n, int v) : name(n), value(std::int64_t{v}) {}
  StatementMember(std::string_view n, std::uint32_t v) : name(n), value(std::uint64_t{v}) {}
  StatementMember(std::string_view n, bool v) : name(n), value(v) {}

  std::string name;
  std::variant<std::string, std::int64_t, std::uint64_t, bool> value;
};

// The exact bytes: the head, then the members in their order. Equal arguments, equal bytes.
std::string RenderStatement(const StatementHead& head, const std::vector<StatementMember>& members);

}  // namespace nightbox
