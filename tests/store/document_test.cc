// Goal: no byte is promised that is not there, no stored byte is forgotten that a filing needs, and
// what came to nothing gives its space back. Method: the real journal and segments on a simulated
// disk; uploads in odd pieces, cut, resumed, overtaken and wrong.
#include <gtest/gtest.h>

#include "store/extent_reader.h"
#include "store/opening.h"
#include "store/upload.h"
#include "tests/store/support/journal_fixture.h"

namespace nightbox {
namespace {

class DocumentTest : public testing::Test {
 protected:
  DocumentTest() : journal_(fixture_.Fresh()) { OpenSegments(); }

  void OpenSegments() {
    segments_.reset();
    auto opened = SegmentFiles::Open(fixture_.disk(), JournalPaths("/journal").documents,
                                     journal_->view()->ReadSegmentEnds().value(), {64 << 20, 8});
    ASSERT_TRUE(opened) << opened.error().message;
    segments_ = std::move(*opened);
  }

  // Sends `bytes` from where the index is, in pieces of `piece`; stops after `stop_after` bytes of
  // the document.
  Result<std::int64_t> Send(const std::string& bytes, std::size_t piece,
                            std::size_t stop_after = SIZE_MAX,
                            std::optional<Digest> announced = std::nullopt) {
    const Digest sha256 = announced.value_or(Sha256(bytes));
    UploadStart start{kSystem, sha256, static_cast<std::int64_t>(bytes.size()), {}};
    const auto known = FindDocument(*journal_->view(), kSystem, sha256).value();
    std::size_t offset = 0;
    if (known) {
      for (const auto& extent : known->extents()) {
        start.stored.push_back({extent.segment(), extent.offset(), extent.size(), extent.crc32c()});
        offset += extent.size();
      }
    }
    Upload upload(*segments_, start);
    NB_RETURN_IF_ERROR(upload.HashStored());
    std::int64_t stored = static_cast<std::int64_t>(offset);
    while (offset < std::min(bytes.size(), stop_after)) {
      std::string_view rest = std::string_view(bytes).substr(offset, piece);
      offset += rest.size();
      while (!rest.empty()) {
        NB_ASSIGN_OR_RETURN(auto draft, upload.Add(rest, kJuly, kJuly + std::chrono::hours(24)));
        if (!draft) continue;
        NB_ASSIGN_OR_RETURN(const Outcome outcome, CommitOne(*journal_, *draft));
        stored = outcome.stored_bytes;
      }
    }
    return stored;
  }

  std::string ReadBack(const Digest& sha256) {
    const auto document = FindDocument(*journal_->view(), kSystem, sha256).value().value();
    std::vector<StoredExtent> extents;
    for (const auto& extent : document.extents()) {
      extents.push_back({extent.segment(), extent.offset(), extent.size(), extent.crc32c()});
    }
    ExtentReader reader(*segments_, extents);
    std::string bytes;
    for (;;) {
      const auto piece = reader.Read(static_cast<std::int64_t>(bytes.size()), 100'000);
      EXPECT_TRUE(piece) << (piece ? "" : piece.error().message);
      if (!piece || piece->empty()) return bytes;
      bytes += *piece;
    }
  }

  ReceiveFiling FilingOf(int number, const std::string& bytes) {
    ReceiveFiling draft = FilingDraft(number);
    draft.header.documents[0].sha256 = Sha256(bytes);
    draft.header.documents[0].size_bytes = static_cast<std::int64_t>(bytes.size());
    draft.inline_documents.clear();
    return draft;
  }

  const SystemName kSystem{"acme"};
  JournalFixture fixture_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<SegmentFiles> segments_;
};

TEST_F(DocumentTest, AnyPiecesMakeTheSameDocument) {
  SeededRandom random(5);
  for (const std::size_t size : {std::size_t{1}, std::size_t{4096}, std::size_t{Extent::kSizeMax},
                                 std::size_t{Extent::kSizeMax + 1}, std::size_t{9'000'001}}) {
    const std::string bytes = random.Bytes(size);
    EXPECT_EQ(Send(bytes, 262'144).value(), static_cast<std::int64_t>(size));
    EXPECT_EQ(ReadBack(Sha256(bytes)), bytes);
  }
}

// Every start cuts off what no index entry refers to. The control: bytes that no filing took.
TEST_F(DocumentTest, BytesThatRodeAlongWithAFilingOutliveEveryStart) {
  SeededRandom random(8);
  const std::string taken = random.Bytes(50'000);
  const std::string second = random.Bytes(60'000);
  const std::string nobodys = random.Bytes(40'000);
  ReceiveFiling draft = FilingOf(1, taken);
  draft.inline_documents = {{Sha256(taken), 50'000, StoreWhole(*segments_, taken).value(), "good"}};
  ASSERT_TRUE(CommitOne(*journal_, draft));
  const std::vector<StoredExtent> left = StoreWhole(*segments_, nobodys).value();
  for (int start = 0; start < 2; ++start) {
    journal_.reset();
    segments_.reset();
    fixture_.disk().CutPower(4);
    journal_ = std::move(*fixture_.Open());
    OpenSegments();
    EXPECT_EQ(ReadBack(Sha256(taken)), taken);
    EXPECT_FALSE(segments_->Read(PlaceOf(left[0]), left[0].crc32c));
  }
  // The first after a start begins a segment of its own.
  draft = FilingOf(2, second);
  draft.inline_documents = {
      {Sha256(second), 60'000, StoreWhole(*segments_, second).value(), "good"}};
  ASSERT_TRUE(CommitOne(*journal_, draft));
  OpenSegments();
  EXPECT_EQ(ReadBack(Sha256(taken)), taken);
  EXPECT_EQ(ReadBack(Sha256(second)), second);
}

TEST_F(DocumentTest, AnUploadCutAt60PercentGoesOnFromTheLastCommittedExtent) {
  SeededRandom random(6);
  const std::string bytes = random.Bytes(20'000'000);
  EXPECT_EQ(Send(bytes, 262'144, 12'000'000).value(), 2 * Extent::kSizeMax);
  // Also after a power cut.
  journal_.reset();
  segments_.reset();
  fixture_.disk().CutPower(3);
  journal_ = std::move(*fixture_.Open());
  OpenSegments();
  EXPECT_EQ(Send(bytes, 262'144).value(), 20'000'000);
  EXPECT_EQ(ReadBack(Sha256(bytes)), bytes);
  EXPECT_TRUE(CommitOne(*journal_, FilingOf(1, bytes)));
}

TEST_F(DocumentTest, AWrongHashIsNotADocument) {
  const std::string bytes(5000, 'x');
  const auto sent = Send(bytes, 1000, SIZE_MAX, Sha256("something else"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().reason, "DIGEST_MISMATCH");
  EXPECT_FALSE(FindDocument(*journal_->view(), kSystem, Sha256("something else")).value());
}

TEST_F(DocumentTest, MoreBytesThanAnnouncedAreRefused) {
  Upload upload(*segments_, {kSystem, Sha256("abc"), 3, {}});
  std::string_view piece = "abcd";
  EXPECT_EQ(upload.Add(piece, kJuly, kJuly).error().reason, "CHUNK_INVALID");
}

TEST_F(DocumentTest, AnOvertakenWriterIsTold) {
  const std::string bytes = SeededRandom(9).Bytes(9'000'000);
  Upload older(*segments_, {kSystem, Sha256(bytes), 9'000'000, {}});
  std::string_view first = bytes;
  const auto draft = older.Add(first, kJuly, kJuly);
  ASSERT_TRUE(draft && *draft);
  EXPECT_EQ(Send(bytes, 1 << 20).value(), 9'000'000);
  EXPECT_EQ(CommitOne(*journal_, **draft).error().reason, "UPLOAD_OVERTAKEN");
}

TEST_F(DocumentTest, OnlyWhatNobodyRefersToIsForgottenAndOnlyAfterItsLease) {
  const std::string used(5000, 'u');
  const std::string unused(7000, 'n');
  ASSERT_TRUE(Send(used, 5000));
  ASSERT_TRUE(Send(unused, 7000));
  EXPECT_EQ(journal_->view()->ReadUnusedBytes(kSystem).value(), 12'000u);
  ASSERT_TRUE(CommitOne(*journal_, FilingOf(1, used)));
  EXPECT_EQ(journal_->view()->ReadUnusedBytes(kSystem).value(), 7'000u);

  EXPECT_EQ(CommitOne(*journal_, DropDocument{kSystem, Sha256(used), std::nullopt}).error().reason,
            "DOCUMENT_REFERRED_TO");
  std::string from;
  EXPECT_TRUE(journal_->view()->ListLeftovers(kJuly, 10, from)->empty());
  const WallTime later = kJuly + std::chrono::hours(25);
  EXPECT_EQ(CommitOne(*journal_, DropDocument{kSystem, Sha256(unused), kJuly}).error().reason,
            "LEASE_NOT_OVER");
  const auto leftovers = journal_->view()->ListLeftovers(later, 10, from);
  ASSERT_EQ(leftovers->size(), 1u);
  EXPECT_EQ(leftovers->front().sha256, Sha256(unused));
  const auto dropped = CommitOne(*journal_, DropDocument{kSystem, Sha256(unused), later});
  ASSERT_TRUE(dropped);
  ASSERT_EQ(dropped->freed.size(), 1u);
  EXPECT_TRUE(segments_->Punch(PlaceOf(dropped->freed[0])));
  EXPECT_EQ(journal_->view()->ReadUnusedBytes(kSystem).value(), 0u);
  EXPECT_EQ(ReadBack(Sha256(used)), used);
}

TEST_F(DocumentTest, LeftoversAreLookedThroughAFewAtATime) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(Send("document " + std::to_string(i), 100));
  const WallTime later = kJuly + std::chrono::hours(25);
  std::string from;
  std::size_t found = 0;
  int ticks = 0;
  do {
    found += journal_->view()->ListLeftovers(later, 2, from)->size();
    ++ticks;
  } while (!from.empty());
  EXPECT_EQ(found, 5u);
  EXPECT_EQ(ticks, 3);
}

TEST_F(DocumentTest, AFlippedByteIsNamedAndNeverHandedOut) {
  const std::string bytes(6000, 'z');
  ASSERT_TRUE(Send(bytes, 6000));
  const auto document = FindDocument(*journal_->view(), kSystem, Sha256(bytes)).value().value();
  const auto names = fixture_.disk().List("/journal/documents").value();
  ASSERT_EQ(names.size(), 1u);
  fixture_.disk().FlipByte("/journal/documents/" + names[0], document.extents(0).offset() + 100);
  ExtentReader reader(*segments_, {{document.extents(0).segment(), document.extents(0).offset(),
                                    document.extents(0).size(), document.extents(0).crc32c()}});
  const auto read = reader.Read(0, 10);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kDataLoss);
}

}  // namespace
}  // namespace nightbox
