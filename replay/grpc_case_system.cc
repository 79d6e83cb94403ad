#include "replay/grpc_case_system.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <boost/asio/post.hpp>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

#include "core/check.h"
#include "core/log.h"
#include "core/patience.h"
#include "proto/filing_codec.h"
#include "replay/grpc_fate.h"

namespace nightbox {
namespace {

namespace v1 = case_system::v1;

std::optional<std::string> ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  if (!file || bytes.str().empty()) return std::nullopt;
  return bytes.str();
}

grpc::ChannelArguments Arguments() {
  grpc::ChannelArguments arguments;
  // Ours to repeat, and ours to know what was sent.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  // A new channel connects at once; it inherits no waiting time from the one given up.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  return arguments;
}

}  // namespace

class GrpcCaseSystem::Remains {
 public:
  class Token {
   public:
    explicit Token(std::shared_ptr<Remains> remains) : remains_(std::move(remains)) {
      const std::lock_guard lock(remains_->mutex_);
      ++remains_->count_;
    }
    Token(const Token&) = delete;
    Token& operator=(const Token&) = delete;
    ~Token() {
      const std::lock_guard lock(remains_->mutex_);
      if (--remains_->count_ == 0) remains_->none_.notify_all();
    }

   private:
    const std::shared_ptr<Remains> remains_;
  };

  void WaitUntilNone() {
    std::unique_lock lock(mutex_);
    none_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;  // Guards count_.
  std::condition_variable none_;
  std::size_t count_ = 0;
};

// Whoever has a call under way holds the connection too, and lets go of the call's context first: a
// channel must not be closed from one of gRPC's own threads, which closing may wait for.
struct GrpcCaseSystem::Connection {
  explicit Connection(std::shared_ptr<Remains> remains) : token(std::move(remains)) {}

  const Remains::Token token;  // First, so that it goes last.
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::CaseSystemService::Stub> stub;
  std::mutex mutex;  // Guards watch.
  // A watch has no time limit of its own: it ends when a check finds the connection dead, or Stop.
  std::weak_ptr<WatchCall> watch;
};

// Kept alive by the callback that ends it.
template <class Request, class Response>
struct GrpcCaseSystem::UnaryCall {
  std::shared_ptr<Connection> connection;  // First, so that it goes last.
  grpc::ClientContext context;
  Request request;
  Response response;
};

GrpcCaseSystem::GrpcCaseSystem(GrpcCaseSystemOptions options,
                               boost::asio::any_io_executor documents)
    : options_(std::move(options)),
      documents_(std::move(documents)),
      remains_(std::make_shared<Remains>()) {}

GrpcCaseSystem::~GrpcCaseSystem() {
  Stop();
  {
    std::shared_ptr<Connection> last;
    const std::lock_guard lock(mutex_);
    last.swap(connection_);
  }
  calls_.WaitUntilNone();
  remains_->WaitUntilNone();
}

void GrpcCaseSystem::Stop() {
  calls_.Stop();
  std::shared_ptr<Connection> connection;
  {
    const std::lock_guard lock(mutex_);
    connection = connection_;
  }
  if (connection != nullptr) EndWatch(*connection);
}

std::shared_ptr<GrpcCaseSystem::Connection> GrpcCaseSystem::Standing() {
  const std::lock_guard lock(mutex_);
  if (connection_ == nullptr) return nullptr;
  if (connection_->channel->GetState(/*try_to_connect=*/false) != GRPC_CHANNEL_READY) {
    return nullptr;
  }
  return connection_;
}

std::shared_ptr<GrpcCaseSystem::Connection> GrpcCaseSystem::Connect() {
  if (auto standing = Standing()) return standing;
  grpc::SslCredentialsOptions credentials;
  const auto root = ReadFile(options_.root);
  const auto certificate = ReadFile(options_.certificate);
  const auto key = ReadFile(options_.key);
  if (!root || !certificate || !key) {
    Log(LogLevel::kError, "a PEM file for the case system cannot be read",
        {{"target", options_.target}});
    return nullptr;
  }
  grpc::ChannelArguments arguments = Arguments();
  if (!options_.server_name.empty()) {
    arguments.SetString(GRPC_SSL_TARGET_NAME_OVERRIDE_ARG, options_.server_name);
  }
  credentials.pem_root_certs = *root;
  credentials.pem_cert_chain = *certificate;
  credentials.pem_private_key = *key;
  const std::shared_ptr<Connection> connection(
      new Connection(remains_), [executor = documents_](Connection* closed) {
        boost::asio::post(executor, [closed = std::unique_ptr<Connection>(closed)] {});
      });
  connection->channel =
      grpc::CreateCustomChannel(options_.target, grpc::SslCredentials(credentials), arguments);
  connection->stub = v1::CaseSystemService::NewStub(connection->channel);
  const std::lock_guard lock(mutex_);
  connection_ = connection;
  return connection;
}

void GrpcCaseSystem::GiveUp(const std::shared_ptr<Connection>& connection) {
  {
    const std::lock_guard lock(mutex_);
    if (connection_ == connection) connection_.reset();
  }
  EndWatch(*connection);
}

void GrpcCaseSystem::Later(std::function<void()> act) {
  boost::asio::post(documents_, [act = std::move(act),
                                 token = std::make_unique<Remains::Token>(remains_)]() mutable {
    act();
    act = {};  // What it holds goes before the token.
  });
}

void GrpcCaseSystem::Record(RecordRequest request, std::shared_ptr<DocumentSource> documents,
                            std::function<void(RecordAnswer)> done) {
  const auto connection = Standing();
  if (connection == nullptr) {
    return Later([done = std::move(done)] {
      done({DeliveryFate::kNotStarted, {}, {}, "no connection"});
    });
  }
  StartRecordCall(
      *connection->stub, calls_, documents_, request, std::move(documents), options_.record,
      [connection, done = std::move(done)](RecordAnswer answer) { done(std::move(answer)); });
}

void GrpcCaseSystem::Query(const Digest& delivery_key, std::function<void(QueryAnswer)> done) {
  auto call = std::make_shared<UnaryCall<v1::GetFilingRecordRequest, filing::v1::CourtRecord>>();
  call->connection = Standing();
  if (call->connection == nullptr || !calls_.Add({call, &call->context})) {
    return Later([done = std::move(done)] { done({QueryFate::kUnreachable, {}}); });
  }
  call->request.set_delivery_key(std::string(delivery_key.view()));
  call->context.set_deadline(DeadlineIn(options_.call_timeout));
  call->connection->stub->async()->GetFilingRecord(
      &call->context, &call->request, &call->response,
      [this, call, delivery_key, done = std::move(done)](const grpc::Status& status) {
        QueryAnswer answer;
        if (status.ok()) {
          auto record = FromProto(call->response);
          if (record && record->delivery_key == delivery_key) {
            answer = {QueryFate::kSettled, *std::move(record)};
          }
        } else {
          answer.fate = QueryFateOf(EndOf(status, call->context, false));
        }
        done(std::move(answer));
        calls_.Remove(&call->context);
      });
}

void GrpcCaseSystem::Check(std::vector<CourtId> courts, std::function<void(ProbeReport)> done) {
  auto call = std::make_shared<UnaryCall<v1::CheckCourtsRequest, v1::CheckCourtsResponse>>();
  call->connection = Connect();
  if (call->connection == nullptr || !calls_.Add({call, &call->context})) {
    return Later([done = std::move(done)] { done({}); });
  }
  for (const CourtId& court : courts) call->request.add_court_ids(court.str());
  call->context.set_deadline(DeadlineIn(options_.call_timeout));
  call->connection->stub->async()->CheckCourts(
      &call->context, &call->request, &call->response,
      [this, call, done = std::move(done)](const grpc::Status& status) {
        ProbeReport report;
        report.reachable = status.ok();
        report.consistency_group = call->response.consistency_group();
        for (const auto& court : call->response.courts()) {
          if (court.state() == v1::CourtAvailability::STATE_AVAILABLE) {
            report.available.emplace_back(court.court_id());
          }
        }
        if (!status.ok()) GiveUp(call->connection);
        done(std::move(report));
        calls_.Remove(&call->context);
      });
}

void GrpcCaseSystem::RequestWithdrawal(const Digest& delivery_key, const std::string& reason,
                                       std::function<void(Result<CourtRecord>)> done) {
  auto call = std::make_shared<UnaryCall<v1::RequestWithdrawalRequest, filing::v1::CourtRecord>>();
  call->connection = Standing();
  if (call->connection == nullptr || !calls_.Add({call, &call->context})) {
    return Later([done = std::move(done)] {
      done(Error{ErrorCode::kUnavailable, "the case system is not reached"});
    });
  }
  call->request.set_delivery_key(std::string(delivery_key.view()));
  call->request.set_reason(reason);
  call->context.set_deadline(DeadlineIn(options_.call_timeout));
  call->connection->stub->async()->RequestWithdrawal(
      &call->context, &call->request, &call->response,
      [this, call, done = std::move(done)](const grpc::Status& status) {
        if (status.ok()) {
          done(FromProto(call->response));
        } else {
          done(ErrorOf(EndOf(status, call->context, false)));
        }
        calls_.Remove(&call->context);
      });
}

// Lives until OnDone. Between a record and the receiver's resume() a hold keeps the call open.
class GrpcCaseSystem::WatchCall final : public grpc::ClientReadReactor<v1::WatchRecordsResponse>,
                                        public std::enable_shared_from_this<WatchCall> {
 public:
  WatchCall(OpenCalls& calls, std::shared_ptr<Connection> connection,
            std::function<void(CourtRecord, std::string, Resume)> on_record,
            std::function<void(Error)> on_end)
      : calls_(calls),
        connection_(std::move(connection)),
        on_record_(std::move(on_record)),
        on_end_(std::move(on_end)) {}

  // False: stopped.
  bool Begin(const std::string& cursor) {
    if (!calls_.Add({shared_from_this(), &context_})) return false;
    {
      const std::lock_guard lock(connection_->mutex);
      connection_->watch = weak_from_this();
    }
    self_ = shared_from_this();
    request_.set_cursor(cursor);
    connection_->stub->async()->WatchRecords(&context_, &request_, this);
    StartRead(&response_);
    StartCall();
    return true;
  }

  void End() {
    context_.TryCancel();
    std::shared_ptr<Turn> turn;
    {
      const std::lock_guard lock(mutex_);
      turn = turn_.lock();
    }
    if (turn != nullptr) turn->Drop();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    auto record = FromProto(response_.record());
    if (!record) {
      // Going on would skip a court's word silently.
      malformed_ = true;
      context_.TryCancel();
      return;
    }
    AddHold();
    const auto turn = std::make_shared<Turn>(shared_from_this());
    {
      const std::lock_guard lock(mutex_);
      turn_ = turn;
    }
    on_record_(*std::move(record), response_.cursor(), [turn] { turn->Resume(); });
  }

  void OnDone(const grpc::Status& status) override {
    const auto self = std::move(self_);
    on_end_(malformed_ ? Error{ErrorCode::kDataLoss, "the case system sent a malformed record"}
                       : ErrorOf(EndOf(status, context_, false)));
    calls_.Remove(&context_);
  }

 private:
  // The receiver's turn: the next read, or, if the receiver goes away or we stop, the end.
  class Turn {
   public:
    explicit Turn(std::shared_ptr<WatchCall> call) : call_(std::move(call)) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() { Drop(); }
    void Resume() {
      if (const auto call = Take()) {
        call->StartRead(&call->response_);
        call->RemoveHold();
      }
    }
    void Drop() {
      if (const auto call = Take()) {
        call->context_.TryCancel();
        call->RemoveHold();
      }
    }

   private:
    std::shared_ptr<WatchCall> Take() {
      const std::lock_guard lock(mutex_);
      return std::move(call_);
    }

    std::mutex mutex_;  // Guards call_: it is taken once.
    std::shared_ptr<WatchCall> call_;
  };

  OpenCalls& calls_;
  const std::shared_ptr<Connection> connection_;
  const std::function<void(CourtRecord, std::string, Resume)> on_record_;
  const std::function<void(Error)> on_end_;
  grpc::ClientContext context_;
  v1::WatchRecordsRequest request_;
  v1::WatchRecordsResponse response_;
  std::shared_ptr<WatchCall> self_;
  bool malformed_ = false;
  std::mutex mutex_;  // Guards turn_.
  std::weak_ptr<Turn> turn_;
};

void GrpcCaseSystem::EndWatch(Connection& connection) {
  std::shared_ptr<WatchCall> watch;
  {
    const std::lock_guard lock(connection.mutex);
    watch = connection.watch.lock();
  }
  if (watch != nullptr) watch->End();
}

void GrpcCaseSystem::Watch(const std::string& cursor,
                           std::function<void(CourtRecord, std::string, Resume)> on_record,
                           std::function<void(Error)> on_end) {
  if (const auto connection = Standing()) {
    const auto call = std::make_shared<WatchCall>(calls_, connection, std::move(on_record), on_end);
    if (call->Begin(cursor)) return;
  }
  Later([on_end = std::move(on_end)] {
    on_end(Error{ErrorCode::kUnavailable, "the case system is not reached"});
  });
}

}  // namespace nightbox
