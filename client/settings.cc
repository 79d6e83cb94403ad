#include "client/settings.h"

#include <toml++/toml.h>

#include <array>
#include <cstdlib>
#include <sstream>

#include "client/file_operations.h"

namespace nightbox::client {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kConfigBytesMax = 1'000'000;

struct Key {
  const char* name;
  const char* variable;
  std::string Settings::*member;
  bool is_path;
};

constexpr std::array<Key, 9> kKeys = {{
    {"server", "NIGHTBOX_SERVER", &Settings::server, false},
    {"tls_name", "NIGHTBOX_TLS_NAME", &Settings::tls_name, false},
    {"certificate", "NIGHTBOX_CERTIFICATE", &Settings::certificate, true},
    {"key", "NIGHTBOX_KEY", &Settings::key, true},
    {"ca", "NIGHTBOX_CA", &Settings::ca, true},
    {"receipt_root", "NIGHTBOX_RECEIPT_ROOT", &Settings::receipt_root, true},
    {"registered_user", "NIGHTBOX_REGISTERED_USER", &Settings::registered_user, false},
    {"staff", "NIGHTBOX_STAFF", &Settings::staff, false},
    {"state", "NIGHTBOX_STATE", &Settings::state, true},
}};

const Key* FindKey(std::string_view name) {
  for (const Key& each : kKeys) {
    if (name == each.name) return &each;
  }
  return nullptr;
}

// A directory of the XDG specification: `variable`, or `fallback` under the home directory.
fs::path BaseDirectory(const Environment& environment, const char* variable, const char* fallback) {
  const auto given = environment(variable);
  // Relative paths are invalid there, says the specification.
  if (given && fs::path(*given).is_absolute()) return *given;
  return fs::path(environment("HOME").value_or("/")) / fallback;
}

}  // namespace

GatewayAddress Settings::Address() const { return {server, tls_name, certificate, key, ca}; }

Environment ProcessEnvironment() {
  return [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') return std::nullopt;
    return value;
  };
}

fs::path DefaultConfigPath(const Environment& environment) {
  return BaseDirectory(environment, "XDG_CONFIG_HOME", ".config") / "nightbox" / "nightbox.toml";
}

fs::path DefaultStatePath(const Environment& environment) {
  return BaseDirectory(environment, "XDG_STATE_HOME", ".local/state") / "nightbox";
}

Result<Settings> ParseSettings(std::string_view toml, const fs::path& directory) {
  Settings settings;
  try {
    const toml::table table = toml::parse(toml);
    for (const auto& [name, value] : table) {
      const Key* key = FindKey(name.str());
      const auto text = value.value_exact<std::string>();
      if (key == nullptr) {
        return Error{ErrorCode::kInvalidArgument, "unknown key '" + std::string(name.str()) + "'"};
      }
      if (!text) {
        return Error{ErrorCode::kInvalidArgument,
                     "'" + std::string(key->name) + "' must be a text"};
      }
      settings.*(key->member) = key->is_path ? (directory / *text).string() : *text;
    }
  } catch (const toml::parse_error& error) {
    return Error{ErrorCode::kInvalidArgument, "line " + std::to_string(error.source().begin.line) +
                                                  ": " + std::string(error.description())};
  }
  return settings;
}

Result<Settings> GatherSettings(const Settings& options, const std::string& config,
                                const Environment& environment) {
  Settings settings;
  std::string named = config;
  if (named.empty()) named = environment("NIGHTBOX_CONFIG").value_or("");
  const fs::path path = named.empty() ? DefaultConfigPath(environment) : fs::path(named);
  const Result<std::string> text = ReadWholeFile(path, kConfigBytesMax);
  if (text) {
    Result<Settings> parsed = ParseSettings(*text, fs::absolute(path).parent_path());
    if (!parsed) return parsed.error().In(path.string());
    settings = std::move(*parsed);
  } else if (!named.empty() || text.error().code != ErrorCode::kNotFound) {
    return text.error();
  }
  for (const Key& key : kKeys) {
    if (const auto value = environment(key.variable)) settings.*(key.member) = *value;
    if (!(options.*(key.member)).empty()) settings.*(key.member) = options.*(key.member);
  }
  if (settings.state.empty()) settings.state = DefaultStatePath(environment).string();
  return settings;
}

}  // namespace nightbox::client
