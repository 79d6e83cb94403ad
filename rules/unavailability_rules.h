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

struct UnavailabilityRule {
  std::string id;  // "mo.103.06".
  CourtDay effective_from;
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
  std::optional<RuleParameter<bool>> file_on_next_open_day;
  std::optional<RuleParameter<std::chrono::minutes>> file_by;
  // Never computed.
  std::vector<RuleParameter<std::string>> left_to_court;
};

// As people cite the rule, "Rule 103.06": the clause of its name, or where it has none, the name.
std::string Citation(const UnavailabilityRule& rule);

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
  // Of the rule's newest version; empty: there is none.
  std::string CitationOf(std::string_view id) const;
  // In the file's order.
  const std::vector<UnavailabilityRule>& all() const { return rules_; }

 private:
  std::vector<UnavailabilityRule> rules_;
};

}  // namespace nightbox
