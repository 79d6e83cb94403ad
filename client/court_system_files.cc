#include "client/court_system_files.h"

#include <map>

#include "client/file_operations.h"
#include "proto/filing_codec.h"

namespace nightbox::client {
namespace {

namespace fs = std::filesystem;

Error Wrong(const fs::path& path, const std::string& why) {
  return {ErrorCode::kInvalidArgument, path.string() + ": " + why, "MALFORMED_DATA"};
}

}  // namespace

Result<CourtSystem> ReadCourtSystemFiles(const fs::path& directory) {
  if (directory.empty()) {
    return LoadCourtSystem({{"system.toml", "[court_system]\nname = \"Missouri\"\n"}},
                           std::string(kCompiledIn));
  }
  std::map<std::string, std::string> files;
  std::error_code error;
  for (fs::directory_iterator entries(directory, error);
       !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const std::string name = entries->path().filename().string();
    if (IsLeftAloneByCourtSystem(name)) continue;
    if (!IsCourtSystemFile(name)) {
      return Wrong(entries->path(), "there is no such file of a court system");
    }
    NB_ASSIGN_OR_RETURN(files[name], ReadWholeFile(entries->path(), kCourtSystemFileMaxBytes));
    if (!IsWellFormedText(files[name])) return Wrong(entries->path(), "is not UTF-8");
  }
  if (error) return Wrong(directory, "cannot be listed: " + error.message());
  return LoadCourtSystem(files, directory.string());
}

std::string RulesFrom(const fs::path& directory) {
  return directory.empty() ? std::string(kCompiledIn) : directory.string();
}

}  // namespace nightbox::client
