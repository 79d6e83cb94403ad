// SpoilKey: rot in the ledger, where no checksum of RocksDB's sees it.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "store/opening.h"
#include "tests/store/support/journal_fixture.h"

namespace nightbox {

// Opens the closed ledger as nobody should, and puts what parses as nothing under the key.
inline void SpoilKey(const JournalFixture& fixture, const std::string& key) {
  const std::string ledger = JournalPaths(fixture.options().directory).ledger;
  const auto db = OpenLedger(LedgerOptions(fixture.options()), ledger);
  ASSERT_TRUE(db) << db.error().message;
  ASSERT_TRUE((*db)->Put(rocksdb::WriteOptions(), key, "rot").ok());
}

}  // namespace nightbox
