// HeadMemory: which case heads are in memory, over all courts, and what is read from disk next.
//
// At most `heads_max` heads are in memory, beside uncertain ones; a court that is away with a large
// backlog gives places to those that can be served. What finds no place stays on disk, and each
// court's cursor (replay/court_queue.h) knows where.
//
// Pure; one thread at a time. Every change of a court's queue is made within a Count().
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/clock.h"
#include "core/ids.h"
#include "replay/planner_court.h"
#include "replay/planner_options.h"
#include "replay/planner_orders.h"

namespace nightbox {

class HeadMemory {
 public:
  // While it lives the queue may be changed; then the count over all courts is right again.
  class Counted {
   public:
    Counted(std::size_t& total, const CourtQueue& queue)
        : total_(total), queue_(queue), before_(queue.size()) {}
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    ~Counted() { total_ = total_ - before_ + queue_.size(); }

   private:
    std::size_t& total_;
    const CourtQueue& queue_;
    const std::size_t before_;
  };

  // Options and courts outlive it.
  HeadMemory(const PlannerOptions& options, PlannedCourts& courts);

  // A head has just appeared.
  void Appeared(PlannedCourt& court, const CaseHead& head, BootTime now);
  // What a LoadOrder brought.
  void Loaded(PlannedCourt& court, const LoadOrder& order, const std::vector<CaseHead>& heads,
              bool exhausted, BootTime now);
  // The reads to be made now, for courts that `deliverable` allows.
  std::vector<LoadOrder> DueLoads(BootTime now,
                                  const std::function<bool(const PlannedCourt&)>& deliverable);
  // When a delay of an entry or of a read ends; later than `now`. BootTime::max(): never.
  BootTime NextWake(BootTime now) const;

  [[nodiscard]] Counted Count(const PlannedCourt& court) { return {heads_, court.queue}; }
  std::size_t size() const { return heads_; }

 private:
  // Puts one head of the court that has most of them back to disk. False: nobody has more than
  // `asking` will have with what it is promised, or nothing can be put back.
  bool EvictFor(const PlannedCourt& asking, std::size_t promised);
  // The court has few heads ready and may have more on disk.
  bool Wanted(const PlannedCourt& court) const;

  const PlannerOptions& options_;
  PlannedCourts& courts_;
  std::size_t heads_ = 0;
};

}  // namespace nightbox
