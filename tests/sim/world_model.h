// WorldModel: what the journal's entries mean, told a second time and simply.
//
// It reads entries in their order and nothing else of what the store derives from them: no state,
// no queue, no balance. From a filing's own words it knows which cases it stands in, and from the
// entries where it stands. The judge (tests/sim/world_judge.h) holds the store, the wire and the
// docket against it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "nightbox/journal/v1/journal.pb.h"
#include "store/filing_state.h"

namespace nightbox {

struct ModelFiling {
  std::uint64_t sequence = 0;
  FilingRecord record;
  std::string receipt_json;
  std::string receipt_p7s;
  // The first that was opened or refused under its request_id, if one was before.
  std::optional<WallTime> first_attempt_at;
  bool opens_case = false;

  BalanceClass at = BalanceClass::kPending;
  // The case system has it; a clerk's word is still to come.
  bool submitted = false;
  bool wants_withdrawal = false;
  CourtRecordState review = CourtRecordState::kUnspecified;
  std::uint32_t starts = 0;
  // Of the last start.
  std::string group;
  // Named persons ended it while its delivery was under way: what the court does then is theirs.
  bool ended_under_way = false;
  // The cases it stands in, by the names it was received under, and by those it came to since.
  std::set<std::string> cases;
  std::set<std::string> later_cases;

  // Later filings of its case must wait for it.
  bool BlocksCase() const;
  bool SharesCaseWith(const ModelFiling& later) const;
};

class WorldModel {
 public:
  // Takes the next entry in. What is wrong with it, if anything.
  std::optional<std::string> Take(const journal::v1::Entry& entry);

  ModelFiling* Find(const Digest& delivery_key);
  ModelFiling* Find(std::uint64_t sequence);
  const std::map<std::uint64_t, ModelFiling>& filings() const { return filings_; }
  // Over all courts.
  Balance CountAll() const;

  // A document, as the index knows it: each system has its own copy.
  using DocumentKey = std::pair<SystemName, Digest>;
  // How many filings refer to each document.
  const std::map<DocumentKey, std::uint32_t>& documents() const { return documents_; }
  // Those that were found damaged, whatever became of them since.
  const std::set<DocumentKey>& quarantined() const { return quarantined_; }
  // A filing that is still to be delivered refers to it.
  bool IsAwaited(const DocumentKey& document) const;

 private:
  std::optional<std::string> Received(const journal::v1::Entry& entry);
  void Attempted(const std::string& delivery_key, std::int64_t at_us);
  void CourtSaid(ModelFiling& filing, const CourtRecord& record);
  void CaseGotNumber(const ModelFiling& opener, const std::string& number);

  std::map<std::uint64_t, ModelFiling> filings_;
  std::map<Digest, std::uint64_t> by_key_;
  // From the name of a case by its number to the name by its opener.
  std::map<std::string, std::string> openers_;
  std::map<Digest, WallTime> first_attempts_;  // By delivery key.
  std::map<DocumentKey, std::uint32_t> documents_;
  std::set<DocumentKey> quarantined_;
};

}  // namespace nightbox
