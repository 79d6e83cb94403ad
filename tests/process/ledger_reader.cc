#include "tests/process/ledger_reader.h"

#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "store/journal.h"
#include "store/opening.h"

namespace nightbox {

std::vector<journal::v1::Entry> ReadLedger(const std::filesystem::path& data_directory) {
  JournalOptions options;
  options.directory = (data_directory / "journal-0001").string();
  const auto ledger = ReadOnlyLedger::Open(options, JournalPaths(options.directory));
  if (!ledger) throw std::runtime_error("the ledger cannot be read: " + ledger.error().message);
  std::vector<journal::v1::Entry> entries;
  VisitReadableEntries(**ledger, UINT64_MAX, [&](std::uint64_t, std::string_view bytes) {
    journal::v1::Entry entry;
    if (!entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      throw std::runtime_error("an entry cannot be parsed");
    }
    entries.push_back(std::move(entry));
  });
  return entries;
}

}  // namespace nightbox
