// What stands in a gateway's ledger, read from disk without changing it: also after a SIGKILL.
#pragma once

#include <filesystem>
#include <vector>

#include "nightbox/journal/v1/journal.pb.h"

namespace nightbox {

// Every entry of DATA/journal-0001, in order. Only while no gateway runs. Throws
// std::runtime_error when it cannot be read.
std::vector<journal::v1::Entry> ReadLedger(const std::filesystem::path& data_directory);

}  // namespace nightbox
