#include "store/null_store.h"

#include <utility>

#include "store/journal_directory.h"
#include "store/null_disk.h"
#include "store/opening.h"

namespace nightbox {

Result<NullStore> MakeNullStore(JournalOptions options, const Clock& clock, Random& random,
                                const std::string& data_directory) {
  NullStore store;
  store.env.reset(rocksdb::NewMemEnv(rocksdb::Env::Default()));
  store.disk = std::make_unique<NullDisk>();
  options.env = store.env.get();
  NB_ASSIGN_OR_RETURN(const JournalDirectory made,
                      InitJournalDirectory(options, *store.disk, clock, random, data_directory));
  // RocksDB made it in an environment of its own; whoever opens the journal looks for it here.
  NB_RETURN_IF_ERROR(store.disk->MakeDirectory(JournalPaths(made.path).ledger));
  return store;
}

}  // namespace nightbox
