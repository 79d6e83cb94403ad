#include "gateway/tls_listener.h"

#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/support/server_interceptor.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/check.h"
#include "core/clock.h"
#include "core/log.h"
#include "gateway/listen.h"

namespace nightbox {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr int kAcceptsAtOnce = 64;
constexpr auto kPause = std::chrono::milliseconds(100);

Result<std::string> ReadPem(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in.is_open() || in.bad() || text.empty()) {
    return Error{ErrorCode::kNotFound, path.string() + " cannot be read", "TLS_FILE_UNUSABLE"};
  }
  return text;
}

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Bio ReadFrom(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
}

// What is wrong with the pair; empty: nothing. gRPC would say it in its own log only, and serve
// nobody.
std::string_view WrongPair(const std::string& certificate_pem, const std::string& key_pem) {
  const Certificate certificate(
      PEM_read_bio_X509(ReadFrom(certificate_pem).get(), nullptr, nullptr, nullptr), &X509_free);
  const EVP_PKEY* public_key = certificate ? X509_get0_pubkey(certificate.get()) : nullptr;
  if (public_key == nullptr || EVP_PKEY_get_base_id(public_key) != EVP_PKEY_EC)
    return "must be a certificate for an ECDSA key";
  const Key key(PEM_read_bio_PrivateKey(ReadFrom(key_pem).get(), nullptr, nullptr, nullptr),
                &EVP_PKEY_free);
  if (!key) return "has a key file that holds no private key without a password";
  if (X509_check_private_key(certificate.get(), key.get()) != 1) return "is not for that key";
  return {};
}

// Not an interceptor at all: the factory sees each call begin, notes whose it is, and declines.
class CallNoter : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit CallNoter(std::shared_ptr<ConnectionTable> table) : table_(std::move(table)) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* info) override {
    table_->NoteCall(info->server_context()->peer());
    return nullptr;
  }

 private:
  std::shared_ptr<ConnectionTable> table_;
};

tcp::endpoint PeerEndpoint(const sockaddr_storage& address, socklen_t length) {
  tcp::endpoint endpoint;
  endpoint.resize(length);
  std::copy_n(reinterpret_cast<const char*>(&address), length,
              reinterpret_cast<char*>(endpoint.data()));
  return endpoint;
}

// A reset rather than a farewell: whoever is over a bound gets no buffers of ours.
void Drop(int fd) {
  const linger at_once{1, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  ::close(fd);
}

}  // namespace

void AllowOnlyTls13() {
  // Without an RSA certificate this cipher can never be agreed on; TLS 1.3 has its own list.
  NB_CHECK(::setenv("GRPC_SSL_CIPHER_SUITES", "ECDHE-RSA-AES256-GCM-SHA384", 1) == 0);
}

Result<std::shared_ptr<grpc::ServerCredentials>> LoadServerCredentials(
    const std::filesystem::path& certificate, const std::filesystem::path& key,
    const std::filesystem::path& client_ca) {
  const char* ciphers = ::getenv("GRPC_SSL_CIPHER_SUITES");
  NB_CHECK(ciphers != nullptr);  // AllowOnlyTls13 comes first.
  grpc::SslServerCredentialsOptions options(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  grpc::SslServerCredentialsOptions::PemKeyCertPair pair;
  NB_ASSIGN_OR_RETURN(pair.cert_chain, ReadPem(certificate));
  NB_ASSIGN_OR_RETURN(pair.private_key, ReadPem(key));
  NB_ASSIGN_OR_RETURN(options.pem_root_certs, ReadPem(client_ca));
  if (const auto wrong = WrongPair(pair.cert_chain, pair.private_key); !wrong.empty()) {
    return Error{ErrorCode::kInvalidArgument, certificate.string() + " " + std::string(wrong),
                 "TLS_FILE_UNUSABLE"};
  }
  // gRPC would say this, too, in its own log only.
  if (!Certificate(
          PEM_read_bio_X509(ReadFrom(options.pem_root_certs).get(), nullptr, nullptr, nullptr),
          &X509_free)) {
    return Error{ErrorCode::kInvalidArgument, client_ca.string() + " holds no certificate",
                 "TLS_FILE_UNUSABLE"};
  }
  options.pem_key_cert_pairs.push_back(std::move(pair));
  return grpc::SslServerCredentials(options);
}

void BoundServer(grpc::ServerBuilder& builder, milliseconds handshake_timeout) {
  builder.SetMaxReceiveMessageSize(kMessageMaxBytes);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 512 * 1024);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 128);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 16 * 1024);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS,
                             static_cast<int>(handshake_timeout.count()));
  // A peer that vanished without a word is noticed within a minute and a half.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
}

TlsListener::TlsListener(asio::io_context& loop, const ConnectionLimits& limits)
    : sweep_timer_(loop), table_(std::make_shared<ConnectionTable>(limits)) {}

TlsListener::~TlsListener() {
  Stop();
  *alive_ = false;
}

Result<std::unique_ptr<TlsListener>> TlsListener::Bind(asio::io_context& loop,
                                                       const std::vector<ListenAddress>& addresses,
                                                       const ConnectionLimits& limits) {
  std::unique_ptr<TlsListener> listener(new TlsListener(loop, limits));
  for (const ListenAddress& address : addresses) {
    NB_ASSIGN_OR_RETURN(tcp::acceptor acceptor, ListenOn(loop, address));
    listener->doors_.push_back({std::move(acceptor), asio::steady_timer(loop)});
  }
  return listener;
}

void TlsListener::AddTo(
    grpc::ServerBuilder& builder, std::shared_ptr<grpc::ServerCredentials> credentials,
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> others) {
  using Type = grpc::ServerBuilder::experimental_type::ExternalConnectionType;
  grpc_ =
      builder.experimental().AddExternalConnectionAcceptor(Type::FROM_FD, std::move(credentials));
  others.insert(others.begin(), std::make_unique<CallNoter>(table_));
  builder.experimental().SetInterceptorCreators(std::move(others));
}

void TlsListener::Start() {
  NB_CHECK(grpc_ != nullptr);
  accepting_ = true;
  for (Door& door : doors_) WaitToAccept(door);
  SweepEverySecond();
}

void TlsListener::Stop() {
  accepting_ = false;
  boost::system::error_code ignored;
  for (Door& door : doors_) {
    ignored = door.acceptor.close(ignored);
    door.pause.cancel();
  }
  sweep_timer_.cancel();
}

std::vector<ListenAddress> TlsListener::addresses() const {
  std::vector<ListenAddress> bound;
  bound.reserve(doors_.size());
  for (const Door& door : doors_) bound.push_back(BoundAddress(door.acceptor));
  return bound;
}

void TlsListener::WaitToAccept(Door& door) {
  door.acceptor.async_wait(tcp::acceptor::wait_read,
                           [this, &door, alive = alive_](const boost::system::error_code& error) {
                             if (!*alive || error || !accepting_) return;
                             if (AcceptWaiting(door)) {
                               WaitToAccept(door);
                             } else {
                               PauseThenAccept(door);
                             }
                           });
}

bool TlsListener::AcceptWaiting(Door& door) {
  const int listener = door.acceptor.native_handle();
  for (int i = 0; i < kAcceptsAtOnce; ++i) {
    sockaddr_storage address{};
    socklen_t length = sizeof(address);
    const int fd = ::accept4(listener, reinterpret_cast<sockaddr*>(&address), &length,
                             SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      HandOver(listener, fd, PeerEndpoint(address, length));
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      // What waits cannot be taken: without a pause the loop would spin on it.
      SayShortage(errno);
      return false;
    } else if (errno == EAGAIN) {
      return true;
    }
    // Anything else is that one connection's end, not ours.
  }
  return true;
}

void TlsListener::SayShortage(int error_number) {
  static const SystemClock clock;
  // Found ten times a second at each address for as long as it lasts.
  const auto unsaid = shortages_said_.Take(clock.BootNow());
  if (!unsaid) return;
  Log(LogLevel::kError, "no descriptor for a new connection",
      {{"errno", error_number}, {"unsaid_before", *unsaid}});
}

void TlsListener::PauseThenAccept(Door& door) {
  door.pause.expires_after(kPause);
  door.pause.async_wait([this, &door, alive = alive_](const boost::system::error_code& error) {
    if (*alive && !error && accepting_) WaitToAccept(door);
  });
}

void TlsListener::HandOver(int listener, int fd, const tcp::endpoint& peer) {
  const std::string address = peer.address().to_string();
  const std::string text =
      (peer.address().is_v6() ? '[' + address + ']' : address) + ':' + std::to_string(peer.port());
  if (table_->Open(address, text, fd) != ConnectionTable::Answer::kTake) {
    Drop(fd);
    return;
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
  connection.listener_fd = listener;
  connection.fd = fd;
  grpc_->HandleNewConnection(&connection);
}

void TlsListener::SweepEverySecond() {
  sweep_timer_.expires_after(std::chrono::seconds(1));
  sweep_timer_.async_wait([this, alive = alive_](const boost::system::error_code& error) {
    if (!*alive || error || !accepting_) return;
    table_->Sweep();
    SweepEverySecond();
  });
}

}  // namespace nightbox
