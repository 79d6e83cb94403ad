#include "store/never_writes.h"

#include <rocksdb/file_system.h>

#include <string>

namespace nightbox {
namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

IOStatus Refused() { return IOStatus::NotSupported("this ledger is only being read"); }

class NeverWrites : public rocksdb::FileSystemWrapper {
 public:
  explicit NeverWrites(const std::shared_ptr<rocksdb::FileSystem>& base)
      : FileSystemWrapper(base) {}
  const char* Name() const override { return "NightboxNeverWrites"; }

  IOStatus NewWritableFile(const std::string&, const FileOptions&,
                           std::unique_ptr<rocksdb::FSWritableFile>*, IODebugContext*) override {
    return Refused();
  }
  IOStatus ReopenWritableFile(const std::string&, const FileOptions&,
                              std::unique_ptr<rocksdb::FSWritableFile>*, IODebugContext*) override {
    return Refused();
  }
  IOStatus ReuseWritableFile(const std::string&, const std::string&, const FileOptions&,
                             std::unique_ptr<rocksdb::FSWritableFile>*, IODebugContext*) override {
    return Refused();
  }
  IOStatus NewRandomRWFile(const std::string&, const FileOptions&,
                           std::unique_ptr<rocksdb::FSRandomRWFile>*, IODebugContext*) override {
    return Refused();
  }
  IOStatus NewMemoryMappedFileBuffer(const std::string&,
                                     std::unique_ptr<rocksdb::MemoryMappedFileBuffer>*) override {
    return Refused();
  }
  IOStatus DeleteFile(const std::string&, const IOOptions&, IODebugContext*) override {
    return Refused();
  }
  IOStatus Truncate(const std::string&, std::size_t, const IOOptions&, IODebugContext*) override {
    return Refused();
  }
  IOStatus CreateDir(const std::string&, const IOOptions&, IODebugContext*) override {
    return Refused();
  }
  IOStatus CreateDirIfMissing(const std::string&, const IOOptions&, IODebugContext*) override {
    return Refused();
  }
  IOStatus DeleteDir(const std::string&, const IOOptions&, IODebugContext*) override {
    return Refused();
  }
  IOStatus RenameFile(const std::string&, const std::string&, const IOOptions&,
                      IODebugContext*) override {
    return Refused();
  }
  IOStatus LinkFile(const std::string&, const std::string&, const IOOptions&,
                    IODebugContext*) override {
    return Refused();
  }
  IOStatus LockFile(const std::string&, const IOOptions&, rocksdb::FileLock**,
                    IODebugContext*) override {
    return Refused();
  }
  IOStatus NewLogger(const std::string&, const IOOptions&, std::shared_ptr<rocksdb::Logger>*,
                     IODebugContext*) override {
    return Refused();
  }
};

}  // namespace

std::unique_ptr<rocksdb::Env> EnvThatNeverWrites(rocksdb::Env* base) {
  const rocksdb::Env& reads = base != nullptr ? *base : *rocksdb::Env::Default();
  return rocksdb::NewCompositeEnv(std::make_shared<NeverWrites>(reads.GetFileSystem()));
}

}  // namespace nightbox
