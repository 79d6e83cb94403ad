#include "client/exit_code.h"

namespace nightbox::client {

ExitCode ExitCodeOf(const CallFailure& failure) {
  if (failure.reason == "interrupted") return ExitCode::kInterrupted;
  if (failure.reason == "receipt-mismatch") return ExitCode::kContradiction;
  if (failure.again != Again::kFinal) return ExitCode::kUnreachable;
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

}  // namespace nightbox::client
