#include "store/sim_disk.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/check.h"

namespace nightbox {
namespace {

constexpr std::uint64_t kBlockBytes = 4096;

std::vector<std::string> PartsOf(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0 && path.substr(0, end) != ".") parts.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

std::string_view LastPart(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string KindOf(DiskOperation operation, std::string_view path) {
  return std::string(ToString(operation)) + " of " +
         std::string(ToString(SubjectOf(operation, path)));
}

// Copies one sector of `from` into `to`, zeros where `from` has ended; `to` keeps its size.
void CopySector(const std::string& from, std::string& to, std::uint64_t sector) {
  const std::uint64_t begin = sector * SimDisk::kSectorBytes;
  const std::uint64_t end = std::min<std::uint64_t>(begin + SimDisk::kSectorBytes, to.size());
  for (std::uint64_t at = begin; at < end; ++at) to[at] = at < from.size() ? from[at] : '\0';
}

}  // namespace

std::string_view ToString(DiskOperation operation) {
  switch (operation) {
    case DiskOperation::kCreate:
      return "create";
    case DiskOperation::kWrite:
      return "write";
    case DiskOperation::kSync:
      return "sync";
    case DiskOperation::kAllocate:
      return "allocate";
    case DiskOperation::kPunch:
      return "punch";
    case DiskOperation::kTruncate:
      return "truncate";
    case DiskOperation::kRename:
      return "rename";
    case DiskOperation::kUnlink:
      return "unlink";
    case DiskOperation::kMakeDirectory:
      return "make";
    case DiskOperation::kSyncDirectory:
      return "sync";
    case DiskOperation::kRead:
      return "read";
  }
  CheckFailed("known DiskOperation", __FILE__, __LINE__);
}

std::string_view ToString(DiskSubject subject) {
  switch (subject) {
    case DiskSubject::kWal:
      return "wal";
    case DiskSubject::kHead:
      return "head";
    case DiskSubject::kSegment:
      return "segment";
    case DiskSubject::kDirectory:
      return "directory";
    case DiskSubject::kOther:
      return "other";
  }
  CheckFailed("known DiskSubject", __FILE__, __LINE__);
}

DiskSubject SubjectOf(DiskOperation operation, std::string_view path) {
  if (operation == DiskOperation::kMakeDirectory || operation == DiskOperation::kSyncDirectory) {
    return DiskSubject::kDirectory;
  }
  const std::string_view name = LastPart(path);
  if (name.ends_with(".log")) return DiskSubject::kWal;
  if (name.starts_with("head")) return DiskSubject::kHead;
  if (name.starts_with("segment-")) return DiskSubject::kSegment;
  return DiskSubject::kOther;
}

// A file or a directory: as a program sees it, and as a power cut would leave it.
struct SimDisk::Node {
  struct Change {
    std::string removed;  // Empty: none.
    std::string added;    // Empty: none.
    NodePtr node;         // What `added` leads to.
  };
  using Names = std::map<std::string, NodePtr>;

  static void Apply(const Change& change, Names& names) {
    if (!change.removed.empty()) names.erase(change.removed);
    if (!change.added.empty()) names[change.added] = change.node;
  }
  void ChangeNames(Change change) {
    Apply(change, names);
    changes.push_back(std::move(change));
  }

  void MarkWritten(std::uint64_t begin, std::uint64_t end) {
    for (std::uint64_t sector = begin / kSectorBytes; sector * kSectorBytes < end; ++sector) {
      unsynced.insert(unsynced.end(), sector);
      abandoned.erase(sector);
    }
  }

  bool is_directory = false;

  // Of a directory.
  Names names;
  Names synced_names;
  std::vector<Change> changes;  // From synced_names to names.

  // Of a file.
  std::string data;
  std::string synced_data;
  std::set<std::uint64_t> unsynced;   // Sectors written since the last sync began.
  std::set<std::uint64_t> abandoned;  // Sectors a failed sync left behind, or one under way holds.
  std::vector<bool> blocks;           // Which 4 KiB blocks take up space.
};

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

class SimDisk::File : public DiskFile {
 public:
  File(SimDisk& disk, NodePtr node, std::string path, bool writable, std::uint64_t generation)
      : disk_(disk),
        node_(std::move(node)),
        path_(std::move(path)),
        writable_(writable),
        generation_(generation) {}

  Result<std::size_t> ReadAt(std::uint64_t offset, std::span<char> into) const override {
    const std::lock_guard lock(disk_.mutex_);
    NB_RETURN_IF_ERROR(Usable("pread"));
    if (disk_.TakeFailure(DiskOperation::kRead, path_)) return DiskError("pread", path_, EIO);
    if (offset >= node_->data.size()) return std::size_t{0};
    const std::size_t size = std::min<std::size_t>(into.size(), node_->data.size() - offset);
    std::copy_n(node_->data.data() + offset, size, into.data());
    return size;
  }

  Result<void> WriteAt(std::uint64_t offset, std::string_view data) override {
    return Change("pwrite", DiskOperation::kWrite, [&]() -> Result<void> {
      NB_RETURN_IF_ERROR(disk_.Occupy(*node_, offset, data.size(), "pwrite", path_));
      const std::uint64_t end = offset + data.size();
      if (node_->data.size() < end) node_->data.resize(end);
      std::copy(data.begin(), data.end(),
                node_->data.begin() + static_cast<std::ptrdiff_t>(offset));
      node_->MarkWritten(offset, end);
      return {};
    });
  }

  Result<void> Sync() override { return disk_.SyncFile(node_, path_, generation_); }

  Result<void> Allocate(std::uint64_t offset, std::uint64_t length) override {
    return Change("fallocate", DiskOperation::kAllocate,
                  [&] { return disk_.Occupy(*node_, offset, length, "fallocate", path_); });
  }

  Result<void> Punch(std::uint64_t offset, std::uint64_t length) override {
    return Change("punch", DiskOperation::kPunch, [&]() -> Result<void> {
      const std::uint64_t end = std::min<std::uint64_t>(offset + length, node_->data.size());
      if (offset < end) {
        std::fill(node_->data.begin() + static_cast<std::ptrdiff_t>(offset),
                  node_->data.begin() + static_cast<std::ptrdiff_t>(end), '\0');
        node_->MarkWritten(offset, end);
      }
      disk_.Release(*node_, offset, length);
      return {};
    });
  }

  Result<void> Truncate(std::uint64_t size) override {
    return Change("ftruncate", DiskOperation::kTruncate, [&]() -> Result<void> {
      node_->MarkWritten(std::min<std::uint64_t>(size, node_->data.size()),
                         std::max<std::uint64_t>(size, node_->data.size()));
      node_->data.resize(size);
      disk_.Release(*node_, (size + kBlockBytes - 1) / kBlockBytes * kBlockBytes,
                    node_->blocks.size() * kBlockBytes);
      return {};
    });
  }

  Result<std::uint64_t> Size() const override {
    const std::lock_guard lock(disk_.mutex_);
    NB_RETURN_IF_ERROR(Usable("fstat"));
    return std::uint64_t{node_->data.size()};
  }

 private:
  Result<void> Usable(std::string_view call) const {
    NB_RETURN_IF_ERROR(disk_.Powered(call, path_));
    if (generation_ != disk_.generation_) return DiskError(call, path_, EBADF);
    return {};
  }

  Result<void> Change(std::string_view call, DiskOperation operation,
                      const std::function<Result<void>()>& act) {
    const std::lock_guard lock(disk_.mutex_);
    NB_RETURN_IF_ERROR(Usable(call));
    if (!writable_) return DiskError(call, path_, EBADF);
    return disk_.Act(operation, path_, act);
  }

  SimDisk& disk_;
  NodePtr node_;
  std::string path_;
  bool writable_;
  std::uint64_t generation_;
};

SimDisk::SimDisk() : root_(std::make_shared<Node>()) { root_->is_directory = true; }

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
      place.node = std::make_shared<Node>();
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
    auto made = std::make_shared<Node>();
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

Result<void> SimDisk::Occupy(Node& node, std::uint64_t offset, std::uint64_t length,
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

void SimDisk::Release(Node& node, std::uint64_t offset, std::uint64_t length) {
  const std::uint64_t first = (offset + kBlockBytes - 1) / kBlockBytes;
  const std::uint64_t end =
      std::min<std::uint64_t>((offset + length) / kBlockBytes, node.blocks.size());
  for (std::uint64_t block = first; block < end; ++block) {
    if (node.blocks[block]) --used_blocks_;
    node.blocks[block] = false;
  }
}

Result<void> SimDisk::SyncFile(const NodePtr& node, const std::string& path,
                               std::uint64_t generation) {
  std::unique_lock lock(mutex_);
  NB_RETURN_IF_ERROR(Powered("fdatasync", path));
  if (generation != generation_) return DiskError("fdatasync", path, EBADF);
  const bool omitted = Omitted(DiskOperation::kSync, path);
  const auto during_sync = during_sync_;
  const std::string seen_at_begin = during_sync ? node->data : std::string();

  // Until the end, and for ever when this sync fails, what it should have written may be lost; what
  // is written again meanwhile is no longer its own.
  std::set<std::uint64_t> begun;
  if (!omitted) begun = std::exchange(node->unsynced, {});
  node->abandoned.insert(begun.begin(), begun.end());
  const auto finish = [&](const std::string& written) {
    node->synced_data.resize(written.size());
    for (const std::uint64_t sector : begun) {
      CopySector(written, node->synced_data, sector);
      node->abandoned.erase(sector);
    }
  };

  NB_RETURN_IF_ERROR(Act(DiskOperation::kSync, path, [&]() -> Result<void> {
    if (!omitted && !during_sync) finish(node->data);
    return {};
  }));
  if (omitted || !during_sync) return {};
  lock.unlock();
  during_sync(path);
  lock.lock();
  NB_RETURN_IF_ERROR(Powered("fdatasync", path));
  if (generation != generation_) return DiskError("fdatasync", path, EBADF);
  finish(seen_at_begin);
  return {};
}

void SimDisk::CutPower(std::uint64_t seed) {
  const std::lock_guard lock(mutex_);
  SeededRandom random(seed);
  power_off_ = false;
  fail_in_ = 0;
  failures_.clear();
  locked_.clear();
  ++generation_;
  used_blocks_ = 0;
  AfterPowerCut(root_, random);
}

void SimDisk::AfterPowerCut(const NodePtr& node, Random& random) {
  if (node->is_directory) {
    const std::uint64_t survive = random.Below(node->changes.size() + 1);
    for (std::uint64_t i = 0; i < survive; ++i) Node::Apply(node->changes[i], node->synced_names);
    node->names = node->synced_names;
    node->changes.clear();
    for (const auto& [name, child] : node->names) AfterPowerCut(child, random);
    return;
  }
  std::set<std::uint64_t> torn = std::exchange(node->unsynced, {});
  torn.merge(std::exchange(node->abandoned, {}));
  std::string left = node->data;
  // A shorter size that was not synced may be forgotten; a longer one may have come to disk without
  // its bytes, or reach only as far as they do.
  if (left.size() < node->synced_data.size() && random.OneIn(2)) {
    left.resize(node->synced_data.size());
  }
  std::uint64_t reach = node->synced_data.size();
  for (const std::uint64_t sector : torn) {
    if (random.OneIn(2)) {
      CopySector(node->synced_data, left, sector);
    } else {
      reach = std::max(reach, (sector + 1) * kSectorBytes);
    }
  }
  if (left.size() > reach && random.OneIn(2)) left.resize(reach);
  node->data = left;
  node->synced_data = std::move(left);
  // What was reserved or punched and not synced is forgotten; what is there takes up space.
  node->blocks.assign((node->data.size() + kBlockBytes - 1) / kBlockBytes, true);
  used_blocks_ += node->blocks.size();
}

}  // namespace nightbox
