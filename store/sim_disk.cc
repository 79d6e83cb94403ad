#include "store/sim_disk.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/check.h"
#include "store/sim_disk_file.h"
#include "store/sim_node.h"

namespace nightbox {
namespace {

constexpr std::uint64_t kBlockBytes = SimNode::kBlockBytes;

std::vector<std::string> PartsOf(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0 && path.substr(0, end) != ".") parts.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

std::uint64_t BlocksBelow(const SimNode& node) {
  auto blocks =
      static_cast<std::uint64_t>(std::count(node.blocks.begin(), node.blocks.end(), true));
  for (const auto& [name, child] : node.names) blocks += BlocksBelow(*child);
  return blocks;
}

}  // namespace

class SimDisk::HeldLock : public DiskLock {
 public:
  HeldLock(SimDisk& disk, NodePtr node, std::uint64_t generation)
      : disk_(disk), node_(std::move(node)), generation_(generation) {}
  ~HeldLock() override {
    const std::lock_guard lock(disk_.mutex_);
    if (generation_ == disk_.generation_) disk_.locked_.erase(node_.get());
  }

 private:
  SimDisk& disk_;
  NodePtr node_;
  std::uint64_t generation_;
};

SimDisk::SimDisk() : root_(std::make_shared<SimNode>()) { root_->is_directory = true; }

SimDisk::~SimDisk() = default;

void SimDisk::FailAt(std::uint64_t n, CutMode mode) {
  const std::lock_guard lock(mutex_);
  NB_CHECK(n > 0);
  fail_in_ = n;
  cut_mode_ = mode;
  cut_point_.reset();
}

std::optional<std::string> SimDisk::cut_point() const {
  const std::lock_guard lock(mutex_);
  return cut_point_;
}

void SimDisk::FailNext(DiskOperation operation, DiskSubject subject) {
  const std::lock_guard lock(mutex_);
  failures_.emplace(operation, subject);
}

void SimDisk::SetOmitSync(std::optional<DiskSubject> subject) {
  const std::lock_guard lock(mutex_);
  omitted_ = subject;
}

void SimDisk::SetCapacity(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  capacity_ = bytes;
}

void SimDisk::SetDuringSync(std::function<void(const std::string& path)> during_sync) {
  const std::lock_guard lock(mutex_);
  during_sync_ = std::move(during_sync);
}

void SimDisk::FlipByte(const std::string& path, std::uint64_t offset) {
  const std::lock_guard lock(mutex_);
  const Place place = Find("flip", path).value();
  NB_CHECK(place.node != nullptr && offset < place.node->data.size());
  for (std::string* bytes : {&place.node->data, &place.node->synced_data}) {
    if (offset < bytes->size()) (*bytes)[offset] = static_cast<char>((*bytes)[offset] ^ 0x10);
  }
}

std::uint64_t SimDisk::operation_count() const {
  const std::lock_guard lock(mutex_);
  return operation_count_;
}

std::map<std::string, std::uint64_t> SimDisk::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

std::uint64_t SimDisk::used_bytes() const {
  const std::lock_guard lock(mutex_);
  return used_blocks_ * kBlockBytes;
}

Result<std::unique_ptr<DiskFile>> SimDisk::Open(const std::string& path, OpenMode mode) {
  const std::lock_guard lock(mutex_);
  NB_RETURN_IF_ERROR(Powered("open", path));
  NB_ASSIGN_OR_RETURN(Place place, Find("open", path));
  const bool creates = mode == OpenMode::kCreate || mode == OpenMode::kCreateNew;
  if (place.node != nullptr) {
    if (mode == OpenMode::kCreateNew) return DiskError("open", path, EEXIST);
    if (place.node->is_directory) return DiskError("open", path, EISDIR);
  } else {
    if (!creates) return DiskError("open", path, ENOENT);
    NB_RETURN_IF_ERROR(Act(DiskOperation::kCreate, path, [&]() -> Result<void> {
      place.node = std::make_shared<SimNode>();
      place.directory->ChangeNames({.removed = {}, .added = place.name, .node = place.node});
      return {};
    }));
  }
  return std::make_unique<File>(*this, place.node, path, mode != OpenMode::kRead, generation_);
}

Result<FileStatus> SimDisk::Stat(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  NB_RETURN_IF_ERROR(Powered("stat", path));
  NB_ASSIGN_OR_RETURN(const Place place, Find("stat", path));
  if (place.node == nullptr) return DiskError("stat", path, ENOENT);
  return FileStatus{.size = place.node->data.size(), .is_directory = place.node->is_directory};
}

Result<std::vector<std::string>> SimDisk::List(const std::string& directory) const {
  const std::lock_guard lock(mutex_);
  NB_RETURN_IF_ERROR(Powered("list", directory));
  NB_ASSIGN_OR_RETURN(const NodePtr node, FindDirectory("list", directory));
  std::vector<std::string> names;
  names.reserve(node->names.size());
  for (const auto& [name, child] : node->names) names.push_back(name);
  return names;
}

Result<void> SimDisk::Rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  NB_RETURN_IF_ERROR(Powered("rename", from));
  NB_ASSIGN_OR_RETURN(const Place source, Find("rename", from));
  NB_ASSIGN_OR_RETURN(const Place target, Find("rename", to));
  if (source.node == nullptr) return DiskError("rename", from, ENOENT);
  NB_CHECK(source.directory == target.directory);
  return Act(DiskOperation::kRename, to, [&]() -> Result<void> {
    if (target.node != nullptr) Release(*target.node, 0, target.node->blocks.size() * kBlockBytes);
    source.directory->ChangeNames(
        {.removed = source.name, .added = target.name, .node = source.node});
    return {};
  });
}

Result<void> SimDisk::Unlink(const std::string& path) {
  const std::lock_guard lock(mutex_);
  NB_RETURN_IF_ERROR(Powered("unlink", path));
  NB_ASSIGN_OR_RETURN(const Place place, Find("unlink", path));
  if (place.node == nullptr) return DiskError("unlink", path, ENOENT);
  if (place.node->is_directory) return DiskError("unlink", path, EISDIR);
  return Act(DiskOperation::kUnlink, path, [&]() -> Result<void> {
    // Its blocks count as free at once, as if no handle held it.
    Release(*place.node, 0, place.node->blocks.size() * kBlockBytes);
    place.directory->ChangeNames({.removed = place.name, .added = {}, .node = nullptr});
    return {};
  });
}

Result<void> SimDisk::MakeDirectory(const std::string& path) {
  const std::lock_guard lock(mutex_);
  NB_RETURN_IF_ERROR(Powered("mkdir", path));
  NB_ASSIGN_OR_RETURN(const Place place, Find("mkdir", path));
  if (place.node != nullptr) return DiskError("mkdir", path, EEXIST);
  return Act(DiskOperation::kMakeDirectory, path, [&]() -> Result<void> {
    auto made = std::make_shared<SimNode>();
    made->is_directory = true;
    place.directory->ChangeNames({.removed = {}, .added = place.name, .node = std::move(made)});
    return {};
  });
}

Result<void> SimDisk::SyncDirectory(const std::string& path) {
  const std::lock_guard lock(mutex_);
  NB_RETURN_IF_ERROR(Powered("fsync directory", path));
  NB_ASSIGN_OR_RETURN(const NodePtr node, FindDirectory("fsync directory", path));
  return Act(DiskOperation::kSyncDirectory, path, [&]() -> Result<void> {
    if (Omitted(DiskOperation::kSyncDirectory, path)) return {};
    node->synced_names = node->names;
    node->changes.clear();
    return {};
  });
}

Result<std::unique_ptr<DiskLock>> SimDisk::Lock(const std::string& path) {
  NB_RETURN_IF_ERROR(Open(path, OpenMode::kCreate));
  const std::lock_guard lock(mutex_);
  NB_RETURN_IF_ERROR(Powered("lock", path));
  NB_ASSIGN_OR_RETURN(const Place place, Find("lock", path));
  if (place.node == nullptr) return DiskError("lock", path, ENOENT);
  if (!locked_.insert(place.node.get()).second) return DiskError("lock", path, EWOULDBLOCK);
  return std::make_unique<HeldLock>(*this, place.node, generation_);
}

Result<std::uint64_t> SimDisk::FreeBytes(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  NB_RETURN_IF_ERROR(Powered("statvfs", path));
  const std::uint64_t used = used_blocks_ * kBlockBytes;
  return capacity_ > used ? capacity_ - used : 0;
}

Result<SimDisk::Place> SimDisk::Find(std::string_view call, const std::string& path) const {
  const std::vector<std::string> parts = PartsOf(path);
  NodePtr directory = root_;
  // "/" itself has no name in any directory.
  if (parts.empty()) return Place{.directory = nullptr, .name = {}, .node = root_};
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const auto found = directory->names.find(parts[i]);
    if (found == directory->names.end()) return DiskError(call, path, ENOENT);
    directory = found->second;
    if (!directory->is_directory) return DiskError(call, path, ENOTDIR);
  }
  const auto found = directory->names.find(parts.back());
  const NodePtr node = found == directory->names.end() ? nullptr : found->second;
  return Place{.directory = directory, .name = parts.back(), .node = node};
}

Result<SimDisk::NodePtr> SimDisk::FindDirectory(std::string_view call,
                                                const std::string& path) const {
  NB_ASSIGN_OR_RETURN(const Place place, Find(call, path));
  if (place.node == nullptr) return DiskError(call, path, ENOENT);
  if (!place.node->is_directory) return DiskError(call, path, ENOTDIR);
  return place.node;
}

Result<void> SimDisk::Powered(std::string_view call, const std::string& path) const {
  if (power_off_) return DiskError(call, path, EIO);
  return {};
}

Result<void> SimDisk::Act(DiskOperation operation, const std::string& path,
                          const std::function<Result<void>()>& act) {
  const std::string kind = KindOf(operation, path);
  ++operation_count_;
  ++counts_[kind];
  const bool cut = fail_in_ == 1;
  if (fail_in_ > 0) --fail_in_;
  if (cut) cut_point_ = kind;
  if (cut && cut_mode_ == CutMode::kLost) {
    power_off_ = true;
    return DiskError(ToString(operation), path, EIO);
  }
  if (TakeFailure(operation, path)) return DiskError(ToString(operation), path, EIO);
  Result<void> done = act();
  if (!cut) return done;
  power_off_ = true;
  return DiskError(ToString(operation), path, EIO);
}

bool SimDisk::TakeFailure(DiskOperation operation, const std::string& path) const {
  const auto found = failures_.find({operation, SubjectOf(operation, path)});
  if (found == failures_.end()) return false;
  failures_.erase(found);
  return true;
}

bool SimDisk::Omitted(DiskOperation operation, const std::string& path) const {
  return omitted_.has_value() && *omitted_ == SubjectOf(operation, path);
}

Result<void> SimDisk::Occupy(SimNode& node, std::uint64_t offset, std::uint64_t length,
                             std::string_view call, const std::string& path) {
  if (length == 0) return {};
  const std::uint64_t first = offset / kBlockBytes;
  const std::uint64_t end = (offset + length + kBlockBytes - 1) / kBlockBytes;
  if (node.blocks.size() < end) node.blocks.resize(end);
  const auto begin_block = node.blocks.begin() + static_cast<std::ptrdiff_t>(first);
  const auto end_block = node.blocks.begin() + static_cast<std::ptrdiff_t>(end);
  const auto missing = static_cast<std::uint64_t>(std::count(begin_block, end_block, false));
  if (used_blocks_ + missing > capacity_ / kBlockBytes) return DiskError(call, path, ENOSPC);
  used_blocks_ += missing;
  std::fill(begin_block, end_block, true);
  return {};
}

void SimDisk::Release(SimNode& node, std::uint64_t offset, std::uint64_t length) {
  const std::uint64_t first = (offset + kBlockBytes - 1) / kBlockBytes;
  const std::uint64_t end =
      std::min<std::uint64_t>((offset + length) / kBlockBytes, node.blocks.size());
  for (std::uint64_t block = first; block < end; ++block) {
    if (node.blocks[block]) --used_blocks_;
    node.blocks[block] = false;
  }
}

void SimDisk::CutPower(std::uint64_t seed) {
  const std::lock_guard lock(mutex_);
  SeededRandom random(seed);
  power_off_ = false;
  fail_in_ = 0;
  failures_.clear();
  locked_.clear();
  ++generation_;
  root_->AfterPowerCut(random);
  used_blocks_ = BlocksBelow(*root_);
}

}  // namespace nightbox
