// Goal: a filing gets through whatever breaks, once, and is called received only with a receipt for
// exactly what was sent.
// Method: the real client, outbox and TLS against a gateway's protocol double that breaks what it
// is told to; a clock that moves only when somebody waits.
#include "client/sender.h"

#include <gtest/gtest.h>

#include "core/sha256.h"
#include "sample_filing.h"
#include "tests/client/gateway_double.h"
#include "tests/support/temporary_directory.h"

namespace nightbox::client {
namespace {

using grpc::Status;
using grpc::StatusCode;
using std::chrono::milliseconds;

// Waiting moves the clock and nothing else.
class SimStop : public StopSignal {
 public:
  explicit SimStop(SimClock& clock) : clock_(clock) {}
  bool Wait(std::chrono::microseconds how_long) override {
    clock_.Advance(how_long);
    waited_ += how_long;
    ++waits_;
    return !raised();
  }
  Microseconds waited() const { return waited_; }
  int waits() const { return waits_; }

 private:
  SimClock& clock_;
  Microseconds waited_{0};
  int waits_ = 0;
};

class SenderTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { pki_ = new TestPki(); }
  static void TearDownTestSuite() {
    delete pki_;
    pki_ = nullptr;
  }

  SenderTest()
      : gateway_(*pki_, pki_->IssueServer("A7")),
        outbox_(Outbox::Open(scratch_.path() / "state", FileOperations()).value()) {
    const CertificateFiles us = pki_->IssueClient("system", "acme");
    client_ = IntakeClient::Open({gateway_.address(), "", us.certificate, us.key, pki_->tls_root()},
                                 stop_)
                  .value();
  }

  // One document of `size` bytes, not a test filing.
  OutboxEntry Entry(std::size_t size, std::string_view request_id = kSampleRequestId) {
    Package package = SampleFiling(request_id);
    package.header.documents.resize(1);
    package.header.test = false;
    document_ = SamplePdf(size);
    for (std::size_t i = 100; i < size; i += 97) document_[i] = static_cast<char>(i);
    WriteTextFile(scratch_.path() / "petition.pdf", document_);
    return outbox_.Prepare(package, {scratch_.path() / "petition.pdf"}).value();
  }

  Sender MakeSender(SendObserver observer = {}) {
    return Sender(*client_, outbox_, nightbox::ReadWholeFile(pki_->receipt_root()), clock_, random_,
                  stop_, limits_, std::move(observer));
  }

  static TestPki* pki_;

  TemporaryDirectory scratch_;
  GatewayDouble gateway_;
  Outbox outbox_;
  // The samples' certificates are valid at the machine's time.
  SimClock clock_{SystemClock().Now()};
  SeededRandom random_{7};
  SimStop stop_{clock_};
  SendLimits limits_;
  std::unique_ptr<IntakeClient> client_;
  std::string document_;
};

TestPki* SenderTest::pki_ = nullptr;

TEST_F(SenderTest, ASmallFilingRidesAlongInOneCall) {
  OutboxEntry entry = Entry(5'000);
  Sender sender = MakeSender();
  const auto report = sender.Send(entry);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->verdict.root_proven);
  EXPECT_EQ(gateway_.finds(), 0);
  ASSERT_EQ(gateway_.created().size(), 1U);
  EXPECT_EQ(gateway_.created()[0].inline_documents(0), document_);
  EXPECT_EQ(gateway_.created()[0].staff(), "paralegal-7");
  EXPECT_EQ(entry.next_step(), EntryStep::kAskGateway);
  EXPECT_EQ(nightbox::ReadWholeFile(entry.directory() / "receipt.json"),
            report->filing.receipt.json);
}

TEST_F(SenderTest, TheLargestInlineDocumentRidesAlongAndOneByteMoreIsUploaded) {
  {
    OutboxEntry entry = Entry(Sender::kInlineDocumentMax);
    ASSERT_TRUE(MakeSender().Send(entry));
    EXPECT_EQ(gateway_.finds(), 0);
  }
  OutboxEntry entry = Entry(Sender::kInlineDocumentMax + 1, "another-request-id");
  ASSERT_TRUE(MakeSender().Send(entry));
  EXPECT_EQ(gateway_.finds(), 1);
  EXPECT_EQ(gateway_.created().back().inline_documents_size(), 0);
}

TEST_F(SenderTest, AnUploadCutAtSixtyPerCentResumesThere) {
  OutboxEntry entry = Entry(3'000'000);
  gateway_.PlanCut(1'800'000);
  Sender sender = MakeSender();
  const auto report = sender.Send(entry);
  ASSERT_TRUE(report) << report.error().message;
  const auto offsets = gateway_.upload_offsets();
  ASSERT_EQ(offsets.size(), 2U);
  EXPECT_EQ(offsets[0], 0);
  EXPECT_GE(offsets[1], 1'800'000);
  EXPECT_EQ(gateway_.queries(), 1);
  EXPECT_EQ(gateway_.bytes_received(), 3'000'000);
  EXPECT_EQ(sender.counts().bytes_resumed, offsets[1]);
  EXPECT_EQ(gateway_.stored(std::string(Sha256(document_).view())), document_);
}

TEST_F(SenderTest, AnotherProcessGoesOnWhereTheFirstWasCut) {
  {
    OutboxEntry entry = Entry(3'000'000);
    gateway_.PlanCut(1'800'000);
    limits_.timeout = milliseconds(0);
    const auto report = MakeSender().Send(entry);
    ASSERT_FALSE(report);
    EXPECT_NE(report.error().again, Again::kFinal);
  }
  limits_ = {};
  OutboxEntry entry = outbox_.Take(RequestId(std::string(kSampleRequestId))).value();
  Sender sender = MakeSender();
  ASSERT_TRUE(sender.Send(entry));
  EXPECT_GE(gateway_.upload_offsets().back(), 1'800'000);
  EXPECT_LT(sender.counts().bytes_sent, 3'000'000);
}

TEST_F(SenderTest, AnUnknownOutcomeIsRepeatedWithTheSameRequestId) {
  for (const StatusCode code : {StatusCode::UNAVAILABLE, StatusCode::DEADLINE_EXCEEDED}) {
    gateway_.PlanCreate({Status(code, "lost"), {}, /*after_storing=*/true});
  }
  OutboxEntry entry = Entry(5'000);
  const auto report = MakeSender().Send(entry);
  ASSERT_TRUE(report) << report.error().message;
  const auto ids = gateway_.created_request_ids();
  ASSERT_EQ(ids.size(), 3U);
  for (const std::string& id : ids) EXPECT_EQ(id, kSampleRequestId);
  EXPECT_EQ(gateway_.filings(), 1U);
  // And with the time of the first try, not of the last.
  EXPECT_EQ(gateway_.created()[0].first_tried_at().SerializeAsString(),
            gateway_.created()[2].first_tried_at().SerializeAsString());
}

TEST_F(SenderTest, AGatewayThatComesBackIsFoundAndHasItOnce) {
  gateway_.Stop();
  OutboxEntry entry = Entry(5'000);
  bool started = false;
  SendObserver observer;
  observer.on_retry = [&](const CallFailure&, milliseconds) {
    if (!std::exchange(started, true)) gateway_.Start();
  };
  // gRPC's own reconnect timer runs on real time; tries go on until it has.
  limits_.timeout = std::chrono::hours(24 * 365);
  const auto report = MakeSender(observer).Send(entry);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(started);
  EXPECT_EQ(gateway_.filings(), 1U);
}

TEST_F(SenderTest, AGatewayThatIsBackIsFoundByTheNextCall) {
  ASSERT_TRUE(client_->GetCourtPolicy(CourtId("mo.sup")));
  gateway_.Stop();
  const auto meanwhile = client_->GetCourtPolicy(CourtId("mo.sup"));
  ASSERT_FALSE(meanwhile);
  EXPECT_EQ(meanwhile.error().reason, "unreachable");
  gateway_.Start();
  const auto afterwards = client_->GetCourtPolicy(CourtId("mo.sup"));
  EXPECT_TRUE(afterwards) << afterwards.error().message;
}

TEST_F(SenderTest, TheGatewaysDelayIsKept) {
  gateway_.PlanCreate({Status(StatusCode::RESOURCE_EXHAUSTED, "full"),
                       {{"nightbox-reason", "QUEUE_FULL"},
                        {"nightbox-retry", "yes"},
                        {"nightbox-retry-after-ms", "7000"}}});
  OutboxEntry entry = Entry(5'000);
  ASSERT_TRUE(MakeSender().Send(entry));
  EXPECT_GE(stop_.waited(), std::chrono::milliseconds(7000));
}

TEST_F(SenderTest, TimeUpLeavesTheEntryInTheOutbox) {
  for (int i = 0; i < 100; ++i) {
    gateway_.PlanCreate({Status(StatusCode::UNAVAILABLE, "no"), {}});
  }
  limits_.timeout = std::chrono::seconds(30);
  OutboxEntry entry = Entry(5'000);
  Sender sender = MakeSender();
  const auto report = sender.Send(entry);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().reason, "unreachable");
  EXPECT_LE(stop_.waited(), std::chrono::seconds(30));
  EXPECT_GT(sender.counts().tries, 3U);
  EXPECT_EQ(entry.next_step(), EntryStep::kSend);
  EXPECT_EQ(outbox_.List().size(), 1U);
}

TEST_F(SenderTest, ARefusalOfTheContentEndsTheEntryAndSaysWhatToDo) {
  gateway_.PlanFind({Status(StatusCode::INVALID_ARGUMENT, "too large"),
                     {{"nightbox-reason", "DOCUMENT_TOO_LARGE"},
                      {"nightbox-field", "header.documents[0].size_bytes"},
                      {"nightbox-fault", "filer"},
                      {"nightbox-retry", "no"},
                      {"nightbox-what-now", "Split it."},
                      {"nightbox-attempt-id", "attempt-9"}}});
  OutboxEntry entry = Entry(200'000);
  const auto report = MakeSender().Send(entry);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().reason, "DOCUMENT_TOO_LARGE");
  EXPECT_EQ(report.error().what_now, "Split it.");
  EXPECT_EQ(report.error().fault, "filer");
  EXPECT_EQ(report.error().attempt_id, "attempt-9");
  EXPECT_EQ(gateway_.bytes_received(), 0);
  EXPECT_TRUE(outbox_.List().empty());
  ASSERT_EQ(outbox_.ListDone().size(), 1U);
  EXPECT_EQ(outbox_.ListDone()[0].outcome->conclusion, Conclusion::kRefused);
}

TEST_F(SenderTest, WhatThePersonCanMendElsewhereStaysInTheOutbox) {
  gateway_.PlanCreate({Status(StatusCode::PERMISSION_DENIED, "suspended"),
                       {{"nightbox-reason", "USER_SUSPENDED"}, {"nightbox-retry", "no"}}});
  OutboxEntry entry = Entry(5'000);
  ASSERT_FALSE(MakeSender().Send(entry));
  EXPECT_EQ(outbox_.List().size(), 1U);
  EXPECT_EQ(stop_.waits(), 0);
}

TEST_F(SenderTest, WhatTheGatewayLostIsSentAgainButNotForEver) {
  for (int i = 0; i < 2; ++i) {
    gateway_.PlanCreate({Status(StatusCode::FAILED_PRECONDITION, "gone"),
                         {{"nightbox-reason", "DOCUMENT_MISSING"}, {"nightbox-retry", "yes"}}});
  }
  {
    OutboxEntry entry = Entry(200'000);
    ASSERT_TRUE(MakeSender().Send(entry));
    EXPECT_EQ(gateway_.finds(), 3);
  }
  for (int i = 0; i < 50; ++i) {
    gateway_.PlanCreate({Status(StatusCode::FAILED_PRECONDITION, "gone"),
                         {{"nightbox-reason", "DOCUMENT_MISSING"}, {"nightbox-retry", "yes"}}});
  }
  OutboxEntry entry = Entry(200'000, "another-request-id");
  ASSERT_FALSE(MakeSender().Send(entry));
  EXPECT_EQ(gateway_.finds(), 7);
  EXPECT_EQ(entry.next_step(), EntryStep::kSend);
}

TEST_F(SenderTest, ATestFilingEndsWithItsReceipt) {
  Package package = SampleFiling();
  OutboxEntry entry = outbox_.Prepare(package, SampleSources(scratch_.path())).value();
  const auto report = MakeSender().Send(entry);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(outbox_.List().empty());
  EXPECT_EQ(outbox_.ListDone()[0].outcome->conclusion, Conclusion::kTest);
}

TEST_F(SenderTest, AReceiptForAnythingElseIsNotSuccess) {
  const std::vector<std::function<void(ReceiptFacts&)>> bends = {
      [](ReceiptFacts& facts) { facts.header.documents[0].sha256 = Sha256("other"); },
      [](ReceiptFacts& facts) { facts.header.documents[0].size_bytes += 1; },
      [](ReceiptFacts& facts) { facts.header.documents.push_back(facts.header.documents[0]); },
      [](ReceiptFacts& facts) { facts.request_id = RequestId("somebody-elses-request"); },
      [](ReceiptFacts& facts) { facts.filing_id = FilingId(std::string(26, 'z')); },
      [](ReceiptFacts& facts) { facts.registered_user = UserId("somebody-else"); },
      [](ReceiptFacts& facts) { facts.header.court = CourtId("mo.cir.22"); },
      [](ReceiptFacts& facts) { facts.header.test = true; },
      [](ReceiptFacts& facts) { facts.fingerprint = Sha256("other"); },
  };
  int number = 0;
  for (const auto& bend : bends) {
    SCOPED_TRACE(number);
    gateway_.BendReceipts(bend);
    OutboxEntry entry = Entry(5'000, "request-number-00" + std::to_string(number++));
    const auto report = MakeSender().Send(entry);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().reason, "receipt-mismatch");
    EXPECT_EQ(report.error().again, Again::kFinal);
    EXPECT_EQ(entry.next_step(), EntryStep::kSend);
    EXPECT_FALSE(std::filesystem::exists(entry.directory() / "outcome.json"));
  }
  // The control: an unbent receipt is success.
  gateway_.BendReceipts({});
  OutboxEntry entry = Entry(5'000, "request-number-control");
  EXPECT_TRUE(MakeSender().Send(entry));
}

TEST_F(SenderTest, AReceiptUnderAForeignRootIsNotSuccess) {
  gateway_.ForgeReceipts();
  OutboxEntry entry = Entry(5'000);
  const auto report = MakeSender().Send(entry);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().reason, "receipt-mismatch");
}

TEST_F(SenderTest, WithoutARootTheReceiptIsConsistentAndNoMore) {
  OutboxEntry entry = Entry(5'000);
  Sender sender(*client_, outbox_, "", clock_, random_, stop_, limits_);
  const auto report = sender.Send(entry);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_FALSE(report->verdict.root_proven);
  EXPECT_FALSE(report->verdict.fingerprint.empty());
}

TEST_F(SenderTest, TheRateIsKept) {
  limits_.limit_rate = 1'000'000;
  OutboxEntry entry = Entry(3'000'000);
  ASSERT_TRUE(MakeSender().Send(entry));
  EXPECT_GE(stop_.waited(), std::chrono::milliseconds(2'800));
  EXPECT_LE(stop_.waited(), std::chrono::milliseconds(3'000));
}

TEST_F(SenderTest, AStoppedUploadCanBeResumed) {
  limits_.limit_rate = 1'000'000;
  {
    OutboxEntry entry = Entry(3'000'000);
    SendObserver observer;
    observer.on_progress = [&](std::size_t, std::int64_t position) {
      if (position > 1'000'000) stop_.Raise();
    };
    const auto report = MakeSender(observer).Send(entry);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().reason, "interrupted");
    EXPECT_EQ(entry.next_step(), EntryStep::kSend);
  }
  EXPECT_EQ(outbox_.List().size(), 1U);
}

TEST_F(SenderTest, AServerUnderAnotherNameIsNotSpokenTo) {
  const CertificateFiles us = pki_->IssueClient("system", "acme");
  auto client = IntakeClient::Open({gateway_.address(), "gateway.example.org", us.certificate,
                                    us.key, pki_->tls_root()},
                                   stop_)
                    .value();
  const auto policy = client->GetCourtPolicy(CourtId("mo.cir.42.dent"));
  ASSERT_FALSE(policy);
  EXPECT_EQ(policy.error().reason, "unreachable");
}

TEST_F(SenderTest, NeitherAStrangersServerNorAStrangersClientGetsThrough) {
  const CertificateFiles us = pki_->IssueClient("system", "acme");
  GatewayDouble stranger(*pki_, pki_->IssueStranger("gateway", "A7"));
  auto to_stranger =
      IntakeClient::Open({stranger.address(), "", us.certificate, us.key, pki_->tls_root()}, stop_)
          .value();
  EXPECT_FALSE(to_stranger->GetCourtPolicy(CourtId("mo.cir.42.dent")));
  const CertificateFiles other = pki_->IssueStranger("system", "acme");
  auto from_stranger =
      IntakeClient::Open({gateway_.address(), "", other.certificate, other.key, pki_->tls_root()},
                         stop_)
          .value();
  EXPECT_FALSE(from_stranger->GetCourtPolicy(CourtId("mo.cir.42.dent")));
  EXPECT_TRUE(client_->GetCourtPolicy(CourtId("mo.cir.42.dent")));
}

}  // namespace
}  // namespace nightbox::client
