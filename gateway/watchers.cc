#include "gateway/watchers.h"

#include <utility>
#include <vector>

namespace nightbox {

Watchers::Registration::Registration(Watchers& watchers, std::uint64_t filing_sequence,
                                     std::uint64_t number)
    : watchers_(watchers), filing_sequence_(filing_sequence), number_(number) {}

Watchers::Registration::~Registration() {
  const std::lock_guard lock(watchers_.mutex_);
  const auto filing = watchers_.by_filing_.find(filing_sequence_);
  if (filing == watchers_.by_filing_.end()) return;
  if (filing->second.erase(number_) > 0) --watchers_.count_;
  if (filing->second.empty()) watchers_.by_filing_.erase(filing);
}

std::unique_ptr<Watchers::Registration> Watchers::Watch(std::uint64_t filing_sequence,
                                                        Listener listener) {
  const std::lock_guard lock(mutex_);
  if (count_ >= max_) return nullptr;
  ++count_;
  const std::uint64_t number = next_number_++;
  by_filing_[filing_sequence].emplace(number, std::move(listener));
  return std::make_unique<Registration>(*this, filing_sequence, number);
}

void Watchers::Tell(const std::set<std::uint64_t>& changed_filings) {
  std::vector<Listener> to_tell;
  {
    const std::lock_guard lock(mutex_);
    if (by_filing_.empty()) return;
    for (const std::uint64_t filing : changed_filings) {
      const auto found = by_filing_.find(filing);
      if (found == by_filing_.end()) continue;
      for (const auto& [number, listener] : found->second) to_tell.push_back(listener);
    }
  }
  for (const Listener& listener : to_tell) listener(Told::kNews);
}

void Watchers::TellAll() {
  std::vector<Listener> to_tell;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [filing, watchers] : by_filing_) {
      for (const auto& [number, listener] : watchers) to_tell.push_back(listener);
    }
  }
  for (const Listener& listener : to_tell) listener(Told::kLookAgain);
}

std::size_t Watchers::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

}  // namespace nightbox
