// RocksDB on a Disk: a rocksdb::FileSystem over the seam, so that RocksDB's own files are cut,
// filled up and flipped together with ours when the Disk is a SimDisk.
//
// The environment's clock tells the machine's time but never sleeps, which turns an open, write and
// close from more than a hundred milliseconds into a few. Time is left real because RocksDB waits
// on condition variables for instants it has read from this clock.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/options.h>

#include <memory>

#include "store/disk.h"

namespace nightbox {

// Paths are the Disk's own, absolute. `disk` must outlive the environment, and the environment
// every database opened with it.
std::unique_ptr<rocksdb::Env> RocksDbEnvOn(Disk& disk);

// For runs that repeat exactly: no automatic compaction, no statistics thread, no log file.
rocksdb::Options RepeatableOptions(rocksdb::Env& env);

}  // namespace nightbox
