#include "store/case_filings.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "store/case_queue.h"
#include "store/keys.h"
#include "store/record.h"

namespace nightbox {
namespace {

Error TooLarge() {
  return {ErrorCode::kFailedPrecondition, "the case has more filings than one record holds",
          "RECORD_TOO_LARGE"};
}

Error GivenUp() { return {ErrorCode::kCancelled, "nobody waits for the filings any more"}; }

// The filing that an operator's act names, as in "delivery.resolved filing_id=… …".
std::optional<FilingId> NamedIn(const std::string& act) {
  constexpr std::string_view kName = " filing_id=";
  const std::size_t at = act.find(kName);
  if (at == std::string::npos) return std::nullopt;
  const std::size_t from = at + kName.size();
  return FilingId(act.substr(from, act.find(' ', from) - from));
}

// The filing an entry is about, if it is about one that was received before.
Result<std::optional<std::uint64_t>> SubjectOf(const View& view, const journal::v1::Entry& entry) {
  using Payload = journal::v1::Entry;
  switch (entry.payload_case()) {
    case Payload::kDeliveryStarted:
      return std::optional(entry.delivery_started().filing_sequence());
    case Payload::kSettled:
      return std::optional(entry.settled().filing_sequence());
    case Payload::kReviewChanged:
      return std::optional(entry.review_changed().filing_sequence());
    case Payload::kHeld:
      return std::optional(entry.held().filing_sequence());
    case Payload::kReleased:
      return std::optional(entry.released().filing_sequence());
    case Payload::kWithdrawn:
      return std::optional(entry.withdrawn().filing_sequence());
    case Payload::kTerminated:
      return std::optional(entry.terminated().filing_sequence());
    case Payload::kOperatorActed: {
      const auto named = NamedIn(entry.operator_acted().act());
      if (!named) return std::optional<std::uint64_t>();
      return FindSequence(view, keys::FilingById(*named));
    }
    default:
      return std::optional<std::uint64_t>();
  }
}

// Which queues the case's filings stand in; it grows with each opener that is met. An opener comes
// before whoever follows it.
class Membership {
 public:
  static Result<Membership> Of(const View& view, const LedgerIdentity& identity,
                               const CourtId& court, const std::string& number) {
    Membership members(identity, court, CaseNumberKey(identity, court, number));
    NB_ASSIGN_OR_RETURN(const auto alias, view.Get(keys::CaseAlias(members.number_key_)));
    if (alias) {
      const auto opener = Digest::FromBytes(*alias);
      if (!opener) return Error{ErrorCode::kDataLoss, "a stored case alias does not parse"};
      members.sure_.insert(*opener);
    }
    return members;
  }

  std::optional<CaseFiling> Judge(const FilingState& state) {
    if (state.court != court_ || state.delivery == Delivery::kTest) return std::nullopt;
    if (HasNumber(state)) {
      if (state.opens_case) {
        (state.record->case_numbers.size() > 1 ? perhaps_ : sure_).insert(state.case_key);
      }
      return CaseFiling{state.filing_sequence, false, {}};
    }
    if (sure_.contains(state.case_key)) return CaseFiling{state.filing_sequence, false, {}};
    if (perhaps_.contains(state.case_key)) return CaseFiling{state.filing_sequence, true, {}};
    return std::nullopt;
  }

 private:
  Membership(const LedgerIdentity& identity, CourtId court, const Digest& number_key)
      : identity_(identity), court_(std::move(court)), number_key_(number_key), sure_{number_key} {}

  bool HasNumber(const FilingState& state) const {
    return state.record &&
           std::ranges::any_of(state.record->case_numbers, [&](const CaseNumber& each) {
             return CaseNumberKey(identity_, court_, each.number) == number_key_;
           });
  }

  const LedgerIdentity& identity_;
  CourtId court_;
  Digest number_key_;
  std::set<Digest> sure_;
  std::set<Digest> perhaps_;
};

}  // namespace

Result<std::vector<CaseFiling>> FindCaseFilings(const View& view, const LedgerIdentity& identity,
                                                const CourtId& court, const std::string& number,
                                                const std::function<bool()>& go_on) {
  NB_ASSIGN_OR_RETURN(Membership members, Membership::Of(view, identity, court, number));
  std::vector<CaseFiling> filings;
  std::optional<Error> wrong;
  NB_RETURN_IF_ERROR(
      view.Scan(keys::State(0).substr(0, 1), "", [&](std::string_view, std::string_view value) {
        if (!go_on()) {
          wrong = GivenUp();
          return false;
        }
        const auto state = record::ReadState(value);
        if (!state) {
          wrong = state.error();
          return false;
        }
        if (auto filing = members.Judge(*state)) filings.push_back(std::move(*filing));
        return filings.size() <= kCaseFilingsMax;
      }));
  if (wrong) return *wrong;
  if (filings.size() > kCaseFilingsMax) return TooLarge();
  if (filings.empty()) return filings;

  std::map<std::uint64_t, CaseFiling*> by_sequence;
  for (CaseFiling& filing : filings) by_sequence[filing.sequence] = &filing;
  std::size_t entries = 0;
  NB_RETURN_IF_ERROR(view.Scan(keys::Entry(0).substr(0, 1),
                               keys::Entry(filings.front().sequence + 1),
                               [&](std::string_view, std::string_view value) {
                                 if (!go_on()) {
                                   wrong = GivenUp();
                                   return false;
                                 }
                                 const auto entry = record::ReadEntry(value);
                                 if (!entry) {
                                   wrong = entry.error();
                                   return false;
                                 }
                                 const auto subject = SubjectOf(view, *entry);
                                 if (!subject) {
                                   wrong = subject.error();
                                   return false;
                                 }
                                 if (!*subject) return true;
                                 const auto filing = by_sequence.find(**subject);
                                 if (filing == by_sequence.end()) return true;
                                 filing->second->entries.push_back(entry->sequence());
                                 return ++entries <= kCaseEntriesMax;
                               }));
  if (wrong) return *wrong;
  if (entries > kCaseEntriesMax) return TooLarge();
  return filings;
}

}  // namespace nightbox
