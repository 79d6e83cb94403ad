#include "gateway/deliveries.h"

#include <utility>

#include "core/log.h"
#include "gateway/court_binding.h"
#include "replay/stored_documents.h"

namespace nightbox {
namespace {

// The replayer shows how it stands about once a second: what was delivered since is news.
constexpr Microseconds kJustNow = std::chrono::milliseconds(1'500);

PlannerOptions OptionsFor(const ReplayConfig& config) {
  PlannerOptions options;
  options.in_flight_max = static_cast<std::size_t>(config.in_flight_max);
  options.court_window_max = static_cast<std::size_t>(config.court_window_max);
  options.probe_backoff = {config.probe_first, config.probe_max};
  options.filing_backoff = {config.filing_first, config.filing_max};
  options.query_backoff = {config.probe_first, config.probe_max};
  options.check_interval = config.check_interval;
  options.slow_after = config.slow_after;
  options.hold_after = static_cast<std::uint32_t>(config.hold_after_failures);
  return options;
}

CourtReach::State StateOf(ReachState state) {
  switch (state) {
    case ReachState::kBackingOff:
      return CourtReach::State::kBackingOff;
    case ReachState::kProbing:
      return CourtReach::State::kProbing;
    case ReachState::kFlowing:
      return CourtReach::State::kFlowing;
  }
  return CourtReach::State::kUnknown;
}

}  // namespace

Deliveries::Deliveries(const GatewayConfig& config, const CourtDirectory& directory,
                       const std::vector<CourtId>& courts, boost::asio::io_context& loop,
                       Journal& journal, Committer& committer, SegmentFiles& segments,
                       const Clock& clock, Random& random, CourtReachTable& reach,
                       std::function<void(const std::vector<AvailabilityNews>&)> heard)
    : clock_(clock),
      reach_(reach),
      heard_(std::move(heard)),
      documents_(static_cast<std::size_t>(config.capacity.document_threads)) {
  ReplayerParts parts;
  parts.gateway = config.name;
  for (const CaseSystemConfig& system : config.case_systems) {
    for (const std::string& endpoint : system.endpoints) {
      GrpcCaseSystemOptions options;
      options.target = endpoint;
      options.root = system.ca;
      options.certificate = system.certificate;
      options.key = system.key;
      options.server_name = system.server_name;
      options.record.answer_timeout = config.replay.delivery_timeout;
      options.record.chunk_timeout = config.replay.delivery_timeout;
      options.record.record_timeout = config.replay.delivery_timeout;
      case_systems_.push_back(std::make_unique<GrpcCaseSystem>(options, documents_.get_executor()));
      parts.endpoints.push_back({system.name + " at " + endpoint, case_systems_.back().get(),
                                 [&directory, listed = system.courts](const CourtId& court) {
                                   return Binds(listed, directory, court);
                                 }});
    }
  }
  parts.courts = courts;
  parts.clock = &clock;
  parts.random = &random;
  parts.view = [&journal] { return journal.view(); };
  parts.submit = [&committer](Draft draft, Committer::Done done) {
    committer.Submit(std::move(draft), std::move(done));
  };
  parts.documents = [&segments, &committer, &clock](const View& view,
                                                    const FilingSnapshot& filing) {
    return OpenStoredDocuments(
        view, segments, filing, [&committer, &clock](QuarantineDocument damage) {
          Log(LogLevel::kError, "a stored document is damaged", {{"where", damage.what}});
          damage.found_at = clock.Now();
          committer.Submit(std::move(damage), [](const Result<Outcome>&) {});
        });
  };
  timer_ = std::make_unique<AsioLoop>(loop, clock, [this] { replayer_->Wake(); });
  parts.post = [this](std::function<void()> act) { timer_->Post(std::move(act)); };
  parts.wake_at = [this](BootTime time) { timer_->WakeAt(time); };
  parts.checked = [this](const std::vector<CourtCheck>& checks) { Checked(checks); };
  parts.looked = [this](const PlannerSnapshot& snapshot) { Looked(snapshot); };
  replayer_ = std::make_unique<Replayer>(std::move(parts), OptionsFor(config.replay));
}

Deliveries::~Deliveries() {
  for (const auto& system : case_systems_) system->Stop();
  replayer_.reset();
  case_systems_.clear();
  documents_.join();
}

Result<void> Deliveries::Start() {
  NB_RETURN_IF_ERROR(replayer_->Start());
  started_ = true;
  return {};
}

void Deliveries::Act(std::uint64_t filing_sequence, Draft draft, Committer::Done done) {
  // The loop runs once they have begun: what is posted to one that never does would hang its call.
  if (!started_) {
    return done(Error{ErrorCode::kUnavailable, "deliveries have not begun yet; ask again", "", "",
                      std::chrono::milliseconds(1'000)});
  }
  replayer_->Act(filing_sequence, std::move(draft), std::move(done));
}

void Deliveries::Checked(const std::vector<CourtCheck>& checks) {
  const WallTime now = clock_.Now();
  std::vector<AvailabilityNews> news;
  news.reserve(checks.size());
  for (const CourtCheck& check : checks) {
    news.push_back({check.court, check.available, now, check.cause});
  }
  heard_(news);
}

void Deliveries::Looked(const PlannerSnapshot& snapshot) {
  const BootTime boot = clock_.BootNow();
  const WallTime now = clock_.Now();
  std::vector<AvailabilityNews> delivered;
  for (const CourtSnapshot& court : snapshot.courts) {
    CourtReach reach;
    reach.court = court.court;
    reach.state = StateOf(court.state);
    if (court.next_try) reach.next_try_at = now + (*court.next_try - boot);
    reach_.Set(reach);
    // A delivery shows as much as a probe does.
    if (court.state != ReachState::kBackingOff && court.last_success &&
        boot - *court.last_success <= kJustNow) {
      delivered.push_back({court.court, true, now, "delivered"});
    }
  }
  heard_(delivered);
}

}  // namespace nightbox
