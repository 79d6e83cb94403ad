// PlannerModel: courts, a store and a case system in virtual time, to drive a Planner for days in a
// second.
//
// The model keeps the truth the planner cannot see (what was recorded where) and checks every order
// against it: one delivery per case at a time, in order; nothing delivered that is uncertain, held
// or settled; questions only to the group that can answer; memory and slots within their bounds;
// time that always moves on. What the case system does is the test's to say, through three hooks.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "replay/planner.h"

namespace nightbox {

class PlannerModel {
 public:
  enum class State { kPending, kUncertain, kSettled, kHeld };

  struct Filing {
    std::uint64_t sequence = 0;
    std::size_t court = 0;
    std::uint64_t case_number = 0;
    BootTime received{};
    State state = State::kPending;
    bool in_flight = false;
    bool recorded = false;  // The truth.
    std::string group;      // Where it was started last.
    std::uint32_t starts = 0;
    BootTime settled{};
    std::uint64_t next_of_case = kNone;
  };
  struct Answer {
    DeliveryReport report;
    Microseconds after = std::chrono::milliseconds(50);
    bool recorded = false;
  };

  static constexpr std::uint64_t kNone = UINT64_MAX;
  // Noon of the first virtual day.
  static constexpr BootTime kStart{std::chrono::hours(12)};

  PlannerModel(PlannerOptions options, std::vector<std::string> courts, std::uint64_t seed);

  // ---- The test's say ----

  // Default: everything is docketed after 50 ms.
  std::function<Answer(const Filing&, std::size_t endpoint, BootTime)> deliver;
  // Default: the truth after 20 ms.
  std::function<QueryFate(const Filing&, std::size_t endpoint, BootTime)> query;
  // Whether the endpoint answers, and which courts it calls available. Default: yes, all.
  std::function<bool(std::size_t endpoint, BootTime)> reachable;
  std::function<bool(const CourtId&, std::size_t endpoint, BootTime)> available;
  std::function<std::string(std::size_t endpoint)> group_of;

  // A filing that was started stays in its group, even when that group says "not found". Memory
  // knows that, the disk does not: crashes and a crowded memory may forget it.
  bool started_stays_in_group = true;

  // ---- Acts ----

  // A filing arrives now; case 0: a case of its own.
  std::uint64_t File(std::size_t court, std::uint64_t case_number = 0);
  // The same, without telling the planner: what a start finds on disk.
  std::uint64_t FileQuietly(std::size_t court, std::uint64_t case_number = 0);
  void At(BootTime time, std::function<void()> act);
  // Carries out orders and lets time pass until then.
  void RunUntil(BootTime until);
  // The same until all acts are done and nothing is pending or uncertain; false when that takes
  // longer.
  bool RunUntilEmpty(BootTime latest);
  // A new planner on the same disk, as after a crash: what was under way is uncertain.
  void Restart();

  BootTime now() const { return now_; }
  Planner& planner() { return *planner_; }
  const std::vector<Filing>& filings() const { return filings_; }
  std::size_t unsettled() const { return unsettled_; }
  std::size_t CountIn(State state) const;
  Random& random() { return random_; }

  // What happened so far.
  std::uint64_t probes = 0;
  std::uint64_t probes_of_courts = 0;  // Sum of the courts named in them.
  std::uint64_t deliveries = 0;
  std::uint64_t queries = 0;
  std::uint64_t polls = 0;
  std::size_t in_flight = 0;
  std::size_t in_flight_peak = 0;
  std::size_t heads_peak = 0;
  std::vector<std::uint64_t> docketed;  // In order.
  std::vector<BootTime> probe_times;
  // Broken promises, in words. Empty: none.
  std::vector<std::string> broken;

 private:
  void Carry(const Order& order);
  void Load(const LoadOrder& order);
  void Deliver(const DeliverOrder& order);
  void Query(const QueryOrder& order);
  void Probe(const ProbeOrder& order);
  void Hold(const HoldOrder& order);
  // The filing leaves its case's queue; the next of the case is announced.
  void Leave(Filing& filing, State state);
  CaseHead HeadOf(const Filing& filing) const;
  void Turn();
  void Break(std::string what) { broken.push_back(std::move(what)); }

  const PlannerOptions options_;
  const std::vector<std::string> courts_;
  SeededRandom random_;
  SeededRandom planner_random_;
  BootTime now_ = kStart;
  std::unique_ptr<Planner> planner_;
  std::uint64_t life_ = 0;  // Answers to an earlier planner are not told to this one.
  std::vector<Filing> filings_;
  std::vector<std::set<std::uint64_t>> runnable_;  // The store's index, per court.
  std::unordered_map<std::uint64_t, std::uint64_t> tail_of_case_;
  std::multimap<BootTime, std::function<void()>> events_;
  std::size_t unsettled_ = 0;
  std::size_t acts_ = 0;  // Still to come.
};

}  // namespace nightbox
