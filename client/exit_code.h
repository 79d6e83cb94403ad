// What the `nightbox` command's exit codes mean; docs/nightbox-command.md has the same table. They
// never change their meaning.
#pragma once

#include "client/call_failure.h"
#include "client/filing_state.h"

namespace nightbox::client {

enum class ExitCode {
  kDone = 0,
  // The gateway refused, or a receipt does not verify.
  kRefused = 1,
  // The command line or the settings are wrong; nothing was done.
  kUsage = 2,
  // Consistent, but no root vouches for it.
  kRootUnproven = 3,
  // The gateway was not reached in time, or is not the one the settings vouch for. A filing is kept
  // in the outbox.
  kUnreachable = 4,
  // A clerk of the court returned the filing.
  kReturned = 5,
  // Stopped by the filer. A filing is kept in the outbox.
  kInterrupted = 6,
  // Received, but what was waited for has not come in time.
  kStillWaiting = 7,
  // The gateway's answer contradicts what was sent, or itself.
  kContradiction = 8,
  // Something on this machine failed: disk, outbox, a lock.
  kLocalTrouble = 9,
  // The filing ended by withdrawal or was terminated.
  kEnded = 10
};

ExitCode ExitCodeOf(const CallFailure& failure);
// Of a filing that was watched to its end, or for as long as was allowed.
ExitCode ExitCodeOf(Conclusion conclusion);

// The one that a script, or a person at 23:58, must see even if others went well.
ExitCode MoreSerious(ExitCode one, ExitCode other);

}  // namespace nightbox::client
