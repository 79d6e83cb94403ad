// TlsListener: the door filers' systems come through: mutual TLS 1.3, bounded per address.
//
// It accepts on the loop's thread and hands each socket to gRPC, which has no hook for failed
// handshakes and no bound on connections of its own. gRPC closes what has not finished TLS by the
// handshake timeout; the connection table counts what ends without ever having made a call.
//
// gRPC 1.51 has no setting for the least TLS version. An ECDSA server certificate together with a
// TLS 1.2 cipher list that needs an RSA one leaves nothing to agree on below TLS 1.3:
// AllowOnlyTls13 sets the list, LoadServerCredentials refuses a certificate that is not ECDSA, and
// a test over real connections holds both together.
#pragma once

#include <grpcpp/server_builder.h>
#include <grpcpp/support/server_interceptor.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <memory>
#include <vector>

#include "core/result.h"
#include "gateway/config.h"
#include "gateway/connection_table.h"
#include "gateway/library_logs.h"

namespace nightbox {

inline constexpr int kMessageMaxBytes = 2 * 1024 * 1024;

// Sets the environment for gRPC. Call first in main, before any thread and any use of gRPC. For
// clients in the same process it means TLS 1.3 as well.
void AllowOnlyTls13();

// Credentials that require and verify a client certificate. Reads the files once.
Result<std::shared_ptr<grpc::ServerCredentials>> LoadServerCredentials(
    const std::filesystem::path& certificate, const std::filesystem::path& key,
    const std::filesystem::path& client_ca);

// Message, stream and flow-control bounds: bandwidth probing is off and the lookahead fixed, which
// holds eight uploads of 100 MB to about 10 MB of memory where the defaults took 137 MB.
void BoundServer(grpc::ServerBuilder& builder, milliseconds handshake_timeout);

// Used on the loop's thread, except counts(), which any thread may ask.
class TlsListener {
 public:
  // Binds and listens; nothing is accepted yet. kUnavailable when an address cannot be had.
  static Result<std::unique_ptr<TlsListener>> Bind(boost::asio::io_context& loop,
                                                   const std::vector<ListenAddress>& addresses,
                                                   const ConnectionLimits& limits);
  ~TlsListener();

  // Makes the server under construction take this listener's connections and note their calls.
  // Call once, before BuildAndStart. Takes the place of the builder's interceptors; `others` come
  // after its own.
  void AddTo(grpc::ServerBuilder& builder, std::shared_ptr<grpc::ServerCredentials> credentials,
             std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>>
                 others = {});

  // After BuildAndStart: accepts from now on.
  void Start();
  // Closes the listening sockets; connections live on until gRPC is shut down.
  void Stop();

  // What was bound, with the ports the system chose.
  std::vector<ListenAddress> addresses() const;
  ConnectionCounts counts() const { return table_->counts(); }

 private:
  TlsListener(boost::asio::io_context& loop, const ConnectionLimits& limits);

  // One address. Each pauses by itself: a timer set anew ends the wait that was under way.
  struct Door {
    boost::asio::ip::tcp::acceptor acceptor;
    boost::asio::steady_timer pause;
  };

  void WaitToAccept(Door& door);
  // Takes what waits, a bounded number at a time. False: stop accepting for a moment.
  bool AcceptWaiting(Door& door);
  // At most once a minute, with how often it was not said.
  void SayShortage(int error_number);
  void PauseThenAccept(Door& door);
  void HandOver(int listener, int fd, const boost::asio::ip::tcp::endpoint& peer);
  void SweepEverySecond();

  boost::asio::steady_timer sweep_timer_;
  // Shared with the interceptor, which the gRPC server owns and which may outlive this.
  std::shared_ptr<ConnectionTable> table_;
  std::vector<Door> doors_;       // Stays as it is once they wait.
  OncePerMinute shortages_said_;  // Of all doors: a shortage is the process's.
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> grpc_;
  bool accepting_ = false;
  // Handlers of cancelled waits still run: they look here first.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace nightbox
