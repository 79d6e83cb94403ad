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
    "filings refused at first",
    "documents filed before",
    "documents that rode along",
    "uploads begun",
    "uploads completed",
    "uploads the filer broke off",
    "uploads for nothing",
    "uploads overtaken by another",
    "damaged documents sent again",
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
    "last days computed",
    "last days of an earlier day's attempt",
    "last days by several readings",
    "documents read by the court",
    "uploads collected",
    "extents given back",
    "segments swept",
    "resumed after the filer broke off",
    "resumed after a kill",
    "resumed after a power cut",
    "resumed after the gateway stopped",
    "resumed after a full disk",
    "resumed after a failed sync",
    // What fails at the gateway.
    "gateway killed",
    "power cut, operation lost",
    "power cut, operation done",
    "power cut while opening",
    "sync of the log failed",
    "sync of the head failed",
    "sync of a segment failed",
    "disk full",
    "disk full for a document",
    "queue full",
    "rot in the log, refused",
    "rot in a document",
    "documents found damaged",
    "uploads of wrong bytes, refused",
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
