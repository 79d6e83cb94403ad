// One filing as a gateway delivers it: the start of RecordFiling in plain words.
#pragma once

#include <string>

#include "core/filing.h"
#include "core/ids.h"
#include "core/result.h"
#include "nightbox/case_system/v1/case_system.pb.h"
#include "rules/court_directory.h"

namespace nightbox {

struct Delivery {
  Digest delivery_key;
  Digest fingerprint;
  FilingId filing_id;
  std::string gateway;
  WallTime received_at;
  SystemName submitting_system;
  UserId registered_user;
  FilingHeader header;
  std::string resolved_case_number;
  std::string receipt_json;
  std::string receipt_p7s;
};

inline constexpr int kDeliveryDocumentsMax = 1000;
inline constexpr std::int64_t kDeliveryBytesMax = 2'000'000'000;

// Refuses what is malformed, what names no court that takes filings, what is without a case or a
// document, beyond the two bounds above, or whose fingerprint is not that of its header: a court
// counts on the fingerprint when two gateways deliver one filing. kInvalidArgument names the field.
Result<Delivery> ReadDelivery(const case_system::v1::RecordFilingStart& start,
                              const CourtDirectory& courts);

}  // namespace nightbox
