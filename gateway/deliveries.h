// Deliveries: replay at work: the case systems of the configuration, the replayer, and what is
// learnt of courts.
//
// All but Published and the document reading runs on the loop. Begun once; paused before the
// committer drains, so that nothing new is started while the gateway stops. What is still under way
// when it is taken apart ends as after a crash: uncertain, and asked about at the next start.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <vector>

#include "core/random.h"
#include "gateway/config.h"
#include "gateway/court_reach.h"
#include "replay/asio_loop.h"
#include "replay/grpc_case_system.h"
#include "replay/replayer.h"
#include "rules/court_directory.h"
#include "store/committer.h"
#include "store/segment_file.h"

namespace nightbox {

class Deliveries {
 public:
  // `courts`: those that take filings here; they are looked at even when nobody has filed there.
  // `directory`: says which of them have a case system of their own; outlives it.
  // `heard`: told on the loop what probes and deliveries have shown of them.
  Deliveries(const GatewayConfig& config, const CourtDirectory& directory,
             const std::vector<CourtId>& courts, boost::asio::io_context& loop, Journal& journal,
             Committer& committer, SegmentFiles& segments, const Clock& clock, Random& random,
             CourtReachTable& reach,
             std::function<void(const std::vector<AvailabilityNews>&)> heard);
  ~Deliveries();

  Result<void> Start();
  // The committer's thread.
  void Published(const Committed& committed) { replayer_->Published(committed); }
  // What Replayer::Act says; kUnavailable before the start. Any thread.
  void Act(std::uint64_t filing_sequence, Draft draft, Committer::Done done);
  // No new delivery from here on. `ended` is called once, when the outcomes of those under way are
  // journaled: from within this call if there are none.
  void Pause(std::function<void()> ended) {
    replayer_->SetPaused(true);
    replayer_->WhenIdle(std::move(ended));
  }

 private:
  void Checked(const std::vector<CourtCheck>& checks);
  void Looked(const PlannerSnapshot& snapshot);

  const Clock& clock_;
  CourtReachTable& reach_;
  const std::function<void(const std::vector<AvailabilityNews>&)> heard_;
  // Where documents are read for delivery. Outlives the case systems.
  boost::asio::thread_pool documents_;
  std::vector<std::unique_ptr<GrpcCaseSystem>> case_systems_;
  std::unique_ptr<AsioLoop> timer_;
  std::unique_ptr<Replayer> replayer_;
  std::atomic<bool> started_ = false;
};

}  // namespace nightbox
