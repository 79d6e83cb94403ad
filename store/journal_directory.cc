#include "store/journal_directory.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "core/bytes.h"
#include "core/crc32c.h"
#include "store/head_file.h"
#include "store/opening.h"

namespace nightbox {
namespace {

constexpr std::string_view kFormat = "nightbox-current/1";
constexpr std::string_view kNamePrefix = "journal-";
constexpr std::size_t kDigits = 4;
constexpr std::uint32_t kNumberMax = 9999;
constexpr std::size_t kCurrentBytesMax = 1024;

std::string CurrentPath(const std::string& data_directory) { return data_directory + "/current"; }

std::string NameOf(std::uint32_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, kDigits - digits.size(), '0');
  return std::string(kNamePrefix) + digits;
}

std::optional<std::uint32_t> NumberOf(std::string_view name) {
  if (!name.starts_with(kNamePrefix) || name.size() != kNamePrefix.size() + kDigits) {
    return std::nullopt;
  }
  name.remove_prefix(kNamePrefix.size());
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size() || number == 0) return std::nullopt;
  return number;
}

std::string Encode(std::string_view name, std::string_view log_id) {
  std::string text;
  for (const std::string_view line : {kFormat, name, log_id}) {
    text += line;
    text += '\n';
  }
  std::string sum;
  AppendBigEndian32(sum, Crc32c(text));
  return text + HexEncode(sum) + "\n";
}

Error Damaged(const std::string& what) {
  return {ErrorCode::kDataLoss,
          "the file `current` of the data directory " + what +
              ": which journal is in use cannot be told; nothing was touched, and "
              "`nightboxctl journal set-aside` opens a new log",
          "EVIDENCE_CONTRADICTS"};
}

// The name and the log id it was written with.
struct Current {
  std::string name;
  std::string log_id;
};

Result<Current> ReadCurrent(Disk& disk, const std::string& data_directory) {
  NB_ASSIGN_OR_RETURN(const auto file, disk.Open(CurrentPath(data_directory), OpenMode::kRead));
  std::string bytes(kCurrentBytesMax, '\0');
  NB_ASSIGN_OR_RETURN(const std::size_t size, file->ReadAt(0, bytes));
  bytes.resize(size);
  std::vector<std::string> lines(1);
  for (const char c : bytes) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  if (lines.size() != 5 || !NumberOf(lines[1]) || Encode(lines[1], lines[2]) != bytes) {
    return Damaged("is damaged");
  }
  return Current{lines[1], lines[2]};
}

Result<void> WriteCurrent(Disk& disk, const std::string& data_directory, std::string_view name,
                          std::string_view log_id) {
  const std::string path = CurrentPath(data_directory);
  const std::string aside = path + ".new";
  {
    NB_ASSIGN_OR_RETURN(const auto file, disk.Open(aside, OpenMode::kCreate));
    NB_RETURN_IF_ERROR(file->Truncate(0));
    NB_RETURN_IF_ERROR(file->WriteAt(0, Encode(name, log_id)));
    NB_RETURN_IF_ERROR(file->Sync());
  }
  NB_RETURN_IF_ERROR(disk.Rename(aside, path));
  return disk.SyncDirectory(data_directory);
}

}  // namespace

std::string DataLockPath(const std::string& data_directory) { return data_directory + "/lock"; }

std::string JournalPath(const std::string& data_directory, std::uint32_t number) {
  return data_directory + "/" + NameOf(number);
}

Result<std::string> CurrentJournalPath(Disk& disk, const std::string& data_directory) {
  NB_ASSIGN_OR_RETURN(const Current current, ReadCurrent(disk, data_directory));
  return data_directory + "/" + current.name;
}

Result<std::vector<std::uint32_t>> ListJournals(Disk& disk, const std::string& data_directory) {
  NB_ASSIGN_OR_RETURN(const auto names, disk.List(data_directory));
  std::vector<std::uint32_t> numbers;
  for (const std::string& name : names) {
    if (const auto number = NumberOf(name)) numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Result<JournalDirectory> ResolveJournalDirectory(Disk& disk, const std::string& data_directory) {
  const auto current = ReadCurrent(disk, data_directory);
  if (!current) {
    if (current.error().code != ErrorCode::kNotFound) return current.error();
    const auto numbers = ListJournals(disk, data_directory);
    if (numbers && !numbers->empty()) return Damaged("is missing, though journals are there");
    return Error{ErrorCode::kNotFound,
                 "no journal in " + data_directory +
                     ": is the volume mounted? `nightboxctl journal init` makes a new, empty one"};
  }
  JournalDirectory directory{data_directory + "/" + current->name, current->log_id};
  const auto head = HeadFile::Read(disk, JournalPaths(directory.path).head);
  if (!head) {
    if (head.error().code == ErrorCode::kNotFound) {
      return Damaged("names " + current->name + ", which has no head file");
    }
    return head.error().In(current->name);
  }
  if (head->head.log_id != current->log_id) {
    return Damaged("names log " + current->log_id + ", but " + current->name + " holds log " +
                   head->head.log_id);
  }
  return directory;
}

Result<ClaimedJournal> ClaimJournalDirectory(Disk& disk, const std::string& data_directory) {
  // Asked first: a lock file in an empty mount point would make it look like a data directory.
  NB_RETURN_IF_ERROR(ResolveJournalDirectory(disk, data_directory));
  NB_ASSIGN_OR_RETURN(auto lock, disk.Lock(DataLockPath(data_directory)));
  NB_ASSIGN_OR_RETURN(auto directory, ResolveJournalDirectory(disk, data_directory));
  return ClaimedJournal{std::move(directory), std::move(lock)};
}

Result<JournalDirectory> MakeJournal(JournalOptions options, Disk& disk, const Clock& clock,
                                     Random& random, const std::string& data_directory,
                                     std::uint32_t number,
                                     const std::optional<RecordOperatorAct>& first) {
  if (number > kNumberMax) {
    return Error{ErrorCode::kResourceExhausted, "the data directory holds too many journals"};
  }
  options.directory = JournalPath(data_directory, number);
  NB_RETURN_IF_ERROR(disk.MakeDirectory(options.directory));
  NB_RETURN_IF_ERROR(Journal::Init(options, disk, clock, random, first));
  NB_ASSIGN_OR_RETURN(const HeadReading head,
                      HeadFile::Read(disk, JournalPaths(options.directory).head));
  // Last: until here a cut leaves the data directory as it was, but for a directory nothing names.
  NB_RETURN_IF_ERROR(WriteCurrent(disk, data_directory, NameOf(number), head.head.log_id));
  return JournalDirectory{options.directory, head.head.log_id};
}

Result<JournalDirectory> InitJournalDirectory(const JournalOptions& options, Disk& disk,
                                              const Clock& clock, Random& random,
                                              const std::string& data_directory) {
  if (!disk.Stat(data_directory)) {
    NB_RETURN_IF_ERROR(disk.MakeDirectory(data_directory));
    NB_RETURN_IF_ERROR(disk.SyncDirectory(ParentDirectory(data_directory)));
  }
  NB_ASSIGN_OR_RETURN(const auto lock, disk.Lock(DataLockPath(data_directory)));
  Error present{ErrorCode::kAlreadyExists, "there is a journal in " + data_directory + " already"};
  const auto current = disk.Stat(CurrentPath(data_directory));
  if (current) return present;
  if (current.error().code != ErrorCode::kNotFound) return current.error();
  NB_ASSIGN_OR_RETURN(const auto numbers, ListJournals(disk, data_directory));
  for (const std::uint32_t number : numbers) {
    const auto head = HeadFile::Read(disk, JournalPaths(JournalPath(data_directory, number)).head);
    // No head, or one that promised nothing: an init that was cut short.
    const bool never_promised =
        head ? head->head.sequence == 0 : head.error().code == ErrorCode::kNotFound;
    if (!never_promised) return present;
  }
  return MakeJournal(options, disk, clock, random, data_directory,
                     numbers.empty() ? 1 : numbers.back() + 1, std::nullopt);
}

}  // namespace nightbox
