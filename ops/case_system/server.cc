#include "ops/case_system/server.h"

#include <grpc/support/time.h>
#include <grpcpp/ext/health_check_service_server_builder_option.h>
#include <grpcpp/grpcpp.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "core/log.h"
#include "ops/case_system/control.h"
#include "ops/case_system/service.h"

namespace nightbox {
namespace {

constexpr int kMessageBytesMax = 6 << 20;
constexpr std::chrono::seconds kDrain(5);
constexpr std::chrono::milliseconds kHangUp(200);

Result<std::string> ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) {
    return Error{ErrorCode::kNotFound, "cannot read " + path.string(), "CONFIGURATION"};
  }
  return text.str();
}

Result<std::shared_ptr<grpc::ServerCredentials>> Credentials(
    const CaseSystemServerOptions& options) {
  grpc::SslServerCredentialsOptions tls(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  NB_ASSIGN_OR_RETURN(const std::string key, ReadFile(options.key));
  NB_ASSIGN_OR_RETURN(const std::string certificate, ReadFile(options.certificate));
  NB_ASSIGN_OR_RETURN(tls.pem_root_certs, ReadFile(options.client_ca));
  tls.pem_key_cert_pairs.push_back({key, certificate});
  return grpc::SslServerCredentials(tls);
}

}  // namespace

void AllowOnlyTls13() {
  // TLS 1.2 is left with one cipher, which needs an RSA certificate; ours are ECDSA.
  setenv("GRPC_SSL_CIPHER_SUITES", "ECDHE-RSA-AES256-GCM-SHA384", /*replace=*/1);
}

Result<std::unique_ptr<CaseSystemServer>> CaseSystemServer::Start(CaseSystemServerOptions options,
                                                                  const Clock& clock) {
  std::unique_ptr<CaseSystemServer> server(new CaseSystemServer(std::move(options)));
  NB_RETURN_IF_ERROR(server->Open(clock));
  NB_RETURN_IF_ERROR(server->Listen());
  NB_RETURN_IF_ERROR(server->WritePortFile());
  Log(LogLevel::kInfo, "case system listening",
      {{"port", server->port_},
       {"consistency_group", server->options_.case_system.consistency_group}});
  return server;
}

Result<bool> CaseSystemServer::Open(const Clock& clock) {
  NB_ASSIGN_OR_RETURN(courts_, CourtDirectory::Load(options_.rules_data));
  NB_ASSIGN_OR_RETURN(system_, CaseSystem::Open(options_.case_system, courts_, clock));
  system_->OnStopCommand([this] { RequestStop(); });
  service_ = std::make_unique<CaseSystemService>(*system_);
  system_->StartClerk();
  if (!options_.control_socket.empty()) {
    NB_ASSIGN_OR_RETURN(control_, ControlServer::Listen(options_.control_socket, *system_));
  }
  return true;
}

Result<bool> CaseSystemServer::Listen() {
  NB_ASSIGN_OR_RETURN(const auto credentials, Credentials(options_));
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(options_.listen, credentials, &port_);
  builder.RegisterService(service_.get());
  builder.SetMaxReceiveMessageSize(kMessageBytesMax);
  // Without these two a fast gateway makes gRPC buffer whole documents in memory.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 1 << 20);
  // A gateway that lost its power must not keep a delivery "under way".
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // Two case systems on one port would share its filings out between them.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port_ == 0) {
    return Error{ErrorCode::kFailedPrecondition, "cannot listen on " + options_.listen,
                 "CONFIGURATION"};
  }
  server_->GetHealthCheckService()->SetServingStatus(
      case_system::v1::CaseSystemService::service_full_name(), true);
  return true;
}

Result<bool> CaseSystemServer::WritePortFile() const {
  if (options_.port_file.empty()) return true;
  // Renamed into place: whoever waits for the file never reads half a number.
  const std::filesystem::path partial = options_.port_file.string() + ".partial";
  std::ofstream(partial) << port_ << "\n";
  std::error_code error;
  std::filesystem::rename(partial, options_.port_file, error);
  if (!error) return true;
  return Error{ErrorCode::kFailedPrecondition, "cannot write " + options_.port_file.string(),
               "CONFIGURATION"};
}

CaseSystemServer::CaseSystemServer(CaseSystemServerOptions options)
    : options_(std::move(options)) {}

CaseSystemServer::~CaseSystemServer() { Stop(); }

void CaseSystemServer::Stop() {
  control_.reset();
  if (server_ != nullptr) {
    server_->GetHealthCheckService()->SetServingStatus(false);
    service_->Drain(kDrain);
    // gRPC would wait out its deadline for idle clients to hang up: nobody is being served any
    // more.
    server_->Shutdown(gpr_time_from_millis(kHangUp.count(), GPR_TIMESPAN));
    server_->Wait();
    server_.reset();
  }
  if (system_ != nullptr) system_->Stop();
  service_.reset();
}

void CaseSystemServer::WaitForStopRequest() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stop_requested_; });
}

void CaseSystemServer::RequestStop() {
  const std::lock_guard lock(mutex_);
  stop_requested_ = true;
  changed_.notify_all();
}

}  // namespace nightbox
