// AvailabilityLog: has the changes of courts' availability journaled, and shows what is known.
//
// The decisions are AvailabilityRecord's. An entry that the committer does not take is not lost in
// silence: everything is forgotten, with an entry that says so as soon as one is taken, and what
// the next probes show begins anew.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "gateway/availability.h"
#include "gateway/court_reach.h"
#include "store/committer.h"
#include "store/view.h"

namespace nightbox {

class AvailabilityLog {
 public:
  // `post` runs an act on the loop, soon; any thread. Clock and table outlive it.
  AvailabilityLog(const std::vector<CourtId>& courts, const AvailabilityOptions& options,
                  const Clock& clock, CourtReachTable& table,
                  std::function<void(Draft, Committer::Done)> submit,
                  std::function<void(std::function<void()>)> post);
  ~AvailabilityLog();  // On the loop, or when it has ended.
  AvailabilityLog(const AvailabilityLog&) = delete;
  AvailabilityLog& operator=(const AvailabilityLog&) = delete;

  // All on the loop. Once, before anything is heard: what the ledger ends with.
  Result<void> Started(const View& view);
  void Heard(const std::vector<AvailabilityNews>& news);
  void Tick();
  // Before the committer drains.
  void Stopped();

 private:
  void Keep(std::vector<ChangeAvailability> changes);
  void NotKept(WallTime seen_until);

  const Clock& clock_;
  CourtReachTable& table_;
  const std::function<void(Draft, Committer::Done)> submit_;
  const std::function<void(std::function<void()>)> post_;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  AvailabilityRecord record_;
  bool stopped_ = false;  // Nothing is said after the last word.
  // Since when an entry is missing.
  std::optional<WallTime> not_kept_;
};

}  // namespace nightbox
