#include "ops/nightboxctl/journal_report.h"

#include <utility>

namespace nightbox::ctl {
namespace {

constexpr std::size_t kBufferBytes = 1 << 20;

}  // namespace

Result<JournalReportFile> JournalReportFile::Create(Disk& disk, const std::filesystem::path& path) {
  NB_ASSIGN_OR_RETURN(auto file, disk.Open(path.string(), OpenMode::kCreateNew));
  return JournalReportFile(disk, path.string(), std::move(file));
}

JournalReportFile::JournalReportFile(Disk& disk, std::string path, std::unique_ptr<DiskFile> file)
    : disk_(&disk),
      path_(std::move(path)),
      file_(std::move(file)),
      buffer_("{\"format\":\"nightbox-salvage/1\",\n\"filings\":[") {}

void JournalReportFile::Element(const boost::json::object& filing) {
  buffer_ += first_ ? "\n" : ",\n";
  first_ = false;
  buffer_ += boost::json::serialize(filing);
  if (buffer_.size() >= kBufferBytes) Flush();
}

void JournalReportFile::Flush() {
  if (!failure_) {
    if (const auto done = file_->WriteAt(written_, buffer_); !done) failure_ = done.error();
  }
  written_ += buffer_.size();
  buffer_.clear();
}

Result<void> JournalReportFile::Finish(const boost::json::object& summary) {
  buffer_ += "\n]";
  for (const auto& member : summary) {
    buffer_ += ",\n" + boost::json::serialize(boost::json::string(member.key())) + ":" +
               boost::json::serialize(member.value());
  }
  buffer_ += "}\n";
  Flush();
  if (failure_) return *failure_;
  NB_RETURN_IF_ERROR(file_->Sync());
  return disk_->SyncDirectory(ParentDirectory(path_));
}

}  // namespace nightbox::ctl
