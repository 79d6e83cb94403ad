// The two keys of the gateway's configuration that its journal depends on.
//
// Read by name, not with the gateway's own reader: whoever sets a journal aside at night must not
// be stopped by a wrong limit elsewhere in the file.
#pragma once

#include <filesystem>
#include <string>

#include "core/result.h"

namespace nightbox::ctl {

struct GatewaySettings {
  std::string name;
  std::string data_directory;
};

// What was given on the command line counts; what was not is read from `config`, if that is given.
// kInvalidArgument says what is missing. Relative paths in the file are relative to it.
Result<GatewaySettings> GatherGatewaySettings(const std::filesystem::path& config,
                                              const std::string& name,
                                              const std::string& data_directory);

}  // namespace nightbox::ctl
