// Statements: the exact bytes of every entry, made here and hashed, signed, stored and sent as they
// are.
//
// A filing's statement is its receipt.json (docs/formats/receipt.md); every other entry has a small
// one with the same first members. Each contains a 256-bit random salt, so that the tree may be
// published and says nothing about what is in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "evidence/statement.h"
#include "store/draft.h"
#include "store/group.h"

namespace nightbox {

// The members of a small statement, in order.
class Statement {
 public:
  explicit Statement(std::string_view type) : type_(type) {}

  void Text(std::string_view name, std::string_view value);
  void Number(std::string_view name, std::uint64_t value);
  void Signed(std::string_view name, std::int64_t value);
  void Flag(std::string_view name, bool value);
  // UTC with microseconds.
  void Time(std::string_view name, WallTime value);

  const std::string& type() const { return type_; }
  const std::vector<StatementMember>& members() const { return members_; }

 private:
  std::string type_;
  std::vector<StatementMember> members_;
};

// Adds `entry` with the statement's bytes. Not signed: nobody holds it in hand alone.
void AddEntry(Group& group, journal::v1::Entry& entry, const Statement& statement);

// The receipt of a filing that is about to become the group's next entry. `document_pages`: as the
// header's documents.
std::string FilingStatement(Group& group, const FilingRecord& record, const ReceiptPolicy& policy,
                            const AttemptSummary& attempts,
                            std::vector<std::optional<std::uint32_t>> document_pages);

}  // namespace nightbox
