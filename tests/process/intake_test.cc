// Goal: what the front door promises holds for the program that is shipped: one filing per
// request_id, the same bytes for ever, refusals that advise and are evidence, reading that shows
// one's own, withdrawal that ends. Method: the real gateway over TLS, with no case system to reach,
// so that every filing stays pending.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <barrier>
#include <set>
#include <thread>

#include "core/patience.h"
#include "core/sha256.h"
#include "nightbox/operator/v1/operator.grpc.pb.h"
#include "tests/process/gateway_process.h"
#include "tests/process/intake_caller.h"

namespace nightbox {
namespace {

namespace pb = intake::v1;
using grpc::StatusCode;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::size_t kInlineMax = 65'536;

class IntakeProcessTest : public testing::Test {
 protected:
  IntakeProcessTest()
      : acme_(gateway_.pki().IssueClient("system", "acme")),
        operator_(gateway_.pki().IssueClient("operator", "jane.roe")) {
    gateway_.Start();
    // The first probe finds nobody, which is an entry of its own: tests that count entries begin
    // behind it.
    const auto deadline = SteadyNow() + std::chrono::seconds(30);
    while (Entries() == 0 && SteadyNow() < deadline) {
    }
  }

  IntakeCaller As(const std::string& user) {
    return {gateway_.pki(), acme_, gateway_.port(), user};
  }

  // As an operator sees it: promised entries, and filings received.
  operator_::v1::Status Status() {
    const auto stub = operator_::v1::OperatorService::NewStub(
        Connect(gateway_.pki().tls_root(), &operator_, gateway_.port()));
    grpc::ClientContext context;
    WithinSeconds(context, kCallSeconds);
    operator_::v1::Status status;
    EXPECT_TRUE(stub->GetStatus(&context, {}, &status).ok());
    return status;
  }
  std::uint64_t Entries() { return Status().published_sequence(); }

  GatewayProcess gateway_;
  const CertificateFiles acme_;
  const CertificateFiles operator_;
};

TEST_F(IntakeProcessTest, ThirtyTwoClientsOverTwoConnectionsEachGetOneFilingAndTheSameBytes) {
  constexpr std::size_t kConnections = 32 * 2;
  const std::string pdf = SmallPdf("motion");
  const auto request = FilingWith(RequestIdFor("everybody"), kDent, "24DN-CC00001", {pdf});
  std::vector<std::unique_ptr<IntakeCaller>> callers;
  for (std::size_t i = 0; i < kConnections; ++i) {
    callers.push_back(
        std::make_unique<IntakeCaller>(gateway_.pki(), acme_, gateway_.port(), "user-anna"));
    // Connected before the start, so that all requests are on their way at once.
    ASSERT_TRUE(callers.back()->List().ok());
  }
  std::vector<Answer<pb::Filing>> answers(kConnections);
  std::barrier start(kConnections);
  std::vector<std::thread> threads;
  threads.reserve(kConnections);
  for (std::size_t i = 0; i < kConnections; ++i) {
    threads.emplace_back([&, i] {
      start.arrive_and_wait();
      answers[i] = callers[i]->Create(request);
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> receipts;
  for (const auto& answer : answers) {
    ASSERT_TRUE(answer.ok()) << answer.status.error_message();
    receipts.insert(answer.response.SerializeAsString());
  }
  EXPECT_THAT(receipts, SizeIs(1));
  EXPECT_FALSE(answers[0].response.receipt().receipt_json().empty());
  EXPECT_FALSE(answers[0].response.receipt().receipt_p7s().empty());
  EXPECT_EQ(Status().balance().received(), 1U);
  EXPECT_THAT(callers[0]->List().response.filings(), SizeIs(1));
}

TEST_F(IntakeProcessTest, ARequestIdBelongsToItsSystem) {
  const CertificateFiles zenith = gateway_.pki().IssueClient("system", "zenith");
  const std::string pdf = SmallPdf("motion");
  const auto request = FilingWith(RequestIdFor("same"), kDent, "24DN-CC00001", {pdf});
  const auto ours = As("user-anna").Create(request);
  const auto theirs =
      IntakeCaller(gateway_.pki(), zenith, gateway_.port(), "user-anna").Create(request);
  ASSERT_TRUE(ours.ok() && theirs.ok()) << theirs.status.error_message();
  EXPECT_NE(ours.response.filing_id(), theirs.response.filing_id());
  EXPECT_EQ(Status().balance().received(), 2U);
}

TEST_F(IntakeProcessTest, OtherContentUnderAUsedRequestIdChangesNothing) {
  const auto anna = As("user-anna");
  const std::string pdf = SmallPdf("motion");
  const auto request = FilingWith(RequestIdFor("motion"), kDent, "24DN-CC00001", {pdf});
  const auto filed = anna.Create(request);
  ASSERT_TRUE(filed.ok()) << filed.status.error_message();
  auto other = request;
  other.mutable_header()->set_note_to_clerk("another note");
  for (int i = 0; i < 2; ++i) {
    const auto refused = anna.Create(other);
    EXPECT_EQ(refused.code(), StatusCode::ALREADY_EXISTS);
    EXPECT_EQ(refused.reason(), "REQUEST_ID_REUSED");
  }
  EXPECT_EQ(anna.FindMissing(other).code(), StatusCode::ALREADY_EXISTS);
  // Another user of the system is other content too: the receipt names the user.
  EXPECT_EQ(As("user-bert").Create(request).code(), StatusCode::ALREADY_EXISTS);
  // Who typed it, and when, is not content.
  auto same = request;
  same.set_staff("clerk at the firm");
  same.mutable_first_tried_at()->set_seconds(1'719'853'200);
  same.add_possibly_received_by("gateway-b");
  EXPECT_EQ(anna.Create(same).response.SerializeAsString(), filed.response.SerializeAsString());
  EXPECT_EQ(Status().balance().received(), 1U);
}

TEST_F(IntakeProcessTest, ACircuitIsAnsweredWithItsCourts) {
  const std::string pdf = SmallPdf("motion");
  const auto refused =
      As("user-anna").Create(FilingWith(RequestIdFor("a"), "mo.cir.42", "24DN-CC00001", {pdf}));
  EXPECT_EQ(refused.code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(refused.reason(), "COURT_IS_A_CIRCUIT");
  EXPECT_EQ(refused.Trailer("field"), "header.court_id");
  pb::GetCourtPolicyRequest policy;
  policy.set_court_id("mo.cir.42");
  const auto no_policy = As("user-anna").Call(&IntakeStub::GetCourtPolicy, policy);
  EXPECT_EQ(no_policy.reason(), "COURT_IS_A_CIRCUIT");
  EXPECT_EQ(no_policy.Trailer("field"), "court_id");
  EXPECT_EQ(no_policy.status.error_message(), refused.status.error_message());
  for (const char* court : {"mo.cir.42.crawford", "mo.cir.42.dent", "mo.cir.42.iron",
                            "mo.cir.42.reynolds", "mo.cir.42.wayne"}) {
    EXPECT_THAT(refused.status.error_message(), HasSubstr(court));
  }
}

TEST_F(IntakeProcessTest, ARefusalAdvisesAndIsEvidence) {
  const auto anna = As("user-anna");
  const std::string large(7'000'001, 'x');
  const std::string pdf = SmallPdf("motion");
  std::set<std::string> attempts;
  const auto expect_journaled = [&](std::uint64_t before, const std::string& attempt) {
    EXPECT_THAT(attempt, SizeIs(26));
    EXPECT_TRUE(attempts.insert(attempt).second) << "an attempt's id was given twice";
    EXPECT_EQ(Entries(), before + 1);
  };
  // The header alone is refused: nobody uploads seven megabytes in vain.
  std::uint64_t before = Entries();
  const auto too_large =
      anna.FindMissing(FilingWithout(RequestIdFor("large"), kDent, "24DN-CC00001", {large}));
  EXPECT_EQ(too_large.code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(too_large.reason(), "DOCUMENT_TOO_LARGE");
  EXPECT_EQ(too_large.Trailer("field"), "header.documents[0].size_bytes");
  EXPECT_EQ(too_large.Trailer("fault"), "filer");
  EXPECT_EQ(too_large.Trailer("retry"), "no");
  EXPECT_THAT(too_large.Trailer("what-now"), HasSubstr("COR 27.02"));
  EXPECT_THAT(too_large.status.error_message(), HasSubstr("7,000,000"));
  expect_journaled(before, too_large.Trailer("attempt-id"));

  before = Entries();
  const auto missing =
      anna.Create(FilingWithout(RequestIdFor("missing"), kDent, "24DN-CC00001", {pdf}));
  EXPECT_EQ(missing.code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(missing.reason(), "DOCUMENT_MISSING");
  EXPECT_EQ(missing.Trailer("retry"), "yes");
  EXPECT_THAT(missing.status.error_message(), HasSubstr(Sha256(pdf).Hex()));
  expect_journaled(before, missing.Trailer("attempt-id"));

  before = Entries();
  const auto not_allowed =
      As("another").Create(FilingWith(RequestIdFor("another"), kDent, "24DN-CC00001", {pdf}));
  EXPECT_EQ(not_allowed.code(), StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(not_allowed.reason(), "USER_NOT_ALLOWED");
  expect_journaled(before, not_allowed.Trailer("attempt-id"));

  EXPECT_EQ(Status().balance().received(), 0U);
  before = Entries();
  gateway_.Stop();
  EXPECT_GE(gateway_.VerifyJournal(), before);
  // Whoever is called about an attempt finds it by its id.
  for (const std::string& attempt : attempts) EXPECT_THAT(gateway_.Log(), HasSubstr(attempt));
}

TEST_F(IntakeProcessTest, DocumentsRideAlongOrComeBefore) {
  const auto anna = As("user-anna");
  std::string largest = SmallPdf("largest");
  largest.resize(kInlineMax, ' ');
  const std::string beyond = largest + ' ';
  const std::string streamed = beyond + "streamed";
  EXPECT_TRUE(anna.Create(FilingWith(RequestIdFor("largest"), kDent, "1", {largest})).ok());
  EXPECT_EQ(anna.Create(FilingWith(RequestIdFor("beyond"), kDent, "1", {beyond})).reason(),
            "INLINE_TOO_LARGE");
  std::vector<std::string> many(17, largest);
  for (std::size_t i = 0; i < many.size(); ++i)
    many[i].replace(9, 3, "% " + std::to_string(i % 10));
  std::vector<std::string_view> views(many.begin(), many.end());
  EXPECT_EQ(anna.Create(FilingWith(RequestIdFor("many"), kDent, "1", views)).reason(),
            "INLINE_TOO_LARGE");
  auto stowaway = FilingWith(RequestIdFor("stowaway"), kDent, "1", {largest});
  stowaway.add_inline_documents("%PDF-1.4 not in the header");
  EXPECT_EQ(anna.Create(stowaway).reason(), "INLINE_NOT_IN_HEADER");

  const auto filing = FilingWithout(RequestIdFor("streamed"), kDent, "1", {streamed});
  const auto asked = anna.FindMissing(filing);
  ASSERT_TRUE(asked.ok()) << asked.status.error_message();
  ASSERT_THAT(asked.response.missing(), SizeIs(1));
  EXPECT_EQ(asked.response.missing(0).sha256(), Sha256(streamed).view());
  EXPECT_EQ(asked.response.missing(0).committed_size_bytes(), 0);
  EXPECT_THAT(asked.response.attempt_id(), SizeIs(26));
  const auto written = anna.Upload(streamed);
  ASSERT_TRUE(written.ok()) << written.status.error_message();
  EXPECT_TRUE(written.response.complete());
  const auto filed = anna.Create(filing);
  ASSERT_TRUE(filed.ok()) << filed.status.error_message();
  EXPECT_THAT(filed.response.receipt().receipt_json(), HasSubstr(Sha256(streamed).Hex()));
  EXPECT_THAT(filed.response.receipt().receipt_json(), HasSubstr(asked.response.attempt_id()));
  // What has been sent once need not be sent again.
  const auto again = anna.FindMissing(FilingWithout(RequestIdFor("again"), kDent, "1", {streamed}));
  EXPECT_THAT(again.response.missing(), IsEmpty());
  // And for what has its receipt the answer is the filing.
  EXPECT_EQ(anna.FindMissing(filing).response.filing().SerializeAsString(),
            filed.response.SerializeAsString());
}

TEST_F(IntakeProcessTest, ValidatingStoresNothing) {
  const auto anna = As("user-anna");
  const std::string pdf = SmallPdf("motion");
  const std::uint64_t before = Entries();
  pb::ValidateFilingRequest good;
  *good.mutable_header() = FilingWithout("", kDent, "24DN-CC00001", {pdf}).header();
  const auto fine = anna.Call(&IntakeStub::ValidateFiling, good);
  ASSERT_TRUE(fine.ok()) << fine.status.error_message();
  EXPECT_THAT(fine.response.problems(), IsEmpty());
  pb::ValidateFilingRequest bad = good;
  bad.mutable_header()->set_court_id("mo.cir.42");
  bad.mutable_header()->mutable_documents(0)->set_size_bytes(7'000'001);
  const auto faulty = anna.Call(&IntakeStub::ValidateFiling, bad);
  ASSERT_TRUE(faulty.ok()) << faulty.status.error_message();
  std::set<std::string> reasons;
  for (const auto& problem : faulty.response.problems()) {
    reasons.insert(problem.reason());
    EXPECT_FALSE(problem.what_now().empty());
  }
  EXPECT_TRUE(reasons.contains("COURT_IS_A_CIRCUIT"));
  EXPECT_EQ(Entries(), before);
  EXPECT_EQ(anna.Query(Sha256(pdf)).reason(), "DOCUMENT_NOT_FOUND");
}

TEST_F(IntakeProcessTest, ARepeatIsTheSameBytesForEverWhateverHasChangedSince) {
  const std::string document = SmallPdf("record") + std::string(100'000, ' ');
  const auto filing = FilingWithout(RequestIdFor("record"), kDent, "24DN-CC00001", {document});
  std::string first;
  {
    const auto anna = As("user-anna");
    ASSERT_TRUE(anna.FindMissing(filing).ok());
    ASSERT_TRUE(anna.Upload(document).ok());
    const auto filed = anna.Create(filing);
    ASSERT_TRUE(filed.ok()) << filed.status.error_message();
    first = filed.response.SerializeAsString();
  }
  gateway_.Kill();
  gateway_.settings().courts =
      "document_size_max_bytes = 1000\nfiling_size_max_bytes = 1000\n"
      "[[court]]\nid = \"mo.cir.42.*\"\nenabled = false\n";
  gateway_.settings().directory = "[[system]]\nname = \"acme\"\nacts_for = [\"user-bert\"]\n";
  gateway_.Start();
  const auto anna = As("user-anna");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(anna.Create(filing).response.SerializeAsString(), first);
    EXPECT_EQ(anna.FindMissing(filing).response.filing().SerializeAsString(), first);
  }
  // Each of the three would refuse a new filing.
  auto fresh = filing;
  fresh.set_request_id(RequestIdFor("fresh"));
  EXPECT_EQ(anna.Create(fresh).reason(), "USER_NOT_ALLOWED");
  const auto bert = As("user-bert");
  EXPECT_EQ(bert.Create(fresh).reason(), "COURT_NOT_ENABLED");
  fresh.mutable_header()->set_court_id(kJackson);
  EXPECT_EQ(bert.Create(fresh).reason(), "DOCUMENT_TOO_LARGE");
  gateway_.Stop();
  gateway_.VerifyJournal();
}

TEST_F(IntakeProcessTest, ListsArePagedNewestFirstAndNewFilingsDoNotShiftThem) {
  constexpr int kFilings = 101;
  const auto anna = As("user-anna");
  std::vector<std::string> filed;
  const std::string pdf = SmallPdf("motion");
  const auto file = [&](int i) {
    const auto answer =
        anna.Create(FilingWith(RequestIdFor(std::to_string(i)), kDent, "24DN-CC00001", {pdf}));
    ASSERT_TRUE(answer.ok()) << answer.status.error_message();
    filed.insert(filed.begin(), answer.response.filing_id());
  };
  for (int i = 0; i < kFilings; ++i) ASSERT_NO_FATAL_FAILURE(file(i));
  const std::vector<std::string> before = filed;
  std::vector<std::string> listed;
  std::string token;
  do {
    const auto page = anna.List(40, token);
    ASSERT_TRUE(page.ok()) << page.status.error_message();
    EXPECT_LE(page.response.filings_size(), 40);
    for (const auto& each : page.response.filings()) {
      listed.push_back(each.filing_id());
      EXPECT_TRUE(each.receipt().receipt_json().empty());
    }
    token = page.response.next_page_token();
    ASSERT_NO_FATAL_FAILURE(file(kFilings + static_cast<int>(listed.size())));
  } while (!token.empty());
  EXPECT_EQ(listed, before);
  EXPECT_EQ(anna.List(0).response.filings_size(), 50);
  EXPECT_EQ(anna.List(1'000'000).response.filings_size(), 100);
  EXPECT_EQ(anna.List(-1).response.filings_size(), 50);
  EXPECT_EQ(anna.List(10, "not a token").reason(), "PAGE_TOKEN_INVALID");
}

TEST_F(IntakeProcessTest, WithdrawingBeforeSubmissionEndsTheFilingAndItsWatch) {
  const auto anna = As("user-anna");
  const std::string pdf = SmallPdf("motion");
  const auto request = FilingWith(RequestIdFor("motion"), kDent, "24DN-CC00001", {pdf});
  const auto filed = anna.Create(request);
  ASSERT_TRUE(filed.ok()) << filed.status.error_message();
  const std::string& id = filed.response.filing_id();
  const auto watched = anna.Watch(id, [&] { EXPECT_TRUE(anna.Withdraw(id).ok()); });
  EXPECT_TRUE(watched.ok()) << watched.status.error_message();
  ASSERT_FALSE(watched.response.empty());
  EXPECT_EQ(watched.response.front().delivery(), pb::Filing::DELIVERY_PENDING);
  EXPECT_EQ(watched.response.back().delivery(), pb::Filing::DELIVERY_WITHDRAWN);
  // Once is enough, and the evidence stays.
  const auto again = anna.Withdraw(id);
  EXPECT_TRUE(again.ok() || again.code() == StatusCode::FAILED_PRECONDITION)
      << again.status.error_message();
  EXPECT_EQ(anna.Create(request).response.receipt().SerializeAsString(),
            filed.response.receipt().SerializeAsString());
  EXPECT_EQ(Status().balance().withdrawn(), 1U);
  pb::WithdrawFilingRequest silent;
  silent.set_filing_id(id);
  EXPECT_EQ(anna.Call(&IntakeStub::WithdrawFiling, silent).reason(), "REQUIRED_MISSING");
}

TEST_F(IntakeProcessTest, AWatchDoesNotKeepTheGatewayFromStopping) {
  const auto anna = As("user-anna");
  const std::string pdf = SmallPdf("motion");
  const auto filed = anna.Create(FilingWith(RequestIdFor("motion"), kDent, "24DN-CC00001", {pdf}));
  ASSERT_TRUE(filed.ok()) << filed.status.error_message();
  const auto watched = anna.Watch(filed.response.filing_id(), [&] { gateway_.Stop(); });
  EXPECT_EQ(watched.code(), StatusCode::UNAVAILABLE) << watched.status.error_message();
  EXPECT_THAT(watched.response, SizeIs(1));
  gateway_.VerifyJournal();
}

}  // namespace
}  // namespace nightbox
