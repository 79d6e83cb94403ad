#include "ops/bench_tool/load.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <thread>

#include "nightbox/intake/v1/intake.grpc.pb.h"
#include "ops/bench_tool/process_cost.h"

namespace nightbox::bench {
namespace {

namespace pb = ::nightbox::intake::v1;

constexpr std::size_t kChunkBytes = 256 << 10;
constexpr auto kCallLimit = std::chrono::seconds(30);

Result<std::string> ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in) return Error{ErrorCode::kNotFound, "cannot read " + path.string()};
  return bytes;
}

double Milliseconds(Microseconds time) { return static_cast<double>(time.count()) / 1000; }

// When one filing took its three steps.
struct Times {
  BootTime begun;
  BootTime found;
  BootTime written;
  BootTime created;
};

// What all clients share: when to stop, and why.
class Signals {
 public:
  bool stopping() const { return stopping_; }

  void Stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  void Fail(const Error& why) {
    {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = why;
    }
    Stop();
  }
  // Until the time is over or somebody has failed.
  void Wait(Microseconds time) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, time, [this] { return stopping_.load(); });
  }
  std::optional<Error> failure() const {
    const std::lock_guard lock(mutex_);
    return failure_;
  }

 private:
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;  // Guards all below.
  std::condition_variable changed_;
  std::optional<Error> failure_;
};

class Client {
 public:
  Client(const LoadOptions& options, const std::shared_ptr<grpc::ChannelCredentials>& credentials,
         int number, const Clock& clock, Random& random)
      : clock_(clock), filings_(options.shape, random), user_("bench-" + std::to_string(number)) {
    grpc::ChannelArguments arguments;
    // Otherwise all clients would share one connection.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetSslTargetNameOverride(options.server_name);
    channel_ = grpc::CreateCustomChannel(options.server, credentials, arguments);
    stub_ = pb::IntakeService::NewStub(channel_);
  }

  // So that no filing pays for a handshake, and 64 handshakes at once are not what is measured.
  bool Connect() {
    return channel_->WaitForConnected(
        gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_seconds(10, GPR_TIMESPAN)));
  }

  void Run(Signals& signals) {
    while (!signals.stopping()) {
      const auto filed = FileOne();
      if (!filed) return signals.Fail(filed.error());
    }
  }

  const std::vector<Times>& times() const { return times_; }

 private:
  static Error Refused(const char* call, const grpc::Status& status) {
    return {ErrorCode::kUnavailable, std::string(call) + " answered " +
                                         std::to_string(status.error_code()) + ": " +
                                         status.error_message()};
  }

  Result<void> FileOne() {
    filings_.Next();
    Times times;
    times.begun = clock_.BootNow();
    NB_RETURN_IF_ERROR(FindMissing());
    times.found = clock_.BootNow();
    NB_RETURN_IF_ERROR(Write());
    times.written = clock_.BootNow();
    NB_RETURN_IF_ERROR(Create());
    times.created = clock_.BootNow();
    times_.push_back(times);
    return {};
  }

  Result<void> FindMissing() {
    pb::FindMissingDocumentsRequest request;
    request.set_request_id(filings_.request_id());
    request.set_registered_user(user_);
    *request.mutable_header() = filings_.header();
    grpc::ClientContext context;
    Bound(context);
    pb::FindMissingDocumentsResponse response;
    const grpc::Status status = stub_->FindMissingDocuments(&context, request, &response);
    if (!status.ok()) return Refused("FindMissingDocuments", status);
    if (response.missing_size() != 1) {
      return Error{ErrorCode::kInternal, "the gateway has a document that was never sent"};
    }
    return {};
  }

  Result<void> Write() {
    const std::string& document = filings_.document();
    grpc::ClientContext context;
    Bound(context);
    pb::WriteDocumentResponse response;
    const auto stream = stub_->WriteDocument(&context, &response);
    pb::WriteDocumentRequest part;
    part.mutable_start()->set_registered_user(user_);
    part.mutable_start()->set_sha256(filings_.header().documents(0).sha256());
    part.mutable_start()->set_size_bytes(static_cast<std::int64_t>(document.size()));
    bool open = stream->Write(part);
    for (std::size_t at = 0; open && at < document.size(); at += kChunkBytes) {
      part.set_chunk(document.data() + at, std::min(kChunkBytes, document.size() - at));
      open = stream->Write(part);
    }
    stream->WritesDone();
    const grpc::Status status = stream->Finish();
    if (!status.ok()) return Refused("WriteDocument", status);
    if (!response.complete()) return Error{ErrorCode::kInternal, "a document is not complete"};
    return {};
  }

  Result<void> Create() {
    pb::CreateFilingRequest request;
    request.set_request_id(filings_.request_id());
    request.set_registered_user(user_);
    *request.mutable_header() = filings_.header();
    grpc::ClientContext context;
    Bound(context);
    pb::Filing filing;
    const grpc::Status status = stub_->CreateFiling(&context, request, &filing);
    if (!status.ok()) return Refused("CreateFiling", status);
    if (filing.receipt().receipt_p7s().empty()) {
      return Error{ErrorCode::kInternal, "a filing came back without a receipt"};
    }
    return {};
  }

  static void Bound(grpc::ClientContext& context) {
    context.set_deadline(gpr_time_add(
        gpr_now(GPR_CLOCK_MONOTONIC),
        gpr_time_from_seconds(std::chrono::seconds(kCallLimit).count(), GPR_TIMESPAN)));
  }

  const Clock& clock_;
  Filings filings_;
  const std::string user_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<pb::IntakeService::Stub> stub_;
  std::vector<Times> times_;
};

Result<std::shared_ptr<grpc::ChannelCredentials>> LoadCredentials(const LoadOptions& options) {
  grpc::SslCredentialsOptions files;
  NB_ASSIGN_OR_RETURN(files.pem_root_certs, ReadFile(options.ca));
  NB_ASSIGN_OR_RETURN(files.pem_cert_chain, ReadFile(options.certificate));
  NB_ASSIGN_OR_RETURN(files.pem_private_key, ReadFile(options.key));
  return grpc::SslCredentials(files);
}

// What everything has cost up to one moment.
struct Moment {
  BootTime at;
  Microseconds client{0};
  ProcessCost gateway;
};

Result<Moment> Now(const LoadOptions& options, const Clock& clock) {
  Moment moment{clock.BootNow(), OwnCost(), {}};
  if (options.gateway != 0) {
    NB_ASSIGN_OR_RETURN(moment.gateway, CostOf(options.gateway));
  }
  return moment;
}

void Count(const std::vector<Times>& all, const Moment& begin, const Moment& end,
           LoadReport& report) {
  for (const Times& times : all) {
    ++report.receipts;
    if (times.created < begin.at || times.created >= end.at) continue;
    report.filing_ms.push_back(Milliseconds(times.created - times.begun));
    report.find_ms.push_back(Milliseconds(times.found - times.begun));
    report.write_ms.push_back(Milliseconds(times.written - times.found));
    report.create_ms.push_back(Milliseconds(times.created - times.written));
  }
}

}  // namespace

Result<LoadReport> RunLoad(const LoadOptions& options, const Clock& clock, Random& random) {
  NB_ASSIGN_OR_RETURN(const auto credentials, LoadCredentials(options));
  Signals signals;
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < options.clients; ++i) {
    clients.push_back(std::make_unique<Client>(options, credentials, i, clock, random));
    if (!clients.back()->Connect()) {
      return Error{ErrorCode::kUnavailable,
                   "the gateway at " + options.server + " does not answer"};
    }
  }
  std::vector<std::thread> threads;
  threads.reserve(clients.size());
  for (const auto& client : clients) {
    threads.emplace_back([&signals, each = client.get()] { each->Run(signals); });
  }
  signals.Wait(options.warm_up);
  const auto begin = Now(options, clock);
  signals.Wait(options.duration);
  const auto end = Now(options, clock);
  signals.Stop();
  for (std::thread& thread : threads) thread.join();
  if (const auto failure = signals.failure()) return *failure;
  if (!begin) return begin.error();
  if (!end) return end.error();

  LoadReport report;
  report.seconds = Milliseconds(end->at - begin->at) / 1000;
  for (const auto& client : clients) Count(client->times(), *begin, *end, report);
  report.client_cost = end->client - begin->client;
  report.gateway_cost = end->gateway.own - begin->gateway.own;
  report.children_cost = end->gateway.children - begin->gateway.children;
  return report;
}

}  // namespace nightbox::bench
