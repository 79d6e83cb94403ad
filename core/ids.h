// A type per identifier, so that a court is never taken for a case.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace nightbox {

// Text that names one kind of thing. Empty means "none".
template <class Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string text) : text_(std::move(text)) {}

  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Id&) const = default;

 private:
  std::string text_;
};

// "mo.cir.42.dent".
using CourtId = Id<struct CourtIdTag>;
// The submitting system, named by its certificate.
using SystemName = Id<struct SystemNameTag>;
// The individual a system acts for (COR 27.03).
using UserId = Id<struct UserIdTag>;
// Chosen by the client before the first try; scoped to the submitting system.
using RequestId = Id<struct RequestIdTag>;
// 128 random bits in base32: 26 characters.
using FilingId = Id<struct FilingIdTag>;
// Names one attempt; quoted in errors.
using AttemptId = Id<struct AttemptIdTag>;

}  // namespace nightbox

template <class Tag>
struct std::hash<nightbox::Id<Tag>> {
  std::size_t operator()(const nightbox::Id<Tag>& id) const noexcept {
    return std::hash<std::string_view>()(id.str());
  }
};
