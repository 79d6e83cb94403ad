#include "gateway/report.h"

#include <utility>

#include "rules/shown_fields.h"

namespace nightbox {
namespace {

Accepting AcceptingWith(DiskState disk) {
  switch (disk) {
    case DiskState::kPlenty:
      return Accepting::kYes;
    case DiskState::kNoUploads:
      return Accepting::kStoredOnly;
    case DiskState::kNoFilings:
      break;
  }
  return Accepting::kNo;
}

Delivering DeliveringWhen(Availability state) {
  switch (state) {
    case Availability::kAvailable:
      return Delivering::kYes;
    case Availability::kUnavailable:
    case Availability::kLimited:
      return Delivering::kDelayed;
    case Availability::kUnknown:
      break;
  }
  return Delivering::kUnknown;
}

std::vector<CircuitGroup> CircuitsServed(const CourtPolicies& policies) {
  std::vector<CourtId> served;
  for (const auto& policy : policies.Enabled()) served.push_back(policy->court);
  return CircuitGroupsOf(policies.directory(), served);
}

// What a row calls the court, circuit or state that it shares its state with.
std::string NameOf(const CourtDirectory& directory, const CourtId& id) {
  if (id.str() == kWholeState) return "the whole state";
  const Court* court = directory.Find(id);
  return court == nullptr ? std::string() : court->name;
}

}  // namespace

Report::Report(ReportParts parts)
    : parts_(std::move(parts)), circuits_(CircuitsServed(parts_.desk.parts().policies)) {}

std::string WhyNoFilings(Durability durability, bool stopping, DiskState disk,
                         Microseconds commit_under_way) {
  if (durability == Durability::kOff) return "not durable: started with --store-off";
  if (commit_under_way > kCommitPatience) return "the disk does not answer";
  if (disk == DiskState::kNoFilings) return "the disk has reached its reserve";
  if (stopping) return "stopping";
  return {};
}

std::string Report::NotReady() const {
  return WhyNoFilings(parts_.durability, parts_.desk.shutting_down(), parts_.disk.state(),
                      CommitUnderWay());
}

Microseconds Report::CommitUnderWay() const {
  const DeskParts& desk = parts_.desk.parts();
  const auto since = desk.committer.counts().committing_since;
  return since ? desk.clock.BootNow() - *since : Microseconds(0);
}

StatusSnapshot Report::Status() const {
  const DeskParts& desk = parts_.desk.parts();
  StatusSnapshot status;
  status.gateway = desk.config.name;
  status.made_at = desk.clock.Now();
  status.not_shown = desk.shown.Denied("status.json", status.made_at);
  status.not_ready = NotReady();
  status.checks_hold = parts_.reach.fresh();
  const Accepting accepting = AcceptingWith(parts_.disk.state());
  for (const auto& policy : desk.policies.Enabled()) {
    CourtStatus row;
    row.court = policy->court;
    row.name = policy->court_name;
    row.accepting = accepting;
    const HeldAvailability held = parts_.reach.Held(policy->court, status.made_at);
    row.state_of = held.of;
    row.state_of_name = NameOf(desk.policies.directory(), held.of);
    row.delivering = DeliveringWhen(held.known.state);
    row.since = held.known.since;
    row.last_checked = held.known.checked_at;
    status.courts.push_back(std::move(row));
  }
  status.circuits = circuits_;
  status.contacts = desk.policies.public_contacts();
  return status;
}

std::string Report::MetricsText() const {
  const DeskParts& desk = parts_.desk.parts();
  const auto view = desk.journal.view();
  GatewayGauges gauges;
  for (const std::size_t waiting : desk.committer.counts().waiting) gauges.queue_waiting += waiting;
  gauges.uploads_running = desk.uploads.count();
  gauges.watchers = desk.watchers.count();
  gauges.published_sequence = view->published();
  gauges.disk_free_bytes = parts_.disk.free_bytes();
  gauges.clock_synchronized = desk.journal.clock_synchronized();
  gauges.commit_under_way = CommitUnderWay();
  gauges.ready = NotReady().empty();
  parts_.metrics.Set(gauges);
  parts_.metrics.Set(parts_.connections());
  if (const auto balances = view->ListBalances()) {
    std::vector<CourtBacklog> backlogs;
    backlogs.reserve(balances->size());
    for (const CourtBalance& court : *balances) backlogs.push_back(BacklogOf(*view, court));
    parts_.metrics.Set(backlogs);
  }
  return parts_.metrics.Text(desk.shown.Denied("metrics", desk.clock.Now()));
}

CourtBacklog Report::BacklogOf(const View& view, const CourtBalance& court) const {
  const WallTime now = parts_.desk.parts().clock.Now();
  CourtBacklog backlog;
  backlog.court = court.court;
  backlog.pending = court.balance.Of(BalanceClass::kPending);
  backlog.held = court.balance.Of(BalanceClass::kHeld);
  backlog.uncertain = court.balance.Of(BalanceClass::kUncertain);
  backlog.flowing = parts_.reach.Of(court.court, now).state == CourtReach::State::kFlowing;
  // One key read a court: the heads are in order of arrival.
  const auto oldest = view.ListRunnable(court.court, 0, 1);
  if (oldest && !oldest->empty()) {
    const auto state = FindState(view, oldest->front().filing_sequence);
    if (state && *state) backlog.oldest_age = now - (*state)->received_at;
  }
  return backlog;
}

}  // namespace nightbox
