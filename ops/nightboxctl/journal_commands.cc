#include "ops/nightboxctl/journal_commands.h"

#include <utility>

#include "client/file_operations.h"
#include "ops/nightboxctl/journal_report.h"
#include "rules/court_time.h"
#include "store/audit.h"
#include "store/journal_directory.h"
#include "store/posix_disk.h"
#include "store/salvage.h"
#include "store/set_aside.h"

namespace nightbox::ctl {
namespace {

constexpr std::size_t kPemBytesMax = 1'000'000;

JournalOptions OptionsOf(const GatewaySettings& gateway) {
  JournalOptions options;
  options.gateway = gateway.name;
  return options;
}

bool LiesWithin(const std::filesystem::path& path, const std::filesystem::path& directory) {
  std::error_code ignored;
  const auto outer = std::filesystem::weakly_canonical(directory, ignored);
  const auto inner = std::filesystem::weakly_canonical(path, ignored);
  const auto relative = inner.lexically_relative(outer);
  return !relative.empty() && *relative.begin() != "..";
}

std::string WithoutSlash(std::string directory) {
  while (directory.size() > 1 && directory.ends_with('/')) directory.pop_back();
  return directory;
}

// What was kept of the problems, and how many there are beside.
void AddProblems(Answer& answer, const std::vector<std::string>& kept, std::uint64_t count) {
  answer.lines.insert(answer.lines.end(), kept.begin(), kept.end());
  if (count > kept.size())
    answer.lines.push_back("and " + std::to_string(count - kept.size()) + " more");
}

boost::json::array ArrayOf(const std::vector<std::string>& texts) {
  boost::json::array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

// The documents' part of a verification, after the log's.
void AddDocuments(Answer& answer, const JournalOptions& journal, Disk& disk, const Clock& clock,
                  const DocumentAuditOptions& options) {
  const auto report = AuditDocuments(journal, disk, clock, options);
  if (!report) {
    answer.code = ExitCode::kRefused;
    answer.members["sound"] = false;
    answer.members["documents"] = {{"error", report.error().message}};
    answer.lines.push_back("NOT SOUND: the documents could not be looked at: " +
                           report.error().message);
    return;
  }
  answer.members["documents"] = {{"sound", report->sound()},
                                 {"count", report->documents},
                                 {"bytes", report->bytes},
                                 {"problem_count", report->problem_count},
                                 {"problems", ArrayOf(report->problems)}};
  AddProblems(answer, report->problems, report->problem_count);
  const std::string read = std::to_string(report->documents) + " documents read, " +
                           std::to_string(report->bytes) + " bytes";
  answer.lines.push_back(report->sound() ? "documents sound: " + read
                                         : "DOCUMENTS NOT SOUND: " + read +
                                               "; docs/runbook.md says what to do about each");
  if (report->sound()) return;
  answer.code = ExitCode::kRefused;
  answer.members["sound"] = false;
}

}  // namespace

Answer InitJournal(const GatewaySettings& gateway, const Clock& clock, Random& random) {
  PosixDisk disk;
  const auto made =
      InitJournalDirectory(OptionsOf(gateway), disk, clock, random, gateway.data_directory);
  if (!made) return Failed(made.error());
  Answer answer;
  answer.members = {{"journal", made->path}, {"log_id", made->log_id}, {"gateway", gateway.name}};
  answer.lines = {"made an empty journal in " + made->path, "log id: " + made->log_id};
  return answer;
}

Answer SetJournalAside(const GatewaySettings& gateway, const SetAsideWords& words,
                       const Clock& clock, Random& random) {
  PosixDisk disk;
  const SetAsideRequest request{gateway.data_directory, words.who, words.reason,
                                words.even_if_sound};
  const auto report = SetAside(request, OptionsOf(gateway), disk, clock, random);
  if (!report) return Failed(report.error());
  Answer answer;
  answer.members = {{"old_journal", report->old_directory},
                    {"new_journal", report->new_directory},
                    {"new_log_id", report->new_log_id}};
  std::string promised = "its head file cannot be read";
  if (report->old_head) {
    answer.members["old_log_id"] = report->old_head->log_id;
    answer.members["old_promised"] = report->old_head->sequence;
    answer.members["old_root"] = report->old_head->root.Hex();
    promised = "log " + report->old_head->log_id + ", " +
               std::to_string(report->old_head->sequence) + " entries promised";
  }
  answer.lines = {
      "set aside, untouched: " + report->old_directory + " (" + promised + ")",
      "in use from now on:   " + report->new_directory + " (log " + report->new_log_id + ")",
      "1. open the door:     systemctl start nightbox-gateway",
      "2. see what is there: nightboxctl journal salvage " + report->old_directory +
          " --report salvage.json",
      "Receipts of the old log stay valid. Its filings are NOT delivered from the new one.",
      "What to do about them: docs/runbook.md"};
  return answer;
}

Answer VerifyJournal(const std::string& directory, const std::string& data_directory,
                     const std::filesystem::path& root, const DocumentAuditOptions* documents,
                     const Clock& clock) {
  PosixDisk disk;
  JournalOptions options;
  options.directory = WithoutSlash(directory);
  if (options.directory.empty()) {
    const auto resolved = ResolveJournalDirectory(disk, data_directory);
    if (!resolved) return Failed(resolved.error());
    options.directory = resolved->path;
  }
  std::optional<std::string> roots;
  if (!root.empty()) {
    auto pem = client::ReadWholeFile(root, kPemBytesMax);
    if (!pem) return Failed(pem.error().In("--root"));
    roots = std::move(*pem);
  }
  const auto report = AuditJournal(options, disk, roots);
  if (!report) return Failed(report.error());
  Answer answer;
  answer.code = report->sound() ? ExitCode::kDone : ExitCode::kRefused;
  answer.members = {{"journal", options.directory},
                    {"sound", report->sound()},
                    {"log_id", report->log_id},
                    {"gateway", report->gateway},
                    {"promised", report->head.sequence},
                    {"entries", report->entries},
                    {"filings", report->filings},
                    {"root", report->root.Hex()},
                    {"head_root", report->head.root.Hex()},
                    {"one_head_slot_bad", report->one_head_slot_bad},
                    {"signers_checked_to_root", roots.has_value()},
                    {"problem_count", report->problem_count},
                    {"problems", ArrayOf(report->problems)}};
  AddProblems(answer, report->problems, report->problem_count);
  if (report->one_head_slot_bad) {
    answer.lines.emplace_back("warning: one slot of the head file is bad; the other was used");
  }
  answer.lines.push_back((report->sound() ? "sound: " : "NOT SOUND: ") +
                         std::to_string(report->entries) + " of " +
                         std::to_string(report->head.sequence) + " promised entries read, " +
                         std::to_string(report->filings) + " filings, root " + report->root.Hex() +
                         (roots ? ", every receipt signed under the given root"
                                : ", receipts' signatures fit (give --root to check who signed)"));
  if (!report->sound()) answer.lines.back().resize(answer.lines.back().rfind(", "));
  if (documents != nullptr) AddDocuments(answer, options, disk, clock, *documents);
  return answer;
}

Answer SalvageInto(const std::string& directory, const std::filesystem::path& report) {
  JournalOptions options;
  options.directory = WithoutSlash(directory);
  if (LiesWithin(report, options.directory)) {
    return Failed(Error{ErrorCode::kInvalidArgument,
                        "the report must lie outside the journal it is about: that is evidence"});
  }
  PosixDisk disk;
  auto file = JournalReportFile::Create(disk, report);
  if (!file) return Failed(file.error().In("the report"));
  const auto salvaged = SalvageJournal(options, disk, [&](const SalvagedFiling& filing) {
    boost::json::object members = {{"sequence", filing.sequence},
                                   {"filing_id", filing.filing_id.str()},
                                   {"delivery_key", filing.delivery_key.Hex()},
                                   {"court", filing.court.str()},
                                   {"received_at", FormatUtc(filing.received_at)},
                                   {"test", filing.test},
                                   {"last_known", filing.last_known}};
    if (filing.leaf_fits) members["leaf_fits"] = *filing.leaf_fits;
    file->Element(members);
  });
  if (!salvaged) {
    (void)disk.Unlink(
        report.string());  // Holds nothing, and would stand in the way of the next try.
    return Failed(salvaged.error());
  }
  Answer answer;
  boost::json::array missing;
  for (const auto& [first, last] : salvaged->missing) {
    missing.push_back(boost::json::object{{"first", first}, {"last", last}});
  }
  boost::json::array lost;
  for (const LostFiling& filing : salvaged->lost_filings) {
    boost::json::object members = {{"sequence", filing.sequence},
                                   {"filing_id", filing.filing_id.str()},
                                   {"court", filing.court.str()}};
    if (filing.delivery_key) members["delivery_key"] = filing.delivery_key->Hex();
    lost.push_back(std::move(members));
  }
  answer.members = {{"journal", options.directory},
                    {"log_id", salvaged->log_id},
                    {"gateway", salvaged->gateway},
                    {"head_readable", salvaged->head.has_value()},
                    {"entries", salvaged->entries},
                    {"readable_entries", salvaged->readable_entries},
                    {"readable_filings", salvaged->readable_filings},
                    {"missing_entries", std::move(missing)},
                    {"missing_filings", std::move(lost)}};
  if (const auto done = file->Finish(answer.members); !done) {
    return Failed(done.error().In("the report"));
  }
  answer.members["report"] = report.string();
  answer.lines = {
      std::to_string(salvaged->readable_filings) + " filings can be read; they are listed in " +
          report.string(),
      "entries: " + std::to_string(salvaged->readable_entries) + " of " +
          std::to_string(salvaged->entries) + " can be read; missing: " +
          (salvaged->missing.empty() ? "none" : NameRanges(salvaged->missing)),
      std::to_string(salvaged->lost_filings.size()) +
          " of the missing entries are known to have been filings; others may have been",
      "Nothing was delivered and nothing was changed."};
  return answer;
}

}  // namespace nightbox::ctl
