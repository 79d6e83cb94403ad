#include "gateway/availability_log.h"

#include <algorithm>
#include <utility>

#include "core/log.h"
#include "store/key_reader.h"

namespace nightbox {

AvailabilityLog::AvailabilityLog(const std::vector<CourtId>& courts,
                                 const AvailabilityOptions& options, const Clock& clock,
                                 CourtReachTable& table,
                                 std::function<void(Draft, Committer::Done)> submit,
                                 std::function<void(std::function<void()>)> post)
    : clock_(clock),
      table_(table),
      submit_(std::move(submit)),
      post_(std::move(post)),
      record_(courts, options, clock.Now()) {
  table_.SetKnown(record_.Known());
}

AvailabilityLog::~AvailabilityLog() = default;

Result<void> AvailabilityLog::Started(const View& view) {
  std::optional<LastEntry> last;
  if (view.published() > 0) {
    NB_ASSIGN_OR_RETURN(const auto entry, ReadEntry(view, view.published() - 1));
    const auto& change = entry.availability_changed();
    last = LastEntry{FromMicros(entry.committed_at_us()),
                     entry.kind() == journal::v1::ENTRY_KIND_AVAILABILITY_CHANGED &&
                         change.court_id().empty() &&
                         change.state() == ToString(Availability::kUnknown)};
  }
  Keep(GapAtStart(last, clock_.Now()));
  return {};
}

void AvailabilityLog::Heard(const std::vector<AvailabilityNews>& news) {
  // An entry is missing: what is heard now would be stated as if nothing were.
  if (stopped_ || not_kept_ || news.empty()) return;
  Keep(record_.Heard(news));
  table_.SetKnown(record_.Known());
}

void AvailabilityLog::Tick() {
  if (stopped_) return;
  const WallTime now = clock_.Now();
  if (not_kept_) {
    Keep(record_.Forget(std::exchange(not_kept_, std::nullopt), now, "entry-not-kept"));
  } else {
    Keep(record_.Passed(now));
  }
  table_.SetKnown(record_.Known());
}

void AvailabilityLog::Stopped() {
  stopped_ = true;
  Keep(record_.Forget(std::nullopt, clock_.Now(), "gateway-stopped"));
  table_.SetKnown(record_.Known());
}

void AvailabilityLog::Keep(std::vector<ChangeAvailability> changes) {
  for (ChangeAvailability& change : changes) {
    Log(LogLevel::kInfo, "availability changed",
        {{"court", change.court.empty() ? "all" : change.court.str()},
         {"state", change.state},
         {"cause", change.cause}});
    const WallTime seen_until = change.last_of_old_state_at;
    submit_(std::move(change), [this, post = post_, alive = std::weak_ptr<bool>(alive_),
                                seen_until](const Result<Outcome>& outcome) {
      if (outcome) return;
      post([this, alive, seen_until] {
        if (!alive.expired()) NotKept(seen_until);
      });
    });
  }
}

void AvailabilityLog::NotKept(WallTime seen_until) {
  not_kept_ = not_kept_ ? std::min(*not_kept_, seen_until) : seen_until;
}

}  // namespace nightbox
