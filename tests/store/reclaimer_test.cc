// Goal: no byte stays on the disk that nobody will ever refer to, and no byte goes that somebody
// does, whenever the power is cut.
// Method: the real journal, committer and segments on a simulated disk that knows which blocks are
// in use; filings sent twice, uploads left half, drafts refused; then a few ticks, or a crash
// first.
#include "store/reclaimer.h"

#include <gtest/gtest.h>

#include <future>

#include "store/extent_reader.h"
#include "store/opening.h"
#include "store/record.h"
#include "store/upload.h"
#include "tests/store/support/journal_fixture.h"

namespace nightbox {
namespace {

const SystemName kAcme("acme");
constexpr std::uint64_t kBlock = 4096;

class ReclaimerTest : public testing::Test {
 protected:
  ReclaimerTest() : journal_(fixture_.Fresh()) { Start(); }
  ~ReclaimerTest() override { Stop(); }

  void Start() {
    auto segments = SegmentFiles::Open(fixture_.disk(), JournalPaths("/journal").documents,
                                       journal_->view()->ReadSegmentEnds().value(), {64 << 20, 8});
    ASSERT_TRUE(segments) << segments.error().message;
    segments_ = *std::move(segments);
    pool_ = std::make_unique<WorkerPool>(1, 64);
    Committer::Events events;
    events.fail_stop = [](const Error&) {};
    events.on_not_taken = [this](const std::vector<StoredExtent>& extents) {
      segments_->PunchLater(PlacesOf(extents));
    };
    committer_ = std::make_unique<Committer>(*journal_, fixture_.clock(), CommitterOptions(),
                                             std::move(events));
    reclaimer_ = std::make_unique<Reclaimer>(*journal_, *committer_, *segments_, *pool_);
  }
  void Stop() {
    reclaimer_.reset();
    pool_.reset();
    committer_.reset();
    segments_.reset();
  }
  void CutPowerAndStart(std::uint64_t seed) {
    Stop();
    journal_.reset();
    fixture_.disk().CutPower(seed);
    journal_ = std::move(*fixture_.Open());
    Start();
  }

  Result<Outcome> Submit(Draft draft) {
    std::promise<Result<Outcome>> answered;
    committer_->Submit(std::move(draft),
                       [&](const Result<Outcome>& outcome) { answered.set_value(outcome); });
    return answered.get_future().get();
  }
  // Waits for what the pool and the committer have in hand.
  void Settle() {
    for (int i = 0; i < 3; ++i) {
      std::promise<void> done;
      ASSERT_TRUE(pool_->Post([&] { done.set_value(); }));
      done.get_future().wait();
      (void)Submit(RenewLease{kAcme, Digest(), kJuly});
    }
  }
  void Tick(int times = 1) {
    for (int i = 0; i < times; ++i) {
      reclaimer_->Tick();
      Settle();
    }
  }

  ReceiveFiling FilingOf(int number, const std::vector<std::string>& documents, bool inlined) {
    ReceiveFiling draft = FilingDraft(number);
    const Document like = draft.header.documents[0];
    draft.header.documents.clear();
    draft.inline_documents.clear();
    for (const std::string& bytes : documents) {
      Document document = like;
      document.sha256 = Sha256(bytes);
      document.size_bytes = static_cast<std::int64_t>(bytes.size());
      draft.header.documents.push_back(document);
      if (inlined) {
        draft.inline_documents.push_back(
            {document.sha256, document.size_bytes, StoreWhole(*segments_, bytes).value(), "good"});
      }
    }
    return draft;
  }
  // Uploads what fits into whole extents below `stop_after`.
  void Upload60(const std::string& bytes, std::size_t stop_after) {
    Upload upload(*segments_, {kAcme, Sha256(bytes), static_cast<std::int64_t>(bytes.size()), {}});
    std::string_view rest = std::string_view(bytes).substr(0, stop_after);
    while (!rest.empty()) {
      auto draft = upload.Add(rest, kJuly, kJuly + std::chrono::hours(24));
      ASSERT_TRUE(draft);
      if (!*draft) continue;
      ASSERT_TRUE(Submit(**draft));
    }
  }
  std::optional<journal::v1::DocumentRecord> Record(const std::string& bytes) {
    return FindDocument(*journal_->view(), kAcme, Sha256(bytes)).value();
  }
  // Empty: it cannot be read.
  std::string ReadBack(const std::string& bytes) {
    const auto record = Record(bytes);
    if (!record || !record->complete()) return "";
    ExtentReader reader(*segments_, record::ReadExtents(record->extents()));
    std::string read;
    while (read.size() < bytes.size()) {
      const auto piece = reader.Read(static_cast<std::int64_t>(read.size()), bytes.size());
      if (!piece || piece->empty()) return "";
      read += *piece;
    }
    return read;
  }
  // Blocks of the segments that hold bytes; what is preallocated behind does not count.
  std::uint64_t BlocksWithBytes() {
    std::uint64_t blocks = 0;
    for (const std::string& name : fixture_.disk().List("/journal/documents").value()) {
      const auto file = fixture_.disk().Open("/journal/documents/" + name, OpenMode::kRead).value();
      std::string block(kBlock, '\0');
      for (std::uint64_t at = 0; at < file->Size().value(); at += kBlock) {
        std::fill(block.begin(), block.end(), '\0');
        EXPECT_TRUE(file->ReadAt(at, block));
        if (block.find_first_not_of('\0') != std::string::npos) ++blocks;
      }
    }
    return blocks;
  }

  JournalFixture fixture_;
  SeededRandom random_{7};
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<SegmentFiles> segments_;
  std::unique_ptr<WorkerPool> pool_;
  std::unique_ptr<Committer> committer_;
  std::unique_ptr<Reclaimer> reclaimer_;
};

TEST_F(ReclaimerTest, WhatRodeAlongWithARepeatIsGivenBack) {
  const std::string bytes = random_.Bytes(3 * kBlock);
  ASSERT_TRUE(Submit(FilingOf(1, {bytes}, true)));
  const auto again = Submit(FilingOf(1, {bytes}, true));
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->repeated);
  // Another filing of the same document: the bytes are there already.
  ASSERT_TRUE(Submit(FilingOf(2, {bytes}, true)));
  EXPECT_EQ(BlocksWithBytes(), 9u);
  Tick();
  EXPECT_EQ(BlocksWithBytes(), 3u);
  EXPECT_EQ(ReadBack(bytes), bytes);
}

TEST_F(ReclaimerTest, WhatRodeAlongWithARefusedFilingIsGivenBack) {
  const std::string bytes = random_.Bytes(2 * kBlock);
  ReceiveFiling draft = FilingOf(1, {bytes}, true);
  draft.header.documents.push_back(draft.header.documents[0]);
  draft.header.documents[1].sha256 = Sha256("never sent");
  EXPECT_EQ(Submit(draft).error().reason, "DOCUMENT_MISSING");
  Tick();
  EXPECT_EQ(BlocksWithBytes(), 0u);
}

TEST_F(ReclaimerTest, WhatTheQueueHadNoRoomForIsGivenBack) {
  const std::string bytes = random_.Bytes(2 * kBlock);
  const ReceiveFiling draft = FilingOf(1, {bytes}, true);
  committer_->Drain();
  EXPECT_EQ(Submit(draft).error().reason, "QUEUE_FULL");
  reclaimer_->Tick();
  pool_.reset();  // Runs what waits.
  EXPECT_EQ(BlocksWithBytes(), 0u);
}

TEST_F(ReclaimerTest, AnOvertakenWritersExtentIsGivenBack) {
  const std::string bytes = random_.Bytes(Extent::kSizeMax + 100);
  Upload older(*segments_, {kAcme, Sha256(bytes), static_cast<std::int64_t>(bytes.size()), {}});
  std::string_view rest = bytes;
  const auto draft = older.Add(rest, kJuly, kJuly);
  ASSERT_TRUE(draft && *draft);
  Upload60(bytes, SIZE_MAX);
  EXPECT_EQ(Submit(**draft).error().reason, "UPLOAD_OVERTAKEN");
  Tick();
  EXPECT_EQ(BlocksWithBytes(), Extent::kSizeMax / kBlock + 1);
  EXPECT_EQ(ReadBack(bytes), bytes);
}

TEST_F(ReclaimerTest, APartialUploadThatComesInlineIsGivenBackAlsoAfterACrash) {
  for (const bool crash : {false, true}) {
    const std::string bytes = random_.Bytes(Extent::kSizeMax + 5000);
    const std::uint64_t before = BlocksWithBytes();
    Upload60(bytes, Extent::kSizeMax);
    ASSERT_TRUE(Submit(FilingOf(crash ? 2 : 1, {bytes}, true)));
    EXPECT_EQ(journal_->view()->ReadUnusedBytes(kAcme).value(), 0u);
    EXPECT_EQ(journal_->view()->ListFreed(10)->size(), 1u);
    if (crash) CutPowerAndStart(3);
    Tick();
    EXPECT_EQ(journal_->view()->ListFreed(10)->size(), 0u);
    EXPECT_EQ(BlocksWithBytes() - before, Extent::kSizeMax / kBlock + 2);
    EXPECT_EQ(ReadBack(bytes), bytes);
  }
}

// The crash forgets what was never named; the next start's sweep finds it between what is in use.
TEST_F(ReclaimerTest, AfterACrashTheSweepFindsWhatNobodyEverNamed) {
  std::vector<std::string> kept;
  for (int i = 0; i < 40; ++i) {
    const std::string bytes = random_.Bytes(kBlock + 1);
    if (i % 4 == 0) {
      ASSERT_TRUE(Submit(FilingOf(i, {bytes}, true)));
      kept.push_back(bytes);
    } else {
      ASSERT_TRUE(StoreWhole(*segments_, bytes));  // Synced, and no draft ever made of it.
    }
  }
  CutPowerAndStart(5);
  // What comes meanwhile lies in segments of its own.
  const std::string fresh = random_.Bytes(100);
  reclaimer_->Tick();
  ASSERT_TRUE(Submit(FilingOf(100, {fresh}, true)));
  kept.push_back(fresh);
  Settle();
  Tick(4);
  EXPECT_TRUE(reclaimer_->swept());
  EXPECT_EQ(BlocksWithBytes(), 2u * 10 + 1);
  for (const std::string& bytes : kept) EXPECT_EQ(ReadBack(bytes), bytes);

  // The next start begins where this one ended.
  const std::uint64_t first = journal_->view()->ReadSegmentEnds()->first;
  EXPECT_EQ(first, segments_->first_of_this_start());
  CutPowerAndStart(6);
  Tick(4);
  for (const std::string& bytes : kept) EXPECT_EQ(ReadBack(bytes), bytes);
}

TEST_F(ReclaimerTest, TheSweepTakesAFewDocumentsAtATime) {
  std::vector<std::string> kept;
  for (int i = 0; i < 10; ++i) {
    kept.push_back(random_.Bytes(10));
    ASSERT_TRUE(Submit(FilingOf(i, {kept.back()}, true)));
    ASSERT_TRUE(StoreWhole(*segments_, "nobody's"));
  }
  CutPowerAndStart(5);
  reclaimer_ = std::make_unique<Reclaimer>(*journal_, *committer_, *segments_, *pool_,
                                           Reclaimer::Limits{4, 3});
  Tick(3);
  EXPECT_FALSE(reclaimer_->swept());
  Tick(3);
  EXPECT_TRUE(reclaimer_->swept());
  EXPECT_EQ(BlocksWithBytes(), 10u);
  for (const std::string& bytes : kept) EXPECT_EQ(ReadBack(bytes), bytes);
}

TEST_F(ReclaimerTest, NothingIsPunchedUnderAReadersHands) {
  const std::string bytes = random_.Bytes(kBlock);
  Upload60(bytes, SIZE_MAX);
  auto reader =
      std::make_unique<ExtentReader>(*segments_, record::ReadExtents(Record(bytes)->extents()));
  ASSERT_TRUE(Submit(DropDocument{kAcme, Sha256(bytes), std::nullopt}));
  Tick(2);
  EXPECT_EQ(reader->Read(0, kBlock).value(), bytes);
  EXPECT_EQ(journal_->view()->ListFreed(10)->size(), 1u);
  reader.reset();
  Tick(2);
  EXPECT_EQ(journal_->view()->ListFreed(10)->size(), 0u);
  EXPECT_EQ(BlocksWithBytes(), 0u);
}

TEST_F(ReclaimerTest, TheSweepTooWaitsForReaders) {
  const std::string bytes = random_.Bytes(kBlock);
  const std::string kept = random_.Bytes(kBlock);
  Upload60(bytes, SIZE_MAX);
  ASSERT_TRUE(StoreWhole(*segments_, "nobody's"));
  ASSERT_TRUE(Submit(FilingOf(1, {kept}, true)));
  CutPowerAndStart(2);
  auto reader =
      std::make_unique<ExtentReader>(*segments_, record::ReadExtents(Record(bytes)->extents()));
  ASSERT_TRUE(Submit(DropDocument{kAcme, Sha256(bytes), std::nullopt}));
  Tick(6);
  EXPECT_FALSE(reclaimer_->swept());
  EXPECT_EQ(reader->Read(0, kBlock).value(), bytes);
  reader.reset();
  Tick(6);
  EXPECT_TRUE(reclaimer_->swept());
  EXPECT_EQ(BlocksWithBytes(), 1u);
  EXPECT_EQ(ReadBack(kept), kept);
}

// Cut anywhere, in any order: what is receipted can be read, and a start and its sweep leave
// nothing else.
TEST_F(ReclaimerTest, ACutAnywhereLosesNothingAndLeavesNothing) {
  const std::string kept = random_.Bytes(2 * kBlock);
  const std::string dropped = random_.Bytes(kBlock);
  ASSERT_TRUE(Submit(FilingOf(1, {kept}, true)));
  int cuts = 0;
  for (std::uint64_t n = 1; n < 200; ++n) {
    Upload60(dropped, SIZE_MAX);
    fixture_.disk().FailAt(n, n % 2 == 0 ? CutMode::kLost : CutMode::kDoneButUnreported);
    (void)Submit(FilingOf(1, {kept}, false));
    const auto stored = StoreWhole(*segments_, kept);
    (void)stored;
    (void)Submit(DropDocument{kAcme, Sha256(dropped), std::nullopt});
    reclaimer_->Tick();
    Stop();  // Ends what is under way.
    const bool cut = fixture_.disk().cut_point().has_value();
    cuts += cut ? 1 : 0;
    journal_.reset();
    fixture_.disk().CutPower(n);
    journal_ = std::move(*fixture_.Open());
    Start();
    EXPECT_EQ(ReadBack(kept), kept) << "cut " << n;
    ASSERT_TRUE(Submit(DropDocument{kAcme, Sha256(dropped), std::nullopt})) << n;
    Tick(6);
    EXPECT_TRUE(reclaimer_->swept());
    EXPECT_EQ(BlocksWithBytes(), 2u) << "cut " << n;
    if (!cut) break;
  }
  EXPECT_GT(cuts, 5);
}

}  // namespace
}  // namespace nightbox
