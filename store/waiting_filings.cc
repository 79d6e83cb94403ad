#include "store/waiting_filings.h"

#include <utility>

#include "core/check.h"
#include "store/keys.h"

namespace nightbox {
namespace {

// A court's id and what stands around it, at most.
constexpr std::size_t kKeyMaxBytes = 512;
constexpr std::size_t kDigestBytes = 32;

// The index that holds all of the class, and perhaps others.
std::string IndexOf(const WaitingQuery& query) {
  switch (query.which) {
    case WaitingClass::kPending:
      return query.court.empty() ? keys::RunnablePrefix(CourtId()).substr(0, 1)
                                 : keys::RunnablePrefix(query.court);
    case WaitingClass::kHeld:
      return keys::CaseQueuePrefix(Digest()).substr(0, 1);
    case WaitingClass::kUncertain:
      return keys::UncertainPrefix();
  }
  CheckFailed("known WaitingClass", __FILE__, __LINE__);
}

bool Is(const FilingState& state, WaitingClass which) {
  switch (which) {
    case WaitingClass::kPending:
      return state.delivery == Delivery::kPending;
    case WaitingClass::kHeld:
      return state.delivery == Delivery::kHeld;
    case WaitingClass::kUncertain:
      return state.delivery == Delivery::kUncertain;
  }
  CheckFailed("known WaitingClass", __FILE__, __LINE__);
}

// The first key of the page.
Result<std::string> Beginning(const std::string& index, const std::string& after) {
  if (after.empty()) return std::string();
  const auto last = after.size() <= 2 * kKeyMaxBytes ? HexDecode(after) : std::nullopt;
  if (!last || !last->starts_with(index)) {
    return Error{ErrorCode::kInvalidArgument, "this is not where a page of these filings ended"};
  }
  return *last + std::string(1, '\0');
}

struct Row {
  std::string key;
  std::string value;
};

}  // namespace

Result<WaitingPage> ListWaiting(const View& view, const WaitingQuery& query) {
  NB_CHECK(query.rows > 0);
  const std::string index = IndexOf(query);
  NB_ASSIGN_OR_RETURN(const std::string from, Beginning(index, query.after));
  std::vector<Row> rows;
  NB_RETURN_IF_ERROR(view.Scan(index, from, [&](std::string_view key, std::string_view value) {
    rows.push_back({std::string(key), std::string(value)});
    return rows.size() < query.rows;
  }));
  WaitingPage page;
  if (rows.size() == query.rows) page.next = HexEncode(rows.back().key);
  for (const Row& row : rows) {
    NB_ASSIGN_OR_RETURN(auto state, FindState(view, keys::TrailingNumber(row.key)));
    if (!state) return Error{ErrorCode::kDataLoss, "a filing that waits has no state"};
    if (!Is(*state, query.which)) continue;
    if (!query.court.empty() && state->court != query.court) continue;
    // A rotten entry hides a time, never a filing, nor those behind it.
    const auto changed = ReadEntry(view, state->changed_sequence);
    WaitingFiling filing;
    filing.changed_at = changed ? FromMicros(changed->committed_at_us()) : state->received_at;
    if (query.which == WaitingClass::kUncertain) filing.group = state->consistency_group;
    // The runnable index has it behind the case's key.
    if (query.which == WaitingClass::kPending && row.value.size() > kDigestBytes)
      filing.group = row.value.substr(kDigestBytes);
    filing.state = std::move(*state);
    page.filings.push_back(std::move(filing));
  }
  return page;
}

}  // namespace nightbox
