// Goal: a delivery over gRPC ends with exactly as much as is known, every done comes once, and no
// document sits in memory whole.
// Method: the reference case system over mutual TLS with a throw-away PKI, faults by command; and a
// server that misbehaves in ways the reference cannot.
#include "replay/grpc_case_system.h"

#include <gmock/gmock.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <boost/asio/thread_pool.hpp>
#include <future>

#include "core/fingerprint.h"
#include "core/patience.h"
#include "core/sha256.h"
#include "ops/case_system/server.h"
#include "proto/filing_codec.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/test_pki.h"

namespace nightbox {
namespace {

namespace v1 = case_system::v1;

// gRPC reads its environment once, so before any test.
const bool kOnlyTls13 = [] {
  AllowOnlyTls13();
  return true;
}();

const CourtId kStLouis("mo.cir.21.st-louis");
const CourtId kDent("mo.cir.42.dent");

TestPki& Pki() {
  static TestPki pki;
  return pki;
}

// Documents made up on the fly, so that a large one costs nothing.
class MadeUpDocuments final : public DocumentSource {
 public:
  explicit MadeUpDocuments(std::vector<std::int64_t> sizes) : sizes_(std::move(sizes)) {}

  static char ByteAt(std::size_t document, std::int64_t offset) {
    return static_cast<char>((offset * 31 + static_cast<std::int64_t>(document) * 7) >> 3);
  }
  Result<std::string> Read(std::size_t document, std::int64_t offset, std::size_t max) override {
    ++reads;
    largest = std::max(largest.load(), max);
    if (offset >= fail_from) return Error{failure, "the disk does not answer"};
    std::string bytes;
    const std::int64_t end = std::min(sizes_.at(document), offset + static_cast<std::int64_t>(max));
    for (std::int64_t at = offset; at < end; ++at) bytes.push_back(ByteAt(document, at));
    return bytes;
  }

  std::atomic<int> reads = 0;
  std::atomic<std::size_t> largest = 0;
  std::int64_t fail_from = INT64_MAX;
  ErrorCode failure = ErrorCode::kDataLoss;

 private:
  const std::vector<std::int64_t> sizes_;
};

Digest HashOf(std::size_t document, std::int64_t size) {
  std::string bytes;
  for (std::int64_t at = 0; at < size; ++at) {
    bytes.push_back(MadeUpDocuments::ByteAt(document, at));
  }
  return Sha256(bytes);
}

RecordRequest RequestFor(const CourtId& court, const std::string& name,
                         const std::vector<std::int64_t>& sizes) {
  RecordRequest request;
  request.delivery_key = Sha256(name);
  request.filing_id = FilingId("filing-" + name);
  request.gateway = "gw1";
  request.received_at = FromMicros(1'719'853'200'000'000);
  request.submitting_system = SystemName("acme");
  request.registered_user = UserId("user-1");
  request.header.court = court;
  request.header.case_reference = NewCase{"CC", "type", "Doe v. Roe", {}};
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    Document document;
    document.title = "Petition";
    document.role = DocumentRole::kLead;
    document.file_name = "petition.pdf";
    document.media_type = "application/pdf";
    document.size_bytes = sizes[i];
    document.sha256 = HashOf(i, sizes[i]);
    request.header.documents.push_back(document);
  }
  request.fingerprint = FilingFingerprint(request.registered_user, request.header);
  request.receipt_json = "{}";
  return request;
}

// Waits for the one answer, and fails when there are two.
template <class Answer>
class Once {
 public:
  std::function<void(Answer)> done() {
    return [state = state_](Answer answer) { state->set_value(std::move(answer)); };
  }
  Answer Get() {
    auto future = state_->get_future();
    if (future.wait_for(std::chrono::seconds(60)) != std::future_status::ready) {
      ADD_FAILURE() << "no answer";
      std::abort();
    }
    return future.get();
  }

 private:
  std::shared_ptr<std::promise<Answer>> state_ = std::make_shared<std::promise<Answer>>();
};

class GrpcCaseSystemTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(kOnlyTls13); }
  void TearDown() override {
    client_.reset();
    pool_.join();
  }

  void StartReference(const std::vector<std::string>& commands = {}) {
    server_.reset();
    CaseSystemServerOptions options;
    options.case_system.data_directory = directory_.path() / "data";
    options.case_system.consistency_group = "missouri";
    options.case_system.commands = commands;
    options.rules_data = NIGHTBOX_SOURCE_DIR "/rules/data";
    options.certificate = server_certificate_.certificate;
    options.key = server_certificate_.key;
    options.client_ca = Pki().tls_root();
    options.control_socket = directory_.path() / "control";
    auto started = CaseSystemServer::Start(options, clock_);
    ASSERT_TRUE(started.has_value()) << started.error().message;
    server_ = *std::move(started);
  }
  void Order(const std::string& line) {
    ASSERT_THAT(server_->case_system().Command(line), testing::HasSubstr("\"ok\":true")) << line;
  }

  // Connects, and answers what the first check says.
  ProbeReport Connect(int port, std::vector<CourtId> courts = {kStLouis, kDent}) {
    GrpcCaseSystemOptions options;
    options.target = "localhost:" + std::to_string(port);
    options.root = Pki().tls_root();
    options.certificate = gateway_.certificate;
    options.key = gateway_.key;
    options.record = record_options_;
    client_ = std::make_unique<GrpcCaseSystem>(options, pool_.get_executor());
    return Check(std::move(courts));
  }
  ProbeReport Check(std::vector<CourtId> courts = {kStLouis}) {
    Once<ProbeReport> once;
    client_->Check(std::move(courts), once.done());
    return once.Get();
  }
  RecordAnswer Record(const RecordRequest& request, std::shared_ptr<DocumentSource> documents) {
    Once<RecordAnswer> once;
    client_->Record(request, std::move(documents), once.done());
    return once.Get();
  }
  RecordAnswer Record(const std::string& name, const CourtId& court = kStLouis,
                      const std::vector<std::int64_t>& sizes = {1000}) {
    return Record(RequestFor(court, name, sizes), std::make_shared<MadeUpDocuments>(sizes));
  }
  QueryAnswer Query(const std::string& name) {
    Once<QueryAnswer> once;
    client_->Query(Sha256(name), once.done());
    return once.Get();
  }

  TemporaryDirectory directory_;
  SystemClock clock_;
  CertificateFiles gateway_ = Pki().IssueClient("gateway", "gw1");
  CertificateFiles server_certificate_ = Pki().IssueServer("case-system");
  std::unique_ptr<CaseSystemServer> server_;
  boost::asio::thread_pool pool_{2};
  RecordCallOptions record_options_;
  std::unique_ptr<GrpcCaseSystem> client_;
};

TEST_F(GrpcCaseSystemTest, AFilingIsDeliveredOnceAndItsKeyIsAnsweredWithoutBytes) {
  StartReference();
  const ProbeReport report = Connect(server_->port());
  EXPECT_TRUE(report.reachable);
  EXPECT_EQ(report.consistency_group, "missouri");
  EXPECT_THAT(report.available, testing::ElementsAre(kStLouis, kDent));

  const std::vector<std::int64_t> sizes{1'000'000, 1, 300'000};
  const RecordRequest request = RequestFor(kStLouis, "one", sizes);
  const auto documents = std::make_shared<MadeUpDocuments>(sizes);
  const RecordAnswer first = Record(request, documents);
  ASSERT_EQ(first.fate, DeliveryFate::kSettled) << first.detail;
  EXPECT_EQ(first.record->state, CourtRecordState::kDocketed);
  EXPECT_EQ(first.record->delivery_key, request.delivery_key);
  EXPECT_EQ(documents->largest, 256U << 10);
  const int reads = documents->reads;
  EXPECT_EQ(reads, 4 + 1 + 2);

  const RecordAnswer again = Record(request, documents);
  EXPECT_EQ(again.fate, DeliveryFate::kSettled);
  EXPECT_EQ(again.record, first.record);
  EXPECT_EQ(documents->reads, reads);
  EXPECT_EQ(Query("one").record, first.record);
}

TEST_F(GrpcCaseSystemTest, NothingLeavesBeforeTheConnectionStands) {
  StartReference();
  const int port = server_->port();
  server_.reset();
  EXPECT_FALSE(Connect(port).reachable);
  EXPECT_EQ(Record("one").fate, DeliveryFate::kNotStarted);
  EXPECT_EQ(Query("one").fate, QueryFate::kUnreachable);
}

TEST_F(GrpcCaseSystemTest, ACourtThatIsAwayIsNamedByCheckAndByDelivery) {
  StartReference({"away mo.cir.42.*"});
  EXPECT_THAT(Connect(server_->port()).available, testing::ElementsAre(kStLouis));
  EXPECT_EQ(Record("one", kDent).fate, DeliveryFate::kCourtAway);
  EXPECT_EQ(Query("one").fate, QueryFate::kNotFound);
  EXPECT_EQ(Record("two", kStLouis).fate, DeliveryFate::kSettled);
}

TEST_F(GrpcCaseSystemTest, ALostAnswerIsUnknownUntilItIsAskedFor) {
  StartReference();
  Connect(server_->port());
  Order("lose-answer 1");
  EXPECT_EQ(Record("one").fate, DeliveryFate::kUnknownLost);
  const QueryAnswer asked = Query("one");
  EXPECT_EQ(asked.fate, QueryFate::kSettled);
  EXPECT_EQ(asked.record->state, CourtRecordState::kDocketed);
}

TEST_F(GrpcCaseSystemTest, ADocumentThatCannotBeReadBackLeavesNothingRecorded) {
  StartReference();
  Connect(server_->port());
  const std::vector<std::int64_t> sizes{1'000'000};
  const auto documents = std::make_shared<MadeUpDocuments>(sizes);
  documents->fail_from = 600'000;
  const RecordRequest request = RequestFor(kStLouis, "one", sizes);
  EXPECT_EQ(Record(request, documents).fate, DeliveryFate::kUndeliverable);
  EXPECT_NE(Query("one").fate, QueryFate::kSettled);
  // A disk that is slow to answer is another matter.
  documents->failure = ErrorCode::kUnavailable;
  EXPECT_EQ(Record(request, documents).fate, DeliveryFate::kStalled);
  documents->fail_from = INT64_MAX;
  EXPECT_EQ(Record(request, documents).fate, DeliveryFate::kSettled);
}

TEST_F(GrpcCaseSystemTest, OtherContentUnderOneKeyIsUndeliverable) {
  StartReference();
  Connect(server_->port());
  EXPECT_EQ(Record("one", kStLouis, {1000}).fate, DeliveryFate::kSettled);
  EXPECT_EQ(Record("one", kStLouis, {1001}).fate, DeliveryFate::kUndeliverable);
}

TEST_F(GrpcCaseSystemTest, WhatTheCaseSystemRefusesIsNotRecorded) {
  StartReference();
  Connect(server_->port());
  RecordRequest request = RequestFor(kStLouis, "one", {1000});
  request.fingerprint = Sha256("something else");
  EXPECT_EQ(
      Record(request, std::make_shared<MadeUpDocuments>(std::vector<std::int64_t>{1000})).fate,
      DeliveryFate::kNotRecorded);
}

TEST_F(GrpcCaseSystemTest, ManyDeliveriesAtOnceEachEndOnce) {
  StartReference();
  Connect(server_->port());
  std::vector<Once<RecordAnswer>> answers(40);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const std::vector<std::int64_t> sizes{static_cast<std::int64_t>(1 + i * 20'000)};
    client_->Record(RequestFor(kStLouis, "filing " + std::to_string(i), sizes),
                    std::make_shared<MadeUpDocuments>(sizes), answers[i].done());
  }
  for (auto& answer : answers) EXPECT_EQ(answer.Get().fate, DeliveryFate::kSettled);
}

TEST_F(GrpcCaseSystemTest, StoppingEndsEveryCallAndRefusesThoseToCome) {
  StartReference();
  Connect(server_->port());
  Order("slow 600000");
  std::vector<Once<RecordAnswer>> answers(8);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    client_->Record(RequestFor(kStLouis, "filing " + std::to_string(i), {1000}),
                    std::make_shared<MadeUpDocuments>(std::vector<std::int64_t>{1000}),
                    answers[i].done());
  }
  Once<QueryAnswer> query;
  client_->Query(Sha256("x"), query.done());
  client_->Stop();
  for (auto& answer : answers) EXPECT_EQ(answer.Get().fate, DeliveryFate::kUnknownLost);
  EXPECT_EQ(query.Get().fate, QueryFate::kNoAnswer);
  EXPECT_EQ(Record("late").fate, DeliveryFate::kNotStarted);
  EXPECT_FALSE(Check().reachable);
}

TEST_F(GrpcCaseSystemTest, AWatchBringsEveryChangeInOrderAndGoesOnFromItsCursor) {
  StartReference({"mode mo.cir.21.* command"});
  Connect(server_->port());
  EXPECT_EQ(Record("one").record->state, CourtRecordState::kRecorded);
  EXPECT_EQ(Record("two").record->state, CourtRecordState::kRecorded);

  struct Watched {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::pair<CourtRecord, std::string>> seen;
    std::vector<CaseSystemPort::Resume> turns;
    int ends = 0;
  };
  Watched watched;
  const auto wait_for = [&](std::size_t count) {
    std::unique_lock lock(watched.mutex);
    return watched.changed.wait_for(lock, std::chrono::seconds(60),
                                    [&] { return watched.seen.size() >= count; });
  };
  const auto on_record = [&](CourtRecord record, std::string cursor,
                             CaseSystemPort::Resume resume) {
    const std::lock_guard lock(watched.mutex);
    watched.seen.emplace_back(std::move(record), std::move(cursor));
    watched.turns.push_back(std::move(resume));
    watched.changed.notify_all();
  };
  const auto on_end = [&](const Error&) {
    const std::lock_guard lock(watched.mutex);
    ++watched.ends;
    watched.changed.notify_all();
  };
  client_->Watch("", on_record, on_end);
  ASSERT_TRUE(wait_for(1));
  watched.turns[0]();  // Only now comes the second.
  ASSERT_TRUE(wait_for(2));
  watched.turns[1]();
  Order("review mo.cir.21.st-louis docket");
  ASSERT_TRUE(wait_for(3));
  EXPECT_EQ(watched.seen[0].first.delivery_key, Sha256("one"));
  EXPECT_EQ(watched.seen[1].first.delivery_key, Sha256("two"));
  EXPECT_EQ(watched.seen[2].first.state, CourtRecordState::kDocketed);
  const std::string cursor = watched.seen[1].second;
  // A receiver that goes away ends the watch.
  {
    std::vector<CaseSystemPort::Resume> turns;
    {
      const std::lock_guard lock(watched.mutex);
      turns.swap(watched.turns);
    }
    turns.clear();  // Outside the mutex: the end may come at once.
  }
  {
    std::unique_lock lock(watched.mutex);
    ASSERT_TRUE(watched.changed.wait_for(lock, std::chrono::seconds(60),
                                         [&] { return watched.ends == 1; }));
    watched.seen.clear();
  }
  client_->Watch(cursor, on_record, on_end);
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(watched.seen[0].first.state, CourtRecordState::kDocketed);
  watched.turns.clear();
  client_.reset();
  EXPECT_EQ(watched.ends, 2);
}

TEST_F(GrpcCaseSystemTest, AWithdrawalIsPassedOn) {
  StartReference({"mode mo.cir.21.* command"});
  Connect(server_->port());
  ASSERT_EQ(Record("one").fate, DeliveryFate::kSettled);
  Once<Result<CourtRecord>> once;
  client_->RequestWithdrawal(Sha256("one"), "filed by mistake", once.done());
  const Result<CourtRecord> answer = once.Get();
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(answer->delivery_key, Sha256("one"));
  Once<Result<CourtRecord>> unknown;
  client_->RequestWithdrawal(Sha256("nobody's"), "x", unknown.done());
  EXPECT_EQ(unknown.Get().error().code, ErrorCode::kNotFound);
}

TEST_F(GrpcCaseSystemTest, AfterARestartTheNextCheckConnectsAgain) {
  StartReference();
  Connect(server_->port());
  const int port = server_->port();
  server_.reset();
  EXPECT_FALSE(Check().reachable);
  EXPECT_EQ(Record("one").fate, DeliveryFate::kNotStarted);
  // Another one, elsewhere: the client of the new address is a new endpoint.
  StartReference();
  EXPECT_TRUE(Connect(server_->port()).reachable);
  EXPECT_EQ(Record("one").fate, DeliveryFate::kSettled);
  (void)port;
}

// A case system that does as each test says.
class Misbehaving final : public v1::CaseSystemService::Service {
 public:
  using Stream = grpc::ServerReaderWriter<v1::RecordFilingResponse, v1::RecordFilingRequest>;

  grpc::Status RecordFiling(grpc::ServerContext* context, Stream* stream) override {
    v1::RecordFilingRequest start;
    stream->Read(&start);
    return act(*context, *stream, start.start());
  }
  grpc::Status CheckCourts(grpc::ServerContext*, const v1::CheckCourtsRequest*,
                           v1::CheckCourtsResponse*) override {
    return grpc::Status::OK;
  }

  std::function<grpc::Status(grpc::ServerContext&, Stream&, const v1::RecordFilingStart&)> act;
};

class MisbehavingCaseSystemTest : public GrpcCaseSystemTest {
 protected:
  using Stream = Misbehaving::Stream;

  void SetUp() override {
    grpc::SslServerCredentialsOptions tls(
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
    tls.pem_root_certs = ReadWholeFile(Pki().tls_root());
    tls.pem_key_cert_pairs.push_back(
        {ReadWholeFile(server_certificate_.key), ReadWholeFile(server_certificate_.certificate)});
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("localhost:0", grpc::SslServerCredentials(tls), &port);
    builder.RegisterService(&service_);
    grpc_server_ = builder.BuildAndStart();
    ASSERT_NE(grpc_server_, nullptr);
    record_options_.answer_timeout = std::chrono::milliseconds(400);
    record_options_.chunk_timeout = std::chrono::milliseconds(400);
    record_options_.record_timeout = std::chrono::milliseconds(400);
    ASSERT_TRUE(Connect(port).reachable);
  }
  void TearDown() override {
    GrpcCaseSystemTest::TearDown();
    grpc_server_->Shutdown(DeadlineIn(std::chrono::milliseconds(0)));
  }

  static void WaitUntilCancelled(grpc::ServerContext& context) {
    while (!context.IsCancelled()) std::this_thread::yield();
  }
  static void Want(Stream& stream, const std::vector<std::uint32_t>& indexes) {
    v1::RecordFilingResponse response;
    for (const std::uint32_t index : indexes) {
      response.mutable_wanted()->add_document_indexes(index);
    }
    stream.Write(response);
  }

  Misbehaving service_;
  std::unique_ptr<grpc::Server> grpc_server_;
};

TEST_F(MisbehavingCaseSystemTest, SilenceAfterTheStartIsUnknown) {
  service_.act = [](grpc::ServerContext& context, Stream&, const auto&) {
    WaitUntilCancelled(context);
    return grpc::Status::CANCELLED;
  };
  EXPECT_EQ(Record("one").fate, DeliveryFate::kUnknownLate);
}

TEST_F(MisbehavingCaseSystemTest, SilenceAfterTheLastChunkIsUnknown) {
  service_.act = [](grpc::ServerContext& context, Stream& stream, const auto&) {
    Want(stream, {0});
    v1::RecordFilingRequest chunk;
    while (stream.Read(&chunk)) {
    }
    WaitUntilCancelled(context);
    return grpc::Status::CANCELLED;
  };
  EXPECT_EQ(Record("one").fate, DeliveryFate::kUnknownLate);
}

TEST_F(MisbehavingCaseSystemTest, AStreamThatEndsHalfWayIsKnownNotToBeRecorded) {
  service_.act = [](grpc::ServerContext&, Stream& stream, const auto&) {
    Want(stream, {0});
    v1::RecordFilingRequest chunk;
    stream.Read(&chunk);
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "going away");
  };
  EXPECT_EQ(Record("one", kStLouis, {50'000'000}).fate, DeliveryFate::kBrokenOff);
}

TEST_F(MisbehavingCaseSystemTest, AReaderThatStopsReadingIsKnownNotToHaveRecorded) {
  service_.act = [](grpc::ServerContext& context, Stream& stream, const auto&) {
    Want(stream, {0});
    WaitUntilCancelled(context);
    return grpc::Status::CANCELLED;
  };
  EXPECT_EQ(Record("one", kStLouis, {50'000'000}).fate, DeliveryFate::kStalled);
}

TEST_F(MisbehavingCaseSystemTest, ARecordOfAnotherDeliveryProvesNothing) {
  service_.act = [](grpc::ServerContext&, Stream& stream, const auto&) {
    v1::RecordFilingResponse response;
    response.mutable_record()->set_delivery_key(std::string(Sha256("another").view()));
    stream.Write(response);
    return grpc::Status::OK;
  };
  EXPECT_EQ(Record("one").fate, DeliveryFate::kUnknownLost);
}

TEST_F(MisbehavingCaseSystemTest, DocumentsThatAreNotThereAreNotLookedFor) {
  for (const std::vector<std::uint32_t>& indexes :
       {std::vector<std::uint32_t>{7}, {0, 0}, {}, {0xffffffff}}) {
    service_.act = [&](grpc::ServerContext& context, Stream& stream, const auto&) {
      Want(stream, indexes);
      WaitUntilCancelled(context);
      return grpc::Status::CANCELLED;
    };
    EXPECT_EQ(Record("one").fate, DeliveryFate::kUnknownLost);
  }
}

TEST_F(MisbehavingCaseSystemTest, AnAnswerInTheMiddleOfTheBytesIsTaken) {
  for (const bool well_formed : {true, false}) {
    service_.act = [&](grpc::ServerContext&, Stream& stream, const v1::RecordFilingStart& start) {
      Want(stream, {0});
      v1::RecordFilingRequest chunk;
      stream.Read(&chunk);
      v1::RecordFilingResponse response;
      response.mutable_record()->set_delivery_key(start.delivery_key());
      response.mutable_record()->set_court_filing_id("court-1");
      response.mutable_record()->set_state(filing::v1::CourtRecord::STATE_RECORDED);
      response.mutable_record()->set_fingerprint(well_formed ? start.fingerprint() : "odd");
      stream.Write(response);
      return grpc::Status::OK;
    };
    const RecordAnswer answer = Record("one", kStLouis, {50'000'000});
    EXPECT_EQ(answer.fate, well_formed ? DeliveryFate::kSettled : DeliveryFate::kUnknownLost)
        << answer.detail;
  }
}

TEST_F(MisbehavingCaseSystemTest, AWishToSlowDownCarriesItsDelay) {
  service_.act = [](grpc::ServerContext& context, Stream&, const auto&) {
    context.AddTrailingMetadata("nightbox-retry-after-ms", "2500");
    return grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "busy");
  };
  const RecordAnswer answer = Record("one");
  EXPECT_EQ(answer.fate, DeliveryFate::kPushback);
  EXPECT_EQ(answer.retry_after, std::chrono::milliseconds(2500));
}

}  // namespace
}  // namespace nightbox
