#include "client/outbox.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <system_error>
#include <tuple>

#include "client/media_type.h"
#include "client/outcome_json.h"
#include "core/check.h"

namespace nightbox::client {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kJsonBytesMax = 16'000'000;
constexpr std::string_view kHalfMade = ".preparing-";
constexpr std::string_view kTogether = ".together-";

std::string DocumentName(std::size_t index) {
  std::array<char, 32> name{};
  std::snprintf(name.data(), name.size(), "document-%03zu", index + 1);
  return name.data();
}

// The directory, locked for this process. kAborted when another has it.
Result<UniqueFd> LockDirectory(const fs::path& directory, int how) {
  UniqueFd lock(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock.valid()) return Error{ErrorCode::kNotFound, "there is no " + directory.string()};
  if (::flock(lock.get(), how) != 0) {
    return Error{ErrorCode::kAborted, "another nightbox is working on " + directory.string()};
  }
  return lock;
}

// Whether the name still stands for what was locked: another process may have moved it meanwhile.
bool IsStillThere(const UniqueFd& lock, const fs::path& directory) {
  struct stat locked {};
  struct stat named {};
  return ::fstat(lock.get(), &locked) == 0 && ::stat(directory.c_str(), &named) == 0 &&
         locked.st_ino == named.st_ino && locked.st_dev == named.st_dev;
}

bool Exists(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::vector<fs::path> DirectoriesIn(const fs::path& parent) {
  std::vector<fs::path> found;
  std::error_code failed;
  for (fs::directory_iterator at(parent, failed), end; !failed && at != end; at.increment(failed)) {
    std::error_code ignored;
    if (at->is_directory(ignored)) found.push_back(at->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

Result<Package> ReadPackage(const fs::path& directory) {
  NB_ASSIGN_OR_RETURN(const std::string text,
                      ReadWholeFile(directory / "package.json", kJsonBytesMax));
  NB_ASSIGN_OR_RETURN(Package package, PackageFromJson(text));
  if (package.request_id.str() != directory.filename().string()) {
    return Error{ErrorCode::kDataLoss, "package.json names another request id than its directory"};
  }
  return package;
}

Result<std::optional<Outcome>> ReadOutcome(const fs::path& directory) {
  const Result<std::string> text = ReadWholeFile(directory / "outcome.json", kJsonBytesMax);
  if (!text && text.error().code == ErrorCode::kNotFound) return std::optional<Outcome>();
  if (!text) return text.error();
  NB_ASSIGN_OR_RETURN(Outcome outcome, OutcomeFromJson(*text));
  return std::optional<Outcome>(std::move(outcome));
}

// In a long outage a busy filer has thousands of receipts whose courts have not spoken; what must
// not grow is what was never sent.
Result<void> CheckRoom(const fs::path& parent, std::size_t wanted) {
  const std::vector<fs::path> waiting = DirectoriesIn(parent);
  if (waiting.size() + wanted <= Outbox::kEntriesMax) return {};
  const auto without_receipt = static_cast<std::size_t>(std::ranges::count_if(
      waiting, [](const fs::path& entry) { return !Exists(entry / "receipt.json"); }));
  if (without_receipt + wanted > Outbox::kEntriesMax) {
    return Error{ErrorCode::kResourceExhausted,
                 "the outbox is full (" + std::to_string(Outbox::kEntriesMax) +
                     " entries without a receipt in " + parent.string() +
                     "); run 'nightbox outbox resume' first"};
  }
  if (waiting.size() + wanted > Outbox::kReceivedMax) {
    return Error{ErrorCode::kResourceExhausted,
                 "the outbox is full (" + std::to_string(Outbox::kReceivedMax) + " entries in " +
                     parent.string() +
                     "); 'nightbox outbox resume' asks the courts and files away what has ended"};
  }
  return {};
}

// First and last readable line. A line cut short by a crash does not count.
struct Attempts {
  std::optional<AttemptNote> first;
  std::optional<AttemptNote> last;
};

Attempts ReadAttempts(const fs::path& directory) {
  Attempts attempts;
  const Result<std::string> text =
      ReadWholeFile(directory / "attempts.jsonl", Outbox::kAttemptsBytesMax + 4096);
  if (!text) return attempts;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (const auto note = AttemptFromJson(rest.substr(0, end))) {
      if (!attempts.first) attempts.first = note;
      attempts.last = note;
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return attempts;
}

EntrySummary Summarize(const fs::path& directory, bool done) {
  EntrySummary summary;
  summary.request_id = RequestId(directory.filename().string());
  summary.directory = directory;
  summary.done = done;
  Result<Package> package = ReadPackage(directory);
  if (!package) {
    summary.damage = package.error().message;
    return summary;
  }
  summary.package = std::move(*package);
  Result<std::optional<Outcome>> outcome = ReadOutcome(directory);
  if (!outcome) {
    summary.damage = outcome.error().message;
    return summary;
  }
  summary.outcome = std::move(*outcome);
  summary.last_attempt = ReadAttempts(directory).last;
  return summary;
}

}  // namespace

EntryStep NextStep(const std::optional<Outcome>& outcome) {
  if (!outcome) return EntryStep::kSend;
  return outcome->conclusion == Conclusion::kNone ? EntryStep::kAskGateway : EntryStep::kFileAway;
}

fs::path OutboxEntry::DocumentPath(std::size_t index) const {
  NB_CHECK(index < package_.header.documents.size());
  return directory_ / DocumentName(index);
}

Outbox::Outbox(const fs::path& state, FileOperations files)
    : files_(std::move(files)), waiting_(state / "outbox"), done_(state / "done") {}

Result<Outbox> Outbox::Open(const fs::path& state, FileOperations files) {
  Outbox outbox(state, std::move(files));
  NB_RETURN_IF_ERROR(outbox.files_.MakeDirectories(outbox.waiting_));
  NB_RETURN_IF_ERROR(outbox.files_.MakeDirectories(outbox.done_));
  NB_RETURN_IF_ERROR(outbox.SweepHalfMade());
  return outbox;
}

// A preparation is locked as long as its process lives, and comes to its lock under the lock of the
// whole outbox; so one that can be locked here belongs to nobody. Entries that belong together and
// count already are put in their places under that lock, so any found here were left by a crash.
Result<void> Outbox::SweepHalfMade() const {
  NB_ASSIGN_OR_RETURN(const UniqueFd all, LockDirectory(waiting_, LOCK_EX));
  for (const fs::path& each : DirectoriesIn(waiting_)) {
    if (each.filename().string().starts_with(kTogether)) NB_RETURN_IF_ERROR(PutInPlace(each));
    if (!each.filename().string().starts_with(kHalfMade)) continue;
    const Result<UniqueFd> lock = LockDirectory(each, LOCK_EX | LOCK_NB);
    if (lock) NB_RETURN_IF_ERROR(files_.RemoveTree(each));
  }
  return {};
}

Result<OutboxEntry> Outbox::Prepare(Package package, const std::vector<fs::path>& sources) {
  NB_CHECK(IsValidRequestId(package.request_id.str()));
  NB_CHECK(sources.size() == package.header.documents.size());
  if (sources.size() > kDocumentsMax) {
    return Error{ErrorCode::kInvalidArgument, "a filing has at most 999 documents"};
  }
  const std::string& name = package.request_id.str();
  OutboxEntry entry;
  entry.directory_ = waiting_ / name;
  const fs::path preparation = waiting_ / (std::string(kHalfMade) + name);
  {
    NB_ASSIGN_OR_RETURN(const UniqueFd all, LockDirectory(waiting_, LOCK_EX));
    NB_RETURN_IF_ERROR(CheckRoomFor({package.request_id}));
    NB_ASSIGN_OR_RETURN(entry.lock_, MakeLockedDirectory(preparation));
  }

  Result<Package> filled = FillPreparation(preparation, std::move(package), sources);
  if (!filled) {
    // The next Open would sweep it out as well.
    (void)files_.RemoveTree(preparation);
    return filled.error();
  }
  entry.package_ = std::move(*filled);
  NB_RETURN_IF_ERROR(files_.Rename(preparation, entry.directory_));
  NB_RETURN_IF_ERROR(files_.SyncDirectory(waiting_));
  return entry;
}

Result<void> Outbox::CheckRoomFor(const std::vector<RequestId>& request_ids) const {
  for (const RequestId& each : request_ids) {
    if (Exists(waiting_ / each.str()) || Exists(done_ / each.str())) {
      return Error{ErrorCode::kAlreadyExists,
                   "request id " + each.str() + " is in the outbox already"};
    }
  }
  return CheckRoom(waiting_, request_ids.size());
}

Result<UniqueFd> Outbox::MakeLockedDirectory(const fs::path& path) const {
  NB_RETURN_IF_ERROR(files_.MakeNewDirectory(path));
  return LockDirectory(path, LOCK_EX | LOCK_NB);
}

Result<std::vector<OutboxEntry>> Outbox::PrepareTogether(
    std::vector<Package> packages, const std::vector<std::vector<fs::path>>& sources) {
  NB_CHECK(!packages.empty() && packages.size() == sources.size());
  std::vector<RequestId> request_ids;
  for (std::size_t i = 0; i < packages.size(); ++i) {
    NB_CHECK(IsValidRequestId(packages[i].request_id.str()));
    NB_CHECK(sources[i].size() == packages[i].header.documents.size());
    if (sources[i].size() > kDocumentsMax) {
      return Error{ErrorCode::kInvalidArgument, "a filing has at most 999 documents"};
    }
    request_ids.push_back(packages[i].request_id);
  }
  const fs::path preparation = waiting_ / (std::string(kHalfMade) + request_ids.front().str());
  const fs::path together = waiting_ / (std::string(kTogether) + request_ids.front().str());
  UniqueFd preparing;
  {
    NB_ASSIGN_OR_RETURN(const UniqueFd all, LockDirectory(waiting_, LOCK_EX));
    NB_RETURN_IF_ERROR(CheckRoomFor(request_ids));
    NB_ASSIGN_OR_RETURN(preparing, MakeLockedDirectory(preparation));
  }

  std::vector<OutboxEntry> entries;
  const auto fill = [&]() -> Result<void> {
    for (std::size_t i = 0; i < packages.size(); ++i) {
      OutboxEntry& entry = entries.emplace_back();
      const fs::path directory = preparation / request_ids[i].str();
      NB_ASSIGN_OR_RETURN(entry.lock_, MakeLockedDirectory(directory));
      NB_ASSIGN_OR_RETURN(entry.package_,
                          FillPreparation(directory, std::move(packages[i]), sources[i]));
      entry.directory_ = waiting_ / request_ids[i].str();
    }
    return files_.SyncDirectory(preparation);
  };
  const Result<void> filled = fill();
  if (!filled) {
    (void)files_.RemoveTree(preparation);
    return filled.error();
  }
  NB_ASSIGN_OR_RETURN(const UniqueFd all, LockDirectory(waiting_, LOCK_EX));
  // All of them, or none: from here on they count.
  NB_RETURN_IF_ERROR(files_.Rename(preparation, together));
  NB_RETURN_IF_ERROR(files_.SyncDirectory(waiting_));
  NB_RETURN_IF_ERROR(PutInPlace(together));
  return entries;
}

// May be repeated after a crash at any point. What stands in its place already is left alone: that
// one may have been sent.
Result<void> Outbox::PutInPlace(const fs::path& together) const {
  for (const fs::path& each : DirectoriesIn(together)) {
    const fs::path name = each.filename();
    if (Exists(waiting_ / name) || Exists(done_ / name)) continue;
    NB_RETURN_IF_ERROR(files_.Rename(each, waiting_ / name));
  }
  NB_RETURN_IF_ERROR(files_.SyncDirectory(waiting_));
  NB_RETURN_IF_ERROR(files_.SyncDirectory(together));
  if (!DirectoriesIn(together).empty()) return {};
  NB_RETURN_IF_ERROR(files_.RemoveTree(together));
  return files_.SyncDirectory(waiting_);
}

Result<Package> Outbox::FillPreparation(const fs::path& directory, Package package,
                                        const std::vector<fs::path>& sources) const {
  for (std::size_t i = 0; i < sources.size(); ++i) {
    NB_ASSIGN_OR_RETURN(const CopiedFile copied,
                        files_.CopyToNewFile(sources[i], directory / DocumentName(i)));
    Document& document = package.header.documents[i];
    document.size_bytes = copied.size_bytes;
    document.sha256 = copied.sha256;
    if (document.media_type.empty()) {
      const auto sniffed = SniffMediaType(copied.head);
      if (!sniffed) {
        return Error{ErrorCode::kInvalidArgument,
                     sources[i].string() + " is not a PDF; name its kind with --media-type",
                     "media-type"};
      }
      document.media_type = *sniffed;
    }
  }
  NB_RETURN_IF_ERROR(files_.WriteNewFile(directory / "package.json", PackageToJson(package)));
  NB_RETURN_IF_ERROR(files_.SyncDirectory(directory));
  return package;
}

Result<OutboxEntry> Outbox::Take(const RequestId& request_id) const {
  if (!IsValidRequestId(request_id.str())) {
    return Error{ErrorCode::kNotFound, "there is no such entry in the outbox"};
  }
  OutboxEntry entry;
  entry.directory_ = waiting_ / request_id.str();
  NB_ASSIGN_OR_RETURN(entry.lock_, LockDirectory(entry.directory_, LOCK_EX | LOCK_NB));
  if (!IsStillThere(entry.lock_, entry.directory_)) {
    return Error{ErrorCode::kNotFound, "there is no " + entry.directory_.string()};
  }
  NB_ASSIGN_OR_RETURN(entry.package_, ReadPackage(entry.directory_));
  NB_ASSIGN_OR_RETURN(entry.outcome_, ReadOutcome(entry.directory_));
  if (const auto first = ReadAttempts(entry.directory_).first) entry.first_tried_at_ = first->at;
  return entry;
}

Result<void> Outbox::Note(OutboxEntry& entry, const AttemptNote& note) const {
  if (!entry.first_tried_at_) entry.first_tried_at_ = note.at;
  const fs::path path = entry.directory_ / "attempts.jsonl";
  std::error_code failed;
  const std::uintmax_t size = fs::file_size(path, failed);
  if (!failed && size >= kAttemptsBytesMax) return {};
  return files_.AppendLine(path, AttemptToJson(note));
}

Result<void> Outbox::RecordReceipt(OutboxEntry& entry, const FilingState& filing,
                                   WallTime now) const {
  NB_RETURN_IF_ERROR(files_.ReplaceFile(entry.directory_ / "receipt.json", filing.receipt.json));
  NB_RETURN_IF_ERROR(files_.ReplaceFile(entry.directory_ / "receipt.json.p7s", filing.receipt.p7s));
  return RecordNews(entry, filing, now);
}

Result<void> Outbox::RecordNews(OutboxEntry& entry, const FilingState& filing, WallTime now) const {
  Outcome outcome;
  outcome.conclusion = Concludes(filing.delivery, filing.review);
  outcome.updated_at = now;
  outcome.filing = filing;
  outcome.filing.receipt = {};
  outcome.filing.warnings.clear();
  return WriteOutcome(entry, std::move(outcome));
}

Result<void> Outbox::RecordRefusal(OutboxEntry& entry, const CallFailure& refusal,
                                   WallTime now) const {
  Outcome outcome;
  outcome.conclusion = Conclusion::kRefused;
  outcome.updated_at = now;
  outcome.refusal = refusal;
  return WriteOutcome(entry, std::move(outcome));
}

Result<void> Outbox::WriteOutcome(OutboxEntry& entry, Outcome outcome) const {
  NB_RETURN_IF_ERROR(files_.ReplaceFile(entry.directory_ / "outcome.json", OutcomeToJson(outcome)));
  entry.outcome_ = std::move(outcome);
  return {};
}

Result<void> Outbox::FileAway(OutboxEntry& entry) const {
  NB_CHECK(entry.next_step() == EntryStep::kFileAway);
  const fs::path target = done_ / entry.package_.request_id.str();
  NB_RETURN_IF_ERROR(files_.Rename(entry.directory_, target));
  entry.directory_ = target;
  // The new place first: if power fails between the two, the entry is in both or in one, never in
  // none.
  NB_RETURN_IF_ERROR(files_.SyncDirectory(done_));
  return files_.SyncDirectory(waiting_);
}

std::vector<EntrySummary> Outbox::ListIn(const fs::path& directory, bool done) const {
  std::vector<EntrySummary> entries;
  for (const fs::path& each : DirectoriesIn(directory)) {
    if (IsValidRequestId(each.filename().string())) entries.push_back(Summarize(each, done));
  }
  std::sort(entries.begin(), entries.end(), [](const auto& one, const auto& other) {
    const auto key = [](const EntrySummary& entry) {
      return std::tuple(!entry.damage.empty(), entry.package.authorized_at, entry.request_id);
    };
    return key(one) < key(other);
  });
  return entries;
}

std::vector<EntrySummary> Outbox::List() const { return ListIn(waiting_, false); }
std::vector<EntrySummary> Outbox::ListDone() const { return ListIn(done_, true); }

std::optional<EntrySummary> Outbox::Find(const std::string& id) const {
  if (IsValidRequestId(id)) {
    if (Exists(waiting_ / id)) return Summarize(waiting_ / id, false);
    if (Exists(done_ / id)) return Summarize(done_ / id, true);
  }
  for (const bool done : {false, true}) {
    for (EntrySummary& each : ListIn(done ? done_ : waiting_, done)) {
      if (each.outcome && !id.empty() && each.outcome->filing.filing_id.str() == id) {
        return std::move(each);
      }
    }
  }
  return std::nullopt;
}

Result<std::size_t> Outbox::PruneDone(WallTime before) const {
  std::size_t pruned = 0;
  for (const EntrySummary& each : ListDone()) {
    if (!each.damage.empty() || !each.outcome || each.outcome->updated_at >= before) continue;
    bool any = false;
    for (std::size_t i = 0; i < each.package.header.documents.size(); ++i) {
      const fs::path copy = each.directory / DocumentName(i);
      if (!Exists(copy)) continue;
      NB_RETURN_IF_ERROR(files_.RemoveTree(copy));
      any = true;
    }
    if (any) ++pruned;
  }
  return pruned;
}

}  // namespace nightbox::client
