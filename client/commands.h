// The commands of `nightbox`, one function each. Each says its result through Output and answers
// the exit code; none throws for what the world does.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "client/exit_code.h"
#include "client/header_options.h"
#include "client/output.h"
#include "client/settings.h"
#include "client/stop_signal.h"
#include "core/clock.h"
#include "core/random.h"

namespace nightbox::client {

// What every command is given. All references outlive it.
struct Surroundings {
  const Settings& settings;
  Output& out;
  const Clock& clock;
  Random& random;
  StopSignal& stop;
};

struct FileOptions {
  HeaderOptions header;
  // Empty: a new one.
  std::string request_id;
  // One filing for each defendant or child that COR 4.05 gives a file.
  bool one_per_person = false;
  // One filing for each: "CASE TYPE:N,N[:TITLE]".
  std::vector<std::string> actions;
  // Only ask whether it would be taken.
  bool check_only = false;
  // Otherwise: until received.
  bool wait_docketed = false;
  std::int64_t limit_rate = 0;
  std::chrono::milliseconds timeout{0};
};

// Files, or goes on with an earlier `nightbox file` of the same request id and content.
ExitCode RunFile(const Surroundings& around, const FileOptions& options);

struct OutboxOptions {
  std::int64_t limit_rate = 0;
  // For all entries together.
  std::chrono::milliseconds timeout{0};
  // Empty: all.
  std::string request_id;
};

ExitCode RunOutboxList(const Surroundings& around);
// Sends what waits, and asks what has become of what was received.
ExitCode RunOutboxResume(const Surroundings& around, const OutboxOptions& options);
ExitCode RunOutboxPrune(const Surroundings& around, std::int64_t days);

// `id`: a filing id or a request id. Empty, for status: the newest filings.
ExitCode RunStatus(const Surroundings& around, const std::string& id);
ExitCode RunWatch(const Surroundings& around, const std::string& id,
                  std::chrono::milliseconds timeout);
// `target`: a .zip for the evidence package, a directory for all there is, or empty to print
// receipt.json.
ExitCode RunReceipt(const Surroundings& around, const std::string& id, const std::string& target,
                    std::chrono::milliseconds timeout);
ExitCode RunWithdraw(const Surroundings& around, const std::string& id, const std::string& reason);
ExitCode RunPolicy(const Surroundings& around, const std::string& court);

// Offline. `root_fingerprint` as openssl prints it; empty: none.
ExitCode RunVerify(const Surroundings& around, const std::vector<std::string>& files,
                   const std::string& root_fingerprint);

// Offline: what the rules say. `court_system`: the directory that has them; empty: as compiled in;
// one that cannot be loaded is kUsage. `court` may be empty; an unknown one is kUsage. Otherwise
// kDone: oddity is not refusal.
ExitCode RunCaseCheck(const Surroundings& around, const std::string& text, const std::string& court,
                      const std::string& court_system);
// kRefused when no court is known by the text.
ExitCode RunCourtFind(const Surroundings& around, const std::string& text,
                      const std::string& court_system);

struct DeadlineOptions {
  // A day, or an instant in UTC.
  std::string from;
  int days = 0;
  // "civil", "criminal" or "statutory": the one that the court system says holds; or its name,
  // "44.01".
  std::string rule;
  // Empty: only closures of every court count.
  std::string court;
  // The directory that has the rules. Empty: as compiled in.
  std::string court_system;
};

// Offline: the last day of a period, under each reading. Unknown days, rules and courts are kUsage,
// and so are circuits.
ExitCode RunDeadline(const Surroundings& around, const DeadlineOptions& options);

}  // namespace nightbox::client
