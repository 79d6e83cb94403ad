#include "gateway/http_server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <optional>
#include <set>

#include "core/log.h"
#include "gateway/listen.h"

namespace nightbox {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;
using asio::ip::tcp;
// Errors as values: a vanished client is no exception.
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

// Shared by the server and its conversations: whichever lives longer.
struct HttpServer::State {
  State(asio::io_context& loop, const HttpServerOptions& o, HttpHandler h)
      : options(o), handler(std::move(h)), acceptor(loop), pause(loop) {}

  HttpServerOptions options;
  HttpHandler handler;
  tcp::acceptor acceptor;
  asio::steady_timer pause;
  std::optional<ssl::context> tls;
  std::set<beast::tcp_stream*> open;
  bool stopped = false;

  static asio::awaitable<void> Accept(std::shared_ptr<State> state);
  static asio::awaitable<void> Serve(std::shared_ptr<State> state, tcp::socket socket);
  template <class Stream>
  static asio::awaitable<void> Converse(State& state, Stream& stream);

  http::message_generator Answer(const http::request<http::empty_body>& request) const;
};

namespace {

// Counts a connection as long as it is being served, and lets Stop reach it.
class Registered {
 public:
  Registered(std::set<beast::tcp_stream*>& all, beast::tcp_stream& stream)
      : all_(all), stream_(stream) {
    all_.insert(&stream_);
  }
  Registered(const Registered&) = delete;
  Registered& operator=(const Registered&) = delete;
  ~Registered() { all_.erase(&stream_); }

 private:
  std::set<beast::tcp_stream*>& all_;
  beast::tcp_stream& stream_;
};

HttpResponse Handle(const HttpHandler& handler, const http::request<http::empty_body>& request) {
  if (request.method() != http::verb::get && request.method() != http::verb::head) {
    return {405, "text/plain; charset=utf-8", "Only GET and HEAD are answered here.\n"};
  }
  const std::string_view target(request.target().data(), request.target().size());
  try {
    return handler({std::string(target.substr(0, target.find('?')))});
  } catch (const std::exception& error) {
    // A callback is a barrier: a fault in a page must not end the loop.
    Log(LogLevel::kError, "page failed", {{"what", error.what()}});
    return {500, "text/plain; charset=utf-8", "The page could not be made.\n"};
  }
}

}  // namespace

http::message_generator HttpServer::State::Answer(
    const http::request<http::empty_body>& request) const {
  HttpResponse made = Handle(handler, request);
  http::response<http::string_body> response(static_cast<http::status>(made.status),
                                             request.version());
  response.set(http::field::content_type, made.content_type);
  response.set(http::field::cache_control, "no-store");
  response.set("X-Content-Type-Options", "nosniff");
  response.set("Content-Security-Policy",
               "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
               "form-action 'none'; frame-ancestors 'none'");
  response.set("Referrer-Policy", "no-referrer");
  if (made.status == 405) response.set(http::field::allow, "GET, HEAD");
  response.keep_alive(request.keep_alive());
  response.body() = std::move(made.body);
  response.prepare_payload();
  if (request.method() != http::verb::head) return response;
  http::response<http::empty_body> head(std::move(response.base()));
  return head;
}

template <class Stream>
asio::awaitable<void> HttpServer::State::Converse(State& state, Stream& stream) {
  beast::flat_buffer buffer(state.options.head_max_bytes);
  for (int i = 0; i < state.options.requests_per_connection_max && !state.stopped; ++i) {
    // One deadline for the whole request and its answer: dribbling gains a client nothing.
    beast::get_lowest_layer(stream).expires_after(state.options.request_time);
    http::request_parser<http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(state.options.head_max_bytes));
    parser.body_limit(0);
    const auto [read_error, read_bytes] = co_await http::async_read(stream, buffer, parser, kAwait);
    if (read_error) co_return;
    http::message_generator answer = state.Answer(parser.get());
    const bool last = !answer.keep_alive();
    const auto [write_error, written_bytes] =
        co_await beast::async_write(stream, std::move(answer), kAwait);
    if (write_error || last) co_return;
  }
}

asio::awaitable<void> HttpServer::State::Serve(std::shared_ptr<State> state, tcp::socket socket) {
  if (!state->tls) {
    beast::tcp_stream stream(std::move(socket));
    const Registered registered(state->open, stream);
    co_await Converse(*state, stream);
    boost::system::error_code ignored;
    ignored = stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
    co_return;
  }
  beast::ssl_stream<beast::tcp_stream> stream(std::move(socket), *state->tls);
  const Registered registered(state->open, beast::get_lowest_layer(stream));
  beast::get_lowest_layer(stream).expires_after(state->options.request_time);
  const auto [handshake_error] = co_await stream.async_handshake(ssl::stream_base::server, kAwait);
  if (handshake_error) co_return;
  co_await Converse(*state, stream);
  beast::get_lowest_layer(stream).expires_after(state->options.request_time);
  co_await stream.async_shutdown(kAwait);
}

asio::awaitable<void> HttpServer::State::Accept(std::shared_ptr<State> state) {
  while (!state->stopped) {
    auto [error, socket] = co_await state->acceptor.async_accept(kAwait);
    if (state->stopped) co_return;
    if (error) {
      // Out of descriptors, mostly: without a pause the loop would spin.
      state->pause.expires_after(std::chrono::milliseconds(100));
      co_await state->pause.async_wait(kAwait);
      continue;
    }
    if (state->open.size() >= state->options.connections_max) continue;  // Closes the socket.
    asio::co_spawn(state->acceptor.get_executor(), Serve(state, std::move(socket)), asio::detached);
  }
}

static Result<void> UsePair(ssl::context& tls, const std::filesystem::path& certificate,
                            const std::filesystem::path& key) {
  // The empty passphrase keeps an encrypted key from asking on a terminal.
  tls.set_password_callback([](std::size_t, ssl::context::password_purpose) { return ""; });
  boost::system::error_code error;
  error = tls.use_certificate_chain_file(certificate.string(), error);
  if (!error) error = tls.use_private_key_file(key.string(), ssl::context::pem, error);
  if (!error) return {};
  return Error{ErrorCode::kInvalidArgument,
               certificate.string() + " or its key cannot be used: " + error.message(),
               "TLS_FILE_UNUSABLE"};
}

Result<void> CheckTlsPair(const std::filesystem::path& certificate,
                          const std::filesystem::path& key) {
  ssl::context tls(ssl::context::tls);
  return UsePair(tls, certificate, key);
}

Result<std::unique_ptr<HttpServer>> HttpServer::Start(asio::io_context& loop,
                                                      const HttpServerOptions& options,
                                                      HttpHandler handler) {
  auto state = std::make_shared<State>(loop, options, std::move(handler));
  if (!options.certificate.empty()) {
    state->tls.emplace(ssl::context::tls_server);
    SSL_CTX_set_min_proto_version(state->tls->native_handle(), TLS1_3_VERSION);
    NB_RETURN_IF_ERROR(UsePair(*state->tls, options.certificate, options.key));
  }
  NB_ASSIGN_OR_RETURN(state->acceptor, ListenOn(loop, options.listen));
  asio::co_spawn(loop, State::Accept(state), asio::detached);
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

HttpServer::~HttpServer() { Stop(); }

void HttpServer::Stop() {
  if (state_->stopped) return;
  state_->stopped = true;
  boost::system::error_code ignored;
  ignored = state_->acceptor.close(ignored);
  state_->pause.cancel();
  for (beast::tcp_stream* stream : state_->open) stream->close();
}

std::uint16_t HttpServer::port() const { return BoundAddress(state_->acceptor).port; }

std::size_t HttpServer::connections() const { return state_->open.size(); }

}  // namespace nightbox
