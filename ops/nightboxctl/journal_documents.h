// Are the stored documents what the journal says they are? Every byte is read.
//
// Each extent against its checksum, each whole document against its SHA-256, and each filing's
// documents against what is stored. Reads only, and may run while a gateway serves: it reads no
// faster than it is told, and what the gateway lets go of meanwhile is no damage. Documents that
// came after the beginning are not looked at.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "store/disk.h"
#include "store/journal.h"

namespace nightbox::ctl {

struct DocumentAuditReport {
  static constexpr std::size_t kProblemsKept = 100;

  std::uint64_t documents = 0;
  std::uint64_t bytes = 0;
  // One line each, for people, naming documents by system and SHA-256, bytes by segment and offset,
  // and filings by id; the first kProblemsKept.
  std::vector<std::string> problems;
  std::uint64_t problem_count = 0;

  bool sound() const { return problem_count == 0; }
};

struct DocumentProgress {
  std::uint64_t bytes = 0;
  std::uint64_t bytes_in_all = 0;
};

struct DocumentAuditOptions {
  // 0: as fast as the disk gives.
  std::uint64_t bytes_per_second = 0;
  // Called after each extent, with a wait of 0 when none is due. Whoever gives a rate waits.
  std::function<void(const DocumentProgress&, Microseconds wait)> after_extent;
};

// How long to wait so that `bytes`, read since `begun`, were not too many. Pure; rate is not 0.
Microseconds WaitFor(std::uint64_t bytes, std::uint64_t bytes_per_second, BootTime begun,
                     BootTime now);

// `options.directory` is the journal; no other option but env is looked at. An error means that it
// could not be looked at.
Result<DocumentAuditReport> AuditDocuments(const JournalOptions& journal, Disk& disk,
                                           const Clock& clock, const DocumentAuditOptions& options);

}  // namespace nightbox::ctl
