// HttpServer: a small HTTP server for pages that are read only: GET and HEAD, no bodies.
//
// Plain on loopback, TLS 1.3 elsewhere (the configuration sees to that). Runs on the loop's thread;
// the handler is called there and must answer at once. Everything is bounded: connections, the size
// of a request's head, the time for one request, the requests of one connection.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "gateway/config.h"

namespace nightbox {

struct HttpRequest {
  // Without query.
  std::string path;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

struct HttpServerOptions {
  ListenAddress listen = {};
  // PEM files; both empty: plain HTTP.
  std::filesystem::path certificate = {};
  std::filesystem::path key = {};
  std::size_t connections_max = 64;
  std::chrono::milliseconds request_time{10'000};
  std::size_t head_max_bytes = 8192;
  int requests_per_connection_max = 1000;
};

// Whether a TLS server or client can use the pair: both can be read, and the key is the
// certificate's. kInvalidArgument otherwise.
Result<void> CheckTlsPair(const std::filesystem::path& certificate,
                          const std::filesystem::path& key);

// All on the loop's thread.
class HttpServer {
 public:
  // Binds, listens and accepts. kUnavailable when the address cannot be had; kInvalidArgument when
  // the certificate or key cannot be used.
  static Result<std::unique_ptr<HttpServer>> Start(boost::asio::io_context& loop,
                                                   const HttpServerOptions& options,
                                                   HttpHandler handler);
  ~HttpServer();

  // Closes the listening socket and every connection. What was being answered is cut off.
  void Stop();

  // The port that was bound.
  std::uint16_t port() const;
  std::size_t connections() const;

 private:
  struct State;
  explicit HttpServer(std::shared_ptr<State> state) : state_(std::move(state)) {}

  std::shared_ptr<State> state_;
};

}  // namespace nightbox
