#include "gateway/opened_store.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/log.h"
#include "store/null_store.h"
#include "store/opening.h"
#include "store/posix_disk.h"

namespace nightbox {
namespace {

constexpr std::string_view kStoreOffName = "store-off";

JournalOptions OptionsFor(const GatewayConfig& config, const std::string& directory,
                          const LogSigner& log, rocksdb::Env* env) {
  JournalOptions options;
  options.env = env;
  options.directory = directory;
  options.gateway = config.name;
  options.origin = log.origin();
  options.log_key = log.verifier_key();
  return options;
}

}  // namespace

Result<void> MayKeepNothing(const GatewayConfig& config) {
  std::vector<ListenAddress> addresses = config.intake.listen;
  addresses.push_back(config.http.listen);
  if (config.monitoring) addresses.push_back(config.monitoring->listen);
  const bool loopback = std::ranges::all_of(addresses, &ListenAddress::IsLoopback);
  if (loopback && config.name.starts_with(kStoreOffName)) return {};
  return Error{ErrorCode::kFailedPrecondition,
               "--store-off keeps no filing: it wants loopback addresses only, and a gateway.name "
               "that begins with store-off"};
}

Result<OpenedStore> OpenStore(const GatewayConfig& config, Durability durability,
                              const Clock& clock, Random& random, const CmsSigner& signer) {
  NB_ASSIGN_OR_RETURN(auto log,
                      LogSigner::Load(config.receipts.log_key, "nightbox/" + config.name));
  std::unique_ptr<rocksdb::Env> env;
  std::unique_ptr<Disk> disk = std::make_unique<PosixDisk>();
  if (durability == Durability::kOff) {
    NB_RETURN_IF_ERROR(MayKeepNothing(config));
    NB_ASSIGN_OR_RETURN(NullStore nothing,
                        MakeNullStore(OptionsFor(config, "", log, nullptr), clock, random,
                                      config.data_directory.string()));
    env = std::move(nothing.env);
    disk = std::move(nothing.disk);
    Log(LogLevel::kWarning, "THE STORE IS OFF: NOTHING IS KEPT, AND NO RECEIPT IS WORTH ANYTHING");
  }
  NB_ASSIGN_OR_RETURN(auto claim, ClaimJournalDirectory(*disk, config.data_directory.string()));
  const JournalDirectory& where = claim.directory;
  // A log opened after set-aside is another log: to a witness it must not look like a fork of the
  // old one.
  NB_ASSIGN_OR_RETURN(log,
                      LogSigner::Load(config.receipts.log_key,
                                      "nightbox/" + config.name + "/" + where.log_id.substr(0, 8)));
  NB_ASSIGN_OR_RETURN(auto journal, Journal::Open(OptionsFor(config, where.path, log, env.get()),
                                                  *disk, clock, random, signer));
  if (journal->head_slot_bad())
    Log(LogLevel::kWarning, "one slot of the head file was bad; the other was used");
  NB_ASSIGN_OR_RETURN(const CommittedEnds ends, journal->view()->ReadSegmentEnds());
  NB_ASSIGN_OR_RETURN(auto segments,
                      SegmentFiles::Open(*disk, JournalPaths(where.path).documents, ends));
  Log(LogLevel::kInfo, "journal opened",
      {{"log_id", journal->identity().log_id}, {"entries", journal->view()->published()}});
  return OpenedStore{std::move(env),   std::move(disk),    std::move(log),
                     std::move(claim), std::move(journal), std::move(segments)};
}

}  // namespace nightbox
