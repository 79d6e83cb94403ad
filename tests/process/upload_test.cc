// Goal: bytes that are committed are never sent again, whatever cuts the upload; a document is
// whole and hashed before anything refers to it; and uploads cost the gateway no memory to speak
// of. Method: the real gateway; streams are cut half way, overtaken, and killed together with the
// gateway.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <barrier>
#include <thread>

#include "core/patience.h"
#include "core/random.h"
#include "core/sha256.h"
#include "tests/process/gateway_process.h"
#include "tests/process/intake_caller.h"

namespace nightbox {
namespace {

using grpc::StatusCode;
using testing::HasSubstr;
using testing::SizeIs;

constexpr std::int64_t kExtent = 4'194'304;
constexpr std::int64_t kSize = 20'000'000;
constexpr std::int64_t kCutAt = kSize * 6 / 10;
constexpr std::int64_t kCommitted = kCutAt / kExtent * kExtent;

std::string DocumentOf(std::int64_t size, std::uint64_t seed) {
  SeededRandom random(seed);
  return "%PDF-1.7\n" + random.Bytes(static_cast<std::size_t>(size) - 9);
}

class UploadProcessTest : public testing::Test {
 protected:
  UploadProcessTest() : acme_(gateway_.pki().IssueClient("system", "acme")) {
    gateway_.settings().courts =
        "document_size_max_bytes = 100000000\nfiling_size_max_bytes = 500000000\n";
    gateway_.Start();
  }

  IntakeCaller Anna() { return {gateway_.pki(), acme_, gateway_.port(), "user-anna"}; }

  // Asks until so much is committed: the gateway commits what it has while it reads on.
  static std::int64_t WaitUntilCommitted(const IntakeCaller& caller, const Digest& sha256,
                                         std::int64_t bytes) {
    const auto deadline = SteadyNow() + std::chrono::seconds(60);
    std::int64_t committed = 0;
    while (committed < bytes && SteadyNow() < deadline) {
      committed = caller.Query(sha256).response.committed_size_bytes();
    }
    return committed;
  }

  // Goes on at `offset`, files, and shows that nothing but whole bytes made it into the filing.
  void FinishAndFile(const std::string& document, std::int64_t offset) {
    const IntakeCaller anna = Anna();
    const auto filing = FilingWithout(RequestIdFor("record"), kDent, "1", {document});
    const auto asked = anna.FindMissing(filing);
    ASSERT_TRUE(asked.ok()) << asked.status.error_message();
    ASSERT_THAT(asked.response.missing(), SizeIs(1));
    EXPECT_EQ(asked.response.missing(0).committed_size_bytes(), offset);
    EXPECT_EQ(anna.Create(filing).reason(), "DOCUMENT_MISSING") << "of a document not complete";
    // Neither from the beginning nor from where the stream was cut.
    for (const std::int64_t wrong : {std::int64_t{0}, kCutAt}) {
      const auto refused = anna.Upload(document, wrong);
      EXPECT_EQ(refused.reason(), "OFFSET_MISMATCH");
      EXPECT_THAT(refused.status.error_message(), HasSubstr(std::to_string(offset)));
    }
    const auto written = anna.Upload(document, offset);
    ASSERT_TRUE(written.ok()) << written.status.error_message();
    EXPECT_TRUE(written.response.complete());
    EXPECT_EQ(written.response.committed_size_bytes(), kSize);
    EXPECT_TRUE(anna.Create(filing).ok());
  }

  GatewayProcess gateway_;
  const CertificateFiles acme_;
};

TEST_F(UploadProcessTest, ACutUploadGoesOnFromTheLastCommittedExtent) {
  const std::string document = DocumentOf(kSize, 1);
  const Digest sha256 = Sha256(document);
  const IntakeCaller anna = Anna();
  {
    UploadStream stream(anna, sha256, kSize, 0);
    ASSERT_TRUE(stream.SendAll(std::string_view(document).substr(0, kCutAt)));
    EXPECT_EQ(WaitUntilCommitted(anna, sha256, kCommitted), kCommitted);
  }
  EXPECT_EQ(anna.Query(sha256).response.committed_size_bytes(), kCommitted);
  EXPECT_FALSE(anna.Query(sha256).response.complete());
  FinishAndFile(document, kCommitted);
}

TEST_F(UploadProcessTest, AnUploadEndedInOrderGoesOnFromTheLastCommittedExtent) {
  const std::string document = DocumentOf(kSize, 2);
  const IntakeCaller anna = Anna();
  UploadStream stream(anna, Sha256(document), kSize, 0);
  ASSERT_TRUE(stream.SendAll(std::string_view(document).substr(0, kCutAt)));
  const auto partly = stream.Finish();
  EXPECT_TRUE(partly.ok()) << partly.status.error_message();
  EXPECT_FALSE(partly.response.complete());
  EXPECT_EQ(partly.response.committed_size_bytes(), kCommitted);
  FinishAndFile(document, kCommitted);
}

TEST_F(UploadProcessTest, AKilledGatewayHasWhatItCommitted) {
  const std::string document = DocumentOf(kSize, 3);
  const Digest sha256 = Sha256(document);
  {
    const IntakeCaller anna = Anna();
    UploadStream stream(anna, sha256, kSize, 0);
    ASSERT_TRUE(stream.SendAll(std::string_view(document).substr(0, kCutAt)));
    EXPECT_EQ(WaitUntilCommitted(anna, sha256, kCommitted), kCommitted);
    gateway_.Kill();
    EXPECT_EQ(stream.Finish().code(), StatusCode::UNAVAILABLE);
  }
  gateway_.Start();
  FinishAndFile(document, kCommitted);
  gateway_.Stop();
  gateway_.VerifyJournal();
}

TEST_F(UploadProcessTest, ANewerWriterEndsTheOlder) {
  const std::string document = DocumentOf(kSize, 4);
  const Digest sha256 = Sha256(document);
  const IntakeCaller older = Anna();
  const IntakeCaller newer = Anna();
  UploadStream stream(older, sha256, kSize, 0);
  ASSERT_TRUE(stream.SendAll(std::string_view(document).substr(0, kExtent)));
  ASSERT_EQ(WaitUntilCommitted(newer, sha256, kExtent), kExtent);
  const auto written = newer.Upload(document, kExtent);
  ASSERT_TRUE(written.ok()) << written.status.error_message();
  EXPECT_TRUE(written.response.complete());
  const auto overtaken = stream.Finish();
  EXPECT_EQ(overtaken.code(), StatusCode::ABORTED) << overtaken.status.error_message();
  EXPECT_EQ(overtaken.reason(), "UPLOAD_OVERTAKEN");
  EXPECT_FALSE(overtaken.Trailer("what-now").empty());
  // Who comes when all is there is told so at once.
  const auto late = older.Upload(document);
  EXPECT_TRUE(late.ok() && late.response.complete()) << late.status.error_message();
}

TEST_F(UploadProcessTest, BytesOfAnotherDigestAreDroppedAndTheRightOnesTaken) {
  const IntakeCaller anna = Anna();
  // Of one extent, and of two: the first is committed before the fault can show.
  for (const std::int64_t size : {std::int64_t{1'000'000}, kExtent + 1'000'000}) {
    const std::string document = DocumentOf(size, 5);
    const Digest sha256 = Sha256(document);
    std::string damaged = document;
    damaged.back() ^= 1;
    UploadStream stream(anna, sha256, size, 0);
    stream.SendAll(damaged);
    const auto refused = stream.Finish();
    EXPECT_EQ(refused.code(), StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(refused.reason(), "DIGEST_MISMATCH");
    EXPECT_EQ(anna.Query(sha256).reason(), "DOCUMENT_NOT_FOUND");
    const auto written = anna.Upload(document);
    EXPECT_TRUE(written.ok() && written.response.complete()) << written.status.error_message();
    EXPECT_TRUE(
        anna.Create(FilingWithout(RequestIdFor(std::to_string(size)), kDent, "1", {document}))
            .ok());
  }
}

TEST_F(UploadProcessTest, WhatCannotBeADocumentIsRefused) {
  const IntakeCaller anna = Anna();
  const std::string document = DocumentOf(1000, 6);
  const auto first_reason = [&](std::int64_t size, std::string_view bytes) {
    UploadStream stream(anna, Sha256(document), size, 0);
    stream.Send(bytes);
    return stream.Finish().reason();
  };
  EXPECT_EQ(first_reason(0, document), "DOCUMENT_TOO_LARGE");
  EXPECT_EQ(first_reason(100'000'001, document), "DOCUMENT_TOO_LARGE");
  EXPECT_EQ(first_reason(999, document), "CHUNK_INVALID");
  EXPECT_EQ(first_reason(10'000'000, std::string((1 << 20) + 1, 'x')), "CHUNK_INVALID");
  EXPECT_EQ(anna.Query(Sha256(document)).reason(), "DOCUMENT_NOT_FOUND");
}

TEST_F(UploadProcessTest, TheQuotaHoldsForUploadsAtTheSameTime) {
  constexpr std::int64_t kQuota = 100'000'000;
  gateway_.Stop();
  gateway_.settings().capacity = "unused_upload_bytes_per_system_max = 100000000\n";
  gateway_.Start();
  const IntakeCaller anna = Anna();
  // Each announces its size and sends one extent of it.
  const auto begin = [&](const std::string& document, std::int64_t size) {
    auto stream = std::make_unique<UploadStream>(anna, Sha256(document), size, 0);
    stream->SendAll(document);
    return stream;
  };
  const std::string one = DocumentOf(kExtent, 11);
  const std::string two = DocumentOf(kExtent, 12);
  const std::string three = DocumentOf(1'000, 13);
  auto first = begin(one, kQuota - 40'000'000);
  ASSERT_EQ(WaitUntilCommitted(anna, Sha256(one), kExtent), kExtent);
  EXPECT_EQ(begin(two, 40'000'001)->Finish().reason(), "UPLOAD_QUOTA_REACHED");
  auto second = begin(two, 40'000'000);
  ASSERT_EQ(WaitUntilCommitted(anna, Sha256(two), kExtent), kExtent);
  const auto refused = begin(three, 1'000)->Finish();
  EXPECT_EQ(refused.reason(), "UPLOAD_QUOTA_REACHED");
  EXPECT_EQ(refused.code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(refused.Trailer("retry"), "yes");
  // Who comes back to a document that is being written needs no more room than it had.
  auto again = std::make_unique<UploadStream>(anna, Sha256(two), 40'000'000, kExtent);
  const auto deadline = SteadyNow() + std::chrono::seconds(30);
  while (second->Send("x") && SteadyNow() < deadline) {
  }
  EXPECT_EQ(second->Finish().reason(), "UPLOAD_OVERTAKEN");
  // What a cut upload had announced is free again, but for what it stored.
  first->Cut();
  Answer<intake::v1::WriteDocumentResponse> written;
  do {
    written = begin(three, 1'000)->Finish();
  } while (written.reason() == "UPLOAD_QUOTA_REACHED" && SteadyNow() < deadline);
  EXPECT_TRUE(written.ok() && written.response.complete()) << written.status.error_message();
  again->Cut();
}

TEST_F(UploadProcessTest, EightUploadsOfAHundredMegabytesCostNoMemory) {
  constexpr std::size_t kUploads = 8;
  constexpr std::int64_t kLarge = 100'000'000;
  // As after a morning's work: every part has done its thing once.
  const IntakeCaller anna = Anna();
  const std::string small = DocumentOf(kExtent + 1, 7);
  ASSERT_TRUE(anna.Upload(small).ok());
  ASSERT_TRUE(anna.Create(FilingWithout(RequestIdFor("small"), kDent, "1", {small})).ok());
  const std::int64_t idle = gateway_.PeakKilobytes();

  std::string document = DocumentOf(kLarge, 8);
  std::vector<Digest> digests;
  for (std::size_t i = 0; i < kUploads; ++i) {
    document[100] = static_cast<char>('a' + i);
    digests.push_back(Sha256(document));
  }
  std::barrier start(kUploads);
  std::vector<Answer<intake::v1::WriteDocumentResponse>> answers(kUploads);
  std::vector<std::thread> threads;
  threads.reserve(kUploads);
  for (std::size_t i = 0; i < kUploads; ++i) {
    threads.emplace_back([&, i] {
      const IntakeCaller caller(gateway_.pki(), acme_, gateway_.port(), "user-anna");
      std::string begin = document.substr(0, 1000);
      begin[100] = static_cast<char>('a' + i);
      start.arrive_and_wait();
      UploadStream stream(caller, digests[i], kLarge, 0);
      stream.Send(begin);
      stream.SendAll(std::string_view(document).substr(begin.size()));
      answers[i] = stream.Finish();
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& answer : answers) {
    ASSERT_TRUE(answer.ok()) << answer.status.error_message();
    EXPECT_TRUE(answer.response.complete());
  }
  const std::int64_t grown = gateway_.PeakKilobytes() - idle;
  RecordProperty("grown_kilobytes", std::to_string(grown));
  std::cout << "VmHWM " << idle << " kB idle, " << grown << " kB more\n";
#ifndef __SANITIZE_ADDRESS__  // Which keeps what is freed.
  EXPECT_LT(grown, 64'000);
#endif
}

}  // namespace
}  // namespace nightbox
