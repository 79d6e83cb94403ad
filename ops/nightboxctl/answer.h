// Answer: what a command found out, for people or for programs, and its exit code.
#pragma once

#include <boost/json.hpp>
#include <ostream>
#include <string>
#include <vector>

#include "client/call_failure.h"
#include "core/result.h"

namespace nightbox::ctl {

// docs/runbook.md has the same table. They never change their meaning.
enum class ExitCode {
  kDone = 0,
  // The gateway or the journal refused, or what was looked at is not sound.
  kRefused = 1,
  // The command line or the configuration is wrong; nothing was done.
  kUsage = 2,
  // What was looked at is consistent, but no root vouches for it.
  kRootUnproven = 3,
  // The gateway was not reached in time; whether it acted is not known.
  kUnreachable = 4,
  // Something on this machine failed: disk, permissions, a lock.
  kLocalTrouble = 9
};

struct Answer {
  ExitCode code = ExitCode::kDone;
  // For programs (--json): one object, to which the exit code is added.
  boost::json::object members;
  // For people, each one line.
  std::vector<std::string> lines;
};

Answer Failed(const Error& error);
Answer Failed(const client::CallFailure& failure);

// With `json`: one line on `out`, whatever became of it. Otherwise the lines, on `err` unless the
// command succeeded. Control characters that came from elsewhere are left out. Returns the exit
// code.
int Say(const Answer& answer, bool json, std::ostream& out, std::ostream& err);

}  // namespace nightbox::ctl
