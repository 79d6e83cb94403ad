#include "tests/sim/world_last_day.h"

#include <algorithm>
#include <vector>

#include "evidence/receipt.h"
#include "rules/deadline_rules.h"

namespace nightbox {
namespace {

constexpr std::string_view kMissouri = "America/Chicago";
constexpr std::string_view kNotKnown = "not known";
constexpr Microseconds kYear = std::chrono::hours(366 * 24);

std::string Words(std::string_view last_day, std::string_view calendar) {
  return std::string(last_day) + " " + std::string(calendar);
}

// One for the statute's calendar, and one for the court's closures where these differ.
void AddReadings(const CourtId& court, CourtDay from, std::vector<std::string>& days) {
  const DeadlineRules& rules = DeadlineRules::BuiltIn();
  const UnavailabilityRule& rule = *rules.unavailability.Find(kMissouriUnavailability, from);
  const Period period = ComputePeriod(*rules.periods.Find(rule.period_rule->value), rules.calendar,
                                      court, from, rule.motion_days->value)
                            .value();
  for (const PeriodReading& reading : period.readings) {
    days.push_back(Words(FormatDay(reading.last_day), LayerWord(reading.layer)));
  }
}

}  // namespace

LastDayFinding CheckLastDays(const ModelFiling& filing) {
  LastDayFinding finding;
  const FilingRecord& record = filing.record;
  const auto facts = ParseReceipt(filing.receipt_json);
  if (!facts) {
    finding.wrong = "its receipt cannot be read: " + facts.error().message;
    return finding;
  }
  // A filing the court has not received was an unsuccessful attempt, and the first of them counts.
  const WallTime first =
      std::min(filing.first_attempt_at.value_or(record.received_at), record.received_at);
  const CourtDay day = DayIn(first, kMissouri).value();
  finding.earlier_day = day < DayIn(record.received_at, kMissouri).value();
  std::vector<std::string> expected;
  AddReadings(record.header.court, day, expected);
  if (record.client_first_tried_at && record.received_at - *record.client_first_tried_at <= kYear) {
    const CourtDay asserted = DayIn(*record.client_first_tried_at, kMissouri).value();
    if (asserted < day) AddReadings(record.header.court, asserted, expected);
  }
  finding.several = expected.size() > 1;
  // From the end of the unavailability, which a receipt cannot know.
  expected.push_back(Words(kNotKnown, ""));
  std::vector<std::string> stated;
  for (const ReceiptLastDay& each : facts->last_days) {
    stated.push_back(Words(each.last_day, each.calendar));
  }
  if (stated == expected) return finding;
  finding.wrong = "its receipt names other last days than the rules give:";
  for (const std::string& each : stated) *finding.wrong += " " + each + ",";
  *finding.wrong += " and not";
  for (const std::string& each : expected) *finding.wrong += " " + each;
  return finding;
}

}  // namespace nightbox
