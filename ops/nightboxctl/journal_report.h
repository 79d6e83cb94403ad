// The report of a salvage, written filing by filing: an archive need not fit into memory.
//
// One JSON object: "format", "filings" (one a line), then the members of the summary. Made durable
// at the end; a report that was cut short is not valid JSON.
#pragma once

#include <boost/json.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/result.h"
#include "store/disk.h"

namespace nightbox::ctl {

class JournalReportFile {
 public:
  // kAlreadyExists rather than overwrite.
  static Result<JournalReportFile> Create(Disk& disk, const std::filesystem::path& path);

  // Adds a filing. What goes wrong is told by Finish().
  void Element(const boost::json::object& filing);
  Result<void> Finish(const boost::json::object& summary);

 private:
  JournalReportFile(Disk& disk, std::string path, std::unique_ptr<DiskFile> file);
  void Flush();

  Disk* disk_;
  std::string path_;
  std::unique_ptr<DiskFile> file_;
  std::string buffer_;
  std::uint64_t written_ = 0;
  bool first_ = true;
  std::optional<Error> failure_;
};

}  // namespace nightbox::ctl
