// Replayer: carries out what the planner orders.
//
// It joins the journal (through the view and the committer), the planner, the endpoints of the case
// systems and the loop. Every order follows one line: read, make durable, do, make durable, report.
// What it promises beyond the planner's promises:
//
//   * No byte of a filing leaves before its delivery is on disk as started, with the consistency
//     group it goes to. Whatever is found started without an outcome, at a start or later, is
//     uncertain.
//   * What the case system answered is on disk before the planner, and so anybody, acts on it.
//   * What courts say later comes in by watching, from a cursor that moves in the same commit as
//   the
//     news; what filers ask of the court after submission is passed on until the court has taken
//     it.
//
// One thread, the loop's, except Published(). It knows no Asio: the loop is two functions, so that
// the simulation steps it in virtual time (replay/asio_loop.h is the gateway's).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/random.h"
#include "replay/case_system_port.h"
#include "replay/court_check.h"
#include "replay/court_news.h"
#include "replay/planner.h"
#include "store/draft.h"
#include "store/journal.h"
#include "store/view.h"

namespace nightbox {

struct ReplayEndpoint {
  // For logs and the status page.
  std::string name;
  CaseSystemPort* port = nullptr;
  std::function<bool(const CourtId&)> serves = [](const CourtId&) { return true; };
};

struct ReplayerParts {
  // The gateway's name, as on its receipts.
  std::string gateway;
  // In order of preference; they outlive the replayer.
  std::vector<ReplayEndpoint> endpoints;
  // Courts that are looked at even when nobody has filed there.
  std::vector<CourtId> courts;
  const Clock* clock = nullptr;
  Random* random = nullptr;
  // What is published now.
  std::function<std::shared_ptr<const View>()> view;
  // The committer.
  std::function<void(Draft, std::function<void(const Result<Outcome>&)> done)> submit;
  std::function<Result<std::shared_ptr<DocumentSource>>(const View&, const FilingSnapshot&)>
      documents;
  // Runs the act on the loop, soon, never within the call. Any thread.
  std::function<void(std::function<void()>)> post;
  // Asks for Wake() at this time, instead of any asked for before.
  std::function<void(BootTime)> wake_at;
  // Told on the loop what each probe has shown of the courts it asked about.
  std::function<void(const std::vector<CourtCheck>&)> checked = [](const std::vector<CourtCheck>&) {
  };
  // Told on the loop what is known of courts and endpoints, after each probe and at least when a
  // second has passed with something going on.
  std::function<void(const PlannerSnapshot&)> looked = [](const PlannerSnapshot&) {};
};

class Replayer {
 public:
  // `options.endpoints` and `options.serves` are filled in here.
  Replayer(ReplayerParts parts, PlannerOptions options);
  // On the loop. What is still under way ends unheard, as after a crash.
  ~Replayer();
  Replayer(const Replayer&) = delete;
  Replayer& operator=(const Replayer&) = delete;

  // Reads what is waiting and begins. Once. kDataLoss or the disk's error: nothing is begun.
  Result<void> Start();
  // The committer's thread, after each commit: never blocks, remembers a bounded set.
  void Published(const Committed& committed);
  void Wake();
  // Has an operator's draft about one filing committed. Not while a delivery of it, a question
  // about it or another act is under way: its outcome would be lost, and the filing might be
  // delivered twice; then DELIVERY_UNDER_WAY, and nothing is done. Until the commit nothing of the
  // filing is ordered. `done` is called once. Any thread.
  void Act(std::uint64_t filing_sequence, Draft draft,
           std::function<void(const Result<Outcome>&)> done);
  // No new delivery; what is under way ends. For shutdown and for operators.
  void SetPaused(bool paused);

  // Nothing is under way: every delivery, question and hold has its outcome in the journal.
  bool idle() const { return under_way_ == 0; }
  // Calls `act` once, on the loop, when nothing is under way: from within this call if nothing is.
  void WhenIdle(std::function<void()> act);
  PlannerSnapshot Snapshot() const { return planner_.Snapshot(parts_.clock->BootNow()); }

 private:
  // Calls `act` on the loop with what it is called with, unless the replayer is gone by then.
  template <class Argument, class Act>
  std::function<void(Argument)> OnLoop(Act act) {
    return [post = parts_.post, alive = std::weak_ptr<bool>(alive_),
            act = std::move(act)](Argument argument) {
      post([alive, act, argument = std::move(argument)] {
        if (!alive.expired()) act(argument);
      });
    };
  }
  void Commit(Draft draft, std::function<void(const Result<Outcome>&)> then);
  void ActNow(std::uint64_t filing_sequence, Draft draft,
              std::function<void(const Result<Outcome>&)> done);

  // Polls the planner until it has no more orders.
  void Turn();
  void Carry(const LoadOrder& order);
  void Carry(const DeliverOrder& order);
  void Carry(const QueryOrder& order);
  void Carry(const ProbeOrder& order);
  void Carry(const HoldOrder& order);

  Result<RecordRequest> RequestFor(const View& view, const FilingSnapshot& filing) const;
  void Answered(const DeliverOrder& order, const RecordAnswer& answer);
  void Ended(const DeliverOrder& order, const DeliveryReport& report);
  void Asked(const QueryOrder& order, const QueryAnswer& answer);
  void EndedQuery(const QueryOrder& order, QueryFate fate);
  void EndedHold(const HoldOrder& order, const Result<Outcome>& outcome);

  // Tells the planner how the filing, and the case it stands in, look now.
  void Look(std::uint64_t filing_sequence);
  Result<void> LookThrough(const View& view, std::uint64_t filing_sequence);
  void TellHead(const View& view, const Digest& case_key);
  void TakeNews();
  void TellChecked(const ProbeOrder& order, const ProbeReport& report);
  void TellLooked(bool at_once);
  void TellIdle();

  const ReplayerParts parts_;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  Planner planner_;
  CourtNews news_;
  std::set<std::size_t> asked_;  // Endpoints that have answered a probe, or failed to.
  // Filings with an order under way: others' news of them wait for its end.
  std::set<std::uint64_t> active_;
  std::size_t under_way_ = 0;
  bool turning_ = false;
  BootTime last_looked_{};
  std::function<void()> when_idle_;

  std::mutex mutex_;  // Guards the three below: the committer's thread leaves news there.
  std::set<std::uint64_t> changed_;
  std::set<CourtId> changed_courts_;  // When there was no room for each filing.
  bool posted_ = false;
};

}  // namespace nightbox
