// Goal: what a gateway may count on: a delivery key is recorded once whatever happens to answers,
// streams and documents; "not found" is final; courts are away one by one.
// Method: the real server on a free port, over mutual TLS with a throw-away PKI; faults by command.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <future>
#include <thread>

#include "ops/case_system/behaviour.h"
#include "ops/case_system/control.h"
#include "ops/case_system/server.h"
#include "ops/case_system/service.h"
#include "rules/embedded_data.h"
#include "tests/ops/case_system_client.h"
#include "tests/support/run_command.h"

namespace nightbox {
namespace {

namespace v1 = case_system::v1;
using filing::v1::CourtRecord;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

// gRPC reads its environment once, so before any test.
const bool kOnlyTls13 = [] {
  AllowOnlyTls13();
  return true;
}();

constexpr char kStLouis[] = "mo.cir.21.st-louis";
constexpr char kDent[] = "mo.cir.42.dent";

TestPki& Pki() {
  static TestPki pki;
  return pki;
}

class CaseSystemServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(kOnlyTls13);
    gateway_ = Pki().IssueClient("gateway", "gw1");
    server_certificate_ = Pki().IssueServer("case-system");
    Restart();
  }

  void Restart(const std::vector<std::string>& commands = {}) {
    server_.reset();
    CaseSystemServerOptions options;
    options.case_system.data_directory = directory_.path() / "data";
    options.case_system.consistency_group = "missouri";
    options.case_system.commands = commands;
    options.rules_data = NIGHTBOX_SOURCE_DIR "/rules/data";
    options.certificate = server_certificate_.certificate;
    options.key = server_certificate_.key;
    options.client_ca = Pki().tls_root();
    options.port_file = directory_.path() / "port";
    options.control_socket = Socket();
    auto started = CaseSystemServer::Start(options, clock_);
    ASSERT_TRUE(started.has_value()) << started.error().message;
    server_ = *std::move(started);
    stub_ = v1::CaseSystemService::NewStub(ConnectWith(Pki(), gateway_, server_->port()));
  }

  std::filesystem::path Socket() const { return directory_.path() / "control"; }

  boost::json::object Command(const std::string& line) {
    const auto answer = SendControlCommand(Socket(), line);
    EXPECT_TRUE(answer.has_value()) << answer.error().message;
    return boost::json::parse(*answer).as_object();
  }
  void Order(const std::string& line) { EXPECT_TRUE(Command(line)["ok"].as_bool()) << line; }

  std::pair<grpc::Status, CourtRecord> Get(const std::string& name) {
    v1::GetFilingRecordRequest request;
    request.set_delivery_key(std::string(Sha256(name).view()));
    grpc::ClientContext context;
    WithinSeconds(context, 30);
    CourtRecord record;
    const grpc::Status status = stub_->GetFilingRecord(&context, request, &record);
    return {status, record};
  }

  Delivered File(const std::string& court, const std::string& name) {
    return Deliver(*stub_, StartOf(court, name, {"bytes of " + name}), {"bytes of " + name});
  }

  std::int64_t Count(const std::string& what) { return Command("status")[what].as_int64(); }

  SystemClock clock_;
  TemporaryDirectory directory_;
  CertificateFiles gateway_;
  CertificateFiles server_certificate_;
  std::unique_ptr<CaseSystemServer> server_;
  std::unique_ptr<CaseSystemStub> stub_;
};

TEST_F(CaseSystemServiceTest, AFilingIsDocketedWithANumber) {
  const Delivered delivered = File(kStLouis, "a");
  ASSERT_TRUE(delivered.status.ok()) << delivered.status.error_message();
  EXPECT_EQ(delivered.record.state(), CourtRecord::STATE_DOCKETED);
  EXPECT_EQ(delivered.record.case_numbers(0).number(), "24SL-CC00001");
  EXPECT_EQ(delivered.record.filing_id(), "filing-a");
  EXPECT_EQ(Get("a").second.SerializeAsString(), delivered.record.SerializeAsString());
  EXPECT_EQ(Get("nobody").first.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(ReadWholeFile(directory_.path() / "port"), std::to_string(server_->port()) + "\n");
}

TEST_F(CaseSystemServiceTest, AKnownKeyIsAnsweredBeforeAnyByte) {
  const Delivered first = File(kStLouis, "a");
  RecordFilingStream stream(*stub_);
  stream.Start(StartOf(kStLouis, "a", {"bytes of a"}));
  const auto answer = stream.Read();
  ASSERT_TRUE(answer.has_record());
  EXPECT_EQ(answer.record().SerializeAsString(), first.record.SerializeAsString());
  EXPECT_TRUE(stream.Finish().ok());
  const Delivered other = Deliver(*stub_, StartOf(kStLouis, "a", {"other bytes"}), {"other bytes"});
  EXPECT_EQ(other.status.error_code(), grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(other.documents_wanted, 0U);
  EXPECT_EQ(Count("docket_rows"), 1);
}

TEST_F(CaseSystemServiceTest, AWrongHashCommitsNothing) {
  RecordFilingStream stream(*stub_);
  stream.Start(StartOf(kStLouis, "a", {"right", "other"}));
  ASSERT_THAT(stream.Read().wanted().document_indexes(), ElementsAre(0, 1));
  stream.Send(0, 0, "right");
  stream.Send(1, 0, "wrong");
  EXPECT_FALSE(stream.Read().has_record());
  EXPECT_EQ(stream.Finish().error_code(), grpc::StatusCode::DATA_LOSS);
  EXPECT_EQ(Get("a").first.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(Count("docketed") + Count("recorded"), 0);
  EXPECT_TRUE(
      Deliver(*stub_, StartOf(kStLouis, "a", {"right", "other"}), {"right", "other"}).status.ok());
}

TEST_F(CaseSystemServiceTest, ChunksMustFollowEachOtherAndBelongToAWantedDocument) {
  const auto refused = [&](std::uint32_t index, std::int64_t offset, const std::string& data) {
    RecordFilingStream stream(*stub_);
    stream.Start(StartOf(kStLouis, "a", {"twelve bytes"}));
    EXPECT_TRUE(stream.Read().has_wanted());
    stream.Send(index, offset, data);
    EXPECT_FALSE(stream.Read().has_record());
    return stream.Finish().error_code();
  };
  EXPECT_EQ(refused(1, 0, "twelve"), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(refused(0, 1, "welve"), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(refused(0, 0, "twelve bytes!"), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(CaseSystemServiceTest, ALargeDocumentComesInPiecesAndAKnownOneIsNotAskedForAgain) {
  const std::string large(5'000'000, 'x');
  RecordFilingStream stream(*stub_);
  stream.Start(StartOf(kStLouis, "a", {large, "", large}));
  EXPECT_THAT(stream.Read().wanted().document_indexes(), ElementsAre(0));
  for (std::size_t at = 0; at < large.size(); at += 1'000'000) {
    stream.Send(0, static_cast<std::int64_t>(at), large.substr(at, 1'000'000));
  }
  EXPECT_EQ(stream.Read().record().state(), CourtRecord::STATE_DOCKETED);
  ASSERT_TRUE(stream.Finish().ok());
  const Delivered again = Deliver(*stub_, StartOf(kStLouis, "b", {large}), {large});
  EXPECT_TRUE(again.status.ok());
  EXPECT_EQ(again.documents_wanted, 0U);
}

TEST_F(CaseSystemServiceTest, MalformedStartsAreRefused) {
  const auto refused = [&](auto spoil) {
    auto start = StartOf(kStLouis, "a", {"x"});
    spoil(start);
    return Deliver(*stub_, start, {"x"}).status;
  };
  for (const grpc::Status& status : {
           refused([](auto& start) { start.set_delivery_key("short"); }),
           refused([](auto& start) { start.set_fingerprint(std::string(32, 'x')); }),
           refused([](auto& start) { start.clear_received_at(); }),
           refused([](auto& start) { start.clear_gateway(); }),
           refused([](auto& start) { start.mutable_header()->set_court_id("mo.cir.42"); }),
           refused([](auto& start) { start.mutable_header()->set_court_id("nowhere"); }),
           refused([](auto& start) { start.mutable_header()->clear_new_case(); }),
           refused([](auto& start) { start.mutable_header()->clear_documents(); }),
       }) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << status.error_message();
  }
  EXPECT_THAT(refused([](auto& start) {
                start.mutable_header()->set_court_id("mo.cir.42");
              }).error_message(),
              HasSubstr("circuit"));
}

TEST_F(CaseSystemServiceTest, SimultaneousDeliveriesOfOneKeyEndInOneRecord) {
  constexpr int kCallers = 16;
  const std::string bytes(100'000, 'x');
  std::vector<std::future<Delivered>> calls;
  calls.reserve(kCallers);
  for (int i = 0; i < kCallers; ++i) {
    calls.push_back(std::async(std::launch::async, [&] {
      return Deliver(*stub_, StartOf(kStLouis, "a", {bytes}), {bytes});
    }));
  }
  std::set<std::string> records;
  for (auto& call : calls) {
    const Delivered delivered = call.get();
    EXPECT_TRUE(delivered.status.ok()) << delivered.status.error_message();
    records.insert(delivered.record.SerializeAsString());
  }
  EXPECT_EQ(records.size(), 1U);
  EXPECT_EQ(Count("docket_rows"), 1);
}

TEST_F(CaseSystemServiceTest, ALostAnswerIsFoundByAsking) {
  Order("lose-answer 1");
  EXPECT_EQ(File(kStLouis, "a").status.error_code(), grpc::StatusCode::UNAVAILABLE);
  const auto [status, record] = Get("a");
  ASSERT_TRUE(status.ok());
  EXPECT_EQ(record.state(), CourtRecord::STATE_DOCKETED);
  EXPECT_EQ(File(kStLouis, "a").record.SerializeAsString(), record.SerializeAsString());
  EXPECT_EQ(Count("docket_rows"), 1);
}

TEST_F(CaseSystemServiceTest, NotFoundIsNotSaidWhileADeliveryIsUnderWay) {
  RecordFilingStream stream(*stub_);
  stream.Start(StartOf(kStLouis, "a", {"bytes"}));
  ASSERT_TRUE(stream.Read().has_wanted());
  EXPECT_EQ(Get("a").first.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Get("b").first.error_code(), grpc::StatusCode::NOT_FOUND);
  stream.Send(0, 0, "wrong");
  EXPECT_EQ(stream.Finish().error_code(), grpc::StatusCode::DATA_LOSS);
  EXPECT_EQ(Get("a").first.error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(CaseSystemServiceTest, AnAwayCourtRefusesWhileOthersWork) {
  ASSERT_TRUE(File(kDent, "before").status.ok());
  Order("away mo.cir.42.*");
  EXPECT_EQ(File(kDent, "a").status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Get("before").first.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(File(kStLouis, "b").status.ok());

  v1::CheckCourtsRequest request;
  request.add_court_ids(kDent);
  request.add_court_ids(kStLouis);
  request.add_court_ids("mo.cir.42");
  v1::CheckCourtsResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(stub_->CheckCourts(&context, request, &response).ok());
  EXPECT_EQ(response.consistency_group(), "missouri");
  EXPECT_EQ(response.courts(0).state(), v1::CourtAvailability::STATE_AWAY);
  EXPECT_EQ(response.courts(1).state(), v1::CourtAvailability::STATE_AVAILABLE);
  EXPECT_EQ(response.courts(2).state(), v1::CourtAvailability::STATE_UNSPECIFIED);

  Order("back mo.cir.42");
  EXPECT_EQ(File(kDent, "a").record.case_numbers(0).number(), "24X1T-CC00002");
}

TEST_F(CaseSystemServiceTest, ADivisionIsAwayWithItsCountysCourtUnlessItHasItsOwnCaseSystem) {
  const auto states = [this] {
    v1::CheckCourtsRequest request;
    for (const char* court : {"mo.cir.31.greene", "mo.cir.31.greene.springfield",
                              "mo.cir.16.jackson", "mo.cir.16.jackson.kansas-city"})
      request.add_court_ids(court);
    v1::CheckCourtsResponse response;
    grpc::ClientContext context;
    EXPECT_TRUE(stub_->CheckCourts(&context, request, &response).ok());
    std::string away;
    for (const auto& court : response.courts())
      away += court.state() == v1::CourtAvailability::STATE_AWAY ? '1' : '0';
    return away;
  };
  Order("away mo.cir.31.greene");
  EXPECT_EQ(states(), "1100");
  Order("back mo.cir.31.greene");
  Order("away mo.cir.31.greene.springfield");
  EXPECT_EQ(states(), "0100");
  Order("back mo.cir.31");
  Order("away mo.cir.16");
  EXPECT_EQ(states(), "0010");
  Order("back mo.cir.16");
  Order("away mo.cir.16.jackson.kansas-city");
  EXPECT_EQ(states(), "0001");
}

TEST_F(CaseSystemServiceTest, ACourtThatGoesAwayMeanwhileRecordsNothing) {
  RecordFilingStream stream(*stub_);
  stream.Start(StartOf(kDent, "a", {"bytes"}));
  ASSERT_TRUE(stream.Read().has_wanted());
  Order("away mo.cir.42");
  stream.Send(0, 0, "bytes");
  EXPECT_EQ(stream.Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  Order("back mo.cir.42");
  EXPECT_EQ(Get("a").first.error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(CaseSystemServiceTest, OrderedErrorsHitExactlySoManyCalls) {
  Order("error 2");
  EXPECT_EQ(Get("a").first.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(File(kStLouis, "a").status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Get("a").first.error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(CaseSystemServiceTest, ASlowCaseSystemOutlastsADeadlineAndStillRecordsOnce) {
  Order("slow 60000");
  grpc::ClientContext context;
  WithinMilliseconds(context, 50);
  v1::CheckCourtsResponse response;
  EXPECT_EQ(stub_->CheckCourts(&context, {}, &response).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  Order("slow 1");
  EXPECT_TRUE(File(kStLouis, "a").status.ok());
  Order("slow 0");
}

TEST_F(CaseSystemServiceTest, TheNextFilingIsReturnedWithTheClerksReason) {
  Order("return-next mo.cir.21.st-louis The petition is not signed.");
  const Delivered returned = File(kStLouis, "a");
  EXPECT_EQ(returned.record.state(), CourtRecord::STATE_RETURNED);
  EXPECT_EQ(returned.record.reason(), "The petition is not signed.");
  EXPECT_EQ(File(kStLouis, "a").record.state(), CourtRecord::STATE_RETURNED);
  EXPECT_EQ(File(kStLouis, "b").record.state(), CourtRecord::STATE_DOCKETED);
}

TEST_F(CaseSystemServiceTest, WatchersHearEveryChangeFromTheirCursorOn) {
  Order("mode mo.cir.21.st-louis command");
  EXPECT_EQ(File(kStLouis, "a").record.state(), CourtRecord::STATE_RECORDED);
  grpc::ClientContext context;
  WithinSeconds(context, 30);
  const auto watch = stub_->WatchRecords(&context, {});
  v1::WatchRecordsResponse event;
  ASSERT_TRUE(watch->Read(&event));
  EXPECT_EQ(event.record().state(), CourtRecord::STATE_RECORDED);
  const std::string cursor = event.cursor();
  Order("review mo.cir.21.st-louis docket");
  ASSERT_TRUE(watch->Read(&event));
  EXPECT_EQ(event.record().state(), CourtRecord::STATE_DOCKETED);
  EXPECT_EQ(event.record().case_numbers(0).number(), "24SL-CC00001");
  EXPECT_EQ(File(kStLouis, "b").record.state(), CourtRecord::STATE_RECORDED);
  ASSERT_TRUE(watch->Read(&event));
  Order("review " + Sha256("b").Hex() + " return Wrong court");
  ASSERT_TRUE(watch->Read(&event));
  EXPECT_EQ(event.record().reason(), "Wrong court");
  context.TryCancel();
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::CANCELLED);

  v1::WatchRecordsRequest request;
  request.set_cursor(cursor);
  grpc::ClientContext again;
  WithinSeconds(again, 30);
  const auto rest = stub_->WatchRecords(&again, request);
  ASSERT_TRUE(rest->Read(&event));
  EXPECT_EQ(event.record().state(), CourtRecord::STATE_DOCKETED);
  again.TryCancel();
  static_cast<void>(rest->Finish());
}

TEST_F(CaseSystemServiceTest, ACursorThisServiceNeverGaveIsRefused) {
  for (const auto& [cursor, code] : std::vector<std::pair<std::string, grpc::StatusCode>>{
           {"x", grpc::StatusCode::INVALID_ARGUMENT},
           {"-1", grpc::StatusCode::INVALID_ARGUMENT},
           {"7", grpc::StatusCode::OUT_OF_RANGE}}) {
    v1::WatchRecordsRequest request;
    request.set_cursor(cursor);
    grpc::ClientContext context;
    WithinSeconds(context, 30);
    v1::WatchRecordsResponse event;
    const auto watch = stub_->WatchRecords(&context, request);
    EXPECT_FALSE(watch->Read(&event));
    EXPECT_EQ(watch->Finish().error_code(), code);
  }
}

TEST_F(CaseSystemServiceTest, AReviewThatIsDueHappensByItself) {
  Order("mode mo.cir.21.st-louis 1");
  grpc::ClientContext context;
  WithinSeconds(context, 30);
  const auto watch = stub_->WatchRecords(&context, {});
  EXPECT_EQ(File(kStLouis, "a").record.state(), CourtRecord::STATE_RECORDED);
  v1::WatchRecordsResponse event;
  ASSERT_TRUE(watch->Read(&event));
  EXPECT_EQ(event.record().state(), CourtRecord::STATE_RECORDED);
  ASSERT_TRUE(watch->Read(&event));
  EXPECT_EQ(event.record().state(), CourtRecord::STATE_DOCKETED);
  context.TryCancel();
  static_cast<void>(watch->Finish());
}

TEST_F(CaseSystemServiceTest, AFilingThatWaitsForReviewIsWithdrawn) {
  Order("mode mo.cir.21.st-louis command");
  ASSERT_TRUE(File(kStLouis, "a").status.ok());
  v1::RequestWithdrawalRequest request;
  request.set_delivery_key(std::string(Sha256("a").view()));
  request.set_reason("settled");
  grpc::ClientContext context;
  CourtRecord record;
  ASSERT_TRUE(stub_->RequestWithdrawal(&context, request, &record).ok());
  EXPECT_EQ(record.state(), CourtRecord::STATE_WITHDRAWN);
}

TEST_F(CaseSystemServiceTest, RestartKeepsEverythingAndStartsWithItsCommands) {
  const Delivered before = File(kStLouis, "a");
  Order("mode mo.cir.21.st-louis command");
  ASSERT_TRUE(File(kStLouis, "b").status.ok());
  Restart({"away mo.cir.42.*"});
  EXPECT_EQ(Get("a").second.SerializeAsString(), before.record.SerializeAsString());
  EXPECT_EQ(Get("b").second.state(), CourtRecord::STATE_RECORDED);
  EXPECT_EQ(File(kDent, "c").status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(File(kStLouis, "d").record.case_numbers(0).number(), "24SL-CC00002");
}

TEST(BehaviourTest, ACircuitMeansTheCourtsThatItHasWhateverTheirIdsSay) {
  std::string table(EmbeddedRulesData("courts.csv"));
  const std::string_view id = "mo.cir.27.benton";
  ASSERT_NE(table.find(id), std::string::npos);
  table.replace(table.find(id), id.size(), "mo.cir.30.benton");
  const CourtDirectory courts = *CourtDirectory::Parse(table, "courts.csv");
  Behaviour behaviour(courts);
  EXPECT_EQ(*behaviour.SetAway("mo.cir.30", true), 4);
  EXPECT_FALSE(behaviour.IsAway(CourtId("mo.cir.30.benton")));
  EXPECT_EQ(*behaviour.SetAway("mo.cir.27", true), 4);
  EXPECT_TRUE(behaviour.IsAway(CourtId("mo.cir.30.benton")));
}

TEST_F(CaseSystemServiceTest, OneDirectoryHasOneCaseSystem) {
  CaseSystemOptions options;
  options.data_directory = directory_.path() / "data";
  const CourtDirectory courts = *CourtDirectory::Load(NIGHTBOX_SOURCE_DIR "/rules/data");
  EXPECT_EQ(CaseSystem::Open(options, courts, clock_).error().code, ErrorCode::kFailedPrecondition);
}

TEST_F(CaseSystemServiceTest, StoppingEndsWatchersAndHealthIsServedUntilThen) {
  grpc::ClientContext context;
  WithinSeconds(context, 30);
  const auto watch = stub_->WatchRecords(&context, {});
  ASSERT_TRUE(File(kStLouis, "a").status.ok());
  v1::WatchRecordsResponse event;
  ASSERT_TRUE(watch->Read(&event));
  Order("stop");
  server_->WaitForStopRequest();
  server_->Stop();
  EXPECT_FALSE(watch->Read(&event));
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(CaseSystemServiceTest, StoppingLetsAnOpenDeliveryEnd) {
  RecordFilingStream stream(*stub_);
  stream.Start(StartOf(kStLouis, "a", {"bytes"}));
  ASSERT_TRUE(stream.Read().has_wanted());
  auto stopped = std::async(std::launch::async, [&] { server_->Stop(); });
  stream.Send(0, 0, "bytes");
  EXPECT_EQ(stream.Read().record().state(), CourtRecord::STATE_DOCKETED);
  EXPECT_TRUE(stream.Finish().ok());
  stopped.wait();
}

TEST_F(CaseSystemServiceTest, OnlySoManyDeliveriesAreOpenAtOnce) {
  std::vector<std::unique_ptr<RecordFilingStream>> streams;
  for (int i = 0; i < kRecordFilingStreamsMax; ++i) {
    streams.push_back(std::make_unique<RecordFilingStream>(*stub_));
    streams.back()->Start(StartOf(kStLouis, std::to_string(i), {"bytes"}));
    ASSERT_TRUE(streams.back()->Read().has_wanted());
  }
  EXPECT_EQ(File(kStLouis, "late").status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  for (const auto& stream : streams) {
    stream->Send(0, 0, "bytes");
    EXPECT_TRUE(stream->Read().has_record());
    EXPECT_TRUE(stream->Finish().ok());
  }
  EXPECT_TRUE(File(kStLouis, "late").status.ok());
}

TEST_F(CaseSystemServiceTest, OnlyGatewaysAreServed) {
  const auto status_of = [&](const CertificateFiles& who) {
    const auto stub = v1::CaseSystemService::NewStub(ConnectWith(Pki(), who, server_->port()));
    grpc::ClientContext context;
    WithinSeconds(context, 10);
    v1::CheckCourtsResponse response;
    return stub->CheckCourts(&context, {}, &response).error_code();
  };
  EXPECT_EQ(status_of(gateway_), grpc::StatusCode::OK);
  EXPECT_EQ(status_of(Pki().IssueClient("system", "acme")), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(status_of(Pki().IssueStranger("gateway", "gw1")), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(status_of(Pki().IssueClient("gateway", "gw1", Validity::kExpired)),
            grpc::StatusCode::UNAVAILABLE);
}

TEST_F(CaseSystemServiceTest, Tls12FindsNoCipher) {
  const auto handshake = [&](const std::string& version) {
    return RunCommand({"timeout", "10", "openssl", "s_client", version, "-alpn", "h2", "-connect",
                       "127.0.0.1:" + std::to_string(server_->port()), "-CAfile",
                       Pki().tls_root().string(), "-cert", gateway_.certificate.string(), "-key",
                       gateway_.key.string(), "-no_ign_eof"})
        .output;
  };
  EXPECT_THAT(handshake("-tls1_3"), HasSubstr("New, TLSv1.3"));
  EXPECT_THAT(handshake("-tls1_2"), HasSubstr("Cipher is (NONE)"));
}

TEST_F(CaseSystemServiceTest, ControlAnswersNonsenseWithAdvice) {
  for (const char* line : {"", "away", "away mo.cir.99.*", "slow", "slow -1", "slow 1x", "error x",
                           "mode mo.sup sometimes", "return-next mo.sup", "review mo.sup",
                           "review mo.sup return", "dance"}) {
    auto answer = Command(line);
    EXPECT_FALSE(answer["ok"].as_bool()) << line;
    EXPECT_FALSE(answer["error"].as_string().empty()) << line;
  }
  EXPECT_FALSE(SendControlCommand(Socket(), std::string(kControlLineMax, 'x')).has_value());
  EXPECT_FALSE(SendControlCommand(directory_.path() / "nobody", "status").has_value());
}

}  // namespace
}  // namespace nightbox
