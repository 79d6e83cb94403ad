#include "tests/sim/world_tally.h"

#include <iomanip>
#include <sstream>

#include "core/check.h"

namespace nightbox {
namespace {

constexpr std::string_view kNames[] = {
    // What filers and operators do.
    "filings sent",
    "repeats, same content",
    "repeats, other content",
    "sent twice at once",
    "answers that filers never saw",
    "filings that open a case",
    "filings that follow an opener",
    "filings under a number the court gave",
    "test filings",
    "filed with another gateway too",
    "attempts opened",
    "attempts refused",
    "withdrawals",
    "holds",
    "releases",
    "terminations",
    // What becomes of them.
    "receipts given",
    "docketed",
    "returned",
    "withdrawn",
    "duplicates",
    "terminated",
    // What fails at the gateway.
    "gateway killed",
    "power cut, operation lost",
    "power cut, operation done",
    "power cut while opening",
    "sync of the log failed",
    "sync of the head failed",
    "disk full",
    "queue full",
    "rot in the log, refused",
    "clock stepped forward",
    "clock stepped back",
    "clock slewed back",
    "clock not synchronised",
    // What fails at the courts.
    "endpoint away",
    "court away",
    "case system crashed",
    "start lost",
    "answer lost",
    "committed late",
    "pushed back",
    "refused by the case system",
    "question unanswered",
    "answered: not found",
    "recorded before",
    "returned by the clerk",
    "reviewed later",
    "several cases opened",
};

}  // namespace

WorldTally::WorldTally() {
  for (const std::string_view name : kNames) counts_[name] = 0;
}

void WorldTally::Count(std::string_view what, std::uint64_t times) {
  const auto found = counts_.find(what);
  NB_CHECK(found != counts_.end());
  found->second += times;
}

void WorldTally::Add(const WorldTally& other) {
  for (const auto& [name, count] : other.counts_) counts_[name] += count;
}

std::string WorldTally::Table() const {
  std::ostringstream table;
  for (const std::string_view name : kNames) {
    table << std::setw(40) << name << std::setw(9) << counts_.at(name) << "\n";
  }
  return table.str();
}

std::vector<std::string> WorldTally::Missing() const {
  std::vector<std::string> missing;
  for (const auto& [name, count] : counts_) {
    if (count == 0) missing.emplace_back(name);
  }
  return missing;
}

}  // namespace nightbox
