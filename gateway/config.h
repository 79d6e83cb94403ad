// The gateway's configuration: a TOML file read once into plain values.
//
// Every key is described in ops/nightbox-gateway.sample.toml; a test holds the sample and this
// reader together. An unknown key is an error, because a misspelt limit must not silently be the
// default. Relative paths are relative to the file. Secrets stand in files of their own, readable
// by their owner only and outside the data directory.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "rules/court_statement.h"

namespace nightbox {

using std::chrono::milliseconds;

// An IP address and port as written: "127.0.0.1:8443", "[::]:8443". Port 0 takes a free one.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
  bool operator==(const ListenAddress&) const = default;

  std::string Text() const;
  bool IsLoopback() const;
};

struct IntakeConfig {
  std::vector<ListenAddress> listen{{"127.0.0.1", 8443}};
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path client_ca;
  std::int64_t connections_max = 2000;
  std::int64_t connections_per_address_max = 500;
  // Connections that have not made a call yet.
  std::int64_t silent_connections_per_address_max = 100;
  milliseconds handshake_timeout{10'000};
};

struct ReceiptsConfig {
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path root;
  // Ed25519: signs the log's checkpoints.
  std::filesystem::path log_key;
};

struct AccessConfig {
  std::filesystem::path directory;
  std::filesystem::path deny_list;
  milliseconds check_interval{2'000};
};

struct HttpConfig {
  ListenAddress listen{"127.0.0.1", 8080};
  // Both empty: plain HTTP, on loopback only.
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::int64_t connections_max = 64;

  bool tls() const { return !certificate.empty(); }
};

// One consistency group of a case system: its endpoints answer from the same records.
struct CaseSystemConfig {
  std::string name;
  std::string consistency_group;
  // In order of preference: "host:port".
  std::vector<std::string> endpoints;
  std::filesystem::path ca;
  std::filesystem::path certificate;
  std::filesystem::path key;
  // The name its certificate must carry; empty: the endpoint's host.
  std::string server_name;
  // Ids and patterns of the courts it serves (gateway/court_binding.h).
  std::vector<std::string> courts;
};

struct CapacityConfig {
  std::int64_t queue_filings_max = 20'000;
  std::int64_t queue_bytes_max = 64 * 1024 * 1024;
  std::int64_t uploads_max = 64;
  std::int64_t uploads_per_system_max = 32;
  std::int64_t unused_upload_bytes_per_system_max = 20'000 * kMegabyte;
  milliseconds upload_lease{24 * 3600 * 1000LL};
  // Free bytes below which uploads, and below which filings, are no longer taken.
  std::int64_t disk_reserve_uploads_bytes = 4'000 * kMegabyte;
  std::int64_t disk_reserve_filings_bytes = 2'000 * kMegabyte;
  std::int64_t watchers_max = 2'000;
  std::int64_t user_requests_per_minute = 600;
  std::int64_t user_requests_burst = 200;
  std::int64_t user_refused_attempts_per_minute = 12;
  // Most of the time they wait for a sync or an examiner (docs/decisions/0005-document-threads.md).
  std::int64_t document_threads = 8;
};

struct PdfCheckConfig {
  // Empty: beside the gateway's own program.
  std::filesystem::path program;
  milliseconds wall_time{20'000};
  std::int64_t cpu_seconds = 10;
  std::int64_t memory_bytes = 512 * 1024 * 1024LL;
};

struct ReplayConfig {
  std::int64_t in_flight_max = 64;
  std::int64_t court_window_max = 8;
  milliseconds probe_first{1'000};
  milliseconds probe_max{300'000};
  milliseconds filing_first{1'000};
  milliseconds filing_max{900'000};
  milliseconds check_interval{30'000};
  // How long the case system may be silent at one step of a delivery.
  milliseconds delivery_timeout{60'000};
  milliseconds slow_after{20'000};
  std::int64_t hold_after_failures = 5;
};

// Whether what nobody has confirmed stands in the way of a start.
enum class Profile {
  kTrial,       // It does not; it is called unconfirmed wherever it shows.
  kProduction,  // It does, until a named person accepts it (rules/court_system.h).
};

struct GatewayConfig {
  std::string name;
  Profile profile = Profile::kProduction;
  std::filesystem::path data_directory;
  // The court system's directory (docs/court-system.md).
  std::filesystem::path court_system;
  milliseconds shutdown_grace{20'000};
  IntakeConfig intake;
  ReceiptsConfig receipts;
  AccessConfig access;
  HttpConfig http;
  // Of /metrics, apart from the public's page. Nothing: see MetricsOnHttp.
  std::optional<HttpConfig> monitoring;
  std::vector<CaseSystemConfig> case_systems;
  CapacityConfig capacity;
  PdfCheckConfig pdf_check;
  ReplayConfig replay;

  // What all case systems list, together.
  std::vector<std::string> ServedCourts() const;
  // Metrics count filings by court, and in a small court a count is a person: the listener that the
  // public reaches serves them only as long as it is on loopback and nothing else serves them.
  bool MetricsOnHttp() const { return !monitoring && http.listen.IsLoopback(); }
};

// A reason not to start.
struct ConfigFinding {
  // 0: of no one line.
  int line = 0;
  // "intake.listen"; empty: of the file.
  std::string key;
  std::string message;
  bool operator==(const ConfigFinding&) const = default;

  // "line 12: intake.listen: …".
  std::string Text() const;
};

struct ParsedConfig {
  GatewayConfig config;
  // All of them, in order of line. Empty: the values are usable as far as text can tell.
  std::vector<ConfigFinding> findings;
};

// Pure: looks at the text only.
ParsedConfig ParseConfig(std::string_view toml, const std::filesystem::path& base_directory);

// Looks at the files that are named: they exist, keys are readable by their owner only and lie
// outside the data directory.
std::vector<ConfigFinding> CheckConfigFiles(const GatewayConfig& config);

// For `--check`: everything that is wrong, at once.
std::vector<ConfigFinding> CheckConfig(const std::filesystem::path& file);

// For starting. The error lists every finding, one a line.
Result<GatewayConfig> LoadConfig(const std::filesystem::path& file);

// Every key there is, "section.key".
std::set<std::string> ConfigKeys();

// "127.0.0.1:8443" and "[::1]:8443"; names are refused: nothing that can be down is asked at start.
Result<ListenAddress> ParseListenAddress(std::string_view text);

}  // namespace nightbox
