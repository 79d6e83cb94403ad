#include "gateway/config.h"

#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <fstream>
#include <iterator>

#include "rules/toml_table.h"

namespace nightbox {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMany = 1'000'000;
constexpr std::int64_t kHour = 3600 * 1000LL;
constexpr std::int64_t kTerabyte = 1'000'000 * kMegabyte;

// "host:port", for endpoints that may be named.
bool IsEndpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  unsigned port = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, port);
  return error == std::errc() && stop == end && port > 0 && port < 65536;
}

bool IsName(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  });
}

// Reads all sections; every reader is one section of the sample.
class ConfigReader {
 public:
  ConfigReader(GatewayConfig& config, const fs::path& base) : config_(config), base_(base) {}

  void ReadAll(TomlTable& file) {
    file.Section("gateway", [this](TomlTable& t) { ReadGateway(t); });
    file.Section("intake", [this](TomlTable& t) { ReadIntake(t); });
    file.Section("receipts", [this](TomlTable& t) { ReadReceipts(t); });
    file.Section("access", [this](TomlTable& t) { ReadAccess(t); });
    file.Section("http", [this](TomlTable& t) { ReadHttp(t, config_.http); });
    file.Section("monitoring", [this](TomlTable& t) { ReadMonitoring(t); });
    file.Sections("case_system", [this](TomlTable& t) { ReadCaseSystem(t); });
    file.Section("capacity", [this](TomlTable& t) { ReadCapacity(t); });
    file.Section("pdf_check", [this](TomlTable& t) { ReadPdfCheck(t); });
    file.Section("replay", [this](TomlTable& t) { ReadReplay(t); });
    if (config_.case_systems.empty() && file.present()) {
      file.Add("case_system", "at least one case system is needed");
    }
    file.Finish();
  }

 private:
  void RequiredPath(TomlTable& t, std::string_view key, fs::path& out) {
    const bool found = t.Read(key, out, base_);
    if (!found && out.empty()) t.Add(key, "is required");
  }

  static void ReadAddress(TomlTable& t, std::string_view key, const std::string& text,
                          ListenAddress& out) {
    if (auto address = ParseListenAddress(text)) {
      out = *std::move(address);
    } else {
      t.Add(key, address.error().message);
    }
  }

  void ReadGateway(TomlTable& t) {
    t.Read("name", config_.name);
    if (!IsName(config_.name)) t.Add("name", "is required: 1 to 64 letters, digits, - . _");
    RequiredPath(t, "data_directory", config_.data_directory);
    ReadProfile(t);
    RequiredPath(t, "court_system", config_.court_system);
    t.Read("shutdown_grace_ms", config_.shutdown_grace, 0, 10 * 60 * 1000);
  }

  // Required: nobody shall take filings for a court in trial, or the other way round, by leaving
  // out a line.
  void ReadProfile(TomlTable& t) {
    std::string profile;
    t.Read("profile", profile);
    config_.profile = profile == "trial" ? Profile::kTrial : Profile::kProduction;
    if (profile != "trial" && profile != "production") {
      t.Add("profile", "is required: \"trial\" or \"production\"");
    }
  }

  void ReadIntake(TomlTable& t) {
    IntakeConfig& c = config_.intake;
    std::vector<std::string> listen;
    if (t.Read("listen", listen)) {
      c.listen.assign(listen.size(), {});
      for (std::size_t i = 0; i < listen.size(); ++i) {
        ReadAddress(t, "listen", listen[i], c.listen[i]);
      }
      if (listen.empty()) t.Add("listen", "needs at least one address");
    }
    RequiredPath(t, "certificate", c.certificate);
    RequiredPath(t, "key", c.key);
    RequiredPath(t, "client_ca", c.client_ca);
    t.Read("connections_max", c.connections_max, 1, kMany);
    t.Read("connections_per_address_max", c.connections_per_address_max, 1, kMany);
    t.Read("silent_connections_per_address_max", c.silent_connections_per_address_max, 1, kMany);
    t.Read("handshake_timeout_ms", c.handshake_timeout, 100, 120'000);
  }

  void ReadReceipts(TomlTable& t) {
    ReceiptsConfig& c = config_.receipts;
    RequiredPath(t, "certificate", c.certificate);
    RequiredPath(t, "key", c.key);
    RequiredPath(t, "root", c.root);
    RequiredPath(t, "log_key", c.log_key);
  }

  void ReadAccess(TomlTable& t) {
    AccessConfig& c = config_.access;
    RequiredPath(t, "directory", c.directory);
    RequiredPath(t, "deny_list", c.deny_list);
    t.Read("check_interval_ms", c.check_interval, 100, kHour);
  }

  void ReadMonitoring(TomlTable& t) {
    HttpConfig c;
    c.listen = {"127.0.0.1", 9464};
    c.connections_max = 16;
    ReadHttp(t, c);
    if (t.present()) config_.monitoring = c;
  }

  void ReadHttp(TomlTable& t, HttpConfig& c) {
    std::string listen;
    if (t.Read("listen", listen)) ReadAddress(t, "listen", listen, c.listen);
    t.Read("certificate", c.certificate, base_);
    t.Read("key", c.key, base_);
    t.Read("connections_max", c.connections_max, 1, 10'000);
    if (c.certificate.empty() != c.key.empty()) {
      t.Add("certificate", "certificate and key go together");
    } else if (!c.tls() && !c.listen.IsLoopback()) {
      t.Add("listen", "plain HTTP is served on loopback only; give a certificate and a key");
    }
  }

  void ReadCaseSystem(TomlTable& t) {
    CaseSystemConfig c;
    t.Read("name", c.name);
    if (!IsName(c.name)) t.Add("name", "is required: 1 to 64 letters, digits, - . _");
    t.Read("consistency_group", c.consistency_group);
    if (!IsName(c.consistency_group)) {
      t.Add("consistency_group", "is required: 1 to 64 letters, digits, - . _");
    }
    t.Read("endpoints", c.endpoints);
    if (c.endpoints.empty() || c.endpoints.size() > 32 ||
        !std::ranges::all_of(c.endpoints, [](const std::string& e) { return IsEndpoint(e); })) {
      t.Add("endpoints", "needs 1 to 32 of \"host:port\"");
    }
    RequiredPath(t, "ca", c.ca);
    RequiredPath(t, "certificate", c.certificate);
    RequiredPath(t, "key", c.key);
    t.Read("server_name", c.server_name);
    t.Read("courts", c.courts);
    if (c.courts.empty()) t.Add("courts", "needs at least one court id or pattern");
    for (const CaseSystemConfig& other : config_.case_systems) {
      if (other.name == c.name) t.Add("name", "is used twice");
    }
    if (t.present()) config_.case_systems.push_back(std::move(c));
  }

  void ReadCapacity(TomlTable& t) {
    CapacityConfig& c = config_.capacity;
    t.Read("queue_filings_max", c.queue_filings_max, 1, kMany);
    t.Read("queue_bytes_max", c.queue_bytes_max, 4 * 1024 * 1024, 4096 * kMegabyte);
    t.Read("uploads_max", c.uploads_max, 1, 10'000);
    t.Read("uploads_per_system_max", c.uploads_per_system_max, 1, 10'000);
    t.Read("unused_upload_bytes_per_system_max", c.unused_upload_bytes_per_system_max,
           kDocumentHardMaxBytes, 1000 * kTerabyte);
    t.Read("upload_lease_s", c.upload_lease, 60, 90 * 24 * 3600);
    t.Read("disk_reserve_uploads_bytes", c.disk_reserve_uploads_bytes, 0, kTerabyte);
    t.Read("disk_reserve_filings_bytes", c.disk_reserve_filings_bytes, 0, kTerabyte);
    if (c.disk_reserve_filings_bytes > c.disk_reserve_uploads_bytes) {
      t.Add("disk_reserve_filings_bytes",
            "must not be over disk_reserve_uploads_bytes: uploads stop first");
    }
    t.Read("watchers_max", c.watchers_max, 1, kMany);
    t.Read("user_requests_per_minute", c.user_requests_per_minute, 1, kMany);
    t.Read("user_requests_burst", c.user_requests_burst, 1, kMany);
    t.Read("user_refused_attempts_per_minute", c.user_refused_attempts_per_minute, 1, kMany);
    t.Read("document_threads", c.document_threads, 1, 64);
  }

  void ReadPdfCheck(TomlTable& t) {
    PdfCheckConfig& c = config_.pdf_check;
    t.Read("program", c.program, base_);
    t.Read("wall_time_ms", c.wall_time, 100, 10 * 60 * 1000);
    t.Read("cpu_s", c.cpu_seconds, 1, 600);
    t.Read("memory_bytes", c.memory_bytes, 64 * kMegabyte, kTerabyte);
  }

  void ReadReplay(TomlTable& t) {
    ReplayConfig& c = config_.replay;
    t.Read("in_flight_max", c.in_flight_max, 1, 10'000);
    t.Read("court_window_max", c.court_window_max, 1, 1'000);
    t.Read("probe_first_ms", c.probe_first, 10, kHour);
    t.Read("probe_max_ms", c.probe_max, 10, kHour);
    t.Read("filing_first_ms", c.filing_first, 10, kHour);
    t.Read("filing_max_ms", c.filing_max, 10, 24 * kHour);
    if (c.probe_max < c.probe_first) t.Add("probe_max_ms", "must not be under probe_first_ms");
    if (c.filing_max < c.filing_first) t.Add("filing_max_ms", "must not be under filing_first_ms");
    t.Read("check_interval_ms", c.check_interval, 100, kHour);
    t.Read("delivery_timeout_ms", c.delivery_timeout, 100, kHour);
    t.Read("slow_after_ms", c.slow_after, 10, kHour);
    t.Read("hold_after_failures", c.hold_after_failures, 1, 1'000);
  }

  GatewayConfig& config_;
  const fs::path& base_;
};

// Whether `path` lies in `directory` or is it, as far as the file system can tell.
bool Inside(const fs::path& path, const fs::path& directory) {
  std::error_code ignored;
  const fs::path inner = fs::weakly_canonical(path, ignored);
  const fs::path outer = fs::weakly_canonical(directory, ignored);
  return std::ranges::mismatch(outer, inner).in1 == outer.end();
}

class FileChecks {
 public:
  explicit FileChecks(const GatewayConfig& config) : config_(config) {}

  std::vector<ConfigFinding> Run() {
    const GatewayConfig& c = config_;
    Directory("gateway.data_directory", c.data_directory);
    Directory("gateway.court_system", c.court_system);
    Readable("intake.certificate", c.intake.certificate);
    Key("intake.key", c.intake.key);
    Readable("intake.client_ca", c.intake.client_ca);
    Readable("receipts.certificate", c.receipts.certificate);
    Key("receipts.key", c.receipts.key);
    Readable("receipts.root", c.receipts.root);
    Key("receipts.log_key", c.receipts.log_key);
    Readable("access.directory", c.access.directory);
    Readable("access.deny_list", c.access.deny_list);
    Pages("http", c.http);
    if (c.monitoring) Pages("monitoring", *c.monitoring);
    for (const CaseSystemConfig& system : c.case_systems) {
      Readable("case_system.ca", system.ca);
      Readable("case_system.certificate", system.certificate);
      Key("case_system.key", system.key);
    }
    return std::move(findings_);
  }

 private:
  void Add(std::string_view key, const fs::path& path, std::string_view what) {
    findings_.push_back({0, std::string(key), path.string() + ' ' + std::string(what)});
  }

  void Pages(const std::string& section, const HttpConfig& pages) {
    if (!pages.tls()) return;
    Readable(section + ".certificate", pages.certificate);
    Key(section + ".key", pages.key);
  }

  void Directory(std::string_view key, const fs::path& path) {
    std::error_code error;
    if (!fs::is_directory(path, error)) Add(key, path, "is no directory");
  }

  bool Readable(std::string_view key, const fs::path& path) {
    std::error_code error;
    if (fs::is_regular_file(path, error) && std::ifstream(path).good()) return true;
    Add(key, path, "cannot be read");
    return false;
  }

  void Key(std::string_view key, const fs::path& path) {
    if (!Readable(key, path)) return;
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
      Add(key, path, "must be readable by its owner only (chmod 600)");
    }
    // A backup of the data directory must not carry the keys that make its evidence worth
    // something.
    if (Inside(path, config_.data_directory)) {
      Add(key, path, "must not lie in the data directory");
    }
  }

  const GatewayConfig& config_;
  std::vector<ConfigFinding> findings_;
};

Result<std::string> ReadFile(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in.is_open() || in.bad()) {
    return Error{ErrorCode::kNotFound, file.string() + " cannot be read", "CONFIG_UNREADABLE"};
  }
  return text;
}

ParsedConfig ParseFile(const fs::path& file) {
  const auto text = ReadFile(file);
  if (!text) return {{}, {{0, "", text.error().message}}};
  std::error_code ignored;
  ParsedConfig parsed = ParseConfig(*text, fs::absolute(file, ignored).parent_path());
  if (parsed.findings.empty()) parsed.findings = CheckConfigFiles(parsed.config);
  return parsed;
}

}  // namespace

std::string ListenAddress::Text() const {
  const bool six = host.find(':') != std::string::npos;
  return (six ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

bool ListenAddress::IsLoopback() const {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(host, error);
  return !error && address.is_loopback();
}

Result<ListenAddress> ParseListenAddress(std::string_view text) {
  Error wrong{ErrorCode::kInvalidArgument,
              "must be an IP address and a port, as in 127.0.0.1:8443 or [::1]:8443"};
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong;
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  ListenAddress address{std::string(host), 0};
  const char* end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data() + colon + 1, end, address.port);
  boost::system::error_code error;
  const auto ip = boost::asio::ip::make_address(address.host, error);
  if (error || failed != std::errc() || stop != end || ip.is_v6() != bracketed) return wrong;
  return address;
}

std::vector<std::string> GatewayConfig::ServedCourts() const {
  std::vector<std::string> patterns;
  for (const CaseSystemConfig& system : case_systems) {
    patterns.insert(patterns.end(), system.courts.begin(), system.courts.end());
  }
  return patterns;
}

std::string ConfigFinding::Text() const {
  std::string text = line > 0 ? "line " + std::to_string(line) + ": " : std::string();
  if (!key.empty()) text += key + ": ";
  return text + message;
}

ParsedConfig ParseConfig(std::string_view toml, const fs::path& base_directory) {
  ParsedConfig parsed;
  std::vector<TomlFinding> findings;
  std::set<std::string> keys;
  if (const auto table = ParseToml(toml, findings)) {
    TomlTable file(&*table, "", findings, keys);
    ConfigReader(parsed.config, base_directory).ReadAll(file);
  }
  for (TomlFinding& finding : findings) {
    parsed.findings.push_back({finding.line, std::move(finding.key), std::move(finding.message)});
  }
  std::ranges::stable_sort(parsed.findings, {}, &ConfigFinding::line);
  return parsed;
}

std::vector<ConfigFinding> CheckConfigFiles(const GatewayConfig& config) {
  return FileChecks(config).Run();
}

std::vector<ConfigFinding> CheckConfig(const fs::path& file) { return ParseFile(file).findings; }

Result<GatewayConfig> LoadConfig(const fs::path& file) {
  ParsedConfig parsed = ParseFile(file);
  if (parsed.findings.empty()) return std::move(parsed.config);
  std::string all = file.string() + " cannot be used:";
  for (const ConfigFinding& finding : parsed.findings) all += "\n  " + finding.Text();
  return Error{ErrorCode::kInvalidArgument, std::move(all), "CONFIG_UNUSABLE"};
}

std::set<std::string> ConfigKeys() {
  GatewayConfig config;
  std::vector<TomlFinding> nobody_reads_these;
  std::set<std::string> keys;
  TomlTable nothing(nullptr, "", nobody_reads_these, keys);
  ConfigReader(config, {}).ReadAll(nothing);
  return keys;
}

}  // namespace nightbox
