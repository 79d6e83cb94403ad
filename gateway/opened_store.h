// OpenStore: the journal and its documents, opened for this gateway, or not at all.
#pragma once

#include <rocksdb/env.h>

#include <memory>

#include "core/clock.h"
#include "core/random.h"
#include "core/result.h"
#include "evidence/checkpoint.h"
#include "evidence/cms.h"
#include "gateway/config.h"
#include "store/journal.h"
#include "store/journal_directory.h"
#include "store/segment_file.h"

namespace nightbox {

// kOff: nothing is ever written to disk, to measure what writing costs (docs/bench.md).
enum class Durability { kOnDisk, kOff };

// Taken apart from below. Movable: what it holds stays where it is.
struct OpenedStore {
  std::unique_ptr<rocksdb::Env> env;  // Null: the machine's.
  std::unique_ptr<Disk> disk;
  // Of the log that was opened: its origin names it.
  LogSigner log;
  // Keeps `journal init` and `set-aside` out while the gateway runs.
  ClaimedJournal claim;
  std::unique_ptr<Journal> journal;
  std::unique_ptr<SegmentFiles> segments;
};

// What a gateway that keeps nothing promises is worth nothing: it must not be reachable from
// elsewhere, and its receipts must say so by its name, which begins with "store-off".
Result<void> MayKeepNothing(const GatewayConfig& config);

// `clock`, `random` and `signer` outlive what is opened. Errors are those of ClaimJournalDirectory
// and Journal::Open.
Result<OpenedStore> OpenStore(const GatewayConfig& config, Durability durability,
                              const Clock& clock, Random& random, const CmsSigner& signer);

}  // namespace nightbox
