// What a court takes, as a plain struct; the fields are those of nightbox.intake.v1.CourtPolicy.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.h"

namespace nightbox::client {

// `standing` is "confirmed", "unconfirmed" or "recalled"; any other text below may be empty.
struct ValueStanding {
  // As in CourtPolicy::unconfirmed.
  std::string name;
  std::string standing;
  std::string source;
};

struct RecordsCustodian {
  std::string name;
  std::string office;
  std::string contact;
  std::string clause;
  std::string standing;
  std::string source;
};

struct DutyContact {
  std::string role;
  std::string name;
  std::string phone;
  std::string email;
  std::string hours;
  std::string standing;
  std::string source;
};

struct FeePolicy {
  std::string collected_by;
  std::string policy;
  std::string schedule;
  std::string standing;
  std::string source;
};

struct CourtPolicy {
  CourtId court;
  std::string court_name;
  std::string version;
  std::int64_t document_size_max_bytes = 0;
  std::int64_t filing_size_max_bytes = 0;
  std::int32_t documents_max = 0;
  std::vector<std::string> media_types;
  // Empty: all.
  std::vector<std::string> case_types;
  // Empty: all.
  std::vector<std::string> filer_classes;
  // "gateway", "case-system", "undecided" or "unspecified".
  std::string receipt_authority;
  std::string receipt_authority_citation;
  // The gateway is configured to count its own time, and no confirmed order says so.
  bool gateway_time_unconfirmed = false;
  std::string time_zone;
  // Empty: not stated, as by gateways that did not know of them yet.
  std::optional<RecordsCustodian> records_custodian;
  std::vector<DutyContact> duty_contacts;
  std::optional<FeePolicy> fees;
  // As the rule on unavailable electronic filing is cited. Empty: not known.
  std::string unavailability_rule;
  std::vector<std::string> unconfirmed;
  // Of each value but custodian, contacts and fees, which have their own. Empty: as by gateways
  // that did not say.
  std::vector<ValueStanding> standings;
};

}  // namespace nightbox::client
