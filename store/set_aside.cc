#include "store/set_aside.h"

#include <memory>
#include <utility>

#include "proto/filing_codec.h"
#include "store/journal_directory.h"
#include "store/opening.h"

namespace nightbox {
namespace {

constexpr std::size_t kReasonMax = 1000;

// When `current` is lost: the newest journal that has a head was open last.
std::string NewestJournal(Disk& disk, const std::string& data_directory,
                          const std::vector<std::uint32_t>& numbers) {
  for (auto number = numbers.rbegin(); number != numbers.rend(); ++number) {
    std::string path = JournalPath(data_directory, *number);
    if (disk.Stat(JournalPaths(path).head)) return path;
  }
  return JournalPath(data_directory, numbers.back());
}

// That the journal needs no setting aside, or is not the one the configuration is about.
Result<void> RefuseIfSound(const JournalOptions& options, Disk& disk, const std::string& directory,
                           const Head& head) {
  const JournalPaths paths(directory);
  if (!disk.Stat(paths.ledger)) return {};
  JournalOptions old_options = options;
  old_options.directory = directory;
  const auto sound = CheckLedger(old_options, paths, head);
  if (!sound) {
    // A wrong name in the configuration is not a damaged journal.
    if (sound.error().code == ErrorCode::kFailedPrecondition) return sound.error();
    return {};
  }
  return Error{ErrorCode::kFailedPrecondition,
               "the journal holds all it promised: start the gateway; if it does not run on this "
               "journal all the same, say --even-if-sound",
               "JOURNAL_SOUND"};
}

std::string ActOf(const std::string& old_directory, const std::optional<Head>& head) {
  std::string act =
      "journal.set_aside " + old_directory.substr(ParentDirectory(old_directory).size() + 1);
  if (!head) return act + " head=unreadable";
  return act + " log_id=" + head->log_id + " sequence=" + std::to_string(head->sequence) +
         " root=" + head->root.Hex();
}

}  // namespace

Result<SetAsideReport> SetAside(const SetAsideRequest& request, const JournalOptions& options,
                                Disk& disk, const Clock& clock, Random& random) {
  if (request.who.empty() || request.reason.empty() || request.who.size() > kReasonMax ||
      request.reason.size() > kReasonMax) {
    return Error{ErrorCode::kInvalidArgument,
                 "who sets the journal aside and why must be said, in at most 1,000 bytes each"};
  }
  if (!IsWellFormedText(request.who) || !IsWellFormedText(request.reason)) {
    return Error{ErrorCode::kInvalidArgument,
                 "who sets the journal aside and why must be UTF-8: set a UTF-8 locale, or write "
                 "them in plain letters"};
  }
  NB_ASSIGN_OR_RETURN(const auto numbers, ListJournals(disk, request.data_directory));
  if (numbers.empty()) {
    return Error{ErrorCode::kNotFound,
                 "no journal in " + request.data_directory + ": is the volume mounted?"};
  }
  NB_ASSIGN_OR_RETURN(const auto lock, disk.Lock(DataLockPath(request.data_directory)));
  SetAsideReport report;
  const auto current = CurrentJournalPath(disk, request.data_directory);
  report.old_directory = current ? *current : NewestJournal(disk, request.data_directory, numbers);
  const JournalPaths old(report.old_directory);
  // Whoever writes to it has its lock too. Asking changes no byte, and a lock file that is not
  // there is not made.
  std::unique_ptr<DiskLock> old_lock;
  if (disk.Stat(old.lock)) {
    auto held = disk.Lock(old.lock);
    if (!held && held.error().reason == "DISK_LOCKED") return held.error();
    if (held) old_lock = std::move(*held);
  }
  if (const auto head = HeadFile::Read(disk, old.head)) {
    report.old_head = head->head;
  }
  const bool may_be_sound = ResolveJournalDirectory(disk, request.data_directory).has_value();
  if (may_be_sound && report.old_head && !request.even_if_sound) {
    NB_RETURN_IF_ERROR(RefuseIfSound(options, disk, report.old_directory, *report.old_head));
  }
  NB_ASSIGN_OR_RETURN(
      const JournalDirectory made,
      MakeJournal(options, disk, clock, random, request.data_directory, numbers.back() + 1,
                  RecordOperatorAct{request.who, ActOf(report.old_directory, report.old_head),
                                    request.reason}));
  report.new_directory = made.path;
  report.new_log_id = made.log_id;
  return report;
}

}  // namespace nightbox
