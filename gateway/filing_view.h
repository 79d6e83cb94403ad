// What a filer is shown of a filing: the journal's structs in the words of nightbox.intake.v1, and
// what is known of its case. What of it may be shown at the moment: gateway/shown_answer.h.
#pragma once

#include "gateway/court_policy.h"
#include "nightbox/intake/v1/intake.pb.h"
#include "rules/access.h"
#include "store/filing_state.h"

namespace nightbox {

enum class WithReceipt { kNo, kYes };

intake::v1::Filing ToProto(const FilingSnapshot& filing, WithReceipt with_receipt);
intake::v1::CourtPolicy ToProto(const CourtPolicy& policy);
intake::v1::Warning ToProto(const Warning& warning);

// What the policy on public access is asked about: by the case numbers the court gave, where they
// agree; else by the number or category that the filer stated, and by what the filer called
// confidential or sealed. All else is unknown.
CaseFacts FactsOf(const FilingSnapshot& filing, const std::vector<AccessCategory>& categories);
// The same of what nobody has received yet.
CaseFacts FactsOf(const FilingHeader& header, const std::vector<AccessCategory>& categories);

}  // namespace nightbox
