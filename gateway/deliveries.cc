#include "gateway/deliveries.h"

#include <algorithm>

#include "core/log.h"
#include "gateway/glob.h"
#include "replay/stored_documents.h"

namespace nightbox {
namespace {

// Before the first probes have come back every court looks away; that is not news.
constexpr Microseconds kFirstProbes = std::chrono::seconds(3);

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

Deliveries::Deliveries(const GatewayConfig& config, const std::vector<CourtId>& courts,
                       boost::asio::io_context& loop, Journal& journal, Committer& committer,
                       SegmentFiles& segments, const Clock& clock, Random& random,
                       CourtReachTable& reach)
    : clock_(clock),
      reach_(reach),
      started_at_(clock.BootNow()),
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
      case_systems_.push_back(std::make_unique<GrpcCaseSystem>(options, documents_.get_executor()));
      parts.endpoints.push_back({system.name + " at " + endpoint, case_systems_.back().get(),
                                 [patterns = system.courts](const CourtId& court) {
                                   for (const std::string& pattern : patterns) {
                                     if (MatchesGlob(pattern, court.str())) return true;
                                   }
                                   return false;
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
  parts.looked = [this](const PlannerSnapshot& snapshot) { Looked(snapshot); };
  replayer_ = std::make_unique<Replayer>(std::move(parts), OptionsFor(config.replay));
}

Deliveries::~Deliveries() {
  for (const auto& system : case_systems_) system->Stop();
  replayer_.reset();
  case_systems_.clear();
  documents_.join();
}

Result<void> Deliveries::Start() { return replayer_->Start(); }

void Deliveries::Looked(const PlannerSnapshot& snapshot) {
  const BootTime boot = clock_.BootNow();
  const bool anyone_answered = std::any_of(
      snapshot.endpoints.begin(), snapshot.endpoints.end(),
      [](const EndpointSnapshot& endpoint) { return endpoint.state != ReachState::kBackingOff; });
  if (!anyone_answered && boot - started_at_ < kFirstProbes) return;
  const WallTime now = clock_.Now();
  for (const CourtSnapshot& court : snapshot.courts) {
    CourtReach reach;
    reach.court = court.court;
    reach.state = StateOf(court.state);
    if (court.next_try) reach.next_try_at = now + (*court.next_try - boot);
    reach_.Set(reach, now);
  }
}

}  // namespace nightbox
