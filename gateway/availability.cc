#include "gateway/availability.h"

#include <algorithm>
#include <utility>

namespace nightbox {
namespace {

// Of what there is a state: that filings are delivered to the court's case system.
constexpr char kService[] = "delivery";
constexpr char kTooOften[] = "changes-too-often";
constexpr char kNoNews[] = "no-news";

ChangeAvailability EntryOf(const CourtId& court, Availability state, WallTime old_seen_at,
                           WallTime new_seen_at, const std::string& cause) {
  return {court, kService, ToString(state), old_seen_at, new_seen_at, cause};
}

}  // namespace

const char* ToString(Availability state) {
  switch (state) {
    case Availability::kAvailable:
      return "available";
    case Availability::kUnavailable:
      return "unavailable";
    case Availability::kLimited:
      return "limited";
    case Availability::kUnknown:
      break;
  }
  return "unknown";
}

AvailabilityRecord::AvailabilityRecord(const std::vector<CourtId>& courts,
                                       const AvailabilityOptions& options, WallTime now)
    : options_(options) {
  for (const CourtId& court : courts) courts_[court].since = now;
}

std::vector<ChangeAvailability> AvailabilityRecord::Heard(
    const std::vector<AvailabilityNews>& news) {
  std::vector<Change> changes;
  for (const AvailabilityNews& each : news) {
    Court& court = courts_[each.court];
    const Availability state =
        each.available ? Availability::kAvailable : Availability::kUnavailable;
    if (auto change = Turn(each.court, court, state, each.at, each.cause)) {
      changes.push_back(*std::move(change));
    }
    court.confirmed_at = each.at;
  }
  return Together(changes);
}

std::vector<ChangeAvailability> AvailabilityRecord::Passed(WallTime now) {
  std::vector<Change> changes;
  for (auto& [id, court] : courts_) {
    std::optional<Change> change;
    if (court.actual != Availability::kUnknown && now - *court.confirmed_at > options_.fresh) {
      change = Turn(id, court, Availability::kUnknown, now, kNoNews);
    } else {
      change = SteadyAgain(id, court, now);
    }
    if (change) changes.push_back(*std::move(change));
  }
  return Together(changes);
}

std::vector<ChangeAvailability> AvailabilityRecord::Forget(std::optional<WallTime> seen_until,
                                                           WallTime now, const std::string& cause) {
  bool anything_known = false;
  WallTime earliest = seen_until.value_or(now);
  for (auto& [id, court] : courts_) {
    if (court.actual == Availability::kUnknown) continue;
    anything_known = true;
    earliest = std::min(earliest, *court.confirmed_at);
    court.actual = Availability::kUnknown;
    court.journaled = Availability::kUnknown;
    court.since = now;
    court.unlisted = 0;
  }
  if (!anything_known && !seen_until) return {};
  return {EntryOf(CourtId(), Availability::kUnknown, earliest, now, cause)};
}

std::map<CourtId, KnownAvailability> AvailabilityRecord::Known() const {
  std::map<CourtId, KnownAvailability> known;
  for (const auto& [id, court] : courts_) {
    known.emplace(id, KnownAvailability{court.actual, court.since, court.confirmed_at});
  }
  return known;
}

std::optional<AvailabilityRecord::Change> AvailabilityRecord::Turn(const CourtId& id, Court& court,
                                                                   Availability state, WallTime at,
                                                                   const std::string& cause) const {
  if (court.actual == state) return std::nullopt;
  // Unknown ends when something is heard, and not before.
  court.old_seen_at = court.actual == Availability::kUnknown ? at : *court.confirmed_at;
  court.actual = state;
  court.since = at;
  while (!court.journaled_at.empty() && at - court.journaled_at.front() > options_.changes_window) {
    court.journaled_at.pop_front();
  }
  const bool known = state != Availability::kUnknown;
  if (known && court.journaled == Availability::kLimited) {
    ++court.unlisted;
    return std::nullopt;
  }
  const bool too_often = known && court.journaled_at.size() >= options_.changes_max;
  court.journaled = too_often ? Availability::kLimited : state;
  court.unlisted = too_often ? 1 : 0;
  if (!too_often) NoteJournaled(court, at);
  return Change{id, court.journaled, court.old_seen_at, at, too_often ? kTooOften : cause};
}

std::optional<AvailabilityRecord::Change> AvailabilityRecord::SteadyAgain(const CourtId& id,
                                                                          Court& court,
                                                                          WallTime now) const {
  if (court.journaled != Availability::kLimited || now - court.since < options_.steady) {
    return std::nullopt;
  }
  court.journaled = court.actual;
  NoteJournaled(court, now);
  std::string cause =
      "steady-again after " + std::to_string(std::exchange(court.unlisted, 0)) + " changes";
  return Change{id, court.actual, court.old_seen_at, court.since, std::move(cause)};
}

void AvailabilityRecord::NoteJournaled(Court& court, WallTime at) const {
  court.journaled_at.push_back(at);
  if (court.journaled_at.size() > options_.changes_max) court.journaled_at.pop_front();
}

std::vector<ChangeAvailability> AvailabilityRecord::Together(
    const std::vector<Change>& changes) const {
  if (changes.empty()) return {};
  Change all = changes.front();
  bool together = changes.size() > 1;
  for (const Change& each : changes) {
    together = together && each.state == all.state && each.cause == all.cause;
    // The widest bounds hold for every one of them.
    all.old_seen_at = std::min(all.old_seen_at, each.old_seen_at);
    all.new_seen_at = std::max(all.new_seen_at, each.new_seen_at);
  }
  together = together && std::ranges::all_of(courts_, [&all](const auto& court) {
               return court.second.journaled == all.state;
             });
  if (together) {
    return {EntryOf(CourtId(), all.state, all.old_seen_at, all.new_seen_at, all.cause)};
  }
  std::vector<ChangeAvailability> drafts;
  drafts.reserve(changes.size());
  for (const Change& each : changes) {
    drafts.push_back(
        EntryOf(each.court, each.state, each.old_seen_at, each.new_seen_at, each.cause));
  }
  return drafts;
}

std::vector<ChangeAvailability> GapAtStart(const std::optional<LastEntry>& last, WallTime now) {
  if (!last || last->forgets_all) return {};
  return {EntryOf(CourtId(), Availability::kUnknown, last->committed_at, now, "gateway-restarted")};
}

}  // namespace nightbox
