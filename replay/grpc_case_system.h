// GrpcCaseSystem: one endpoint of a case system over gRPC and mutual TLS.
//
// Nothing of a delivery leaves before the connection stands: Check() makes it, and what is asked
// while it does not stand is answered "not reached" at once. So "not started" is a fact, not a
// guess from an error message. After a failed check the connection is given up: how often an absent
// case system is tried is the planner's to say, not the library's.
//
// TLS 1.3 is a matter of the whole process (gRPC reads GRPC_SSL_CIPHER_SUITES once): its main sets
// it before anything of gRPC's. The PEM files are read at each new connection, so that a renewed
// certificate needs no restart.
//
// Thread-safe. Each `done` comes from a thread of gRPC's or from the executor.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "replay/case_system_port.h"
#include "replay/record_call.h"

namespace nightbox {

struct GrpcCaseSystemOptions {
  // "host:port".
  std::string target;
  // PEM. Who may be the case system, and who we are.
  std::filesystem::path root;
  std::filesystem::path certificate;
  std::filesystem::path key;
  // The name its certificate must carry. Empty: the target's host.
  std::string server_name = {};
  RecordCallOptions record;
  // For checks, with the connection to be made, for queries and for withdrawals.
  std::chrono::milliseconds call_timeout = std::chrono::seconds(10);
};

class GrpcCaseSystem final : public CaseSystemPort {
 public:
  // `documents` is where documents are read, where blocking is allowed; it must run until this
  // object is gone.
  GrpcCaseSystem(GrpcCaseSystemOptions options, boost::asio::any_io_executor documents);
  // Stops, and waits until every done has been called and everything a call held is gone. Neither
  // from a done nor from the executor.
  ~GrpcCaseSystem() override;

  void Record(RecordRequest request, std::shared_ptr<DocumentSource> documents,
              std::function<void(RecordAnswer)> done) override;
  void Query(const Digest& delivery_key, std::function<void(QueryAnswer)> done) override;
  void Check(std::vector<CourtId> courts, std::function<void(ProbeReport)> done) override;
  void RequestWithdrawal(const Digest& delivery_key, const std::string& reason,
                         std::function<void(Result<CourtRecord>)> done) override;
  void Watch(const std::string& cursor,
             std::function<void(CourtRecord, std::string, Resume)> on_record,
             std::function<void(Error)> on_end) override;
  void Stop() override;

 private:
  struct Connection;
  template <class Request, class Response>
  struct UnaryCall;
  class WatchCall;
  // What must be gone before this object is. Shared, since the last to go may be on any thread.
  class Remains;

  // The connection that stands, or null.
  std::shared_ptr<Connection> Standing();
  // The connection, made anew when it does not stand. Null: a PEM file cannot be read.
  std::shared_ptr<Connection> Connect();
  void GiveUp(const std::shared_ptr<Connection>& connection);
  static void EndWatch(Connection& connection);
  // Answers from the executor.
  void Later(std::function<void()> act);

  const GrpcCaseSystemOptions options_;
  const boost::asio::any_io_executor documents_;
  const std::shared_ptr<Remains> remains_;
  OpenCalls calls_;
  std::mutex mutex_;  // Guards connection_; held for look-ups only.
  std::shared_ptr<Connection> connection_;
};

}  // namespace nightbox
