#include "client/intake_client.h"

#include <fcntl.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "client/call_queue.h"
#include "client/call_status.h"
#include "client/credentials.h"
#include "client/file_operations.h"
#include "client/intake_codec.h"
#include "nightbox/intake/v1/intake.grpc.pb.h"
#include "proto/filing_codec.h"
#include "proto/grpc_status.h"

namespace nightbox::client {
namespace {

using intake::v1::IntakeService;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kPemBytesMax = 1'000'000;
constexpr int kAnswerBytesMax = 64 * 1024 * 1024;  // An evidence package may be large.
constexpr milliseconds kCallLimit = seconds(30);
// A filing is answered after a sync of a disk that may be busy.
constexpr milliseconds kCreateLimit = seconds(60);
// One piece of an upload that is not taken for so long will not be taken at all.
constexpr milliseconds kChunkLimit = seconds(60);
// The last bytes are answered after the document is synced, hashed and checked.
constexpr milliseconds kUploadEndLimit = seconds(180);
constexpr milliseconds kSilenceLimit = seconds(60);

Result<std::string> ReadPem(const std::filesystem::path& path, std::string_view what) {
  if (path.empty()) {
    return Error{ErrorCode::kInvalidArgument, "no " + std::string(what) + " is configured", "",
                 std::string(what)};
  }
  Result<std::string> text = ReadWholeFile(path, kPemBytesMax);
  if (!text) return text.error().In(what);
  return text;
}

CallFailure TimedOut() {
  CallFailure failure;
  failure.code = CallCode::kDeadlineExceeded;
  failure.again = Again::kRetryOutcomeUnknown;
  failure.message = "The gateway did not answer in time.";
  failure.reason = "timeout";
  failure.fault = "network";
  failure.what_now = "It may have arrived. Repeat with the same request id only; that is safe.";
  return failure;
}

// Why a finished call failed: our own reasons to cancel come before what gRPC makes of them.
CallFailure Explain(const CallQueue& queue, const grpc::Status& status,
                    const grpc::ClientContext& context) {
  if (queue.stopped()) return CallFailure::Interrupted();
  if (queue.timed_out()) return TimedOut();
  return FailureOf(status, context);
}

CallResult<FilingState> Understood(const intake::v1::Filing& filing) {
  Result<FilingState> state = FromProto(filing);
  if (!state) {
    return CallFailure::Contradiction("The gateway's answer is malformed: " +
                                      state.error().message);
  }
  return std::move(*state);
}

// The bytes at `offset`, or as many as the file still has.
Result<std::string> ReadAt(const UniqueFd& file, std::int64_t offset, std::int64_t count) {
  std::string bytes(static_cast<std::size_t>(count), '\0');
  ssize_t got = 0;
  do {
    got = ::pread(file.get(), bytes.data(), bytes.size(), offset);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) {
    return Error{ErrorCode::kDataLoss, "a document in the outbox cannot be read to its end"};
  }
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

}  // namespace

// A call is made on a connection that stands, or makes a new one. gRPC would go on with the broken
// one by itself, but only while a call waits: between calls nobody reads its answers, its
// handshakes run out of time, and the next call fails at once although the gateway is long back.
struct IntakeClient::Connection {
  using Connect = std::function<std::shared_ptr<grpc::Channel>()>;

  Connection(Connect connect_anew, StopSignal& stop_signal)
      : connect(std::move(connect_anew)), stop(stop_signal) {}

  IntakeService::Stub& Stub() {
    if (channel == nullptr || channel->GetState(/*try_to_connect=*/false) != GRPC_CHANNEL_READY) {
      channel = connect();
      stub = IntakeService::NewStub(channel);
    }
    return *stub;
  }

  // One question, one answer.
  template <class Request, class Answer>
  CallResult<Answer> Ask(std::unique_ptr<grpc::ClientAsyncResponseReader<Answer>> (
                             IntakeService::Stub::*prepare)(grpc::ClientContext*, const Request&,
                                                            grpc::CompletionQueue*),
                         const Request& request, milliseconds limit) {
    if (stop.raised()) return CallFailure::Interrupted();
    grpc::ClientContext context;
    context.set_deadline(DeadlineIn(limit));
    CallQueue queue(context, stop);
    Answer answer;
    grpc::Status status;
    auto reader = (Stub().*prepare)(&context, request, queue.get());
    reader->StartCall();
    reader->Finish(&answer, &status, queue.tag());
    // gRPC's own deadline comes first; ours is for the case that it does not.
    queue.Await(limit + seconds(5));
    if (!status.ok()) return Explain(queue, status, context);
    not_shown = TrailerOf(context, trailer::kNotShown);
    return answer;
  }

  const Connect connect;
  StopSignal& stop;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<IntakeService::Stub> stub;
  std::string not_shown;
};

IntakeClient::IntakeClient(std::unique_ptr<Connection> connection, WallTime certificate_ends)
    : connection_(std::move(connection)), certificate_ends_(certificate_ends) {}

IntakeClient::~IntakeClient() = default;

const std::string& IntakeClient::not_shown() const { return connection_->not_shown; }

Result<std::unique_ptr<IntakeClient>> IntakeClient::Open(const GatewayAddress& address,
                                                         StopSignal& stop) {
  grpc::SslCredentialsOptions options;
  NB_ASSIGN_OR_RETURN(options.pem_cert_chain, ReadPem(address.certificate, "certificate"));
  NB_ASSIGN_OR_RETURN(options.pem_private_key, ReadPem(address.key, "key"));
  NB_ASSIGN_OR_RETURN(options.pem_root_certs, ReadPem(address.ca, "ca"));
  if (address.server.empty()) {
    return Error{ErrorCode::kInvalidArgument, "no server is configured", "", "server"};
  }
  NB_ASSIGN_OR_RETURN(
      const WallTime certificate_ends,
      CheckCredentials(options.pem_cert_chain, options.pem_private_key, options.pem_root_certs));
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetMaxReceiveMessageSize(kAnswerBytesMax);
  // A new channel inherits neither the broken connection nor the time it was to wait.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  if (!address.tls_name.empty()) arguments.SetSslTargetNameOverride(address.tls_name);
  auto connect = [server = address.server, options, arguments] {
    return grpc::CreateCustomChannel(server, grpc::SslCredentials(options), arguments);
  };
  return std::unique_ptr<IntakeClient>(
      new IntakeClient(std::make_unique<Connection>(std::move(connect), stop), certificate_ends));
}

CallResult<CourtPolicy> IntakeClient::GetCourtPolicy(const CourtId& court) {
  intake::v1::GetCourtPolicyRequest request;
  request.set_court_id(court.str());
  NB_ASSIGN_OR_RETURN(
      const intake::v1::CourtPolicy answer,
      connection_->Ask(&IntakeService::Stub::PrepareAsyncGetCourtPolicy, request, kCallLimit));
  return FromProto(answer);
}

CallResult<MissingDocuments> IntakeClient::FindMissingDocuments(const Package& package) {
  intake::v1::FindMissingDocumentsRequest request;
  request.set_request_id(package.request_id.str());
  request.set_registered_user(package.registered_user.str());
  *request.mutable_header() = ToProto(package.header);
  NB_ASSIGN_OR_RETURN(const intake::v1::FindMissingDocumentsResponse answer,
                      connection_->Ask(&IntakeService::Stub::PrepareAsyncFindMissingDocuments,
                                       request, kCallLimit));
  MissingDocuments missing;
  missing.attempt_id = AttemptId(answer.attempt_id());
  missing.warnings = FromProto(answer.warnings());
  if (answer.has_filing()) {
    NB_ASSIGN_OR_RETURN(missing.filing, Understood(answer.filing()));
  }
  for (const intake::v1::MissingDocument& each : answer.missing()) {
    const auto sha256 = Digest::FromBytes(each.sha256());
    if (!sha256) return CallFailure::Contradiction("The gateway asked for an unnamed document.");
    missing.missing.push_back({*sha256, each.size_bytes(), each.committed_size_bytes()});
  }
  return missing;
}

CallResult<Validation> IntakeClient::ValidateFiling(const Package& package) {
  intake::v1::ValidateFilingRequest request;
  request.set_registered_user(package.registered_user.str());
  *request.mutable_header() = ToProto(package.header);
  NB_ASSIGN_OR_RETURN(
      const intake::v1::ValidateFilingResponse answer,
      connection_->Ask(&IntakeService::Stub::PrepareAsyncValidateFiling, request, kCallLimit));
  Validation validation;
  validation.warnings = FromProto(answer.warnings());
  for (const intake::v1::Problem& each : answer.problems()) {
    validation.problems.push_back({each.reason(), each.field(), each.message(), each.what_now()});
  }
  return validation;
}

CallResult<UploadState> IntakeClient::WriteDocument(const UserId& user, const Document& document,
                                                    const std::filesystem::path& bytes,
                                                    std::int64_t offset, UploadMeter& meter) {
  const UniqueFd file(::open(bytes.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) {
    return CallFailure::Local({ErrorCode::kDataLoss, "a document in the outbox cannot be opened"});
  }
  grpc::ClientContext context;
  CallQueue queue(context, connection_->stop);
  intake::v1::WriteDocumentResponse answer;
  auto writer = connection_->Stub().PrepareAsyncWriteDocument(&context, &answer, queue.get());
  writer->StartCall(queue.tag());
  bool alive = queue.Await(kCallLimit);

  intake::v1::WriteDocumentRequest request;
  intake::v1::WriteDocumentStart* start = request.mutable_start();
  start->set_registered_user(user.str());
  start->set_sha256(std::string(document.sha256.view()));
  start->set_size_bytes(document.size_bytes);
  start->set_offset_bytes(offset);
  if (alive) {
    writer->Write(request, queue.tag());
    alive = queue.Await(kChunkLimit);
  }

  // A write that is not taken means that the gateway has ended the call; its status says why.
  std::optional<CallFailure> local;
  std::int64_t position = offset;
  while (alive && !local && position < document.size_bytes) {
    const std::int64_t count = std::min(meter.chunk_bytes(), document.size_bytes - position);
    Result<std::string> chunk = ReadAt(file, position, count);
    if (!chunk) {
      local = CallFailure::Local(chunk.error());
    } else if (!meter.Await(count)) {
      local = CallFailure::Interrupted();
    } else {
      const auto size = static_cast<std::int64_t>(chunk->size());
      request.set_chunk(std::move(*chunk));
      writer->Write(request, queue.tag());
      alive = queue.Await(kChunkLimit);
      if (!alive) break;
      position += size;
      meter.Sent(size, position);
    }
  }
  if (local) {
    context.TryCancel();
  } else if (alive) {
    writer->WritesDone(queue.tag());
    (void)queue.Await(kChunkLimit);
  }
  grpc::Status status;
  writer->Finish(&status, queue.tag());
  queue.Await(kUploadEndLimit);
  if (local) return *local;
  if (!status.ok()) return Explain(queue, status, context);
  return UploadState{answer.committed_size_bytes(), answer.complete()};
}

CallResult<UploadState> IntakeClient::QueryDocumentWrite(const UserId& user, const Digest& sha256) {
  intake::v1::QueryDocumentWriteRequest request;
  request.set_registered_user(user.str());
  request.set_sha256(std::string(sha256.view()));
  NB_ASSIGN_OR_RETURN(
      const intake::v1::WriteDocumentResponse answer,
      connection_->Ask(&IntakeService::Stub::PrepareAsyncQueryDocumentWrite, request, kCallLimit));
  return UploadState{answer.committed_size_bytes(), answer.complete()};
}

CallResult<FilingState> IntakeClient::CreateFiling(
    const Package& package, WallTime first_tried_at,
    const std::vector<std::string>& inline_documents) {
  intake::v1::CreateFilingRequest request;
  request.set_request_id(package.request_id.str());
  request.set_registered_user(package.registered_user.str());
  *request.mutable_header() = ToProto(package.header);
  for (const std::string& bytes : inline_documents) request.add_inline_documents(bytes);
  request.set_staff(package.staff);
  *request.mutable_authorized_at() = ToProto(package.authorized_at);
  *request.mutable_first_tried_at() = ToProto(first_tried_at);
  NB_ASSIGN_OR_RETURN(
      const intake::v1::Filing answer,
      connection_->Ask(&IntakeService::Stub::PrepareAsyncCreateFiling, request, kCreateLimit));
  return Understood(answer);
}

CallResult<FilingState> IntakeClient::GetFiling(const UserId& user, const FilingId& id) {
  intake::v1::GetFilingRequest request;
  request.set_registered_user(user.str());
  request.set_filing_id(id.str());
  NB_ASSIGN_OR_RETURN(
      const intake::v1::Filing answer,
      connection_->Ask(&IntakeService::Stub::PrepareAsyncGetFiling, request, kCallLimit));
  return Understood(answer);
}

CallResult<FilingState> IntakeClient::GetFiling(const UserId& user, const RequestId& id) {
  intake::v1::GetFilingRequest request;
  request.set_registered_user(user.str());
  request.set_request_id(id.str());
  NB_ASSIGN_OR_RETURN(
      const intake::v1::Filing answer,
      connection_->Ask(&IntakeService::Stub::PrepareAsyncGetFiling, request, kCallLimit));
  return Understood(answer);
}

CallResult<std::vector<FilingState>> IntakeClient::ListFilings(const UserId& user,
                                                               std::int32_t max) {
  intake::v1::ListFilingsRequest request;
  request.set_registered_user(user.str());
  request.set_page_size(max);
  NB_ASSIGN_OR_RETURN(
      const intake::v1::ListFilingsResponse answer,
      connection_->Ask(&IntakeService::Stub::PrepareAsyncListFilings, request, kCallLimit));
  std::vector<FilingState> filings;
  for (const intake::v1::Filing& each : answer.filings()) {
    NB_ASSIGN_OR_RETURN(FilingState filing, Understood(each));
    filings.push_back(std::move(filing));
  }
  return filings;
}

CallResult<void> IntakeClient::WatchFiling(
    const UserId& user, const FilingId& id, milliseconds silence,
    const std::function<bool(const FilingState&)>& on_state) {
  intake::v1::WatchFilingRequest request;
  request.set_registered_user(user.str());
  request.set_filing_id(id.str());
  grpc::ClientContext context;
  CallQueue queue(context, connection_->stop);
  auto reader = connection_->Stub().PrepareAsyncWatchFiling(&context, request, queue.get());
  reader->StartCall(queue.tag());
  bool alive = queue.Await(kCallLimit);

  std::optional<CallFailure> malformed;
  bool wanted = true;
  bool heard = false;
  while (alive && wanted) {
    intake::v1::Filing filing;
    reader->Read(&filing, queue.tag());
    alive = queue.Await(std::min(silence, kSilenceLimit));
    if (!alive) break;
    heard = true;
    CallResult<FilingState> state = Understood(filing);
    if (!state) malformed = state.error();
    wanted = !malformed && on_state(*state);
  }
  if (!wanted) context.TryCancel();
  grpc::Status status;
  reader->Finish(&status, queue.tag());
  queue.Await(kCallLimit);
  if (malformed) return *malformed;
  // Silence is no failure once the gateway has spoken: nothing has changed.
  if (!wanted || status.ok() || (heard && queue.timed_out())) return {};
  return Explain(queue, status, context);
}

CallResult<ReceiptBytes> IntakeClient::GetReceipt(const UserId& user, const FilingId& id) {
  intake::v1::GetReceiptRequest request;
  request.set_registered_user(user.str());
  request.set_filing_id(id.str());
  NB_ASSIGN_OR_RETURN(
      const intake::v1::Receipt answer,
      connection_->Ask(&IntakeService::Stub::PrepareAsyncGetReceipt, request, kCallLimit));
  return FromProto(answer);
}

CallResult<FilingState> IntakeClient::WithdrawFiling(const UserId& user, const FilingId& id,
                                                     const std::string& reason) {
  intake::v1::WithdrawFilingRequest request;
  request.set_registered_user(user.str());
  request.set_filing_id(id.str());
  request.set_reason(reason);
  NB_ASSIGN_OR_RETURN(
      const intake::v1::Filing answer,
      connection_->Ask(&IntakeService::Stub::PrepareAsyncWithdrawFiling, request, kCallLimit));
  return Understood(answer);
}

}  // namespace nightbox::client
