// Settings: where the gateway is and who files, from options, environment and a file.
//
// An option counts before NIGHTBOX_* in the environment, and that before the file
// ($XDG_CONFIG_HOME/nightbox/nightbox.toml). A key the file has and we do not know is an error: at
// 23:58 nobody finds a misspelt line.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "client/intake_client.h"
#include "core/ids.h"
#include "core/result.h"

namespace nightbox::client {

struct Settings {
  std::string server;
  std::string tls_name;
  std::string certificate;
  std::string key;
  std::string ca;
  // PEM with the root the court published for receipts. Empty: signatures cannot be proven.
  std::string receipt_root;
  std::string registered_user;
  std::string staff;
  // The state directory; outbox and done lie in it.
  std::string state;

  GatewayAddress Address() const;
};

// Answers the value of an environment variable, or nullopt.
using Environment = std::function<std::optional<std::string>(const char* name)>;

// The process's own.
Environment ProcessEnvironment();

// Where the file is looked for when none is named.
std::filesystem::path DefaultConfigPath(const Environment& environment);
// $XDG_STATE_HOME/nightbox, or ~/.local/state/nightbox.
std::filesystem::path DefaultStatePath(const Environment& environment);

// The settings of a TOML text. Relative paths are taken from `directory`. kInvalidArgument names
// the line or the key.
Result<Settings> ParseSettings(std::string_view toml, const std::filesystem::path& directory);

// Options over environment over file. `options` has what the command line gave, empty where it gave
// nothing; `config` is empty for the default place, where no file need be.
Result<Settings> GatherSettings(const Settings& options, const std::string& config,
                                const Environment& environment);

}  // namespace nightbox::client
