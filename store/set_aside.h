// SetAside: opens the door again when a journal refuses to.
//
// One flipped bit must not close the door at 23:58. The journal that refuses is left exactly as it
// is, a new one with a new log id is made beside it, and the gateway serves that one when it is
// started. Takes well under ten seconds however large the archive is, because nothing of it is
// copied, moved or read through.
//
// What it costs, and what has to follow: docs/runbook.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/clock.h"
#include "core/random.h"
#include "core/result.h"
#include "store/disk.h"
#include "store/head_file.h"
#include "store/journal.h"

namespace nightbox {

struct SetAsideRequest {
  std::string data_directory;
  // Who does it and why. Both are journaled; neither may be empty.
  std::string who;
  std::string reason;
  // Normally a journal that holds all it promised is not set aside: its filings would wait for
  // nothing. True when it must be, because the gateway cannot run on it all the same.
  bool even_if_sound = false;
};

struct SetAsideReport {
  std::string old_directory;
  // Unset when its head file could not be read.
  std::optional<Head> old_head;
  std::string new_directory;
  std::string new_log_id;
};

// `options` are the gateway's; their directory is not looked at. The gateway must not be running
// (DISK_LOCKED). The first entry of the new log says who set the old one aside, why, and how far
// the old one's promises reached. kFailedPrecondition with reason JOURNAL_SOUND: see above.
// kNotFound: there is no journal to set aside. After any error the journal in use is the one it
// was, and this may be repeated.
Result<SetAsideReport> SetAside(const SetAsideRequest& request, const JournalOptions& options,
                                Disk& disk, const Clock& clock, Random& random);

}  // namespace nightbox
