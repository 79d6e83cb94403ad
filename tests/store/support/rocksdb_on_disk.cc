#include "tests/store/support/rocksdb_on_disk.h"

#include <rocksdb/file_system.h>
#include <rocksdb/system_clock.h>

#include <string>
#include <utility>
#include <vector>

namespace nightbox {
namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

IOStatus StatusOf(const Error& error) {
  switch (error.code) {
    case ErrorCode::kNotFound:
      return IOStatus::PathNotFound(error.message);
    case ErrorCode::kResourceExhausted:
      return IOStatus::NoSpace(error.message);
    default:
      return IOStatus::IOError(error.message);
  }
}

template <class T>
IOStatus StatusOf(const Result<T>& result) {
  return result ? IOStatus::OK() : StatusOf(result.error());
}

std::string_view View(const Slice& slice) { return {slice.data(), slice.size()}; }

IOStatus Read(const DiskFile& file, std::uint64_t offset, std::size_t n, Slice* result,
              char* scratch) {
  const Result<std::size_t> got = file.ReadAt(offset, {scratch, n});
  *result = Slice(scratch, got ? *got : 0);
  return StatusOf(got);
}

class Sequential : public rocksdb::FSSequentialFile {
 public:
  explicit Sequential(std::unique_ptr<DiskFile> file) : file_(std::move(file)) {}

  IOStatus Read(std::size_t n, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) override {
    const IOStatus status = nightbox::Read(*file_, offset_, n, result, scratch);
    offset_ += result->size();
    return status;
  }
  IOStatus Skip(std::uint64_t n) override {
    offset_ += n;
    return IOStatus::OK();
  }

 private:
  std::unique_ptr<DiskFile> file_;
  std::uint64_t offset_ = 0;
};

class RandomAccess : public rocksdb::FSRandomAccessFile {
 public:
  explicit RandomAccess(std::unique_ptr<DiskFile> file) : file_(std::move(file)) {}

  IOStatus Read(std::uint64_t offset, std::size_t n, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) const override {
    return nightbox::Read(*file_, offset, n, result, scratch);
  }

 private:
  std::unique_ptr<DiskFile> file_;
};

class Writable : public rocksdb::FSWritableFile {
 public:
  Writable(std::unique_ptr<DiskFile> file, std::uint64_t size)
      : file_(std::move(file)), size_(size) {}

  using rocksdb::FSWritableFile::Append;
  IOStatus Append(const Slice& data, const IOOptions&, IODebugContext*) override {
    const Result<void> done = file_->WriteAt(size_, View(data));
    if (done) size_ += data.size();
    return StatusOf(done);
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions&, IODebugContext*) override {
    const Result<void> done = file_->Truncate(size);
    if (done) size_ = size;
    return StatusOf(done);
  }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override { return StatusOf(file_->Sync()); }
  bool IsSyncThreadSafe() const override { return true; }
  IOStatus Close(const IOOptions&, IODebugContext*) override {
    file_.reset();
    return IOStatus::OK();
  }
  std::uint64_t GetFileSize(const IOOptions&, IODebugContext*) override { return size_; }

 private:
  std::unique_ptr<DiskFile> file_;
  std::uint64_t size_;
};

class RandomReadWrite : public rocksdb::FSRandomRWFile {
 public:
  explicit RandomReadWrite(std::unique_ptr<DiskFile> file) : file_(std::move(file)) {}

  IOStatus Write(std::uint64_t offset, const Slice& data, const IOOptions&,
                 IODebugContext*) override {
    return StatusOf(file_->WriteAt(offset, View(data)));
  }
  IOStatus Read(std::uint64_t offset, std::size_t n, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) const override {
    return nightbox::Read(*file_, offset, n, result, scratch);
  }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override { return StatusOf(file_->Sync()); }
  IOStatus Close(const IOOptions&, IODebugContext*) override {
    file_.reset();
    return IOStatus::OK();
  }

 private:
  std::unique_ptr<DiskFile> file_;
};

class Directory : public rocksdb::FSDirectory {
 public:
  Directory(Disk& disk, std::string path) : disk_(disk), path_(std::move(path)) {}

  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    return StatusOf(disk_.SyncDirectory(path_));
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }

 private:
  Disk& disk_;
  std::string path_;
};

class HeldLock : public rocksdb::FileLock {
 public:
  explicit HeldLock(std::unique_ptr<DiskLock> lock) : lock_(std::move(lock)) {}

 private:
  std::unique_ptr<DiskLock> lock_;
};

class NoLog : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

class FilesOnDisk : public rocksdb::FileSystem {
 public:
  explicit FilesOnDisk(Disk& disk) : disk_(disk) {}

  const char* Name() const override { return "NightboxDisk"; }

  IOStatus NewSequentialFile(const std::string& path, const FileOptions&,
                             std::unique_ptr<rocksdb::FSSequentialFile>* result,
                             IODebugContext*) override {
    auto file = disk_.Open(path, OpenMode::kRead);
    if (file) *result = std::make_unique<Sequential>(std::move(*file));
    return StatusOf(file);
  }

  IOStatus NewRandomAccessFile(const std::string& path, const FileOptions&,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                               IODebugContext*) override {
    auto file = disk_.Open(path, OpenMode::kRead);
    if (file) *result = std::make_unique<RandomAccess>(std::move(*file));
    return StatusOf(file);
  }

  IOStatus NewWritableFile(const std::string& path, const FileOptions&,
                           std::unique_ptr<rocksdb::FSWritableFile>* result,
                           IODebugContext*) override {
    auto file = disk_.Open(path, OpenMode::kCreate);
    if (!file) return StatusOf(file);
    // Empties a file that was there, and is one operation fewer to cut at when there was none.
    const Result<std::uint64_t> size = (*file)->Size();
    if (!size) return StatusOf(size);
    if (*size > 0) {
      const Result<void> emptied = (*file)->Truncate(0);
      if (!emptied) return StatusOf(emptied);
    }
    *result = std::make_unique<Writable>(std::move(*file), 0);
    return IOStatus::OK();
  }

  IOStatus ReopenWritableFile(const std::string& path, const FileOptions&,
                              std::unique_ptr<rocksdb::FSWritableFile>* result,
                              IODebugContext*) override {
    auto file = disk_.Open(path, OpenMode::kCreate);
    if (!file) return StatusOf(file);
    const Result<std::uint64_t> size = (*file)->Size();
    if (size) *result = std::make_unique<Writable>(std::move(*file), *size);
    return StatusOf(size);
  }

  IOStatus NewRandomRWFile(const std::string& path, const FileOptions&,
                           std::unique_ptr<rocksdb::FSRandomRWFile>* result,
                           IODebugContext*) override {
    auto file = disk_.Open(path, OpenMode::kCreate);
    if (file) *result = std::make_unique<RandomReadWrite>(std::move(*file));
    return StatusOf(file);
  }

  IOStatus NewDirectory(const std::string& path, const IOOptions&,
                        std::unique_ptr<rocksdb::FSDirectory>* result, IODebugContext*) override {
    const Result<FileStatus> status = disk_.Stat(path);
    if (status) *result = std::make_unique<Directory>(disk_, path);
    return StatusOf(status);
  }

  IOStatus FileExists(const std::string& path, const IOOptions&, IODebugContext*) override {
    const Result<FileStatus> status = disk_.Stat(path);
    if (!status && status.error().code == ErrorCode::kNotFound) return IOStatus::NotFound(path);
    return StatusOf(status);
  }

  IOStatus GetChildren(const std::string& path, const IOOptions&, std::vector<std::string>* result,
                       IODebugContext*) override {
    auto names = disk_.List(path);
    if (names) *result = std::move(*names);
    return StatusOf(names);
  }

  IOStatus DeleteFile(const std::string& path, const IOOptions&, IODebugContext*) override {
    return StatusOf(disk_.Unlink(path));
  }

  IOStatus Truncate(const std::string& path, std::size_t size, const IOOptions&,
                    IODebugContext*) override {
    auto file = disk_.Open(path, OpenMode::kWrite);
    if (!file) return StatusOf(file);
    return StatusOf((*file)->Truncate(size));
  }

  IOStatus CreateDir(const std::string& path, const IOOptions&, IODebugContext*) override {
    return StatusOf(disk_.MakeDirectory(path));
  }

  IOStatus CreateDirIfMissing(const std::string& path, const IOOptions&, IODebugContext*) override {
    const Result<void> made = disk_.MakeDirectory(path);
    if (!made && made.error().code == ErrorCode::kAlreadyExists) return IOStatus::OK();
    return StatusOf(made);
  }

  IOStatus DeleteDir(const std::string&, const IOOptions&, IODebugContext*) override {
    return IOStatus::NotSupported("DeleteDir");
  }

  IOStatus GetFileSize(const std::string& path, const IOOptions&, std::uint64_t* size,
                       IODebugContext*) override {
    const Result<FileStatus> status = disk_.Stat(path);
    if (status) *size = status->size;
    return StatusOf(status);
  }

  IOStatus GetFileModificationTime(const std::string&, const IOOptions&, std::uint64_t* time,
                                   IODebugContext*) override {
    *time = 0;
    return IOStatus::OK();
  }

  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions&,
                      IODebugContext*) override {
    return StatusOf(disk_.Rename(from, to));
  }

  IOStatus LockFile(const std::string& path, const IOOptions&, rocksdb::FileLock** result,
                    IODebugContext*) override {
    auto lock = disk_.Lock(path);
    *result = lock ? new HeldLock(std::move(*lock)) : nullptr;
    return StatusOf(lock);
  }

  IOStatus UnlockFile(rocksdb::FileLock* lock, const IOOptions&, IODebugContext*) override {
    delete lock;
    return IOStatus::OK();
  }

  IOStatus GetTestDirectory(const IOOptions&, std::string* path, IODebugContext*) override {
    *path = "/test";
    return IOStatus::OK();
  }

  IOStatus NewLogger(const std::string&, const IOOptions&, std::shared_ptr<rocksdb::Logger>* result,
                     IODebugContext*) override {
    *result = std::make_shared<NoLog>();
    return IOStatus::OK();
  }

  IOStatus GetAbsolutePath(const std::string& path, const IOOptions&, std::string* absolute,
                           IODebugContext*) override {
    *absolute = path;
    return IOStatus::OK();
  }

  IOStatus GetFreeSpace(const std::string& path, const IOOptions&, std::uint64_t* free,
                        IODebugContext*) override {
    const Result<std::uint64_t> bytes = disk_.FreeBytes(path);
    if (bytes) *free = *bytes;
    return StatusOf(bytes);
  }

  IOStatus IsDirectory(const std::string& path, const IOOptions&, bool* is_directory,
                       IODebugContext*) override {
    const Result<FileStatus> status = disk_.Stat(path);
    if (status) *is_directory = status->is_directory;
    return StatusOf(status);
  }

 private:
  Disk& disk_;
};

class SleeplessClock : public rocksdb::SystemClockWrapper {
 public:
  SleeplessClock() : SystemClockWrapper(rocksdb::SystemClock::Default()) {}
  const char* Name() const override { return "SleeplessClock"; }
  void SleepForMicroseconds(int) override {}
};

class EnvOnDisk : public rocksdb::EnvWrapper {
 public:
  explicit EnvOnDisk(const std::shared_ptr<rocksdb::FileSystem>& files)
      : EnvWrapper(rocksdb::NewCompositeEnv(files)) {
    file_system_ = files;
    system_clock_ = std::make_shared<SleeplessClock>();
  }
  void SleepForMicroseconds(int) override {}
};

}  // namespace

std::unique_ptr<rocksdb::Env> RocksDbEnvOn(Disk& disk) {
  return std::make_unique<EnvOnDisk>(std::make_shared<FilesOnDisk>(disk));
}

rocksdb::Options RepeatableOptions(rocksdb::Env& env) {
  rocksdb::Options options;
  options.env = &env;
  options.create_if_missing = true;
  options.disable_auto_compactions = true;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.info_log = std::make_shared<NoLog>();
  options.write_buffer_size = 64 << 10;
  options.max_bgerror_resume_count = 0;
  return options;
}

}  // namespace nightbox
