#include "store/filing_state.h"

#include "core/check.h"

namespace nightbox {
namespace {

CourtRecordState Review(const FilingState& state) {
  return state.record ? state.record->state : CourtRecordState::kUnspecified;
}

}  // namespace

BalanceClass ClassOf(const FilingState& state) {
  switch (state.delivery) {
    case Delivery::kPending:
      return BalanceClass::kPending;
    case Delivery::kUncertain:
      return BalanceClass::kUncertain;
    case Delivery::kHeld:
      return BalanceClass::kHeld;
    case Delivery::kDuplicateOf:
      return BalanceClass::kDuplicateOf;
    case Delivery::kWithdrawn:
      return BalanceClass::kWithdrawn;
    case Delivery::kTerminated:
      return BalanceClass::kTerminated;
    case Delivery::kTest:
      return BalanceClass::kTest;
    case Delivery::kSubmitted:
      switch (Review(state)) {
        case CourtRecordState::kDocketed:
          return BalanceClass::kDocketed;
        case CourtRecordState::kReturned:
          return BalanceClass::kReturned;
        case CourtRecordState::kWithdrawn:
          return BalanceClass::kWithdrawn;
        case CourtRecordState::kRecorded:
        case CourtRecordState::kUnspecified:
          return BalanceClass::kPending;
      }
      break;
    case Delivery::kUnspecified:
      break;
  }
  CheckFailed("a filing has a delivery state", __FILE__, __LINE__);
}

std::string_view ToWord(BalanceClass which) {
  switch (which) {
    case BalanceClass::kDocketed:
      return "docketed";
    case BalanceClass::kReturned:
      return "returned";
    case BalanceClass::kWithdrawn:
      return "withdrawn";
    case BalanceClass::kDuplicateOf:
      return "duplicate_of";
    case BalanceClass::kTerminated:
      return "terminated";
    case BalanceClass::kHeld:
      return "held";
    case BalanceClass::kPending:
      return "pending";
    case BalanceClass::kUncertain:
      return "uncertain";
    case BalanceClass::kTest:
      break;
  }
  return "test";
}

bool HasEnded(const FilingState& state) {
  switch (ClassOf(state)) {
    case BalanceClass::kPending:
    case BalanceClass::kUncertain:
    case BalanceClass::kHeld:
      return false;
    default:
      return true;
  }
}

bool LeavesCaseQueue(const FilingState& state) {
  switch (state.delivery) {
    case Delivery::kPending:
    case Delivery::kUncertain:
    case Delivery::kHeld:
      return false;
    case Delivery::kSubmitted:
      // A recorded filing frees its case, unless it opens the case: its followers need the number.
      return !state.opens_case || Review(state) == CourtRecordState::kDocketed ||
             Review(state) == CourtRecordState::kReturned ||
             Review(state) == CourtRecordState::kWithdrawn;
    default:
      return true;
  }
}

bool Balance::Holds() const {
  std::uint64_t sum = 0;
  for (int i = 0; i < kBalanceClasses; ++i) {
    if (static_cast<BalanceClass>(i) != BalanceClass::kTest) sum += classes[i];
  }
  return received == sum;
}

}  // namespace nightbox
