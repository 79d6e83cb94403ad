// Goal: whatever is sent to the pages' port is answered with HTTP or with the connection's end, and
// the next client is served.
// Method: the real server on a free port of the loopback, client and server on one loop.
#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <memory>

#include "core/check.h"
#include "gateway/http_server.h"
#include "tests/fuzz/fuzz_target.h"

namespace nightbox {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// Made once: a server lives as long as its process.
class Server {
 public:
  Server() {
    HttpServerOptions options;
    options.listen = {"127.0.0.1", 0};
    server_ = HttpServer::Start(loop_, options, [](const HttpRequest& request) {
                NB_CHECK(request.path.find('?') == std::string::npos);
                return HttpResponse{200, "text/plain", "here\n"};
              }).value();
  }

  // All that comes back until the server closes.
  std::string Converse(std::string_view sent) {
    tcp::socket socket(loop_);
    boost::system::error_code error;
    // One of many addresses of the loopback: the ports of a single one would run out.
    socket.open(tcp::v4());
    socket.bind({asio::ip::address_v4(0x7F010000U + client_++ % 0x10000U), 0});
    NB_CHECK(!socket.connect({asio::ip::make_address("127.0.0.1"), server_->port()}, error));
    // At most 64 KiB, which the kernel takes at once, read or not.
    asio::write(socket, asio::buffer(sent), error);
    // A server that has closed already has told us all it wants to.
    if (socket.shutdown(tcp::socket::shutdown_send, error)) error = {};
    std::string received;
    bool ended = false;
    Receive(socket, received, ended);
    while (!ended || server_->connections() > 0) NB_CHECK(loop_.run_one() > 0);
    return received;
  }

 private:
  void Receive(tcp::socket& socket, std::string& received, bool& ended) {
    socket.async_read_some(asio::buffer(chunk_),
                           [&](boost::system::error_code error, std::size_t count) {
                             received.append(chunk_.data(), count);
                             ended = static_cast<bool>(error);
                             if (!ended) Receive(socket, received, ended);
                           });
  }

  asio::io_context loop_;
  std::unique_ptr<HttpServer> server_;
  std::uint32_t client_ = 0;
  std::array<char, 4096> chunk_{};
};

}  // namespace
}  // namespace nightbox

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nightbox;
  static Server server;
  const std::string answer =
      server.Converse({reinterpret_cast<const char*>(data), std::min<std::size_t>(size, 32'000)});
  NB_CHECK(answer.empty() || answer.starts_with("HTTP/1."));
  const std::string next = server.Converse("GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n");
  NB_CHECK(next.starts_with("HTTP/1.1 200 "));
  return 0;
}
