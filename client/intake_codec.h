// The border between the generated types of nightbox.intake.v1 and the client's plain structs.
//
// What comes from a gateway is taken at its word only where it is well formed; otherwise kDataLoss.
// Values this version does not know become kUnspecified: news may be newer than we are.
#pragma once

#include "client/court_policy.h"
#include "client/filing_state.h"
#include "client/package.h"
#include "core/result.h"
#include "nightbox/intake/v1/intake.pb.h"

namespace nightbox::client {

Result<FilingState> FromProto(const intake::v1::Filing& filing);
ReceiptBytes FromProto(const intake::v1::Receipt& receipt);
std::vector<Warning> FromProto(
    const google::protobuf::RepeatedPtrField<intake::v1::Warning>& warnings);
CourtPolicy FromProto(const intake::v1::CourtPolicy& policy);

}  // namespace nightbox::client
