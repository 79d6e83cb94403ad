// Behaviour: what the case system has been told to do: how each court treats what arrives, and what
// goes wrong on command.
//
// Faults live in memory only; a restarted case system behaves. Court patterns are fnmatch patterns
// over court ids ("mo.cir.42.*"); a circuit's own id means its courts, but for divisions with a
// case system of their own; a pattern that matches no court is kInvalidArgument with suggestions. A
// division that shares its county's case system is away with the county's court, too. Thread-safe:
// one mutex, held for look-ups only.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.h"
#include "core/result.h"
#include "ops/case_system/ledger.h"
#include "rules/court_directory.h"

namespace nightbox {

// How a court treats a filing that arrives.
struct ReviewMode {
  enum class Kind { kDocketAtOnce, kReviewAfter, kReviewOnCommand };
  Kind kind = Kind::kDocketAtOnce;
  std::chrono::milliseconds after{0};  // kReviewAfter.
};

class Behaviour {
 public:
  explicit Behaviour(const CourtDirectory& courts) : courts_(courts) {}

  // The courts a pattern means. At least one.
  Result<std::vector<CourtId>> Match(std::string_view pattern) const;

  // How many courts it concerned.
  Result<int> SetAway(std::string_view pattern, bool away);
  bool IsAway(const CourtId& court) const;

  Result<int> SetReview(std::string_view pattern, ReviewMode mode);
  // The next filing that arrives for the court is returned with this reason. They queue up, to 100.
  Result<int> ReturnNext(std::string_view pattern, std::string_view reason);

  // What becomes of a filing for this court that arrives now; takes a return that was ordered.
  Disposition Take(const CourtId& court, WallTime now);
  // The disposition was not used: an ordered return waits for the next filing again.
  void GiveBack(const CourtId& court, const Disposition& disposition);

  void SetDelay(std::chrono::milliseconds delay);
  std::chrono::milliseconds Delay() const;

  // The next `count` calls fail with UNAVAILABLE.
  void SetErrors(int count);
  bool TakeError();
  // The answers to the next `count` filings recorded are lost after they are committed.
  void SetLostAnswers(int count);
  bool TakeLostAnswer();
  // The process ends by SIGKILL after the next filing is committed.
  void SetCrashAfterCommit();
  bool TakeCrashAfterCommit();

  // For people: what is set.
  boost::json::object Describe() const;

 private:
  const CourtDirectory& courts_;
  mutable std::mutex mutex_;  // Guards all below.
  std::set<CourtId> away_;
  std::map<CourtId, ReviewMode> review_;
  std::map<CourtId, std::vector<std::string>> returns_;
  std::chrono::milliseconds delay_{0};
  int errors_ = 0;
  int lost_answers_ = 0;
  bool crash_after_commit_ = false;
};

}  // namespace nightbox
