#include "store/null_disk.h"

#include <algorithm>
#include <cerrno>

namespace nightbox {
namespace {

constexpr std::uint64_t kBlockBytes = 64 << 10;
constexpr std::uint64_t kFreeBytes = std::uint64_t{1} << 40;

}  // namespace

struct NullDisk::Node {
  bool is_directory = false;
  bool reserved = false;
  bool locked = false;
  std::uint64_t size = 0;
  std::map<std::uint64_t, std::string> blocks;
};

class NullDisk::File : public DiskFile {
 public:
  File(NullDisk& disk, std::string path, NodePtr node)
      : disk_(disk), path_(std::move(path)), node_(std::move(node)) {}

  Result<std::size_t> ReadAt(std::uint64_t offset, std::span<char> into) const override {
    const std::lock_guard lock(disk_.mutex_);
    if (offset >= node_->size) return std::size_t{0};
    const std::size_t count = std::min<std::uint64_t>(into.size(), node_->size - offset);
    for (std::size_t done = 0; done < count;) {
      const std::uint64_t within = (offset + done) % kBlockBytes;
      const std::size_t part = std::min<std::uint64_t>(count - done, kBlockBytes - within);
      const auto block = node_->blocks.find((offset + done) / kBlockBytes);
      const auto to = into.begin() + static_cast<std::ptrdiff_t>(done);
      if (block == node_->blocks.end()) {
        std::fill_n(to, part, '\0');
      } else {
        std::copy_n(block->second.begin() + static_cast<std::ptrdiff_t>(within), part, to);
      }
      done += part;
    }
    return count;
  }

  Result<void> WriteAt(std::uint64_t offset, std::string_view data) override {
    const std::lock_guard lock(disk_.mutex_);
    if (!node_->reserved && offset + data.size() > kSmallFileBytes) {
      return DiskError("pwrite", path_, ENOSPC);
    }
    node_->size = std::max(node_->size, offset + data.size());
    while (!data.empty()) {
      const std::uint64_t within = offset % kBlockBytes;
      const std::string_view part = data.substr(0, kBlockBytes - within);
      std::string& block = disk_.BlockOf(node_, offset / kBlockBytes);
      std::copy(part.begin(), part.end(), block.begin() + static_cast<std::ptrdiff_t>(within));
      data.remove_prefix(part.size());
      offset += part.size();
    }
    return {};
  }

  Result<void> Sync() override { return {}; }

  Result<void> Allocate(std::uint64_t, std::uint64_t) override {
    const std::lock_guard lock(disk_.mutex_);
    node_->reserved = true;
    return {};
  }

  // Nothing is read of a range that was given back.
  Result<void> Punch(std::uint64_t, std::uint64_t) override { return {}; }

  Result<void> Truncate(std::uint64_t size) override {
    const std::lock_guard lock(disk_.mutex_);
    if (size < node_->size) {
      const auto cut = node_->blocks.find(size / kBlockBytes);
      if (cut != node_->blocks.end()) {
        std::fill(cut->second.begin() + static_cast<std::ptrdiff_t>(size % kBlockBytes),
                  cut->second.end(), '\0');
      }
      node_->blocks.erase(node_->blocks.upper_bound(size / kBlockBytes), node_->blocks.end());
    }
    node_->size = size;
    return {};
  }

  Result<std::uint64_t> Size() const override {
    const std::lock_guard lock(disk_.mutex_);
    return node_->size;
  }

 private:
  NullDisk& disk_;
  const std::string path_;
  const NodePtr node_;
};

class NullDisk::HeldLock : public DiskLock {
 public:
  HeldLock(NullDisk& disk, NodePtr node) : disk_(disk), node_(std::move(node)) {}
  HeldLock(const HeldLock&) = delete;
  HeldLock& operator=(const HeldLock&) = delete;
  ~HeldLock() override {
    const std::lock_guard lock(disk_.mutex_);
    node_->locked = false;
  }

 private:
  NullDisk& disk_;
  const NodePtr node_;
};

NullDisk::NullDisk() = default;
NullDisk::~NullDisk() = default;

std::string& NullDisk::BlockOf(const NodePtr& node, std::uint64_t index) {
  const auto found = node->blocks.find(index);
  if (found != node->blocks.end()) return found->second;
  std::string block;
  if (node->reserved) {
    while (recent_.size() >= kRecentBytes / kBlockBytes) {
      const auto [oldest, at] = std::move(recent_.front());
      recent_.pop_front();
      auto taken = oldest->blocks.extract(at);
      if (!taken.empty()) block = std::move(taken.mapped());
    }
    recent_.emplace_back(node, index);
  }
  block.assign(kBlockBytes, '\0');
  return node->blocks[index] = std::move(block);
}

Result<std::unique_ptr<DiskFile>> NullDisk::Open(const std::string& path, OpenMode mode) {
  const std::lock_guard lock(mutex_);
  const auto found = nodes_.find(path);
  if (found != nodes_.end()) {
    if (mode == OpenMode::kCreateNew) return DiskError("open", path, EEXIST);
    if (found->second->is_directory) return DiskError("open", path, EISDIR);
    return std::make_unique<File>(*this, path, found->second);
  }
  if (mode == OpenMode::kRead || mode == OpenMode::kWrite) return DiskError("open", path, ENOENT);
  const auto node = std::make_shared<Node>();
  nodes_[path] = node;
  return std::make_unique<File>(*this, path, node);
}

Result<FileStatus> NullDisk::Stat(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = nodes_.find(path);
  if (found == nodes_.end()) return DiskError("stat", path, ENOENT);
  return FileStatus{.size = found->second->size, .is_directory = found->second->is_directory};
}

Result<std::vector<std::string>> NullDisk::List(const std::string& directory) const {
  const std::lock_guard lock(mutex_);
  const auto found = nodes_.find(directory);
  if (found == nodes_.end()) return DiskError("list", directory, ENOENT);
  if (!found->second->is_directory) return DiskError("list", directory, ENOTDIR);
  std::vector<std::string> names;
  const std::string prefix = directory + "/";
  for (auto node = nodes_.lower_bound(prefix);
       node != nodes_.end() && node->first.starts_with(prefix); ++node) {
    const std::string name = node->first.substr(prefix.size());
    if (name.find('/') == std::string::npos) names.push_back(name);
  }
  return names;
}

Result<void> NullDisk::Rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  const auto found = nodes_.find(from);
  if (found == nodes_.end()) return DiskError("rename", from, ENOENT);
  const NodePtr node = found->second;
  nodes_.erase(found);
  nodes_[to] = node;
  return {};
}

Result<void> NullDisk::Unlink(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (nodes_.erase(path) == 0) return DiskError("unlink", path, ENOENT);
  return {};
}

Result<void> NullDisk::MakeDirectory(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto [made, is_new] = nodes_.try_emplace(path, std::make_shared<Node>());
  if (!is_new) return DiskError("mkdir", path, EEXIST);
  made->second->is_directory = true;
  return {};
}

Result<void> NullDisk::SyncDirectory(const std::string&) { return {}; }

Result<std::unique_ptr<DiskLock>> NullDisk::Lock(const std::string& path) {
  const std::lock_guard lock(mutex_);
  NodePtr& node = nodes_[path];
  if (node == nullptr) node = std::make_shared<Node>();
  if (node->locked) return DiskError("lock", path, EWOULDBLOCK);
  node->locked = true;
  return std::make_unique<HeldLock>(*this, node);
}

Result<std::uint64_t> NullDisk::FreeBytes(const std::string&) const { return kFreeBytes; }

std::uint64_t NullDisk::recent_bytes() const {
  const std::lock_guard lock(mutex_);
  return recent_.size() * kBlockBytes;
}

}  // namespace nightbox
