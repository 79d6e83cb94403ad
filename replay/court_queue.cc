#include "replay/court_queue.h"

#include <algorithm>

#include "core/check.h"

namespace nightbox {

void CourtQueue::Appeared(const CaseHead& head, BootTime now) {
  Place(head, now, /*displace=*/true);
}

std::size_t CourtQueue::Loaded(std::uint64_t from, const std::vector<CaseHead>& heads,
                               bool exhausted, BootTime now) {
  // First where reading ended, then what could not be placed: LeaveOnDisk lowers the cursor again.
  // A cursor that was lowered since the order stays: what lies there was not read.
  if (cursor_ >= from) {
    if (exhausted) {
      cursor_ = kNothingOnDisk;
    } else if (!heads.empty()) {
      cursor_ = std::max(from, heads.back().filing_sequence + 1);
    }
  }
  std::size_t placed = 0;
  for (const CaseHead& head : heads) placed += Place(head, now, /*displace=*/false) ? 1 : 0;
  return placed;
}

void CourtQueue::LoadedNewest(const std::vector<CaseHead>& heads, BootTime now) {
  for (const CaseHead& head : heads) Place(head, now, /*displace=*/false);
}

void CourtQueue::Removed(std::uint64_t filing_sequence) {
  const Entry* entry = Find(filing_sequence);
  if (entry == nullptr || entry->stage == Stage::kInFlight || entry->stage == Stage::kAsked) return;
  Erase(filing_sequence);
}

// True when the head is newly in memory.
bool CourtQueue::Place(const CaseHead& head, BootTime now, bool displace) {
  NB_CHECK(!head.uncertain || !head.group.empty());
  if (const Entry* same = Find(head.filing_sequence);
      same != nullptr && same->head.case_key != head.case_key) {
    // Its case has got a number, and with it another queue. What is under way ends under the old
    // one.
    if (same->stage != Stage::kReady && same->stage != Stage::kWaiting) return false;
    Erase(head.filing_sequence);
  }
  if (const auto known = cases_.find(head.case_key); known != cases_.end()) {
    if (known->second == head.filing_sequence) return false;
    const Stage stage = entries_.at(known->second).stage;
    if (stage != Stage::kReady && stage != Stage::kWaiting) {
      // The case is busy. Its next head is announced when it is free, or found on disk.
      LeaveOnDisk(head.filing_sequence);
      return false;
    }
    Erase(known->second);  // The store knows better which filing of the case goes next.
  }
  const bool live = head.age < live_age_;
  // Backlog is taken in order: what lies behind the part still on disk waits there with it.
  if (!live && !head.uncertain && head.filing_sequence >= cursor_) return false;
  if (entries_.size() >= capacity_ && !head.uncertain) {
    const bool sooner = live || (!backlog_.empty() && *backlog_.rbegin() > head.filing_sequence);
    if (!displace || !sooner || !EvictOne()) {
      LeaveOnDisk(head.filing_sequence);
      return false;
    }
  }
  Entry& entry = entries_[head.filing_sequence];
  entry.head = head;
  if (live) entry.live_until = now + (live_age_ - std::max(head.age, Microseconds(0)));
  cases_[head.case_key] = head.filing_sequence;
  if (head.uncertain) {
    SetStage(entry, Stage::kUncertain);
    uncertain_.insert(head.filing_sequence);
    return true;
  }
  LinkReady(head.filing_sequence, entry);
  if (live_.size() > capacity_ / 2) BecomeBacklog(*live_.begin());
  return true;
}

void CourtQueue::LeaveOnDisk(std::uint64_t filing_sequence) {
  cursor_ = std::min(cursor_, filing_sequence);
}

bool CourtQueue::EvictOne() {
  // The highest of the backlog is the last that would have its turn; after it the oldest of the
  // live ones; then what waits longest for its own delay. What an order is under way for stays,
  // and so does what is uncertain.
  std::uint64_t victim = 0;
  if (!backlog_.empty()) {
    victim = *backlog_.rbegin();
  } else if (!live_.empty()) {
    victim = *live_.begin();
  } else {
    const auto longest = std::find_if(timers_.rbegin(), timers_.rend(), [&](const auto& timer) {
      return entries_.at(timer.second).stage == Stage::kWaiting;
    });
    if (longest == timers_.rend()) return false;
    victim = longest->second;
  }
  Erase(victim);
  LeaveOnDisk(victim);
  return true;
}

void CourtQueue::Advance(BootTime now) {
  while (!timers_.empty() && timers_.begin()->first <= now) {
    const std::uint64_t sequence = timers_.begin()->second;
    Unlink(sequence);
    Entry& entry = entries_.at(sequence);
    if (entry.stage == Stage::kUncertain) {
      uncertain_.insert(sequence);
    } else {
      SetStage(entry, Stage::kReady);
      LinkReady(sequence, entry);
    }
  }
  while (!live_.empty() && entries_.at(*live_.begin()).live_until <= now) {
    BecomeBacklog(*live_.begin());
  }
}

void CourtQueue::BecomeBacklog(std::uint64_t filing_sequence) {
  Entry& entry = entries_.at(filing_sequence);
  entry.live_until = BootTime::min();
  live_.erase(filing_sequence);
  // In line behind the part on disk, unless something would be forgotten with it.
  if (filing_sequence >= cursor_ && entry.tries == 0) {
    Erase(filing_sequence);
  } else {
    backlog_.insert(filing_sequence);
  }
}

CourtQueue::Entry& CourtQueue::At(std::uint64_t filing_sequence) {
  const auto found = entries_.find(filing_sequence);
  NB_CHECK(found != entries_.end());
  return found->second;
}

const CourtQueue::Entry* CourtQueue::Find(std::uint64_t filing_sequence) const {
  const auto found = entries_.find(filing_sequence);
  return found == entries_.end() ? nullptr : &found->second;
}

void CourtQueue::InFlight(std::uint64_t filing_sequence, BootTime now) {
  Entry& entry = At(filing_sequence);
  NB_CHECK(entry.stage == Stage::kReady);
  last_was_live_ = live_.contains(filing_sequence);
  Unlink(filing_sequence);
  SetStage(entry, Stage::kInFlight);
  entry.ordered_at = now;
}

void CourtQueue::Asked(std::uint64_t filing_sequence) {
  Entry& entry = At(filing_sequence);
  NB_CHECK(entry.stage == Stage::kUncertain);
  Unlink(filing_sequence);
  SetStage(entry, Stage::kAsked);
}

void CourtQueue::Holding(std::uint64_t filing_sequence) {
  Unlink(filing_sequence);
  SetStage(At(filing_sequence), Stage::kHolding);
}

void CourtQueue::Ready(std::uint64_t filing_sequence) {
  Unlink(filing_sequence);
  Entry& entry = At(filing_sequence);
  SetStage(entry, Stage::kReady);
  entry.head.uncertain = false;
  LinkReady(filing_sequence, entry);
}

void CourtQueue::WaitUntil(std::uint64_t filing_sequence, BootTime until) {
  Unlink(filing_sequence);
  Entry& entry = At(filing_sequence);
  SetStage(entry, Stage::kWaiting);
  entry.head.uncertain = false;
  LinkTimer(filing_sequence, until);
}

void CourtQueue::Uncertain(std::uint64_t filing_sequence, std::string group, BootTime until) {
  Unlink(filing_sequence);
  Entry& entry = At(filing_sequence);
  SetStage(entry, Stage::kUncertain);
  entry.head.uncertain = true;
  entry.head.group = std::move(group);
  LinkTimer(filing_sequence, until);
}

void CourtQueue::Finished(std::uint64_t filing_sequence) { Erase(filing_sequence); }

BootTime CourtQueue::next_due() const {
  return timers_.empty() ? BootTime::max() : timers_.begin()->first;
}

void CourtQueue::Unlink(std::uint64_t filing_sequence) {
  live_.erase(filing_sequence);
  backlog_.erase(filing_sequence);
  uncertain_.erase(filing_sequence);
  if (const auto timer = timer_of_.find(filing_sequence); timer != timer_of_.end()) {
    timers_.erase({timer->second, filing_sequence});
    timer_of_.erase(timer);
  }
}

void CourtQueue::LinkReady(std::uint64_t filing_sequence, const Entry& entry) {
  // Whether it is still live is looked at in Advance().
  (entry.live_until == BootTime::min() ? backlog_ : live_).insert(filing_sequence);
}

void CourtQueue::LinkTimer(std::uint64_t filing_sequence, BootTime until) {
  timers_.emplace(until, filing_sequence);
  timer_of_[filing_sequence] = until;
}

void CourtQueue::SetStage(Entry& entry, Stage stage) {
  const auto counts = [](Stage each) { return each == Stage::kUncertain || each == Stage::kAsked; };
  uncertain_count_ -= counts(entry.stage) ? 1 : 0;
  uncertain_count_ += counts(stage) ? 1 : 0;
  entry.stage = stage;
}

void CourtQueue::Erase(std::uint64_t filing_sequence) {
  Unlink(filing_sequence);
  const auto found = entries_.find(filing_sequence);
  NB_CHECK(found != entries_.end());
  SetStage(found->second, Stage::kReady);  // Counted no more.
  cases_.erase(found->second.head.case_key);
  entries_.erase(found);
}

}  // namespace nightbox
