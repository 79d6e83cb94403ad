// Goal: no byte is promised that is not there, no stored byte is forgotten that a filing needs, and
// what came to nothing gives its space back. Method: the real journal and segments on a simulated
// disk; uploads in odd pieces, cut, resumed, overtaken and wrong.
#include <gtest/gtest.h>

#include "evidence/receipt.h"
#include "store/extent_reader.h"
#include "store/opening.h"
#include "store/record.h"
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

// When an upload began and ended is what a judge may ask about; of what came with the request, or
// was there before, there is no upload to speak of.
TEST_F(DocumentTest, AReceiptHasTheTimesOfUploadsForThisFilingOnly) {
  SeededRandom random(9);
  const std::string uploaded = random.Bytes(5000);
  const std::string inlined = random.Bytes(300);
  const auto add_inlined = [&](ReceiveFiling& draft) {
    draft.header.documents.push_back({"Exhibit", DocumentRole::kAttachment, "e.pdf",
                                      "application/pdf", 300, Sha256(inlined),
                                      Confidentiality::kUnspecified});
  };
  ReceiveFiling alone = FilingOf(1, inlined);
  alone.received_at = kJuly + std::chrono::minutes(7);
  alone.inline_documents = {
      {Sha256(inlined), 300, StoreWhole(*segments_, inlined).value(), "good", 2}};
  const auto inline_only = CommitOne(*journal_, alone);
  ASSERT_TRUE(inline_only);
  EXPECT_FALSE(inline_only->filing->record.first_byte_at);
  EXPECT_FALSE(inline_only->filing->record.last_byte_at);

  ASSERT_TRUE(Send(uploaded, 1000));
  ReceiveFiling both = FilingOf(2, uploaded);
  add_inlined(both);
  const auto filed = CommitOne(*journal_, both);
  ASSERT_TRUE(filed);
  EXPECT_EQ(filed->filing->record.first_byte_at, kJuly);
  EXPECT_EQ(filed->filing->record.last_byte_at, kJuly);

  const auto again = CommitOne(*journal_, FilingOf(3, uploaded));
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->filing->record.first_byte_at);
  EXPECT_EQ(ParseReceipt(again->filing->receipt_json)->last_byte_at, std::nullopt);
}

// The examiner counts them once; every receipt that names the document has them, beside the header.
TEST_F(DocumentTest, AReceiptHasThePagesThatWereCounted) {
  SeededRandom random(10);
  const std::string uploaded = random.Bytes(5000);
  const std::string inlined = random.Bytes(300);
  UploadStart start{kSystem, Sha256(uploaded), 5000, {}};
  Upload upload(*segments_, start);
  std::string_view rest = uploaded;
  auto draft = upload.Add(rest, kJuly, kJuly + std::chrono::hours(24));
  ASSERT_TRUE(draft && *draft && (*draft)->completes);
  (*draft)->pages = 31;
  ASSERT_TRUE(CommitOne(*journal_, **draft));
  ReceiveFiling filing = FilingOf(1, uploaded);
  const Document lead = filing.header.documents[0];
  Document attachment = lead;
  attachment.role = DocumentRole::kAttachment;
  attachment.sha256 = Sha256(inlined);
  attachment.size_bytes = 300;
  // The first once more: its pages are known there, too.
  filing.header.documents = {lead, attachment, lead};
  filing.inline_documents = {
      {Sha256(inlined), 300, StoreWhole(*segments_, inlined).value(), "good"}};
  const auto filed = CommitOne(*journal_, filing);
  ASSERT_TRUE(filed);
  EXPECT_EQ(ParseReceipt(filed->filing->receipt_json)->document_pages,
            (std::vector<std::optional<std::uint32_t>>{31, std::nullopt, 31}));

  // A record that was made before there was a place for them.
  auto record = FindDocument(*journal_->view(), kSystem, Sha256(uploaded)).value().value();
  record.clear_pages();
  EXPECT_EQ(record::ReadDocument(record.SerializeAsString()).value().pages(), 0u);
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

class DamageTest : public DocumentTest {
 protected:
  // One stored document of a received filing, and one byte of it flipped. The extent it lies in.
  StoredExtent Damage() {
    EXPECT_TRUE(Send(bytes_, 6000));
    EXPECT_TRUE(CommitOne(*journal_, FilingOf(1, bytes_)));
    const StoredExtent extent = record::ReadExtent(Record().extents(0));
    const auto names = fixture_.disk().List("/journal/documents").value();
    EXPECT_EQ(names.size(), 1u);
    fixture_.disk().FlipByte("/journal/documents/" + names[0], extent.offset + 100);
    return extent;
  }
  journal::v1::DocumentRecord Record() {
    return FindDocument(*journal_->view(), kSystem, Sha256(bytes_)).value().value();
  }
  QuarantineDocument Found(const StoredExtent& extent) {
    return {kSystem, Sha256(bytes_), extent, "segment 1 at 0: not what was stored", kJuly};
  }

  const std::string bytes_ = SeededRandom(3).Bytes(6000);
};

TEST_F(DamageTest, AFlippedByteIsNamedAndNeverHandedOut) {
  const StoredExtent extent = Damage();
  ExtentReader reader(*segments_, {extent});
  const auto read = reader.Read(0, 10);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(reader.damaged(), extent);
}

TEST_F(DamageTest, SendingTheSameBytesAgainMakesADamagedDocumentWhole) {
  const StoredExtent extent = Damage();
  const auto found = CommitOne(*journal_, Found(extent));
  ASSERT_TRUE(found && found->sequence);
  const auto entry = ReadEntry(*journal_->view(), *found->sequence).value();
  EXPECT_EQ(entry.kind(), journal::v1::ENTRY_KIND_DOCUMENT_QUARANTINED);
  EXPECT_EQ(entry.document_quarantined().sha256(), Sha256(bytes_).view());
  EXPECT_NE(entry.statement().find(Sha256(bytes_).Hex()), std::string::npos);
  // It counts as missing, for filers and for new filings; what is left of it stays.
  EXPECT_FALSE(Record().complete());
  EXPECT_EQ(Record().damaged_extents_size(), 1);
  EXPECT_EQ(CommitOne(*journal_, FilingOf(2, bytes_)).error().reason, "DOCUMENT_MISSING");
  EXPECT_EQ(journal_->view()->ListFreed(10)->size(), 0u);
  // Found again by another reader: once is enough.
  EXPECT_FALSE(CommitOne(*journal_, Found(extent))->sequence);

  const auto received = Record();
  EXPECT_EQ(Send(bytes_, 6000).value(), 6000);
  EXPECT_EQ(ReadBack(Sha256(bytes_)), bytes_);
  EXPECT_EQ(Record().references(), 1u);
  EXPECT_EQ(Record().first_byte_at_us(), received.first_byte_at_us());
  EXPECT_EQ(journal_->view()->ReadUnusedBytes(kSystem).value(), 0u);
  EXPECT_EQ(journal_->view()->ListFreed(10).value(), std::vector<Extent>{PlaceOf(extent)});
  EXPECT_TRUE(CommitOne(*journal_, FilingOf(2, bytes_)));
  EXPECT_EQ(Record().references(), 2u);
}

TEST_F(DamageTest, RidingAlongWithAnotherFilingMakesItWholeToo) {
  const StoredExtent extent = Damage();
  ASSERT_TRUE(CommitOne(*journal_, Found(extent)));
  ReceiveFiling draft = FilingOf(2, bytes_);
  draft.inline_documents = {{Sha256(bytes_), 6000, StoreWhole(*segments_, bytes_).value(), "good"}};
  const auto received = CommitOne(*journal_, draft);
  ASSERT_TRUE(received);
  EXPECT_TRUE(received->not_taken.empty());
  EXPECT_EQ(ReadBack(Sha256(bytes_)), bytes_);
  EXPECT_EQ(Record().references(), 2u);
  EXPECT_EQ(journal_->view()->ListFreed(10).value(), std::vector<Extent>{PlaceOf(extent)});
}

TEST_F(DamageTest, OtherBytesDoNotRepairAndTheFilingIsNotForgotten) {
  const StoredExtent extent = Damage();
  ASSERT_TRUE(CommitOne(*journal_, Found(extent)));
  EXPECT_EQ(Send(std::string(6000, 'x'), 6000, SIZE_MAX, Sha256(bytes_)).error().reason,
            "DIGEST_MISMATCH");
  ASSERT_TRUE(CommitOne(*journal_, DropDocument{kSystem, Sha256(bytes_), std::nullopt}));
  EXPECT_EQ(Record().references(), 1u);
  EXPECT_EQ(Record().damaged_extents_size(), 1);
  EXPECT_EQ(Send(bytes_, 6000).value(), 6000);
  EXPECT_EQ(ReadBack(Sha256(bytes_)), bytes_);
}

// A reader may report what was replaced, or punched, behind its back.
TEST_F(DamageTest, WhatTheIndexNoLongerNamesIsNotDamage) {
  StoredExtent elsewhere = Damage();
  elsewhere.offset += Extent::kAlignment;
  const std::uint64_t entries = journal_->view()->published();
  EXPECT_FALSE(CommitOne(*journal_, Found(elsewhere))->sequence);
  EXPECT_TRUE(Record().complete());
  EXPECT_EQ(journal_->view()->published(), entries);
}

// Of an upload that no filing refers to nothing was promised: it begins anew.
TEST_F(DamageTest, ADamagedPartOfAnUploadIsForgotten) {
  const std::string large = SeededRandom(4).Bytes(9'000'000);
  EXPECT_EQ(Send(large, 1 << 20, 5'000'000).value(), Extent::kSizeMax);
  const auto part = FindDocument(*journal_->view(), kSystem, Sha256(large)).value().value();
  const StoredExtent extent = record::ReadExtent(part.extents(0));
  fixture_.disk().FlipByte("/journal/documents/segment-0000000000000001", extent.offset + 7);
  Upload resumed(*segments_, {kSystem, Sha256(large), 9'000'000, {extent}});
  EXPECT_EQ(resumed.HashStored().error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(resumed.damaged(), extent);
  QuarantineDocument found = Found(extent);
  found.sha256 = Sha256(large);
  const std::uint64_t entries = journal_->view()->published();
  ASSERT_TRUE(CommitOne(*journal_, found));
  EXPECT_EQ(journal_->view()->published(), entries);
  EXPECT_EQ(journal_->view()->ReadUnusedBytes(kSystem).value(), 0u);
  EXPECT_EQ(Send(large, 1 << 20).value(), 9'000'000);
  EXPECT_EQ(ReadBack(Sha256(large)), large);
}

TEST_F(DocumentTest, AskingForADocumentKeepsItsUpload) {
  const std::string bytes(5000, 'r');
  ASSERT_TRUE(Send(bytes, 5000));
  const WallTime later = kJuly + std::chrono::hours(25);
  ASSERT_TRUE(CommitOne(*journal_, RenewLease{kSystem, Sha256(bytes), later}));
  std::string from;
  EXPECT_TRUE(journal_->view()->ListLeftovers(later - Microseconds(1), 10, from)->empty());
  EXPECT_EQ(journal_->view()->ListLeftovers(later, 10, from)->size(), 1u);
  // Never shortened.
  ASSERT_TRUE(CommitOne(*journal_, RenewLease{kSystem, Sha256(bytes), kJuly}));
  EXPECT_EQ(CommitOne(*journal_, DropDocument{kSystem, Sha256(bytes), kJuly}).error().reason,
            "LEASE_NOT_OVER");
}

}  // namespace
}  // namespace nightbox
