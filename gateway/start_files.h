// StartFiles: what a gateway reads of the files its configuration names, before it opens its store.
//
// A start and `nightbox-gateway --check` call the same function, so that what the one refuses the
// other has seen. It reads all and says all that is wrong with it, not the first thing only.
#pragma once

#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "evidence/cms.h"
#include "gateway/config.h"
#include "gateway/directory.h"
#include "rules/court_system.h"

namespace rocksdb {
class Env;
}

namespace nightbox {

struct StartFiles {
  CmsSigner signer;
  std::string root_pem;
  CourtSystem court_system;
  std::unique_ptr<AccessDirectory> access;
  // Of the intake.
  std::shared_ptr<grpc::ServerCredentials> credentials;
};

struct StartReading {
  // Unset when anything is found.
  std::optional<StartFiles> files;
  // Reasons not to start.
  std::vector<ConfigFinding> findings;
  // What will not go well, and is no reason to refuse filings: a case system that cannot be
  // reached, a certificate that has run out.
  std::vector<ConfigFinding> warnings;
  // What nobody has confirmed (gateway/court_system_directory.h).
  std::string unconfirmed;
};

// AllowOnlyTls13 comes first. `now` is what certificates are looked at with.
StartReading ReadStartFiles(const GatewayConfig& config, WallTime now);

// The findings as one error, one a line.
Error Unusable(const std::vector<ConfigFinding>& findings);

// Opens nothing for writing, and may run while a gateway serves: the journal in use is there, is
// this gateway's and holds what it promised, as far as a start looks. What seems lost is looked for
// at most kJournalReadings times. `env`: as in JournalOptions.
inline constexpr int kJournalReadings = 3;
Result<void> ExamineJournal(const GatewayConfig& config, rocksdb::Env* env = nullptr);

}  // namespace nightbox
