// Goal: what the index was told is there reads back after any power cut and any start; the rest is
// gone, and nothing is read as what it is not.
// Method: the input is a list of acts on a SegmentFiles over SimDisk; the index is a list.
#include "core/check.h"
#include "core/crc32c.h"
#include "store/segment_file.h"
#include "store/sim_disk.h"
#include "tests/fuzz/fuzz_target.h"

namespace nightbox {
namespace {

constexpr char kDirectory[] = "/documents";
constexpr SegmentOptions kOptions{.segment_bytes = 4 * Extent::kAlignment, .open_files_max = 2};
constexpr int kActsMax = 64;

struct Indexed {
  Extent extent;
  std::string bytes;
};

class Run {
 public:
  explicit Run(FuzzInput input) : input_(input) {
    NB_CHECK(disk_.MakeDirectory(kDirectory));
    NB_CHECK(disk_.SyncDirectory("/"));
    Start();
  }

  void Go() {
    for (int i = 0; i < kActsMax && !input_.empty(); ++i) Act();
    Restart();
  }

 private:
  void Start() {
    CommittedEnds committed;
    for (const Indexed& indexed : index_) {
      auto& end = committed.ends[indexed.extent.segment];
      end = std::max(end, indexed.extent.end());
    }
    auto opened = SegmentFiles::Open(disk_, kDirectory, committed, kOptions);
    NB_CHECK(opened);
    files_ = std::move(opened).value();
    for (const Indexed& indexed : index_) CheckReads(indexed);
  }

  void Restart() {
    files_.reset();
    written_.clear();
    disk_.CutPower(input_.Number());
    Start();
  }

  void CheckReads(const Indexed& indexed) {
    const auto bytes = files_->Read(indexed.extent, Crc32c(indexed.bytes));
    NB_CHECK(bytes && *bytes == indexed.bytes);
  }

  void Act() {
    switch (input_.Choice(8)) {
      case 0:
        return Restart();
      case 1:
        return Sync();
      case 2:
        return Punch();
      case 3:
        return LeaveStray();
      default:
        return Write();
    }
  }

  void Write() {
    const std::uint32_t size = 1 + input_.Byte() * 48U;
    const auto extent = files_->Reserve(size);
    NB_CHECK(extent && extent->size == size && extent->offset % Extent::kAlignment == 0);
    NB_CHECK(extent->end() <= kOptions.segment_bytes);
    std::string bytes(size, static_cast<char>(input_.Byte()));
    const std::size_t half = input_.Byte() * bytes.size() / 256;
    NB_CHECK(files_->Write(*extent, half, std::string_view(bytes).substr(half)));
    NB_CHECK(files_->Write(*extent, 0, std::string_view(bytes).substr(0, half)));
    written_.push_back({*extent, std::move(bytes)});
    CheckReads(written_.back());
  }

  // Then the index may say that they are there.
  void Sync() {
    for (Indexed& written : written_) {
      NB_CHECK(files_->Sync(written.extent.segment));
      index_.push_back(std::move(written));
    }
    written_.clear();
  }

  void Punch() {
    if (index_.empty()) return;
    const std::size_t which = input_.Byte() % index_.size();
    NB_CHECK(files_->Punch(index_[which].extent));
    index_.erase(index_.begin() + static_cast<std::ptrdiff_t>(which));
    for (const Indexed& indexed : index_) CheckReads(indexed);
  }

  // A file of somebody else, in our directory.
  void LeaveStray() {
    std::string name = input_.Text();
    if (name.empty() || name == "." || name == ".." || name.starts_with("segment-")) return;
    if (name.find_first_of(std::string("/\0", 2)) != std::string::npos) return;
    (void)disk_.Open(std::string(kDirectory) + "/" + name, OpenMode::kCreate);
  }

  FuzzInput input_;
  SimDisk disk_;
  std::unique_ptr<SegmentFiles> files_;
  std::vector<Indexed> written_;
  std::vector<Indexed> index_;
};

}  // namespace
}  // namespace nightbox

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  nightbox::Run({data, size}).Go();
  return 0;
}
