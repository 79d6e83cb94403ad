// What a court takes, as a plain struct; the fields are those of nightbox.intake.v1.CourtPolicy.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/ids.h"

namespace nightbox::client {

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
  std::string time_zone;
  std::vector<std::string> unconfirmed;
};

}  // namespace nightbox::client
