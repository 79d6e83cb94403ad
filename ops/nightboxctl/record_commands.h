// `nightboxctl record ...`: the official record of a case (COR 4.03), taken from a running gateway
// as one zip, and checked with no gateway at hand. Nothing is printed here.
#pragma once

#include <filesystem>
#include <string>

#include "core/clock.h"
#include "ops/nightboxctl/answer.h"
#include "ops/nightboxctl/operator_client.h"

namespace nightbox::ctl {

struct RecordWish {
  std::string court;
  std::string case_number;
  std::string reason;
  // Must not exist. Nothing stands under this name before it is whole and synced.
  std::filesystem::path output;
};
Answer ExportRecord(const OperatorAddress& address, const RecordWish& wish);

// Whose root is trusted: PEM, or the SHA-256 fingerprint the court publishes. Without either a
// sound record is "consistent, root unproven", and the exit code says refused.
Answer VerifyRecordFile(const std::filesystem::path& zip, const std::filesystem::path& root,
                        const std::string& fingerprint, const Clock& clock);

}  // namespace nightbox::ctl
