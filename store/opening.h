// Opening a ledger, where evidence is most easily destroyed.
//
// RocksDB opened for writing recovers what it can read and deletes the log it read it from: one
// flipped byte in a synced log and every later record is gone, with status OK. So nothing here
// opens for writing before ExamineLedger has seen, by read-only means, that all the head file
// promises is there.
#pragma once

#include <rocksdb/db.h>

#include <cstdint>
#include <memory>
#include <string>

#include "core/result.h"
#include "store/head_file.h"

namespace nightbox {

struct JournalOptions;

struct JournalPaths {
  explicit JournalPaths(const std::string& directory)
      : lock(directory + "/lock"),
        head(directory + "/head"),
        ledger(directory + "/ledger"),
        examination(directory + "/examination") {}

  std::string lock;
  std::string head;
  std::string ledger;
  // A copy of the ledger, made and removed while saying what is missing.
  std::string examination;
};

rocksdb::Options LedgerOptions(const JournalOptions& options);

// Opens for writing.
Result<std::shared_ptr<rocksdb::DB>> OpenLedger(const rocksdb::Options& options,
                                                const std::string& path);

// How many entries the ledger holds: one more than the highest sequence.
Result<std::uint64_t> CountEntries(rocksdb::DB& db);

// Reads only. kDataLoss when the ledger holds less than the head promises or another tree; the
// message names the missing entries as ranges ("12-14, 20"), found by examining a copy.
Result<void> ExamineLedger(const JournalOptions& options, const JournalPaths& paths,
                           const Head& head);

}  // namespace nightbox
