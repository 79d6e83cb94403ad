// CaseSystemServer: the reference case system on the network: gRPC over mutual TLS 1.3, health, the
// control socket, and the file that tells the port.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "ops/case_system/case_system.h"
#include "rules/court_directory.h"

namespace grpc {
class Server;
}

namespace nightbox {

class CaseSystemService;
class ControlServer;

struct CaseSystemServerOptions {
  CaseSystemOptions case_system;
  std::filesystem::path rules_data;  // The directory of courts.csv.
  std::string listen = "127.0.0.1:0";
  std::filesystem::path certificate;  // PEM; ECDSA, so that TLS 1.2 finds no cipher.
  std::filesystem::path key;
  std::filesystem::path client_ca;       // Who may call: gateways with a certificate from here.
  std::filesystem::path port_file;       // Written when listening. Empty: none.
  std::filesystem::path control_socket;  // Empty: none.
};

// Leaves TLS 1.3 as the only version gRPC 1.51 can agree on. Call before anything of gRPC's: it
// reads its environment once.
void AllowOnlyTls13();

class CaseSystemServer {
 public:
  // Serves when it answers. `clock` must outlive the server.
  static Result<std::unique_ptr<CaseSystemServer>> Start(CaseSystemServerOptions options,
                                                         const Clock& clock);
  ~CaseSystemServer();  // Stops.

  int port() const { return port_; }
  CaseSystem& case_system() { return *system_; }

  // Health says NOT_SERVING, open deliveries get five seconds, then everything is closed.
  void Stop();

  // Returns when somebody says "stop" on the control socket or RequestStop was called.
  void WaitForStopRequest();
  void RequestStop();

 private:
  explicit CaseSystemServer(CaseSystemServerOptions options);
  Result<bool> Open(const Clock& clock);
  Result<bool> Listen();
  Result<bool> WritePortFile() const;

  const CaseSystemServerOptions options_;
  CourtDirectory courts_;
  std::unique_ptr<CaseSystem> system_;
  std::unique_ptr<CaseSystemService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<ControlServer> control_;
  int port_ = 0;

  std::mutex mutex_;  // Guards stop_requested_.
  std::condition_variable changed_;
  bool stop_requested_ = false;
};

}  // namespace nightbox
