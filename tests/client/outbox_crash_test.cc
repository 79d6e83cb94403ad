// Goal: a crash at any point leaves nothing or an entry that can be resumed, and nothing counts
// before it is synced.
// Method: real files; a hook that stops the world at the Nth changing call, for every N until a
// life of an entry completes; and one that keeps the order of calls.
#include <gtest/gtest.h>

#include <cerrno>
#include <set>

#include "client/outbox.h"
#include "core/sha256.h"
#include "sample_filing.h"
#include "tests/support/temporary_directory.h"

namespace nightbox::client {
namespace {

namespace fs = std::filesystem;

FilingState DocketedFiling() {
  FilingState filing;
  filing.filing_id = FilingId("cccccccccccccccccccccccccc");
  filing.request_id = RequestId(std::string(kSampleRequestId));
  filing.delivery = Delivery::kSubmitted;
  filing.review = Review::kDocketed;
  filing.receipt = {"{\"receipt\":1}", "signature", ""};
  return filing;
}

// How far a life of an entry came before the world stopped.
struct Progress {
  bool prepared = false;
  bool receipted = false;
  bool filed_away = false;
};

Progress Live(const fs::path& scratch, FileOperations::Hook hook) {
  Progress progress;
  auto outbox = Outbox::Open(scratch / "state", FileOperations(std::move(hook)));
  if (!outbox) return progress;
  auto entry = outbox->Prepare(SampleFiling(), SampleSources(scratch));
  if (!entry) return progress;
  progress.prepared = true;
  if (!outbox->Note(*entry, {SampleTime(), "started"})) return progress;
  FilingState filing = DocketedFiling();
  if (!outbox->RecordReceipt(*entry, filing, SampleTime())) return progress;
  progress.receipted = true;
  if (!outbox->FileAway(*entry)) return progress;
  progress.filed_away = true;
  return progress;
}

// Whatever the crash left must be whole: the next run opens, finds all or nothing, and can go on.
void ExpectNothingOrResumable(const fs::path& scratch, const Progress& before) {
  auto outbox = Outbox::Open(scratch / "state", FileOperations());
  ASSERT_TRUE(outbox) << outbox.error().message;
  for (const auto& each : fs::directory_iterator(scratch / "state" / "outbox")) {
    EXPECT_TRUE(IsValidRequestId(each.path().filename().string())) << each.path();
  }
  const auto found = outbox->Find(std::string(kSampleRequestId));
  if (before.prepared) {
    ASSERT_TRUE(found);
  }
  if (!found) return;
  EXPECT_EQ(found->damage, "");
  const Digest second = Sha256(SamplePdf(70'000, 'y'));
  EXPECT_EQ(found->package.header.documents[1].sha256, second);
  EXPECT_EQ(Sha256(ReadWholeFile(found->directory / "document-002", 1'000'000).value()), second);
  if (before.receipted) {
    ASSERT_TRUE(found->outcome);
  }
  if (found->outcome) {
    EXPECT_EQ(ReadWholeFile(found->directory / "receipt.json", 1000).value(), "{\"receipt\":1}");
    EXPECT_EQ(ReadWholeFile(found->directory / "receipt.json.p7s", 1000).value(), "signature");
  }
  if (before.filed_away) {
    EXPECT_TRUE(found->done);
  }
  if (found->done) return;

  // Going on reaches the end from wherever the crash left it.
  auto entry = outbox->Take(found->request_id);
  ASSERT_TRUE(entry) << entry.error().message;
  if (entry->next_step() == EntryStep::kSend) {
    ASSERT_TRUE(outbox->RecordReceipt(*entry, DocketedFiling(), SampleTime()));
  }
  ASSERT_EQ(entry->next_step(), EntryStep::kFileAway);
  ASSERT_TRUE(outbox->FileAway(*entry));
  EXPECT_TRUE(outbox->List().empty());
  EXPECT_EQ(outbox->ListDone().size(), 1U);
}

TEST(OutboxCrashTest, ACrashAtAnyCallLeavesNothingOrAResumableEntry) {
  std::size_t stopped = 0;
  std::set<FileOperation> kinds;
  for (std::size_t at = 1;; ++at) {
    const TemporaryDirectory scratch;
    std::size_t calls = 0;
    // From the Nth call on nothing reaches the disk: the process is as good as dead.
    const Progress progress =
        Live(scratch.path(), [&](FileOperation operation, const fs::path&) -> int {
          if (++calls == at) kinds.insert(operation);
          return calls >= at ? EIO : 0;
        });
    if (calls < at) {
      EXPECT_TRUE(progress.filed_away);
      break;
    }
    ++stopped;
    SCOPED_TRACE("stopped at call " + std::to_string(at));
    ExpectNothingOrResumable(scratch.path(), progress);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(stopped, 20U);
  // All kinds of call but removal, which an undisturbed life does not make.
  EXPECT_EQ(kinds.size(), 6U);
}

TEST(OutboxCrashTest, AnUnpreparedEntryIsNeverReported) {
  for (std::size_t at = 1; at < 12; ++at) {
    const TemporaryDirectory scratch;
    std::size_t calls = 0;
    const Progress progress = Live(
        scratch.path(), [&](FileOperation, const fs::path&) { return ++calls == at ? ENOSPC : 0; });
    if (progress.prepared) continue;
    auto outbox = Outbox::Open(scratch.path() / "state", FileOperations());
    ASSERT_TRUE(outbox);
    EXPECT_TRUE(outbox->List().empty());
  }
}

struct Call {
  FileOperation operation;
  fs::path path;
};

// Where the first call of this kind on a path with this file name stands, from `from` on.
std::size_t IndexOf(const std::vector<Call>& calls, FileOperation operation,
                    const std::string& file_name, std::size_t from = 0) {
  for (std::size_t i = from; i < calls.size(); ++i) {
    if (calls[i].operation == operation && calls[i].path.filename() == file_name) return i;
  }
  ADD_FAILURE() << "no such call on " << file_name;
  return calls.size();
}

// A kill cannot show a missing sync, only a power cut can; so the order itself is the promise.
TEST(OutboxCrashTest, EverythingIsSyncedBeforeItsNameCounts) {
  const TemporaryDirectory scratch;
  std::vector<Call> calls;
  const Progress progress =
      Live(scratch.path(), [&](FileOperation operation, const fs::path& path) {
        calls.push_back({operation, path});
        return 0;
      });
  ASSERT_TRUE(progress.filed_away);
  const std::string id(kSampleRequestId);
  const std::string preparation = ".preparing-" + id;

  const std::size_t named = IndexOf(calls, FileOperation::kRename, id);
  const std::size_t prepared = IndexOf(calls, FileOperation::kSyncDirectory, preparation);
  EXPECT_LT(prepared, named);
  for (const char* name : {"document-001", "document-002", "package.json"}) {
    EXPECT_LT(IndexOf(calls, FileOperation::kSyncFile, name), prepared) << name;
  }
  const std::size_t outbox_synced = IndexOf(calls, FileOperation::kSyncDirectory, "outbox", named);
  const std::size_t started = IndexOf(calls, FileOperation::kCreateFile, "attempts.jsonl");
  EXPECT_LT(outbox_synced, started);

  const std::size_t outcome = IndexOf(calls, FileOperation::kCreateFile, "outcome.json.new");
  for (const char* name : {"receipt.json", "receipt.json.p7s"}) {
    const std::size_t synced = IndexOf(calls, FileOperation::kSyncFile, std::string(name) + ".new");
    const std::size_t renamed = IndexOf(calls, FileOperation::kRename, name);
    EXPECT_LT(synced, renamed) << name;
    EXPECT_LT(IndexOf(calls, FileOperation::kSyncDirectory, id, renamed), outcome) << name;
  }
  const std::size_t moved = IndexOf(calls, FileOperation::kRename, id, named + 1);
  EXPECT_LT(moved, IndexOf(calls, FileOperation::kSyncDirectory, "done", moved));
}

}  // namespace
}  // namespace nightbox::client
