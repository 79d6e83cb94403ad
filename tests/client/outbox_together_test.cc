// Goal: filings that belong together come into the outbox all or none, whatever stops it, and never
// twice.
// Method: real files; a hook that stops the world at the Nth changing call, for every N until all
// is done; then a new process opens what is left, and the same command is run again.
#include <gtest/gtest.h>

#include <cerrno>

#include "client/outbox.h"
#include "core/sha256.h"
#include "sample_filing.h"
#include "tests/support/temporary_directory.h"

namespace nightbox::client {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kIds = {"group-of-several-01", "group-of-several-02",
                                       "group-of-several-03"};

std::vector<Package> PackagesOf(std::size_t count) {
  std::vector<Package> packages;
  packages.reserve(count);
  for (std::size_t i = 0; i < count; ++i) packages.push_back(SampleFiling(kIds[i]));
  return packages;
}

Result<std::vector<OutboxEntry>> Prepare(Outbox& outbox, const fs::path& scratch,
                                         std::size_t count = 3) {
  return outbox.PrepareTogether(PackagesOf(count), std::vector(count, SampleSources(scratch)));
}

std::size_t Whole(const Outbox& outbox) {
  std::size_t whole = 0;
  for (const EntrySummary& each : outbox.List()) {
    EXPECT_EQ(each.damage, "");
    EXPECT_EQ(Sha256(ReadWholeFile(each.directory / "document-002", 1'000'000).value()),
              Sha256(SamplePdf(70'000, 'y')));
    ++whole;
  }
  return whole;
}

TEST(OutboxTogetherTest, AllAreThereAndEachIsLockedAndByItself) {
  const TemporaryDirectory scratch;
  auto outbox = Outbox::Open(scratch.path() / "state", FileOperations());
  ASSERT_TRUE(outbox);
  {
    auto entries = Prepare(*outbox, scratch.path());
    ASSERT_TRUE(entries) << entries.error().message;
    ASSERT_EQ(entries->size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ((*entries)[i].package().request_id.str(), kIds[i]);
      EXPECT_EQ((*entries)[i].next_step(), EntryStep::kSend);
      EXPECT_TRUE(fs::exists((*entries)[i].DocumentPath(1)));
      EXPECT_EQ(outbox->Take(RequestId(kIds[i])).error().code, ErrorCode::kAborted);
    }
    EXPECT_EQ(Whole(*outbox), 3U);
  }
  for (const std::string& id : kIds) EXPECT_TRUE(outbox->Take(RequestId(id)));
  // Nothing but the three is left.
  EXPECT_EQ(std::distance(fs::directory_iterator(scratch.path() / "state" / "outbox"),
                          fs::directory_iterator()),
            3);
}

TEST(OutboxTogetherTest, ACrashAtAnyCallLeavesAllOrNoneAndARepeatDoublesNothing) {
  std::size_t none = 0;
  std::size_t all = 0;
  for (std::size_t at = 1;; ++at) {
    SCOPED_TRACE("stopped at call " + std::to_string(at));
    const TemporaryDirectory scratch;
    const fs::path state = scratch.path() / "state";
    std::size_t calls = 0;
    bool prepared = false;
    {
      // From the Nth call on nothing reaches the disk: the process is as good as dead.
      auto outbox = Outbox::Open(state, FileOperations([&](FileOperation, const fs::path&) {
                                   return ++calls >= at ? EIO : 0;
                                 }));
      prepared = outbox && Prepare(*outbox, scratch.path(), 2).has_value();
    }
    auto outbox = Outbox::Open(state, FileOperations());
    ASSERT_TRUE(outbox) << outbox.error().message;
    const std::size_t found = Whole(*outbox);
    ASSERT_TRUE(found == 0 || found == 2) << found;
    (found == 0 ? none : all) += 1;
    if (prepared) {
      ASSERT_EQ(found, 2U);
    }
    // The filer runs the same command again; from nothing it does as the first did, so that is
    // tried now and then only.
    if (found != 0 || at % 7 == 0) {
      const auto again = Prepare(*outbox, scratch.path(), 2);
      EXPECT_EQ(again.has_value(), found == 0);
      if (!again) {
        EXPECT_EQ(again.error().code, ErrorCode::kAlreadyExists);
      }
      EXPECT_EQ(Whole(*outbox), 2U);
    }
    if (calls < at) break;
  }
  EXPECT_GT(none, 20U);
  EXPECT_GT(all, 5U);
}

// A crash while they are put in their places, after one of them has been sent and has ended.
TEST(OutboxTogetherTest, OneThatIsInItsPlaceAlreadyIsLeftAlone) {
  const TemporaryDirectory scratch;
  const fs::path state = scratch.path() / "state";
  auto outbox = Outbox::Open(state, FileOperations());
  ASSERT_TRUE(outbox);
  ASSERT_TRUE(Prepare(*outbox, scratch.path()));
  const fs::path waiting = state / "outbox";
  const fs::path together = waiting / (".together-" + kIds[0]);
  fs::create_directory(together);
  fs::rename(waiting / kIds[2], together / kIds[2]);
  fs::copy(waiting / kIds[0], together / kIds[0], fs::copy_options::recursive);
  fs::rename(waiting / kIds[0], state / "done" / kIds[0]);
  outbox = Outbox::Open(state, FileOperations());
  ASSERT_TRUE(outbox);
  EXPECT_EQ(Whole(*outbox), 2U);
  EXPECT_TRUE(outbox->Find(kIds[0])->done);
  EXPECT_FALSE(outbox->Find(kIds[2])->done);
}

TEST(OutboxTogetherTest, OneKnownIdOrOneMissingFileAndNoneIsMade) {
  const TemporaryDirectory scratch;
  auto outbox = Outbox::Open(scratch.path() / "state", FileOperations());
  ASSERT_TRUE(outbox);
  auto sources = std::vector(3, SampleSources(scratch.path()));
  sources[2][1] = scratch.path() / "no-such-file.pdf";
  EXPECT_FALSE(outbox->PrepareTogether(PackagesOf(3), sources));
  EXPECT_TRUE(outbox->List().empty());
  ASSERT_TRUE(outbox->Prepare(SampleFiling(kIds[1]), SampleSources(scratch.path())));
  const auto refused = Prepare(*outbox, scratch.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(outbox->List().size(), 1U);
}

TEST(OutboxTogetherTest, TheyNeedRoomForAll) {
  const TemporaryDirectory scratch;
  auto outbox = Outbox::Open(scratch.path() / "state", FileOperations());
  ASSERT_TRUE(outbox);
  for (std::size_t i = 0; i + 2 < Outbox::kEntriesMax; ++i) {
    fs::create_directory(scratch.path() / "state" / "outbox" /
                         ("some-other-entry-" + std::to_string(i)));
  }
  const auto refused = Prepare(*outbox, scratch.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kResourceExhausted);
  fs::remove(scratch.path() / "state" / "outbox" / "some-other-entry-0");
  EXPECT_TRUE(Prepare(*outbox, scratch.path()));
}

}  // namespace
}  // namespace nightbox::client
