#include "gateway/terminations.h"

#include "gateway/error_catalogue.h"

namespace nightbox {

Result<Terminations::Answer> Terminations::Ask(const FilingId& filing, const std::string& person,
                                               const std::string& authority, BootTime now,
                                               WallTime wall) {
  const std::lock_guard lock(mutex_);
  std::erase_if(proposals_, [now](const auto& each) { return each.second.lapses_at <= now; });
  const auto found = proposals_.find(filing);
  if (found != proposals_.end() && !found->second.journaled) {
    return Error{ErrorCode::kAborted, "this filing's end is being proposed just now; ask again"};
  }
  const bool another_person = found != proposals_.end() && found->second.person != person;
  if (another_person && found->second.authority != authority) {
    return Catalogued("AUTHORITY_DIFFERS", "the first person gave another authority", "authority");
  }
  if (another_person) return Answer{Step::kCarryOut, found->second.person, found->second.until};
  if (found != proposals_.end() && found->second.authority == authority)
    return Answer{Step::kWait, person, found->second.until};
  if (found == proposals_.end() && proposals_.size() >= standing_max_) {
    return Catalogued("TOO_MANY_PROPOSALS",
                      "as many filings as may be wait for a second person already", "",
                      std::chrono::minutes(1));
  }
  const WallTime until = wall + kLapsesAfter;
  proposals_[filing] = {person, authority, now + kLapsesAfter, until, false};
  return Answer{Step::kJournal, person, until};
}

void Terminations::Journaled(const FilingId& filing, const std::string& person) {
  const std::lock_guard lock(mutex_);
  const auto found = proposals_.find(filing);
  if (found != proposals_.end() && found->second.person == person) found->second.journaled = true;
}

void Terminations::Forget(const FilingId& filing, const std::string& person) {
  const std::lock_guard lock(mutex_);
  const auto found = proposals_.find(filing);
  if (found != proposals_.end() && found->second.person == person) proposals_.erase(found);
}

std::size_t Terminations::standing() const {
  const std::lock_guard lock(mutex_);
  return proposals_.size();
}

}  // namespace nightbox
