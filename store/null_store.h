// NullStore: all that a journal and its documents stand on, with nothing behind it.
//
// The same code runs as over a real disk, RocksDB included; only the bytes end in memory and no
// sync does anything. The ledger stays in memory whole, so it is for minutes of measuring, not for
// serving: `nightbox-gateway --store-off` (docs/bench.md).
#pragma once

#include <memory>
#include <string>

#include "core/clock.h"
#include "core/random.h"
#include "core/result.h"
#include "store/disk.h"
#include "store/journal.h"

namespace nightbox {

struct NullStore {
  // Must outlive the journal, its views and the disk's files.
  std::unique_ptr<rocksdb::Env> env;
  std::unique_ptr<Disk> disk;
};

// A new store that holds an empty journal at `data_directory`, a name within it. Open the journal
// with JournalOptions::env set to `env`. `options.directory` and `options.env` are not looked at.
Result<NullStore> MakeNullStore(JournalOptions options, const Clock& clock, Random& random,
                                const std::string& data_directory);

}  // namespace nightbox
