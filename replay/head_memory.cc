#include "replay/head_memory.h"

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace nightbox {
namespace {

// Between two reads of one court's heads, so that no quarrel over memory can keep the loop busy;
// and after one that brought nothing.
constexpr Microseconds kLoadEvery = std::chrono::milliseconds(10);
constexpr Microseconds kLoadPause = std::chrono::seconds(1);
constexpr std::size_t kFewHeads = 16;

}  // namespace

HeadMemory::HeadMemory(const PlannerOptions& options, PlannedCourts& courts)
    : options_(options), courts_(courts) {
  NB_CHECK(options_.court_heads_max >= 2 && options_.heads_max >= options_.court_heads_max);
}

void HeadMemory::Appeared(PlannedCourt& court, const CaseHead& head, BootTime now) {
  if (!head.uncertain && heads_ >= options_.heads_max && !EvictFor(court, 0)) {
    // A live one may still take the place of another of its own court.
    const Counted counted = Count(court);
    if (head.age >= options_.live_age || !court.queue.EvictOne()) {
      return court.queue.LeaveOnDisk(head.filing_sequence);
    }
  }
  const Counted counted = Count(court);
  court.queue.Appeared(head, now);
}

void HeadMemory::Loaded(PlannedCourt& court, const LoadOrder& order,
                        const std::vector<CaseHead>& heads, bool exhausted, BootTime now) {
  court.loading = false;
  court.load_not_before = now + kLoadEvery;
  const Counted counted = Count(court);
  if (order.newest) {
    court.queue.LoadedNewest(heads, now);
    return;
  }
  const std::size_t placed = court.queue.Loaded(order.from, heads, exhausted, now);
  // What is on disk belongs to busy cases, or memory is full: reading it again at once is no use.
  if (placed == 0 && court.queue.more_on_disk()) court.load_not_before = now + kLoadPause;
}

bool HeadMemory::EvictFor(const PlannedCourt& asking, std::size_t promised) {
  // The court that takes the most memory gives, so that a court that is away with a large backlog
  // cannot keep the others out.
  PlannedCourt* largest = nullptr;
  for (auto& [id, court] : courts_) {
    if (largest == nullptr || court.queue.size() > largest->queue.size()) largest = &court;
  }
  // Down to equal parts: else two courts would take the same place from each other for ever.
  if (largest == nullptr || largest == &asking) return false;
  if (largest->queue.size() <= asking.queue.size() + promised + 1) return false;
  const Counted counted = Count(*largest);
  return largest->queue.EvictOne();
}

bool HeadMemory::Wanted(const PlannedCourt& court) const {
  if (court.loading || court.queue.size() >= court.queue.capacity()) return false;
  return court.newest_wanted ||
         (court.queue.more_on_disk() && court.queue.ready_backlog() < options_.load_max / 2);
}

std::vector<LoadOrder> HeadMemory::DueLoads(
    BootTime now, const std::function<bool(const PlannedCourt&)>& deliverable) {
  std::vector<LoadOrder> loads;
  std::size_t promised = 0;  // Room given to the orders of this turn.
  for (auto& [id, court] : courts_) {
    if (!Wanted(court) || now < court.load_not_before || !deliverable(court)) continue;
    // A court with hardly any heads gets some, even if others must give.
    std::size_t freed = 0;
    while (court.queue.ready() == 0 && heads_ + promised + kFewHeads > options_.heads_max &&
           EvictFor(court, freed)) {
      ++freed;
    }
    const std::size_t used = std::min(options_.heads_max, heads_ + promised);
    const std::size_t limit = std::min({options_.load_max, options_.heads_max - used,
                                        court.queue.capacity() - court.queue.size()});
    if (limit == 0) continue;
    LoadOrder load{id, court.newest_wanted, court.queue.cursor(), limit};
    // The filings of the last minutes before a start are live, and stand behind the backlog.
    if (load.newest) load.limit = std::max<std::size_t>(1, limit / 2);
    court.newest_wanted = false;
    court.loading = true;
    promised += load.limit;
    loads.push_back(std::move(load));
  }
  return loads;
}

BootTime HeadMemory::NextWake(BootTime now) const {
  BootTime wake = BootTime::max();
  const auto at = [&](BootTime time) {
    if (time > now) wake = std::min(wake, time);
  };
  for (const auto& [id, court] : courts_) {
    at(court.queue.next_due());
    if (Wanted(court)) at(court.load_not_before);
  }
  return wake;
}

}  // namespace nightbox
