#include "ops/nightboxctl/operator_client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include "client/call_queue.h"
#include "client/call_status.h"
#include "client/file_operations.h"
#include "nightbox/operator/v1/operator.grpc.pb.h"
#include "proto/grpc_status.h"

namespace nightbox::ctl {
namespace {

using pb::OperatorService;

constexpr std::size_t kPemBytesMax = 1'000'000;
// A case with gigabytes of documents takes minutes, and the gateway must not be asked twice.
constexpr std::chrono::milliseconds kRecordLimit = std::chrono::hours(1);

Result<std::string> ReadPem(const std::filesystem::path& path, const std::string& option) {
  if (path.empty()) return Error{ErrorCode::kInvalidArgument, option + " is required"};
  Result<std::string> text = client::ReadWholeFile(path, kPemBytesMax);
  if (!text) return Error{ErrorCode::kInvalidArgument, option + ": " + text.error().message};
  return text;
}

}  // namespace

struct OperatorClient::Connection {
  template <class Request, class Reply>
  client::CallResult<Reply> Ask(grpc::Status (OperatorService::Stub::*call)(grpc::ClientContext*,
                                                                            const Request&, Reply*),
                                const Request& request) {
    grpc::ClientContext context;
    context.set_deadline(client::DeadlineIn(limit));
    Reply reply;
    const grpc::Status status = (stub.get()->*call)(&context, request, &reply);
    if (!status.ok()) return client::FailureOf(status, context);
    not_shown = TrailerOf(context, trailer::kNotShown);
    return reply;
  }

  std::unique_ptr<OperatorService::Stub> stub;
  std::chrono::milliseconds limit;
  std::string not_shown;
};

OperatorClient::OperatorClient(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)) {}
OperatorClient::~OperatorClient() = default;

const std::string& OperatorClient::not_shown() const { return connection_->not_shown; }

Result<std::unique_ptr<OperatorClient>> OperatorClient::Open(const OperatorAddress& address) {
  if (address.server.empty()) return Error{ErrorCode::kInvalidArgument, "--server is required"};
  grpc::SslCredentialsOptions options;
  NB_ASSIGN_OR_RETURN(options.pem_cert_chain, ReadPem(address.certificate, "--certificate"));
  NB_ASSIGN_OR_RETURN(options.pem_private_key, ReadPem(address.key, "--key"));
  NB_ASSIGN_OR_RETURN(options.pem_root_certs, ReadPem(address.ca, "--ca"));
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  if (!address.tls_name.empty()) arguments.SetSslTargetNameOverride(address.tls_name);
  const auto channel =
      grpc::CreateCustomChannel(address.server, grpc::SslCredentials(options), arguments);
  auto connection = std::make_unique<Connection>();
  connection->stub = OperatorService::NewStub(channel);
  connection->limit = address.limit;
  return std::unique_ptr<OperatorClient>(new OperatorClient(std::move(connection)));
}

client::CallResult<pb::Status> OperatorClient::GetStatus() {
  return connection_->Ask(&OperatorService::Stub::GetStatus, pb::GetStatusRequest());
}

client::CallResult<pb::ListBacklogsResponse> OperatorClient::ListBacklogs() {
  return connection_->Ask(&OperatorService::Stub::ListBacklogs, pb::ListBacklogsRequest());
}

client::CallResult<pb::ListWaitingFilingsResponse> OperatorClient::ListWaitingFilings(
    const pb::ListWaitingFilingsRequest& request) {
  return connection_->Ask(&OperatorService::Stub::ListWaitingFilings, request);
}

client::CallResult<pb::HeldFiling> OperatorClient::HoldFiling(const std::string& filing_id,
                                                              const std::string& reason) {
  pb::HoldFilingRequest request;
  request.set_filing_id(filing_id);
  request.set_reason(reason);
  return connection_->Ask(&OperatorService::Stub::HoldFiling, request);
}

client::CallResult<pb::HeldFiling> OperatorClient::ReleaseFiling(const std::string& filing_id,
                                                                 const std::string& reason) {
  pb::ReleaseFilingRequest request;
  request.set_filing_id(filing_id);
  request.set_reason(reason);
  return connection_->Ask(&OperatorService::Stub::ReleaseFiling, request);
}

client::CallResult<pb::ResolvedDelivery> OperatorClient::ResolveNotDelivered(
    const std::string& filing_id, const std::string& reason) {
  pb::ResolveDeliveryRequest request;
  request.set_filing_id(filing_id);
  request.set_outcome(pb::ResolveDeliveryRequest::OUTCOME_NOT_DELIVERED);
  request.set_reason(reason);
  return connection_->Ask(&OperatorService::Stub::ResolveDelivery, request);
}

client::CallResult<pb::Termination> OperatorClient::TerminateFiling(const std::string& filing_id,
                                                                    const std::string& authority,
                                                                    const std::string& reason) {
  pb::TerminateFilingRequest request;
  request.set_filing_id(filing_id);
  request.set_authority(authority);
  request.set_reason(reason);
  return connection_->Ask(&OperatorService::Stub::TerminateFiling, request);
}

client::CallResult<pb::CaseRecordSummary> OperatorClient::ExportCaseRecord(
    const std::string& court, const std::string& case_number, const std::string& reason,
    const std::function<bool(const std::string& bytes)>& take) {
  pb::ExportCaseRecordRequest request;
  request.set_court_id(court);
  request.set_case_number(case_number);
  request.set_reason(reason);
  grpc::ClientContext context;
  context.set_deadline(client::DeadlineIn(kRecordLimit));
  const auto stream = connection_->stub->ExportCaseRecord(&context, request);
  pb::CaseRecordSummary summary;
  pb::CaseRecordPiece piece;
  while (stream->Read(&piece)) {
    if (piece.has_summary()) {
      summary = piece.summary();
    } else if (!take(piece.data())) {
      context.TryCancel();
    }
  }
  const grpc::Status status = stream->Finish();
  if (!status.ok()) return client::FailureOf(status, context);
  return summary;
}

}  // namespace nightbox::ctl
