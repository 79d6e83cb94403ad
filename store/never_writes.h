// An environment in which RocksDB cannot write: evidence is examined where it lies.
//
// OpenForReadOnly promises to change nothing; here the file system holds it to that. Everything
// that makes, changes, renames or removes a file is refused, whatever RocksDB has in mind. So
// damage can be looked at in place, at once and on a full disk, without copying an archive first.
#pragma once

#include <rocksdb/env.h>

#include <memory>

namespace nightbox {

// Reads as `base` does, which must outlive it; null: the machine's file system.
std::unique_ptr<rocksdb::Env> EnvThatNeverWrites(rocksdb::Env* base);

}  // namespace nightbox
