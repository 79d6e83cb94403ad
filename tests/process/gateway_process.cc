#include "tests/process/gateway_process.h"

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>
#include <fstream>
#include <stdexcept>

#include "core/check.h"

namespace nightbox {

// Bound and never listened on: a connection to it is refused, and nobody else can take it.
class GatewayProcess::ClosedPort {
 public:
  ClosedPort() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* any = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof(address);
    NB_CHECK(bind(socket_, any, size) == 0 && getsockname(socket_, any, &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~ClosedPort() { close(socket_); }
  ClosedPort(const ClosedPort&) = delete;
  ClosedPort& operator=(const ClosedPort&) = delete;
  int port() const { return port_; }

 private:
  const int socket_;
  int port_ = 0;
};

GatewayProcess::GatewayProcess(GatewaySettings settings)
    : settings_(std::move(settings)),
      server_(pki_.IssueServer("A7")),
      gateway_(pki_.IssueClient("gateway", "A7")),
      nobody_(std::make_unique<ClosedPort>()) {
  Replace("gateway.toml", Configuration());
  WriteCourtSystem();
  const auto made = Ctl({"journal", "init", "--config", (directory() / "gateway.toml").string()});
  if (made.exit_code != 0) throw std::runtime_error("no journal was made: " + made.output);
}

GatewayProcess::~GatewayProcess() = default;

void GatewayProcess::WriteCourtSystem() const {
  std::filesystem::create_directories(directory() / "court-system");
  Replace("court-system/system.toml",
          "[court_system]\nname = \"Missouri\"\n[courts]\n" + settings_.courts + "\n");
  if (!settings_.acceptance.empty()) {
    Replace("court-system/acceptance.toml", settings_.acceptance);
  }
}

std::string GatewayProcess::Configuration() const {
  const int case_system =
      settings_.case_system_port != 0 ? settings_.case_system_port : nobody_->port();
  const auto quoted = [](const std::filesystem::path& path) { return '"' + path.string() + '"'; };
  const CertificateFiles signer = pki_.receipt_signer();
  std::string text;
  text += "[gateway]\nname = \"" + settings_.name + "\"\ndata_directory = \"data\"\n";
  text += settings_.gateway;
  text += "court_system = \"court-system\"\nprofile = \"" + settings_.profile + "\"\n";
  text += "[intake]\nlisten = [\"" + settings_.listen + "\"]\n";
  text += "certificate = " + quoted(server_.certificate) + "\nkey = " + quoted(server_.key) + "\n";
  text += "client_ca = " + quoted(pki_.tls_root()) + "\n";
  text += "[receipts]\ncertificate = " + quoted(signer.certificate) + "\n";
  text += "key = " + quoted(signer.key) + "\nroot = " + quoted(pki_.receipt_root()) + "\n";
  text += "log_key = " + quoted(pki_.log_key()) + "\n";
  text += "[access]\ndirectory = \"directory.toml\"\ndeny_list = \"deny-list.toml\"\n";
  text += settings_.access;
  text += "[http]\nlisten = \"127.0.0.1:0\"\n";
  // A test machine's disk will do, and tests ask and are refused more in a minute than a person.
  const std::int64_t reserve = settings_.reserve_filings_bytes;
  text += "[capacity]\ndisk_reserve_uploads_bytes = " + std::to_string(reserve) + "\n";
  text += "disk_reserve_filings_bytes = " + std::to_string(reserve) + "\n";
  text += "user_refused_attempts_per_minute = 1000\n";
  text += "user_requests_per_minute = 1000000\nuser_requests_burst = 1000000\n";
  text += settings_.capacity;
  text += "[replay]\nprobe_first_ms = 20\nprobe_max_ms = 200\nfiling_first_ms = 20\n";
  text += "filing_max_ms = 200\ncheck_interval_ms = 200\n" + settings_.replay;
  text += "[[case_system]]\nname = \"court\"\nconsistency_group = \"court\"\n";
  text += "endpoints = [\"127.0.0.1:" + std::to_string(case_system) + "\"]\n";
  text += "ca = " + quoted(pki_.tls_root()) + "\nserver_name = \"localhost\"\n";
  text += "certificate = " + quoted(gateway_.certificate) + "\n";
  text += "key = " + quoted(gateway_.key) + "\n";
  text += "courts = [\"mo.sup\", \"mo.app.*\", \"mo.cir.*\"]\n";
  return text + settings_.more;
}

void GatewayProcess::Start() {
  NB_CHECK(!running());
  Replace("gateway.toml", Configuration());
  WriteCourtSystem();
  WriteDirectory(settings_.directory);
  WriteDenyList(settings_.deny_list);
  const auto ports = directory() / "ports.json";
  std::filesystem::remove(ports);
  std::vector<std::string> words = {NIGHTBOX_GATEWAY_PROGRAM, "--config",
                                    (directory() / "gateway.toml").string(), "--port-file",
                                    ports.string()};
  words.insert(words.end(), settings_.words.begin(), settings_.words.end());
  process_ = std::make_unique<ChildProcess>(std::move(words), directory() / "gateway.log");
  try {
    process_->WaitForFile(ports);
  } catch (...) {
    process_.reset();  // It may be started another time, with other settings.
    throw;
  }
  const auto said = boost::json::parse(ReadWholeFile(ports)).as_object();
  http_port_ = said.at("http").to_number<int>();
  monitoring_port_ = said.contains("monitoring") ? said.at("monitoring").to_number<int>() : 0;
  port_ = said.at("intake").to_number<int>();
}

void GatewayProcess::Stop() {
  BeginToStop();
  AwaitEnd();
}

void GatewayProcess::BeginToStop() {
  port_ = 0;
  process_->Signal(SIGTERM);
}

void GatewayProcess::AwaitEnd() {
  const int status = process_->WaitForEnd();
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw std::runtime_error("the gateway did not stop in order: status " + std::to_string(status) +
                             "\n" + Log());
  }
}

void GatewayProcess::Kill() {
  port_ = 0;
  const int status = process_->End(SIGKILL);
  // It must have lived until now: one that had given up by itself would make every test easy.
  if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) {
    throw std::runtime_error("the gateway had ended before it was killed: status " +
                             std::to_string(status) + "\n" + Log());
  }
}

void GatewayProcess::WriteDirectory(const std::string& toml) const {
  Replace("directory.toml", toml);
}
void GatewayProcess::WriteDenyList(const std::string& toml) const {
  Replace("deny-list.toml", toml);
}

CommandResult GatewayProcess::Ctl(std::vector<std::string> words) const {
  words.insert(words.begin(), {"timeout", "60", NIGHTBOXCTL_PROGRAM, "--json"});
  return RunCommand(words);
}

CommandResult GatewayProcess::RunProgram(std::vector<std::string> words) {
  words.insert(words.begin(), {"timeout", "20", NIGHTBOX_GATEWAY_PROGRAM});
  return RunCommand(words);
}

std::uint64_t GatewayProcess::VerifyJournal() const {
  NB_CHECK(!running());
  const auto verified =
      Ctl({"journal", "verify", "--config", (directory() / "gateway.toml").string(), "--root",
           pki_.receipt_root().string()});
  if (verified.exit_code != 0) throw std::runtime_error("not sound: " + verified.output);
  return boost::json::parse(verified.output).at("entries").to_number<std::uint64_t>();
}

GatewayProcess::Page GatewayProcess::Get(const std::string& path, int port) const {
  namespace asio = boost::asio;
  asio::io_context loop;
  asio::ip::tcp::socket socket(loop);
  boost::system::error_code error;
  error = socket.connect({asio::ip::make_address("127.0.0.1"), static_cast<std::uint16_t>(port)},
                         error);
  const std::string request = "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  if (!error) asio::write(socket, asio::buffer(request), error);
  std::string answer;
  if (!error) asio::read(socket, asio::dynamic_buffer(answer), error);
  const std::size_t body = answer.find("\r\n\r\n");
  // "HTTP/1.1 200 …".
  if (body == std::string::npos || answer.size() < 12) return {};
  return {std::stoi(answer.substr(9, 3)), answer.substr(body + 4)};
}

std::string GatewayProcess::Log() const { return ReadWholeFile(directory() / "gateway.log"); }

void GatewayProcess::Replace(const std::string& name, const std::string& text) const {
  directory_.Write(name + ".part", text);
  std::filesystem::rename(directory() / (name + ".part"), directory() / name);
}

}  // namespace nightbox
