// Rules on what follows when electronic filing was not available: versioned data, from
// rules/data/unavailability.csv.
//
// One row a parameter, so that each is marked confirmed or not by itself and carries its own clause
// and source. What the rules ask for has several shapes, and a rule may combine them: an attempt
// during the unavailability, a length of unavailability within a day, failed attempts apart from
// each other, a declaration of the clerk.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "rules/court_day.h"

namespace nightbox {

// A value with its standing.
template <class Value>
struct RuleParameter {
  Value value{};
  bool confirmed = false;
  std::string clause;
  std::string source;
};

// How the length of unavailability is measured within a day.
enum class UnavailableMeasure {
  kLongestRun,  // Only without interruption.
  kTotal,       // All of it added up.
  // Without interruption, or with: whether scattered failures are one is for the court, so what
  // lies between the longest run and the span from first to last is not decided here.
  kContinuousOrIntermittent,
};

// From when the days for a motion count.
enum class MotionCountedFrom { kFirstUnsuccessfulAttempt, kEndOfUnavailability };
std::string_view CountedFromWords(MotionCountedFrom counted_from);

// What the court does when it grants the rule's motion, where the rule's words are open: each
// reading is given.
enum class MotionEffect { kShallTreatAsFiled, kMayTreatAsFiled };
enum class EffectiveMoment { kDayOfFirstAttempt, kTimeOfFirstAttempt };

struct UnavailabilityRule {
  std::string id;  // "mo.103.06".
  CourtDay effective_from;
  // The same day, and whether it is confirmed that this text has been in force since.
  RuleParameter<CourtDay> in_force_from;
  // The text that was read is of that day: of others its words are not known to be the rule's.
  // Absent: whoever confirms the version answers for it until the next one.
  std::optional<RuleParameter<CourtDay>> text_as_of;
  RuleParameter<std::string> name;
  RuleParameter<std::string> time_zone;

  // What is asked for. Every one that is there must be met; at least one is.
  std::optional<RuleParameter<bool>> attempt_during_unavailability;
  std::optional<RuleParameter<std::chrono::minutes>> unavailable_more_than;
  std::optional<RuleParameter<std::chrono::minutes>> counted_after;  // Of the day's clock.
  std::optional<RuleParameter<UnavailableMeasure>> measure;
  std::optional<RuleParameter<bool>> announced_maintenance_counts;  // Absent: it does.
  std::optional<RuleParameter<int>> failed_attempts;
  std::optional<RuleParameter<std::chrono::minutes>> attempts_apart;
  std::optional<RuleParameter<bool>> attempts_on_due_day;
  std::optional<RuleParameter<std::string>> declaration_by;

  // What follows.
  RuleParameter<std::string> relief;
  std::optional<RuleParameter<int>> motion_days;
  std::optional<RuleParameter<std::vector<MotionCountedFrom>>> motion_counted_from;
  std::optional<RuleParameter<std::string>> period_rule;
  std::optional<RuleParameter<std::vector<MotionEffect>>> motion_effect;
  std::optional<RuleParameter<std::vector<EffectiveMoment>>> effective_moment;
  std::optional<RuleParameter<bool>> file_on_next_open_day;
  std::optional<RuleParameter<std::chrono::minutes>> file_by;
  // Never computed.
  std::vector<RuleParameter<std::string>> left_to_court;
};

// As people cite the rule, "Rule 103.06": the clause of its name, or where it has none, the name.
std::string Citation(const UnavailabilityRule& rule);

// Why nobody has confirmed that the rule read so on that day; empty when it is known to.
std::string DoubtAboutVersion(const UnavailabilityRule& rule, CourtDay day);

// Each reading of what the court does on a motion that it grants: "the court is to treat the
// document as filed on the day of the first attempt". Empty: the rule's data do not say.
std::vector<std::string> EffectReadings(const UnavailabilityRule& rule);
bool IsEffectConfirmed(const UnavailabilityRule& rule, CourtDay day);

// "If you may need Rule 103.06, do not wait for delivery.": the advice to a filer whose time of
// receipt may not count. Without a citation it names no rule.
std::string NotToWait(std::string_view citation);
// The citation in that advice, at the beginning of a text. Empty: there is none.
std::string CitationIn(std::string_view advice);

// Immutable after loading; any thread may ask.
class UnavailabilityRules {
 public:
  // Refuses, with line and reason, unknown or repeated parameters, wrong values, and a version that
  // asks for nothing, promises what it does not define, or has rows apart from each other.
  static Result<UnavailabilityRules> Parse(std::string_view csv, std::string_view file_name);

  // The version in force on that day; nullptr: none is. The pointer lives as long as the rules.
  const UnavailabilityRule* Find(std::string_view id, CourtDay day) const;
  // Of the version in force on that day; empty: none is.
  std::string CitationOf(std::string_view id, CourtDay day) const;
  // In the file's order.
  const std::vector<UnavailabilityRule>& all() const { return rules_; }

 private:
  std::vector<UnavailabilityRule> rules_;
};

}  // namespace nightbox
