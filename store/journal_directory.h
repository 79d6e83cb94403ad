// Which journal of a data directory is the one that is open to the public.
//
//   DATA/lock           held by the gateway, and by whoever makes or sets aside a journal
//   DATA/current        names the journal in use (docs/formats/journal.md)
//   DATA/journal-0001/  a journal and its documents; one more for each that was set aside
//
// A journal that was set aside is never opened for writing again, renamed or moved: it is evidence.
// So the choice between journals is a small file beside them, replaced atomically.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/random.h"
#include "core/result.h"
#include "store/disk.h"
#include "store/journal.h"

namespace nightbox {

struct JournalDirectory {
  std::string path;    // For JournalOptions::directory.
  std::string log_id;  // Of its head file.
};

// Reads only. kNotFound: no journal was ever made here, or the volume is not mounted. kDataLoss:
// `current` is damaged, or the journal it names is absent or of another log.
Result<JournalDirectory> ResolveJournalDirectory(Disk& disk, const std::string& data_directory);

// The same, and nobody else may make, set aside or serve a journal here while `lock` lives.
// DISK_LOCKED: somebody does.
struct ClaimedJournal {
  JournalDirectory directory;
  std::unique_ptr<DiskLock> lock;
};
Result<ClaimedJournal> ClaimJournalDirectory(Disk& disk, const std::string& data_directory);

// Makes the first journal of a data directory, and the directory if only it is missing.
// kAlreadyExists when a journal that ever promised anything is here, in use or not. What an earlier
// call left that was cut short is passed over. `options.directory` is not looked at.
Result<JournalDirectory> InitJournalDirectory(const JournalOptions& options, Disk& disk,
                                              const Clock& clock, Random& random,
                                              const std::string& data_directory);

// ---- For store/set_aside.h ----

std::string DataLockPath(const std::string& data_directory);
// The journal that `current` names, in whatever state it is. kNotFound: there is no such file.
Result<std::string> CurrentJournalPath(Disk& disk, const std::string& data_directory);
// The numbers of the journal directories that are there, ascending.
Result<std::vector<std::uint32_t>> ListJournals(Disk& disk, const std::string& data_directory);
std::string JournalPath(const std::string& data_directory, std::uint32_t number);
// Makes journal `number`, whole and durable, and then the one in use.
Result<JournalDirectory> MakeJournal(JournalOptions options, Disk& disk, const Clock& clock,
                                     Random& random, const std::string& data_directory,
                                     std::uint32_t number,
                                     const std::optional<RecordOperatorAct>& first);

}  // namespace nightbox
