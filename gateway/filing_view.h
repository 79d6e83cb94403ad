// What a filer is shown of a filing: the journal's structs in the words of nightbox.intake.v1.
#pragma once

#include "gateway/court_policy.h"
#include "nightbox/intake/v1/intake.pb.h"
#include "store/filing_state.h"

namespace nightbox {

enum class WithReceipt { kNo, kYes };

intake::v1::Filing ToProto(const FilingSnapshot& filing, WithReceipt with_receipt);
intake::v1::CourtPolicy ToProto(const CourtPolicy& policy);
intake::v1::Warning ToProto(const Warning& warning);

}  // namespace nightbox
