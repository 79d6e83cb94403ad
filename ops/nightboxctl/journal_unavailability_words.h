// What `nightboxctl journal unavailability` found, and how it is said to people and to programs.
#pragma once

#include <string>
#include <vector>

#include "ops/nightboxctl/answer.h"
#include "rules/unavailability.h"
#include "store/court_observations.h"

namespace nightbox::ctl {

// The rule's answer under one way of taking the gateway's receipts.
struct UnavailabilityReading {
  // "filing" or "attempt"; empty: no receipt leaves that open.
  std::string receipt_taken_as;
  UnavailabilityFinding found;
};

struct UnavailabilityReport {
  std::string journal;
  CourtId court;
  // Whose changes are shown: its own, or those of the county's court that it shares its state with.
  CourtId state_of;
  // Its case system is its own.
  bool own_system = false;
  CourtDay due_day;
  UnavailabilityRule rule;
  // DeadlineRules::version, and where its data come from.
  std::string rules_version;
  std::string rules_from;
  bool attempts_asked = false;
  // Of one filing, and not of any.
  bool one_filing = false;
  CourtObservations observed;
  // One, or two that differ in how receipts are taken.
  std::vector<UnavailabilityReading> readings;
  RuleFinding finding = RuleFinding::kCannotTell;
  std::vector<std::string> missing;
};

// Names no party, case, title or user. kRefused when entries of the journal could not be read.
Answer SayUnavailability(const UnavailabilityReport& report);

}  // namespace nightbox::ctl
