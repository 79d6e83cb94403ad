// KeyReader: typed reading of the journal's keys, from a commit in the making or from what is
// published.
//
// Two implementations: Group (store/group.h) sees the commit it is part of; View (store/view.h)
// sees exactly what has been promised. The typed questions below are asked of either, and answered
// the same way.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "nightbox/journal/v1/journal.pb.h"
#include "store/draft.h"
#include "store/filing_state.h"

namespace nightbox {

class KeyReader {
 public:
  virtual ~KeyReader() = default;

  // nullopt: no such key. An error is the disk's.
  virtual Result<std::optional<std::string>> Get(const std::string& key) const = 0;

  // Calls `visit` for each key that starts with `prefix` and is not before `from`, in order, until
  // it answers false.
  using Visit = std::function<bool(std::string_view key, std::string_view value)>;
  virtual Result<void> Scan(const std::string& prefix, const std::string& from,
                            const Visit& visit) const = 0;
};

// Each answers nullopt when there is none.
Result<std::optional<FilingState>> FindState(const KeyReader& reader,
                                             std::uint64_t filing_sequence);
Result<std::optional<std::uint64_t>> FindSequence(const KeyReader& reader, const std::string& key);
Result<std::optional<journal::v1::DocumentRecord>> FindDocument(const KeyReader& reader,
                                                                const SystemName& system,
                                                                const Digest& sha256);
Result<std::optional<journal::v1::AttemptState>> FindAttempt(const KeyReader& reader,
                                                             const Digest& delivery_key);
// All zero when nothing was ever received.
Result<Balance> ReadBalance(const KeyReader& reader, const CourtId& court);
// kDataLoss when there is no such entry: the ledger has no gaps.
Result<journal::v1::Entry> ReadEntry(const KeyReader& reader, std::uint64_t sequence);
// The filing that entry `sequence` received, as it stands.
Result<FilingSnapshot> ReadFiling(const KeyReader& reader, std::uint64_t sequence);
// The same; where what was received cannot be read back, what its state alone tells, without
// receipt and header. For what becomes of a filing, which follows from its state.
Result<FilingSnapshot> ReadFilingOrState(const KeyReader& reader, std::uint64_t sequence);
// The consistency group that the waiting filings of a case must stay in. Empty: any.
Result<std::string> ReadCaseGroup(const KeyReader& reader, const Digest& case_key);
// The numbers the court gave to the case of a filing that began here. Empty: none yet.
Result<std::vector<CaseNumber>> ReadCaseNumbers(const KeyReader& reader, const Digest& case_key);

}  // namespace nightbox
