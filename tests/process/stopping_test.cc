// Goal: a stop is quick where nothing is under way, leaves nothing unclear where something is,
// tells whoever is waiting, and is never needed: the second SIGTERM ends at once. Until its end the
// gateway says of itself what is so. Method: the real gateway, the reference case system told to be
// slow, and clients that sit idle, watch or upload.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "core/patience.h"
#include "core/sha256.h"
#include "nightbox/operator/v1/operator.grpc.pb.h"
#include "tests/process/case_system_process.h"
#include "tests/process/gateway_process.h"
#include "tests/process/intake_caller.h"

namespace nightbox {
namespace {

using grpc::StatusCode;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::SizeIs;

class StoppingTest : public testing::Test {
 protected:
  StoppingTest()
      : acme_(gateway_.pki().IssueClient("system", "acme")),
        operator_(gateway_.pki().IssueClient("operator", "jane.roe")) {}

  IntakeCaller As(const std::string& user) {
    return {gateway_.pki(), acme_, gateway_.port(), user};
  }

  operator_::v1::Status Status() {
    const auto stub = operator_::v1::OperatorService::NewStub(
        Connect(gateway_.pki().tls_root(), &operator_, gateway_.port()));
    grpc::ClientContext context;
    WithinSeconds(context, kCallSeconds);
    operator_::v1::Status status;
    EXPECT_TRUE(stub->GetStatus(&context, {}, &status).ok());
    return status;
  }

  template <class Condition>
  static bool Until(Condition condition) {
    const auto deadline = SteadyNow() + seconds(30);
    while (!condition()) {
      if (SteadyNow() > deadline) return false;
    }
    return true;
  }

  // A gateway whose court takes `slowness` for each call, in the middle of a delivery.
  void StartDelivering(milliseconds slowness) {
    court_ = std::make_unique<CaseSystemProcess>(gateway_.pki());
    gateway_.settings().case_system_port = court_->port();
    gateway_.Start();
    const auto reached = [this] {
      return gateway_.Get("/status.json").body.find("\"delivering\":\"yes\"") != std::string::npos;
    };
    ASSERT_TRUE(Until(reached));
    court_->Control("slow " + std::to_string(slowness.count()));
    const std::string pdf = SmallPdf("motion");
    const auto filed =
        As("user-anna").Create(FilingWith(RequestIdFor("motion"), kDent, "24DN-CC00001", {pdf}));
    ASSERT_TRUE(filed.ok()) << filed.status.error_message();
    ASSERT_TRUE(Until([this] { return Status().balance().uncertain() == 1; }));
  }

  GatewayProcess gateway_;
  const CertificateFiles acme_;
  const CertificateFiles operator_;
  std::unique_ptr<CaseSystemProcess> court_;
};

TEST_F(StoppingTest, IdleClientsDoNotMakeItSlow) {
  gateway_.Start();
  std::vector<std::unique_ptr<IntakeCaller>> idle;
  for (int i = 0; i < 8; ++i) {
    idle.push_back(
        std::make_unique<IntakeCaller>(gateway_.pki(), acme_, gateway_.port(), "user-anna"));
    ASSERT_TRUE(idle.back()->List().ok());
  }
  const auto begun = SteadyNow();
  gateway_.Stop();
  // Half of that on an idle machine, but for a client library that looks up every five seconds.
  EXPECT_LT(SteadyNow() - begun, seconds(2));
  gateway_.VerifyJournal();
}

TEST_F(StoppingTest, WhoWatchesOrUploadsIsToldWhy) {
  gateway_.Start();
  const auto anna = As("user-anna");
  const std::string pdf = SmallPdf("motion");
  const auto filed = anna.Create(FilingWith(RequestIdFor("motion"), kDent, "24DN-CC00001", {pdf}));
  ASSERT_TRUE(filed.ok()) << filed.status.error_message();
  const std::string large(3'000'000, 'x');
  UploadStream upload(anna, Sha256(large), static_cast<std::int64_t>(large.size()), 0);
  ASSERT_TRUE(upload.Send(std::string_view(large).substr(0, 100'000)));
  const auto watched =
      As("user-anna").Watch(filed.response.filing_id(), [this] { gateway_.BeginToStop(); });
  EXPECT_EQ(watched.code(), StatusCode::UNAVAILABLE) << watched.status.error_message();
  EXPECT_EQ(watched.reason(), "SHUTTING_DOWN");
  EXPECT_EQ(watched.Trailer("retry"), "yes");
  EXPECT_EQ(watched.Trailer("retry-after-ms"), "1000");
  EXPECT_THAT(watched.response, SizeIs(1));
  gateway_.AwaitEnd();  // Before the client ends its upload by itself.
  const auto uploaded = upload.Finish();
  EXPECT_EQ(uploaded.code(), StatusCode::UNAVAILABLE) << uploaded.status.error_message();
  EXPECT_EQ(uploaded.reason(), "SHUTTING_DOWN");
  gateway_.VerifyJournal();
}

TEST_F(StoppingTest, ADeliveryUnderWayEndsInTheJournalAndThePageSaysStoppingMeanwhile) {
  ASSERT_NO_FATAL_FAILURE(StartDelivering(milliseconds(1'500)));
  gateway_.BeginToStop();
  EXPECT_TRUE(Until([this] { return gateway_.Get("/readyz").status == 503; }));
  EXPECT_THAT(gateway_.Get("/readyz").body, HasSubstr("stopping"));
  EXPECT_THAT(gateway_.Get("/status.json").body, HasSubstr("\"accepting\":\"no\""));
  EXPECT_EQ(gateway_.Get("/healthz").status, 200);
  EXPECT_THAT(gateway_.Get("/metrics").body, HasSubstr("nightbox_ready 0"));
  gateway_.AwaitEnd();
  gateway_.VerifyJournal();
  court_->Stop();  // Nobody can clear anything up any more.
  gateway_.Start();
  EXPECT_EQ(Status().balance().uncertain(), 0U);
  EXPECT_EQ(Status().balance().docketed(), 1U);
}

TEST_F(StoppingTest, TheGraceBoundsTheWaitAndTheNextStartAsks) {
  gateway_.settings().gateway = "shutdown_grace_ms = 200\n";
  ASSERT_NO_FATAL_FAILURE(StartDelivering(seconds(8)));
  const auto begun = SteadyNow();
  gateway_.Stop();
  EXPECT_LT(SteadyNow() - begun, seconds(4));
  EXPECT_THAT(gateway_.Log(), HasSubstr("deliveries still under way are left"));
  court_->Control("slow 0");
  gateway_.Start();
  EXPECT_TRUE(Until([this] { return Status().balance().docketed() == 1; }));
  gateway_.Stop();
  gateway_.VerifyJournal();
}

TEST_F(StoppingTest, ASecondSigtermEndsItAtOnce) {
  ASSERT_NO_FATAL_FAILURE(StartDelivering(seconds(8)));
  gateway_.BeginToStop();
  ASSERT_TRUE(Until([this] { return gateway_.Get("/readyz").status == 503; }));
  const auto begun = SteadyNow();
  gateway_.Stop();
  EXPECT_LT(SteadyNow() - begun, seconds(2));
  EXPECT_THAT(gateway_.Log(), HasSubstr("ending at once"));
  court_->Control("slow 0");
  gateway_.Start();
  EXPECT_TRUE(Until([this] { return Status().balance().docketed() == 1; }));
  gateway_.Stop();
  gateway_.VerifyJournal();
}

TEST_F(StoppingTest, ItIsNotReadyBelowTheDisksReserve) {
  gateway_.Start();
  EXPECT_EQ(gateway_.Get("/readyz").status, 200);
  gateway_.Stop();
  constexpr std::int64_t kMost = 1'000'000'000'000;
  if (std::filesystem::space(gateway_.directory()).available > kMost) {
    GTEST_SKIP() << "this disk has more free than a reserve may be";
  }
  gateway_.settings().reserve_filings_bytes = kMost;
  gateway_.Start();
  EXPECT_EQ(gateway_.Get("/readyz").status, 503);
  EXPECT_THAT(gateway_.Get("/readyz").body, HasSubstr("disk"));
  EXPECT_THAT(gateway_.Get("/metrics").body, HasSubstr("nightbox_ready 0"));
}

// A receipt that the published root does not vouch for would convince nobody.
TEST_F(StoppingTest, ARootThatDoesNotVouchForTheReceiptsIsRefusedAtStart) {
  std::filesystem::copy_file(gateway_.pki().forged_receipt_root(), gateway_.pki().receipt_root(),
                             std::filesystem::copy_options::overwrite_existing);
  std::string refused;
  try {
    gateway_.Start();
  } catch (const std::runtime_error& error) {
    refused = error.what();
  }
  EXPECT_THAT(refused, HasSubstr("receipts.root does not vouch for receipts.certificate"));
}

// --store-off is for measuring; nobody may take what it says for a gateway's word.
TEST_F(StoppingTest, WithTheStoreOffItSaysSoOrDoesNotStart) {
  gateway_.settings().words = {"--store-off"};
  const auto refused = [this] {
    try {
      gateway_.Start();
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string("it started");
  };
  EXPECT_THAT(refused(), HasSubstr("a gateway.name that begins with store-off"));
  gateway_.settings().name = "store-off-test";
  gateway_.settings().listen = "0.0.0.0:0";
  EXPECT_THAT(refused(), HasSubstr("loopback addresses only"));
  gateway_.settings().listen = "127.0.0.1:0";
  gateway_.Start();
  EXPECT_EQ(gateway_.Get("/readyz").status, 503);
  EXPECT_THAT(gateway_.Get("/readyz").body, HasSubstr("not durable"));
  EXPECT_THAT(gateway_.Get("/").body, HasSubstr("not durable: started with --store-off"));
  EXPECT_THAT(gateway_.Get("/status.json").body, HasSubstr("\"ready\":false"));
  EXPECT_THAT(gateway_.Log(), HasSubstr("NOTHING IS KEPT"));
  const std::string pdf = SmallPdf("motion");
  const auto filed =
      As("user-anna").Create(FilingWith(RequestIdFor("motion"), kDent, "24DN-CC00001", {pdf}));
  ASSERT_TRUE(filed.ok()) << filed.status.error_message();
  EXPECT_THAT(filed.response.receipt().receipt_json(), HasSubstr("store-off-test"));
  gateway_.Stop();
}

}  // namespace
}  // namespace nightbox
