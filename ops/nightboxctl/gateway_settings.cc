#include "ops/nightboxctl/gateway_settings.h"

#include <toml++/toml.h>

#include <algorithm>

#include "client/file_operations.h"

namespace nightbox::ctl {
namespace {

constexpr std::size_t kConfigBytesMax = 1'000'000;
constexpr std::size_t kNameMax = 64;

bool IsName(const std::string& name) {
  return !name.empty() && name.size() <= kNameMax &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '.' || c == '_';
         });
}

Error Wrong(const std::string& message) { return {ErrorCode::kInvalidArgument, message}; }

Result<GatewaySettings> ReadConfig(const std::filesystem::path& config) {
  NB_ASSIGN_OR_RETURN(const std::string text, client::ReadWholeFile(config, kConfigBytesMax));
  GatewaySettings settings;
  try {
    const toml::table table = toml::parse(text);
    settings.name = table["gateway"]["name"].value_or(std::string());
    const std::string directory = table["gateway"]["data_directory"].value_or(std::string());
    if (!directory.empty()) {
      settings.data_directory =
          (std::filesystem::absolute(config).parent_path() / directory).lexically_normal();
    }
  } catch (const toml::parse_error& error) {
    return Wrong(config.string() + " line " + std::to_string(error.source().begin.line) + ": " +
                 std::string(error.description()));
  }
  return settings;
}

}  // namespace

Result<GatewaySettings> GatherGatewaySettings(const std::filesystem::path& config,
                                              const std::string& name,
                                              const std::string& data_directory) {
  GatewaySettings settings;
  if (!config.empty()) {
    NB_ASSIGN_OR_RETURN(settings, ReadConfig(config));
  }
  if (!name.empty()) settings.name = name;
  if (!data_directory.empty()) settings.data_directory = data_directory;
  if (settings.data_directory.empty()) {
    return Wrong("where the journal is must be said: --config FILE, or --data-dir DIR");
  }
  while (settings.data_directory.size() > 1 && settings.data_directory.ends_with('/')) {
    settings.data_directory.pop_back();
  }
  if (!IsName(settings.name)) {
    return Wrong(
        "the gateway's name must be said, 1 to 64 letters, digits, - . _: --config FILE, or "
        "--gateway NAME");
  }
  return settings;
}

}  // namespace nightbox::ctl
