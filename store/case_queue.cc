#include "store/case_queue.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "core/sha256.h"
#include "proto/filing_codec.h"
#include "store/decide.h"
#include "store/keys.h"

namespace nightbox {
namespace {

// Lenient about what people type, strict about identity: case and white space do not count,
// everything else does. Raw text is what travels to the court; this is only for queueing.
std::string QueueText(const std::string& number) {
  std::string text;
  for (const char c : number) {
    if (!std::isspace(static_cast<unsigned char>(c))) {
      text.push_back(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
    }
  }
  return text;
}

Result<std::vector<std::uint64_t>> QueueMembers(const Group& group, const Digest& case_key) {
  std::vector<std::uint64_t> members;
  NB_RETURN_IF_ERROR(
      group.Scan(keys::CaseQueuePrefix(case_key), "", [&](std::string_view key, std::string_view) {
        members.push_back(keys::TrailingNumber(key));
        return true;
      }));
  return members;
}

}  // namespace

Digest CaseNumberKey(const LedgerIdentity& identity, const CourtId& court,
                     const std::string& number) {
  std::string text = "number";
  text.push_back('\0');
  text += court.str();
  text.push_back('\0');
  text += QueueText(number);
  return HmacSha256(identity.installation_key, text);
}

Result<Digest> CaseKeyOfNumber(const Group& group, const CourtId& court,
                               const std::string& number) {
  const Digest number_key = CaseNumberKey(group.identity(), court, number);
  NB_ASSIGN_OR_RETURN(const auto alias, group.Get(keys::CaseAlias(number_key)));
  if (!alias) return number_key;
  const auto opener_key = Digest::FromBytes(*alias);
  if (!opener_key) return Error{ErrorCode::kDataLoss, "a stored case alias does not parse"};
  return *opener_key;
}

Digest CaseKeyOfOpener(const Group& group, const FilingId& opener) {
  std::string text = "opened-by";
  text.push_back('\0');
  text += opener.str();
  return HmacSha256(group.identity().installation_key, text);
}

std::optional<std::string> WhyFollowersAreHeld(const FilingState& opener) {
  switch (ClassOf(opener)) {
    case BalanceClass::kDocketed:
    case BalanceClass::kDuplicateOf:
      if (opener.record && opener.record->case_numbers.size() > 1) {
        return "the court opened several cases; say which one this filing belongs to";
      }
      if (opener.record && opener.record->case_numbers.size() == 1) return std::nullopt;
      return "the court gave the case no number";
    case BalanceClass::kReturned:
    case BalanceClass::kWithdrawn:
    case BalanceClass::kTerminated:
      return "case not opened: the filing that was to open it has ended";
    default:
      return std::nullopt;
  }
}

Result<void> CloseOpening(Group& group, const FilingState& after) {
  if (const auto why = WhyFollowersAreHeld(after)) {
    NB_ASSIGN_OR_RETURN(const auto followers, QueueMembers(group, after.case_key));
    for (const std::uint64_t follower : followers) {
      NB_ASSIGN_OR_RETURN(const auto state, FindState(group, follower));
      if (!state || state->delivery != Delivery::kPending) continue;
      NB_ASSIGN_OR_RETURN(const Outcome held,
                          DecideOne(group, HoldFiling{follower, "nightbox", *why}));
    }
    return {};
  }
  const CaseNumber& number = after.record->case_numbers.front();
  filing::v1::CourtRecord stored = ToProto(*after.record);
  group.Put(keys::CaseNumbers(after.case_key), stored.SerializeAsString());

  // A lawyer may have read the number off the court's own pages before the answer reached us: what
  // waits under the number joins the opener's queue, in journal order.
  const Digest number_key = CaseNumberKey(group.identity(), after.court, number.number);
  NB_ASSIGN_OR_RETURN(const auto waiting, QueueMembers(group, number_key));
  // What waits under the number may have been uncertain; the opener no longer is.
  NB_ASSIGN_OR_RETURN(const std::string stays_in, ReadCaseGroup(group, number_key));
  if (!stays_in.empty()) group.Put(keys::CaseGroup(after.case_key), stays_in);
  for (const std::uint64_t member : waiting) {
    NB_ASSIGN_OR_RETURN(const auto state, FindState(group, member));
    if (!state) return Error{ErrorCode::kDataLoss, "a queued filing has no state"};
    FilingState moved = *state;
    moved.case_key = after.case_key;
    NB_RETURN_IF_ERROR(group.SaveState(state, moved));
  }
  group.Put(keys::CaseAlias(number_key), after.case_key.view());
  return {};
}

}  // namespace nightbox
