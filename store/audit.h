// Audit: is a journal what it promised to be? Every entry is read and everything computed again.
//
// Reads only, and may run while a gateway serves from the journal; what is being written then is
// beyond the head and not judged. Takes time in proportion to the archive.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "store/disk.h"
#include "store/head_file.h"
#include "store/journal.h"

namespace nightbox {

struct AuditReport {
  static constexpr std::size_t kProblemsKept = 100;

  Head head;
  bool one_head_slot_bad = false;
  std::string log_id;
  std::string gateway;
  // Promised entries that were read; the whole when there is no problem.
  std::uint64_t entries = 0;
  std::uint64_t filings = 0;
  // Recomputed from the statements of the promised entries.
  Digest root;
  // One line each, for people, naming sequences; the first kProblemsKept.
  std::vector<std::string> problems;
  std::uint64_t problem_count = 0;

  bool sound() const { return problem_count == 0; }
};

// `options.directory` is the journal; no other option but env is looked at. For each promised
// entry: it is there, its statement fits its place, its leaf and every node above fit the tree,
// commit times do not decrease within a clock epoch; for a filing also that receipt and record
// agree, that it is found by its delivery key, and that the signature fits, to one of `roots_pem`
// as of the commit when given. Then: the root is the head's, and there are as many commits as the
// head promises, also those that added no entry. An error means that it could not be looked at.
Result<AuditReport> AuditJournal(const JournalOptions& options, Disk& disk,
                                 const std::optional<std::string>& roots_pem);

}  // namespace nightbox
