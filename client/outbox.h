// Outbox: what a filer wants filed, safe on this machine before the first try and until the court
// has spoken.
//
//   STATE/outbox/REQUEST-ID/     package.json, document-001…, attempts.jsonl,
//                                receipt.json, receipt.json.p7s, outcome.json
//   STATE/done/REQUEST-ID/       the same, once docketed, returned or otherwise ended
//
// A directory with a request id for its name is whole and synced: it is prepared under another name
// and renamed last. outcome.json is the mark that the gateway has answered for good; the receipt is
// synced before it. A crash at any point leaves nothing, or an entry that can be resumed with the
// same request id and the same bytes. Entries that belong together are prepared in one directory,
// whose renaming makes all of them count; whoever opens the outbox next puts them in their places.
// Directories are 0700, files 0600. Each entry is locked while
// somebody works on it, also against other processes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "client/call_failure.h"
#include "client/file_operations.h"
#include "client/filing_state.h"
#include "client/package.h"
#include "core/clock.h"
#include "core/result.h"

namespace nightbox::client {

// The gateway's last word on an entry, as kept in outcome.json.
struct Outcome {
  Conclusion conclusion = Conclusion::kNone;
  // By this machine's clock.
  WallTime updated_at{};
  // Without receipt and warnings. Empty when refused.
  FilingState filing;
  // Why the gateway refused. Meaningful when conclusion is kRefused.
  CallFailure refusal;
};

enum class EntryStep {
  // No receipt yet: send it.
  kSend,
  // The receipt is here; ask what has become of it.
  kAskGateway,
  // It has ended: move it to done/.
  kFileAway
};

// What is to be done with an entry.
EntryStep NextStep(const std::optional<Outcome>& outcome);

// A line of attempts.jsonl: what this machine tried, and when by its own clock.
struct AttemptNote {
  WallTime at{};
  // "started", "failed", "received", "refused".
  std::string step;
  // For a failure: its reason word or code. Never a message.
  std::string reason = {};
  std::string attempt_id = {};
};

// An entry this process has locked. The lock is held while it lives.
class OutboxEntry {
 public:
  const Package& package() const { return package_; }
  const std::filesystem::path& directory() const { return directory_; }
  std::filesystem::path DocumentPath(std::size_t index) const;
  const std::optional<Outcome>& outcome() const { return outcome_; }
  // When the first try began. nullopt: there has been none.
  const std::optional<WallTime>& first_tried_at() const { return first_tried_at_; }
  EntryStep next_step() const { return NextStep(outcome_); }

 private:
  friend class Outbox;

  UniqueFd lock_;
  std::filesystem::path directory_;
  Package package_;
  std::optional<Outcome> outcome_;
  std::optional<WallTime> first_tried_at_;
};

// What a list shows of an entry; read without its lock.
struct EntrySummary {
  RequestId request_id;
  std::filesystem::path directory;
  bool done = false;
  // Empty: the entry is whole. Otherwise what cannot be read; nothing else below is meaningful.
  std::string damage;
  Package package;
  std::optional<Outcome> outcome;
  std::optional<AttemptNote> last_attempt;
};

// One thread at a time; any number of processes.
class Outbox {
 public:
  // Entries without a receipt, and all entries whose court has not spoken yet.
  static constexpr std::size_t kEntriesMax = 1'000;
  static constexpr std::size_t kReceivedMax = 100'000;
  static constexpr std::size_t kDocumentsMax = 999;
  static constexpr std::uintmax_t kAttemptsBytesMax = 64 * 1024;

  // Makes the directories if need be and sweeps out what a crash left half made.
  static Result<Outbox> Open(const std::filesystem::path& state, FileOperations files);

  // Copies the documents, completes the header with what was copied (size, SHA-256, and the media
  // type where it is empty), and on return has all of it on disk for good. `sources` has one path
  // per document of the header.
  //
  // kAlreadyExists: the request id is in the outbox or in done/ already. kResourceExhausted: the
  // outbox is full. kInvalidArgument: a document's kind is not recognised.
  Result<OutboxEntry> Prepare(Package package, const std::vector<std::filesystem::path>& sources);

  // The same for filings that belong together, each with its own request id: on return all of them
  // are on disk for good, and whatever stops it before leaves all or none. Answers them in order.
  Result<std::vector<OutboxEntry>> PrepareTogether(
      std::vector<Package> packages,
      const std::vector<std::vector<std::filesystem::path>>& sources);

  // Locks an entry that waits. kNotFound, or kAborted while another process works on it.
  Result<OutboxEntry> Take(const RequestId& request_id) const;

  // Synced. Beyond kAttemptsBytesMax an entry's notes are no longer taken: the first ones count.
  Result<void> Note(OutboxEntry& entry, const AttemptNote& note) const;
  // On return the receipt and the gateway's answer are on disk for good.
  Result<void> RecordReceipt(OutboxEntry& entry, const FilingState& filing, WallTime now) const;
  // News of a filing whose receipt is here.
  Result<void> RecordNews(OutboxEntry& entry, const FilingState& filing, WallTime now) const;
  Result<void> RecordRefusal(OutboxEntry& entry, const CallFailure& refusal, WallTime now) const;
  // Moves an entry that has ended to done/.
  Result<void> FileAway(OutboxEntry& entry) const;

  // Waiting entries, oldest first; damaged ones last.
  std::vector<EntrySummary> List() const;
  std::vector<EntrySummary> ListDone() const;
  // By request id or filing id, waiting or done.
  std::optional<EntrySummary> Find(const std::string& id) const;

  // Removes the document copies of entries that ended before then; package and receipt stay.
  // Answers how many entries were thinned out.
  Result<std::size_t> PruneDone(WallTime before) const;

 private:
  Outbox(const std::filesystem::path& state, FileOperations files);

  Result<void> SweepHalfMade() const;
  // With the lock of the whole outbox held, as the next two.
  Result<void> CheckRoomFor(const std::vector<RequestId>& request_ids) const;
  Result<UniqueFd> MakeLockedDirectory(const std::filesystem::path& path) const;
  Result<void> PutInPlace(const std::filesystem::path& together) const;
  Result<Package> FillPreparation(const std::filesystem::path& directory, Package package,
                                  const std::vector<std::filesystem::path>& sources) const;
  Result<void> WriteOutcome(OutboxEntry& entry, Outcome outcome) const;
  std::vector<EntrySummary> ListIn(const std::filesystem::path& directory, bool done) const;

  FileOperations files_;
  std::filesystem::path waiting_;
  std::filesystem::path done_;
};

}  // namespace nightbox::client
