// Small change between RocksDB and the rest of store/: errors and prefix scans.
#pragma once

#include <rocksdb/iterator.h>
#include <rocksdb/status.h>

#include "core/result.h"
#include "store/key_reader.h"

namespace nightbox {

// Corruption is kDataLoss; everything else the disk does is kUnavailable. No key or value is in the
// message.
Error ToError(const rocksdb::Status& status);

Result<void> ScanWith(rocksdb::Iterator& it, const std::string& prefix, const std::string& from,
                      const KeyReader::Visit& visit);

}  // namespace nightbox
