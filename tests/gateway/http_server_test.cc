// Goal: the pages are served, and a client can hold no more than its bounds.
// Method: a real server on a free port; clients on plain sockets in the same loop's time.
#include "gateway/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/gateway/test_pki.h"
#include "tests/support/temporary_directory.h"

namespace nightbox {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::ip::tcp;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class HttpServerTest : public testing::Test {
 protected:
  ~HttpServerTest() override {
    if (loop_thread_.joinable()) {
      asio::post(loop_, [this] { server_.reset(); });
      loop_thread_.join();
    }
  }

  void Serve(HttpServerOptions options = {}) {
    options.listen = {"127.0.0.1", 0};
    auto started = HttpServer::Start(loop_, options, [](const HttpRequest& request) {
      if (request.path == "/throws") throw std::runtime_error("a fault");
      return HttpResponse{200, "text/plain", "path=" + request.path};
    });
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(started).value();
    port_ = server_->port();
    loop_thread_ = std::thread([this] { loop_.run(); });
  }

  tcp::socket Connect() {
    tcp::socket socket(client_loop_);
    socket.connect({asio::ip::make_address("127.0.0.1"), port_});
    return socket;
  }

  // Everything until the server closes.
  template <class Stream>
  static std::string ReadAll(Stream& stream) {
    std::string all;
    boost::system::error_code error;
    asio::read(stream, asio::dynamic_buffer(all), error);
    return all;
  }

  std::string Exchange(const std::string& request) {
    tcp::socket socket = Connect();
    boost::system::error_code error;
    asio::write(socket, asio::buffer(request), error);
    return ReadAll(socket);
  }

  asio::io_context loop_;
  asio::io_context client_loop_;
  std::unique_ptr<HttpServer> server_;
  std::thread loop_thread_;
  std::uint16_t port_ = 0;
};

TEST_F(HttpServerTest, AnswersGetAndHead) {
  Serve();
  const std::string answer =
      Exchange("GET /a?b=c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, EndsWith("path=/a"));
  EXPECT_THAT(answer, HasSubstr("Content-Security-Policy: default-src 'none'"));
  const std::string head = Exchange("HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(head, HasSubstr("Content-Length: 7\r\n"));
  EXPECT_THAT(head, EndsWith("\r\n\r\n"));
}

TEST_F(HttpServerTest, KeepsAConnectionForSeveralRequests) {
  Serve();
  const std::string answers = Exchange(
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\nConnection: "
      "close\r\n\r\n");
  EXPECT_THAT(answers, HasSubstr("path=/1"));
  EXPECT_THAT(answers, HasSubstr("path=/2"));
}

TEST_F(HttpServerTest, RefusesEverythingElseAndSurvivesAFault) {
  Serve();
  EXPECT_THAT(Exchange("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(Exchange("GET /throws HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              StartsWith("HTTP/1.1 500"));
  EXPECT_EQ(Exchange("\x16\x03\x01 not http\r\n\r\n"), "");
  EXPECT_THAT(Exchange("GET /after HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              EndsWith("path=/after"));
}

TEST_F(HttpServerTest, AnOverlongHeadIsNotRead) {
  Serve();
  EXPECT_THAT(Exchange("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"),
              Not(HasSubstr("200")));
}

TEST_F(HttpServerTest, AClientThatDribblesIsCutOff) {
  Serve({.request_time = std::chrono::milliseconds(200)});
  tcp::socket socket = Connect();
  asio::write(socket, asio::buffer(std::string("GET / HT")));
  EXPECT_EQ(ReadAll(socket), "");
}

TEST_F(HttpServerTest, ConnectionsAreBounded) {
  Serve({.connections_max = 1});
  tcp::socket first = Connect();
  asio::write(first, asio::buffer(std::string("GET / HTTP/1.1\r\nHost: x\r\n\r\n")));
  char byte = 0;
  asio::read(first, asio::buffer(&byte, 1));  // It is being served.
  tcp::socket second = Connect();
  EXPECT_EQ(ReadAll(second), "");
}

TEST_F(HttpServerTest, RequestsOfOneConnectionAreBounded) {
  Serve({.requests_per_connection_max = 1});
  EXPECT_THAT(Exchange("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n"),
              Not(HasSubstr("path=/2")));
}

TEST_F(HttpServerTest, StoppingClosesWhatIsOpen) {
  Serve();
  tcp::socket idle = Connect();
  asio::write(idle, asio::buffer(std::string("GET / HTTP/1.1\r\nHost: x\r\n\r\n")));
  char byte = 0;
  asio::read(idle, asio::buffer(&byte, 1));
  asio::post(loop_, [this] { server_.reset(); });
  ReadAll(idle);
  loop_thread_.join();
}

TEST_F(HttpServerTest, TlsIsServedWithOnePointThreeOnly) {
  const TestAuthority authority;
  const TestCertificate server = authority.Issue({.subject_alternative_name = "IP:127.0.0.1"});
  const fs::path root = testing::TempDir() + "nightbox-http-" + std::to_string(getpid());
  fs::create_directories(root);
  std::ofstream(root / "crt") << server.certificate_pem;
  std::ofstream(root / "key") << server.key_pem;
  HttpServerOptions options;
  options.certificate = root / "crt";
  options.key = root / "key";
  Serve(options);
  const auto get = [&](int version) -> std::string {
    asio::ssl::context context(asio::ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context.native_handle(), version);
    SSL_CTX_set_max_proto_version(context.native_handle(), version);
    context.add_certificate_authority(asio::buffer(authority.certificate_pem()));
    context.set_verify_mode(asio::ssl::verify_peer);
    asio::ssl::stream<tcp::socket> stream(Connect(), context);
    boost::system::error_code error;
    error = stream.handshake(asio::ssl::stream_base::client, error);
    if (error) return "";
    asio::write(
        stream,
        asio::buffer(std::string("GET /t HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")));
    return ReadAll(stream);
  };
  EXPECT_THAT(get(TLS1_3_VERSION), EndsWith("path=/t"));
  EXPECT_EQ(get(TLS1_2_VERSION), "");
  fs::remove_all(root);
}

TEST_F(HttpServerTest, AnAddressInUseAndABadCertificateAreSaid) {
  Serve();
  asio::io_context loop;
  const auto handler = [](const HttpRequest&) { return HttpResponse{}; };
  HttpServerOptions taken;
  taken.listen = {"127.0.0.1", port_};
  EXPECT_EQ(HttpServer::Start(loop, taken, handler).error().code, ErrorCode::kUnavailable);
  HttpServerOptions bad;
  bad.listen = {"127.0.0.1", 0};
  bad.certificate = "/nonexistent";
  bad.key = "/nonexistent";
  EXPECT_EQ(HttpServer::Start(loop, bad, handler).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(HttpServerTest, AKeyWithAPassphraseIsRefusedAndNobodyIsAsked) {
  const TemporaryDirectory files;
  const TestCertificate pair = TestAuthority().Issue({});
  files.Write("server.pem", pair.certificate_pem);
  files.Write("plain.key", pair.key_pem);
  const auto at = [&](const char* name) { return files.path() / name; };
  EXPECT_TRUE(CheckTlsPair(at("server.pem"), at("plain.key")));
  ASSERT_EQ(std::system(("openssl ec -aes256 -passout pass:secret -in " + at("plain.key").string() +
                         " -out " + at("locked.key").string() + " 2>/dev/null")
                            .c_str()),
            0);
  const auto refused = CheckTlsPair(at("server.pem"), at("locked.key"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "TLS_FILE_UNUSABLE");
}

}  // namespace
}  // namespace nightbox
