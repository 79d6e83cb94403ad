// Who answers for a court system's courts, and how fees are taken: what its configuration says to
// people. Nothing here refuses a filing.
#pragma once

#include <string>
#include <vector>

namespace nightbox {

// Who answers requests for records (COR 2).
struct RecordsCustodian {
  std::string name;
  std::string office;
  std::string contact;
  std::string clause;
  bool operator==(const RecordsCustodian&) const = default;
};

// Whom to call when filings do not arrive.
struct DutyContact {
  std::string role = {};
  std::string name = {};
  std::string phone = {};
  std::string email = {};
  std::string hours = {};
  // Ids of courts, or patterns with '*'. Empty: all.
  std::vector<std::string> courts = {};
  // Shown on the status page, to everybody.
  bool is_public = false;
  bool operator==(const DutyContact&) const = default;
};

// How fees are taken. The gateway carries a reference to an authorization and never refuses for a
// fee; this is what it says to people.
struct FeePolicy {
  std::string collected_by;
  std::string policy;
  std::string schedule;
  bool operator==(const FeePolicy&) const = default;
};

// "Jane Roe, circuit clerk, clerk@example.org": as records and denials name the custodian.
std::string CustodianWords(const RecordsCustodian& custodian);

}  // namespace nightbox
