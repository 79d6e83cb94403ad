// The status page: one snapshot, several renderings, all of them true.
//
// Per court two questions: are filings accepted, and are they delivered to the court's case system;
// where that is the state of a court above it, it says so. Per circuit the second of its courts.
// What was not checked lately is shown as unknown, never as good. Public: court names and states,
// whom to call as far as the court system publishes it, no counts of filings (in a small court a
// count is a person) and nothing of any filing.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/ids.h"
#include "gateway/circuit_status.h"
#include "gateway/court_policy.h"
#include "gateway/http_server.h"
#include "rules/shown_fields.h"

namespace nightbox {

enum class Accepting { kYes, kStoredOnly, kNo, kUnknown };
enum class Delivering { kYes, kDelayed, kUnknown };

struct CourtStatus {
  CourtId court;
  std::string name;
  // Whose state `delivering` is: its own id, or that of a court or circuit above it that it shares
  // it with (gateway/court_reach.h), and what that is called.
  CourtId state_of;
  std::string state_of_name;
  Accepting accepting = Accepting::kUnknown;
  Delivering delivering = Delivering::kUnknown;
  // Since when `delivering` is so, as far as was seen.
  std::optional<WallTime> since;
  // When the case system was last heard of for this court.
  std::optional<WallTime> last_checked;
};

struct StatusSnapshot {
  std::string gateway;
  WallTime made_at;
  // IANA name: in which zone times are shown.
  std::string time_zone = "America/Chicago";
  // A `delivering` whose last check is longer ago is unknown.
  Microseconds checks_hold = std::chrono::minutes(11);
  // The whole snapshot, when made longer ago than this, says nothing any more.
  Microseconds snapshot_holds = std::chrono::seconds(30);
  // Empty: ready. Otherwise why not, in a few words.
  std::string not_ready;
  // Ordered as shown.
  std::vector<CourtStatus> courts;
  std::vector<CircuitGroup> circuits;
  // What the policy on public access denies at this moment, by the paths of status.json: every
  // rendering leaves it out and says so.
  DeniedFields not_shown;
  std::vector<PublicContact> contacts = {};
};

// The court's status as it may be shown at `now`. Pure.
CourtStatus Shown(const CourtStatus& status, const StatusSnapshot& snapshot, WallTime now);

// The circuit's, by its county courts as they may be shown. Pure.
CircuitState Shown(const CircuitGroup& circuit, const StatusSnapshot& snapshot, WallTime now);

// Empty: ready at `now`. Otherwise why not. Pure.
std::string WhyNotReady(const StatusSnapshot& snapshot, WallTime now);

// Pure. One table, no script; word, shape and colour.
std::string RenderStatusHtml(const StatusSnapshot& snapshot, WallTime now);
std::string RenderStatusJson(const StatusSnapshot& snapshot, WallTime now);

// "/", "/status.json", "/healthz", "/readyz" and, unless `metrics` is empty, "/metrics". The clock
// outlives the handler.
HttpHandler StatusRoutes(std::function<StatusSnapshot()> snapshot,
                         std::function<std::string()> metrics, const Clock& clock);

}  // namespace nightbox
