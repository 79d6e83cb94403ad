// Goal: what is in the outbox is what the filer meant, is his alone, and is kept until it has
// ended.
// Method: real files in a scratch directory.
#include "client/outbox.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "client/outcome_json.h"
#include "core/sha256.h"
#include "sample_filing.h"
#include "tests/support/temporary_directory.h"

namespace nightbox::client {
namespace {

namespace fs = std::filesystem;

FilingState ReceivedFiling() {
  FilingState filing;
  filing.filing_id = FilingId("cccccccccccccccccccccccccc");
  filing.request_id = RequestId(std::string(kSampleRequestId));
  filing.court = CourtId("mo.cir.42.dent");
  filing.received_at = SampleTime();
  filing.delivery = Delivery::kPending;
  filing.receipt = {"{\"receipt\":1}", "signature", ""};
  return filing;
}

class OutboxTest : public testing::Test {
 protected:
  Outbox Open() { return Outbox::Open(scratch_.path() / "state", FileOperations()).value(); }
  OutboxEntry Prepare(Outbox& outbox) {
    return outbox.Prepare(SampleFiling(), SampleSources(scratch_.path())).value();
  }

  TemporaryDirectory scratch_;
};

TEST_F(OutboxTest, APackageIsCompletedWithWhatWasCopied) {
  Outbox outbox = Open();
  const OutboxEntry entry = Prepare(outbox);
  const Document& document = entry.package().header.documents[1];
  EXPECT_EQ(document.size_bytes, 70'000);
  EXPECT_EQ(document.sha256, Sha256(SamplePdf(70'000, 'y')));
  EXPECT_EQ(document.media_type, "application/pdf");
  EXPECT_EQ(entry.next_step(), EntryStep::kSend);
}

TEST_F(OutboxTest, LaterEditsOfTheFilersFileChangeNothing) {
  Outbox outbox = Open();
  { const OutboxEntry entry = Prepare(outbox); }
  WriteTextFile(scratch_.path() / "exhibit.pdf", "something else");
  const OutboxEntry entry = outbox.Take(RequestId(std::string(kSampleRequestId))).value();
  EXPECT_EQ(ReadWholeFile(entry.DocumentPath(1), 1'000'000).value(), SamplePdf(70'000, 'y'));
}

TEST_F(OutboxTest, NobodyElseMayLook) {
  Outbox outbox = Open();
  const OutboxEntry entry = Prepare(outbox);
  for (const auto& each : fs::recursive_directory_iterator(scratch_.path() / "state")) {
    struct stat found {};
    ASSERT_EQ(::stat(each.path().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, each.is_directory() ? 0700U : 0600U) << each.path();
  }
}

TEST_F(OutboxTest, ARequestIdIsUsedOnce) {
  Outbox outbox = Open();
  const OutboxEntry entry = Prepare(outbox);
  const auto again = outbox.Prepare(SampleFiling(), SampleSources(scratch_.path()));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kAlreadyExists);
}

TEST_F(OutboxTest, WhatIsNotAPdfIsNotTakenForOne) {
  Outbox outbox = Open();
  const auto sources = SampleSources(scratch_.path());
  WriteTextFile(sources[1], "PK\x03\x04 a word processor's file");
  const auto refused = outbox.Prepare(SampleFiling(), sources);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(outbox.List().empty());
  EXPECT_TRUE(fs::is_empty(scratch_.path() / "state" / "outbox"));
}

TEST_F(OutboxTest, AnEntryIsWorkedOnByOneProcessAtATime) {
  Outbox outbox = Open();
  const RequestId id{std::string(kSampleRequestId)};
  {
    const OutboxEntry entry = Prepare(outbox);
    Outbox other = Open();
    const auto taken = other.Take(id);
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code, ErrorCode::kAborted);
  }
  EXPECT_TRUE(outbox.Take(id));
}

TEST_F(OutboxTest, AnEntryIsKeptUntilTheCourtHasSpoken) {
  Outbox outbox = Open();
  const RequestId id{std::string(kSampleRequestId)};
  {
    OutboxEntry entry = Prepare(outbox);
    ASSERT_TRUE(outbox.Note(entry, {SampleTime(), "started"}));
    ASSERT_TRUE(outbox.RecordReceipt(entry, ReceivedFiling(), SampleTime()));
    EXPECT_EQ(entry.next_step(), EntryStep::kAskGateway);
  }
  ASSERT_EQ(outbox.List().size(), 1U);
  EXPECT_EQ(outbox.List()[0].last_attempt->step, "started");
  {
    OutboxEntry entry = outbox.Take(id).value();
    EXPECT_EQ(entry.first_tried_at(), SampleTime());
    FilingState docketed = ReceivedFiling();
    docketed.review = Review::kDocketed;
    docketed.case_numbers = {{"24DE-CC00012", "", true}};
    ASSERT_TRUE(outbox.RecordNews(entry, docketed, SampleTime()));
    EXPECT_EQ(entry.next_step(), EntryStep::kFileAway);
    ASSERT_TRUE(outbox.FileAway(entry));
  }
  EXPECT_TRUE(outbox.List().empty());
  const auto done = outbox.Find("cccccccccccccccccccccccccc");
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->done);
  EXPECT_EQ(done->outcome->conclusion, Conclusion::kDocketed);
  EXPECT_EQ(done->outcome->filing.case_numbers[0].number, "24DE-CC00012");
  EXPECT_EQ(ReadWholeFile(done->directory / "receipt.json", 1000).value(), "{\"receipt\":1}");
  EXPECT_EQ(outbox.Take(id).error().code, ErrorCode::kNotFound);
}

TEST_F(OutboxTest, ADamagedEntryIsShownAndHindersNoOther) {
  Outbox outbox = Open();
  { const OutboxEntry entry = Prepare(outbox); }
  const fs::path damaged = scratch_.path() / "state" / "outbox" / std::string(20, 'd');
  fs::create_directory(damaged);
  WriteTextFile(damaged / "package.json", "{\"format\":\"nightbox-outbox-package-v1\"");
  const auto entries = outbox.List();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_TRUE(entries[0].damage.empty());
  EXPECT_FALSE(entries[1].damage.empty());
  EXPECT_TRUE(fs::exists(damaged));
}

TEST_F(OutboxTest, AFullOutboxTakesNoMoreAndSaysWhatToDo) {
  Outbox outbox = Open();
  for (std::size_t i = 0; i < Outbox::kEntriesMax; ++i) {
    fs::create_directory(scratch_.path() / "state" / "outbox" /
                         ("0000000000000000" + std::to_string(i)));
  }
  const auto refused = outbox.Prepare(SampleFiling(), SampleSources(scratch_.path()));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kResourceExhausted);
  EXPECT_NE(refused.error().message.find("outbox resume"), std::string::npos);
  // What has its receipt waits for the court only, and takes nobody's room.
  WriteTextFile(scratch_.path() / "state" / "outbox" / "00000000000000000" / "receipt.json", "{}");
  EXPECT_TRUE(outbox.Prepare(SampleFiling(), SampleSources(scratch_.path())));
}

TEST_F(OutboxTest, NotesOfAttemptsAreBoundedAndTheFirstOnesCount) {
  Outbox outbox = Open();
  OutboxEntry entry = Prepare(outbox);
  ASSERT_TRUE(outbox.Note(entry, {SampleTime(), "started"}));
  WriteTextFile(entry.directory() / "attempts.jsonl",
                ReadWholeFile(entry.directory() / "attempts.jsonl", 1000).value() +
                    std::string(Outbox::kAttemptsBytesMax, '\n'));
  const auto size = fs::file_size(entry.directory() / "attempts.jsonl");
  ASSERT_TRUE(outbox.Note(entry, {SampleTime(), "failed", "UNAVAILABLE"}));
  EXPECT_EQ(fs::file_size(entry.directory() / "attempts.jsonl"), size);
}

TEST_F(OutboxTest, ANoteThatWasCutOffHidesNoOther) {
  Outbox outbox = Open();
  RequestId request_id;
  {
    OutboxEntry entry = Prepare(outbox);
    request_id = entry.package().request_id;
    WriteTextFile(entry.directory() / "attempts.jsonl", "{\"at\":\"2024-0");
    ASSERT_TRUE(outbox.Note(entry, {SampleTime(), "started"}));
  }
  const auto again = outbox.Take(request_id);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->first_tried_at(), SampleTime());
}

TEST_F(OutboxTest, PruningRemovesOldCopiesAndKeepsTheReceipt) {
  Outbox outbox = Open();
  {
    OutboxEntry entry = Prepare(outbox);
    FilingState returned = ReceivedFiling();
    returned.review = Review::kReturned;
    ASSERT_TRUE(outbox.RecordReceipt(entry, returned, SampleTime()));
    ASSERT_TRUE(outbox.FileAway(entry));
  }
  EXPECT_EQ(outbox.PruneDone(SampleTime()).value(), 0U);
  EXPECT_EQ(outbox.PruneDone(SampleTime() + Microseconds(1)).value(), 1U);
  const fs::path done = outbox.ListDone()[0].directory;
  EXPECT_FALSE(fs::exists(done / "document-001"));
  EXPECT_TRUE(fs::exists(done / "receipt.json"));
  EXPECT_TRUE(fs::exists(done / "package.json"));
}

TEST(OutcomeTest, TheCourtsWordCountsBeforeOurs) {
  EXPECT_EQ(Concludes(Delivery::kWithdrawn, Review::kDocketed), Conclusion::kDocketed);
  EXPECT_EQ(Concludes(Delivery::kSubmitted, Review::kReturned), Conclusion::kReturned);
  EXPECT_EQ(Concludes(Delivery::kSubmitted, Review::kRecorded), Conclusion::kNone);
  EXPECT_EQ(Concludes(Delivery::kHeld, Review::kUnspecified), Conclusion::kNone);
  EXPECT_EQ(Concludes(Delivery::kUncertain, Review::kUnspecified), Conclusion::kNone);
  EXPECT_EQ(Concludes(Delivery::kTest, Review::kUnspecified), Conclusion::kTest);
  EXPECT_EQ(Concludes(Delivery::kTerminated, Review::kUnspecified), Conclusion::kTerminated);
}

TEST(OutcomeTest, ARefusalComesBackWithWhatToDo) {
  Outcome outcome;
  outcome.conclusion = Conclusion::kRefused;
  outcome.updated_at = SampleTime();
  outcome.refusal.reason = "DOCUMENT_TOO_LARGE";
  outcome.refusal.what_now = "Split it.";
  outcome.refusal.attempt_id = "attempt-1";
  const auto read = OutcomeFromJson(OutcomeToJson(outcome));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->conclusion, Conclusion::kRefused);
  EXPECT_EQ(read->refusal.reason, "DOCUMENT_TOO_LARGE");
  EXPECT_EQ(read->refusal.what_now, "Split it.");
  EXPECT_EQ(read->refusal.attempt_id, "attempt-1");
}

}  // namespace
}  // namespace nightbox::client
