#include "client/exit_code.h"

namespace nightbox::client {
namespace {

int Rank(ExitCode code) {
  switch (code) {
    case ExitCode::kContradiction:
      return 7;
    case ExitCode::kRefused:
      return 6;
    case ExitCode::kLocalTrouble:
      return 5;
    case ExitCode::kInterrupted:
      return 4;
    case ExitCode::kUnreachable:
      return 3;
    case ExitCode::kReturned:
      return 2;
    case ExitCode::kDone:
      return 0;
    default:
      return 1;
  }
}

}  // namespace

ExitCode ExitCodeOf(const CallFailure& failure) {
  if (failure.reason == "interrupted") return ExitCode::kInterrupted;
  if (failure.reason == "receipt-mismatch") return ExitCode::kContradiction;
  if (failure.not_reached()) return ExitCode::kUnreachable;
  if (failure.fault == "client") return ExitCode::kLocalTrouble;
  return ExitCode::kRefused;
}

ExitCode ExitCodeOf(Conclusion conclusion) {
  switch (conclusion) {
    case Conclusion::kDocketed:
    case Conclusion::kDuplicate:
    case Conclusion::kTest:
      return ExitCode::kDone;
    case Conclusion::kReturned:
      return ExitCode::kReturned;
    case Conclusion::kWithdrawn:
    case Conclusion::kTerminated:
      return ExitCode::kEnded;
    case Conclusion::kRefused:
      return ExitCode::kRefused;
    case Conclusion::kNone:
      return ExitCode::kStillWaiting;
  }
  return ExitCode::kStillWaiting;
}

ExitCode MoreSerious(ExitCode one, ExitCode other) { return Rank(other) > Rank(one) ? other : one; }

}  // namespace nightbox::client
