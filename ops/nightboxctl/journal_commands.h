// `nightboxctl journal ...`: what is done to a journal with no gateway at hand.
//
// Each returns what it found out; nothing is printed here. Blocks on the disk.
#pragma once

#include <filesystem>
#include <string>

#include "core/clock.h"
#include "core/random.h"
#include "ops/nightboxctl/answer.h"
#include "ops/nightboxctl/gateway_settings.h"
#include "ops/nightboxctl/journal_documents.h"

namespace nightbox::ctl {

Answer InitJournal(const GatewaySettings& gateway, const Clock& clock, Random& random);

struct SetAsideWords {
  std::string who;
  std::string reason;
  bool even_if_sound = false;
};
Answer SetJournalAside(const GatewaySettings& gateway, const SetAsideWords& words,
                       const Clock& clock, Random& random);

// The journal in `directory`; if that is empty, the one in use in `data_directory`. With a root,
// every receipt's signature must lead to it. The stored documents are read as well, unless
// `documents` is null.
Answer VerifyJournal(const std::string& directory, const std::string& data_directory,
                     const std::filesystem::path& root, const DocumentAuditOptions* documents,
                     const Clock& clock);

// Writes what is readable and what is missing to `report`, which must not exist yet and must not
// lie in the directory it is about.
Answer SalvageInto(const std::string& directory, const std::filesystem::path& report);

}  // namespace nightbox::ctl
